"""How far a command is: on a terminal a bar, in a log a line now and then."""

import io
import time

import pytest
from rich.console import Console

from backend.commands import progress_bar


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Where a command without a terminal writes; every report is due."""
    stream = io.StringIO()
    monkeypatch.setattr("rich.console.Console", lambda stderr: Console(file=stream, width=80))
    monkeypatch.setattr("backend.commands.progress.LINE_SECONDS", 0.0)
    return stream


def test_without_a_terminal_a_line_says_how_far_it_is(log: io.StringIO) -> None:
    with progress_bar() as progress:
        progress("photographs", 0, 2000)
        time.sleep(0.05)
        progress("photographs", 1500, 2000)
    first, second = log.getvalue().splitlines()
    assert first == "photographs: 0 of 2,000"
    assert second.startswith("photographs: 1,500 of 2,000, ") and second.endswith(" left")


def test_what_an_earlier_run_did_does_not_count_as_speed(log: io.StringIO) -> None:
    with progress_bar() as progress:
        progress("points", 15_000, 20_000)
        time.sleep(0.1)
        progress("points", 15_001, 20_000)
    rate = float(log.getvalue().split(", ")[-2].removesuffix("/s"))
    assert rate <= 10


def test_lines_come_no_more_often_than_they_should(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.commands.progress.LINE_SECONDS", 3600.0)
    with progress_bar() as progress:
        for done in range(100):
            progress("points", done, 100)
    assert log.getvalue() == ""
