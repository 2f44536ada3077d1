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
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.errors import ConfigInvalid, GlueLinkError

if TYPE_CHECKING:
    from rich.console import Console

    from backend.progress import Progress
    from backend.scenes.options import Option, SceneOptions

Command = Callable[..., None]

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
    """The stage that work is in, and how fast it goes there."""

    def __init__(self, stage: str, done: int) -> None:
        self.stage = stage
        self._before = done  # what an earlier run had done says nothing of the pace
        self._began = time.monotonic()

    def rate(self, done: int) -> float:
        """Items a second since the stage began."""
        return (done - self._before) / max(time.monotonic() - self._began, 1e-9)


def day(text: str) -> date:
    """The date that an option gives. ConfigInvalid."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigInvalid(f'The date is "{text}".', "Expected year-month-day.") from error


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a `Progress` callback drawn on a terminal, once the work has lasted two seconds.

    Where there is no terminal it writes a line every minute.
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
        pace = _Pace("", 0)

        def report(stage: str, done: int, total: int) -> None:
            nonlocal pace
            if stage != pace.stage:
                bar.reset(task, description=stage, rate="")
                pace = _Pace(stage, done)
            per_second = pace.rate(done)
            rate = f"{per_second:.1f}/s" if per_second else ""
            visible = time.monotonic() - started > QUIET_SECONDS
            bar.update(task, completed=done, total=total or None, rate=rate, visible=visible)

        yield report


def _lines(console: Console) -> Progress:
    """A callback for logs: what is being done, how far it is and how long it will take."""
    pace, told = _Pace("", 0), time.monotonic()

    def report(stage: str, done: int, total: int) -> None:
        nonlocal pace, told
        if stage != pace.stage:
            pace = _Pace(stage, done)
        if time.monotonic() - told < LINE_SECONDS:
            return
        told, per_second = time.monotonic(), pace.rate(done)
        words = [f"{stage}: {done:,}" + (f" of {total:,}" if total else "")]
        if per_second:
            words.append(f"{per_second:.1f}/s")
        if per_second and total:
            words.append(f"{timedelta(seconds=round((total - done) / per_second))} left")
        console.print(", ".join(words), highlight=False, soft_wrap=True)

    return report
