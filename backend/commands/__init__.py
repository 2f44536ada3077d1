"""What every command shares: errors as one sentence, progress as a bar.

A command imports what it works with inside its function, after the cheap checks of its arguments:
`--help` and a wrong argument are answered without waiting for torch.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable

import typer

from backend.commands.checks import (
    parse_date,
    parse_place,
    require_names,
    require_path,
    require_scene,
    require_survey,
)
from backend.commands.options import Device, Picture, with_options
from backend.commands.progress import progress_bar
from backend.errors import GlueLinkError

__all__ = [
    "Device",
    "Picture",
    "new_app",
    "parse_date",
    "parse_place",
    "print_lines",
    "progress_bar",
    "require_names",
    "require_path",
    "require_scene",
    "require_survey",
    "run",
    "with_options",
]


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


def print_lines(lines: Iterable[str]) -> None:
    """Print lines."""
    for line in lines:
        typer.echo(line)


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
