"""What every command shares: errors as one sentence, progress as a bar."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backend import progress as progress_module
from backend.errors import GlueLinkError

QUIET_SECONDS = 2.0


def new_app(help_text: str | None = None) -> typer.Typer:
    """A command line without shell completion, and with plain tracebacks."""
    return typer.Typer(
        help=help_text,
        add_completion=False,
        pretty_exceptions_enable=False,
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


@contextmanager
def progress_bar() -> Iterator[progress_module.Progress]:
    """A `Progress` callback drawn on a terminal, once the work has lasted two seconds."""
    started = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=None, visible=False, rate="")
        stage_began = started
        current = ""

        def report(stage: str, done: int, total: int) -> None:
            nonlocal stage_began, current
            now = time.monotonic()
            if stage != current:
                bar.reset(task, description=stage, rate="")
                stage_began, current = now, stage
            rate = f"{done / (now - stage_began):.1f}/s" if done and now > stage_began else ""
            visible = now - started > QUIET_SECONDS
            bar.update(task, completed=done, total=total or None, rate=rate, visible=visible)

        yield report
