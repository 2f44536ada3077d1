"""What every command shares: errors as one sentence, progress as a bar.

A command imports what it works with inside its function, after the cheap checks of its arguments:
`--help` and a wrong argument are answered without waiting for torch.
"""

from __future__ import annotations

import functools
import inspect
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from backend.errors import ConfigInvalid, GlueLinkError

if TYPE_CHECKING:
    from rich.console import Console

    from backend.progress import Progress
    from backend.scenes.options import Option, SceneOptions

Command = Callable[..., None]
Picture = Annotated[
    Literal["vv", "vh", "three", "vv-raw", "vh-raw", "three-raw"],
    typer.Option(
        help="What a model looks at: VV, VH, or VV, VH and VV-VH as three channels; raw keeps "
        "speckle."
    ),
]
"""The option of commands that let a model look at pictures."""

QUIET_SECONDS = 2.0
LINE_SECONDS = 60.0


def new_app(help_text: str | None = None) -> typer.Typer:
    """Return a command line without shell completion, with plain help and plain tracebacks."""
    return typer.Typer(
        help=help_text,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # rich takes longer to import than all the rest
        no_args_is_help=True,
        epilog="--debug shows the traceback of an error.",
    )


def run(app: typer.Typer) -> None:
    """Run a command; a wrong input is one sentence on stderr and exit code 2.

    Being told to end (SIGTERM) unwinds like an exit, so that nothing half-written stays.
    """
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        app(args=arguments)
    except GlueLinkError as error:
        if debug:
            raise
        typer.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except Exception as error:
        if debug:
            raise
        typer.echo(
            f"Error: something unforeseen went wrong ({type(error).__name__}: {error}). "
            "Run it again with --debug to see where, and please report it.",
            err=True,
        )
        sys.exit(1)


def with_options(model: type[SceneOptions]) -> Callable[[Command], Command]:
    """Give a command an option for each of the model's, in place of its parameter `options`.

    The command raises:
        ConfigInvalid: an option cannot have the value that is given.
    """
    known = model.described()

    def decorate(command: Command) -> Command:
        signature = inspect.signature(command, eval_str=True)
        own = [each for name, each in signature.parameters.items() if name != "options"]
        added = [_parameter(model, name, band) for name in known for band in _bands(known[name])]
        parameters = [*own, *added]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            stated: dict[str, Any] = {}
            for name, option in known.items():
                if option.kind == "bands":
                    numbers = {band: given.pop(band.lower()) for band in option.choices}
                    value = {band: number for band, number in numbers.items() if number is not None}
                else:
                    value = given.pop(name)
                if value not in (None, [], {}):
                    stated[name] = value
            command(**given, options=model().stating(**stated))

        vars(run)["__signature__"] = signature.replace(parameters=parameters)
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate


def _bands(option: Option) -> list[str | None]:
    """Return the bands that an option numbers, each by an option of its own; else None, once."""
    return [*option.choices] if option.kind == "bands" else [None]


def _parameter(model: type[SceneOptions], name: str, band: str | None) -> inspect.Parameter:
    """Return what typer makes the command's option of."""
    option = model.described()[name]
    kind: Any = {"number": float, "flag": bool, "bands": int, "paths": list[str]}
    drawn = typer.Option(
        *((f"--{name.replace('_', '-')}", *option.flags) if option.flags else ()),
        help=f"{band}: {option.help}" if band else option.help,
        metavar="|".join(option.choices) if option.kind == "choice" else None,
    )
    return inspect.Parameter(
        band.lower() if band else name,
        inspect.Parameter.KEYWORD_ONLY,
        default=model.model_fields[name].default or None,
        annotation=Annotated[kind.get(option.kind, str) | None, drawn],
    )


class _Pace:
    """How fast work goes in the stage that it is in."""

    def __init__(self) -> None:
        self.stage = ""

    def rate(self, stage: str, done: int) -> float:
        """Return items a second since the stage began, without those of an earlier run."""
        if stage != self.stage:
            self.stage, self._done_before, self._began = stage, done, time.monotonic()
        return (done - self._done_before) / max(time.monotonic() - self._began, 1e-9)


def parse_date(text: str) -> date:
    """Return the date that an option gives.

    Raises:
        ConfigInvalid: the text is not an ISO date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigInvalid(f'The date is "{text}".', "Expected year-month-day.") from error


def parse_place(text: str) -> tuple[float, float]:
    """Return the longitude and latitude that an option gives.

    Raises:
        ConfigInvalid: the text is not two numbers of degrees.
    """
    try:
        longitude, latitude = map(float, text.split(","))
        if abs(longitude) <= 180 and abs(latitude) <= 90:
            return longitude, latitude
    except ValueError:
        pass
    raise ConfigInvalid(
        f'The place is "{text}".',
        "Expected longitude and latitude in degrees, such as 11.5755,48.1372.",
    )


def require_path(path: Path | str | None, what: str = "file", remedy: str = "") -> None:
    """Refuse an option that names a file or folder which does not exist.

    Raises:
        ConfigInvalid: there is nothing at the path.
    """
    if path is not None and not Path(path).expanduser().exists():
        raise ConfigInvalid(f'There is no {what} "{path}".', remedy or "Check the path.")


def require_survey(path: Path | None) -> None:
    """Refuse an option that names a survey which does not exist.

    Raises:
        ConfigInvalid: there is nothing at the path.
    """
    require_path(path, "survey", "Build one: python -m backend.survey encode, or simulate.")


def require_names(
    encoder: str | None = None, text: str | None = None, head: str | None = None
) -> None:
    """Refuse wrong names, without importing torch.

    Raises:
        EncoderUnknown: there is no encoder of this name.
        TextEncoderUnknown: there is no text encoder of this name.
        HeadUnknown: there is no head of this name or at this path.
    """
    from backend.encoders.registry import find_encoder
    from backend.resources import head_path
    from backend.text.registry import find_text_model

    for name, find in ((encoder, find_encoder), (text, find_text_model), (head, head_path)):
        if name is not None:
            find(name)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a `Progress` callback drawn on a terminal, once the work has lasted two seconds.

    Without a terminal it writes a line every minute.
    """
    from rich import progress as bars
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console)
        return
    started = time.monotonic()
    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, visible=False, rate="")
        pace = _Pace()

        def report(stage: str, done: int, total: int) -> None:
            if stage != pace.stage:
                bar.reset(task, description=stage, rate="")
            per_second = pace.rate(stage, done)
            rate = f"{per_second:.1f}/s" if per_second else ""
            visible = time.monotonic() - started > QUIET_SECONDS
            bar.update(task, completed=done, total=total or None, rate=rate, visible=visible)

        yield report


def _lines(console: Console) -> Progress:
    """Return a callback for logs: what is being done, how far it is, how long it will take."""
    pace, last_line = _Pace(), time.monotonic()

    def report(stage: str, done: int, total: int) -> None:
        nonlocal last_line
        per_second = pace.rate(stage, done)
        if time.monotonic() - last_line < LINE_SECONDS:
            return
        last_line = time.monotonic()
        words = [f"{stage}: {done:,}" + (f" of {total:,}" if total else "")]
        if per_second:
            words.append(f"{per_second:.1f}/s")
        if per_second and total:
            words.append(f"{timedelta(seconds=round((total - done) / per_second))} left")
        console.print(", ".join(words), highlight=False, soft_wrap=True)

    return report
