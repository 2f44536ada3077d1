"""Commands as a user runs them, without a process of their own."""

import signal
import sys
from collections.abc import Iterable

import pytest
import typer

from backend.commands import run


def exit_code(
    app: typer.Typer, arguments: Iterable[object], monkeypatch: pytest.MonkeyPatch
) -> object:
    """Run a command with these arguments to its end; what it ended with."""
    monkeypatch.setattr(sys, "argv", ["command", *map(str, arguments)])
    usual = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as ended:
            run(app)
    finally:
        signal.signal(signal.SIGTERM, usual)
    return ended.value.code
