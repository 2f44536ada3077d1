"""Real commands, killed with SIGKILL in the middle of their work and run again."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.forked import ForkedPython

PATIENCE_S = 120.0
TICK_S = 0.002


def finish(*arguments: object) -> str:
    """Run `python ARGUMENTS` to its end; what it printed. AssertionError when it fails."""
    with _started(arguments) as (process, output):
        code = process.wait(PATIENCE_S)
        printed = _printed(output)
        assert code == 0, f"exit code {code}:\n{printed}"
    return printed


def kill(*arguments: object, when: Callable[[], bool], after_s: float = 0.0) -> bool:
    """Run `python ARGUMENTS` and kill it `after_s` seconds after `when()` first holds.

    All its processes go at once, as when the machine loses power. True when it was killed, False
    when it had finished before. AssertionError when it fails, or `when()` does not come.
    """
    with _started(arguments) as (process, output):
        deadline = time.monotonic() + PATIENCE_S
        while process.poll() is None and not when():
            assert time.monotonic() < deadline, f"nothing to kill at:\n{_printed(output)}"
            time.sleep(TICK_S)
        try:
            code = process.wait(after_s)
        except subprocess.TimeoutExpired:
            return True
        assert code == 0, f"exit code {code}:\n{_printed(output)}"
    return False


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file under a folder, by path."""
    return {name: path.read_bytes() for name, path in _files(folder)}


def written(folder: Path) -> dict[str, int]:
    """When every file under a folder was written (ns), by path: the same if it is left alone."""
    return {name: path.stat().st_mtime_ns for name, path in _files(folder)}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """All but what a kill left half-written, which nobody reads."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".partial", ".part"):
            yield path.relative_to(folder).as_posix(), path


@contextmanager
def _started(arguments: tuple[object, ...]) -> Iterator[tuple[ForkedPython, Path]]:
    """A running python with processes of its own, none of which outlives the block."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        output.touch()
        process = ForkedPython(*arguments, out=output, err=output)
        try:
            yield process, output
        finally:
            if process.poll() is None:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:  # it has only just begun, and leads no group yet
                    process.kill()
                process.wait()


def _printed(output: Path) -> str:
    return output.read_text(errors="replace")
