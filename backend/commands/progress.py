"""Progress of a command: a bar on a terminal, a line every minute in a log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from backend.progress import Progress

QUIET_SECONDS = 2.0
LINE_SECONDS = 60.0


class _Pace:
    """How fast work goes in the stage that it is in."""

    def __init__(self) -> None:
        self.stage = ""

    def rate(self, stage: str, done: int) -> float:
        """Return items a second since the stage began, without those of an earlier run."""
        if stage != self.stage:
            self.stage, self._done_before, self._began = stage, done, time.monotonic()
        return (done - self._done_before) / max(time.monotonic() - self._began, 1e-9)


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
