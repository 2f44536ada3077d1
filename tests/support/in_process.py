"""Commands as a user runs them, without a process of their own."""

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
    with pytest.raises(SystemExit) as ended:
        run(app)
    return ended.value.code
