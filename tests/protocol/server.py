"""A real backend process for tests. Standard library only: the plugin's tests may use it too."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.forked import ForkedPython

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"  # also when the tests run in the Python of QGIS
TOKEN = "a-token-of-the-tests-0123456789"
START_S = 120
CAN_FILL_DISK = sys.platform == "linux"
"""Whether a limit on file sizes can be set for another process."""


@dataclass
class Server:
    """`python -m backend.serve` and what it said when it was ready."""

    process: "subprocess.Popen[str] | ForkedPython"
    ready: dict[str, object]
    log: Path

    @property
    def port(self) -> int:
        return int(str(self.ready["port"]))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def computing(self) -> int:
        """The number of the process that computes, on Linux."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = " ".join(thread.read_text() for thread in threads).split()
        own = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children}
        (pid,) = (pid for pid, line in own.items() if "resource_tracker" not in line)
        return int(pid)

    @contextmanager
    def disk_full_after(self, size: int) -> Iterator[None]:
        """For a while no file of the backend can grow beyond `size` bytes."""
        import resource

        limit, processes = resource.RLIMIT_FSIZE, (self.process.pid, self.computing)
        before = [resource.prlimit(pid, limit) for pid in processes]
        for pid in processes:
            resource.prlimit(pid, limit, (size, before[0][1]))
        try:
            yield
        finally:
            for pid, own in zip(processes, before, strict=True):
                resource.prlimit(pid, limit, own)

    def stop(self) -> int:
        """Close stdin, as the plugin does, and wait for the end."""
        assert self.process.stdin
        self.process.stdin.close()
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()

    def __del__(self) -> None:
        """Close the pipes of a process that nobody speaks to any more."""
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # it has ended
                if stream:
                    stream.close()


def start_server(
    home: Path,
    *options: str,
    token: str | None = TOKEN,
    launch: tuple[str, ...] = ("-m", "backend.serve"),
    **settings: object,
) -> Server:
    """Start a backend whose own files lie in `home`; `settings` become GLUELINK_... variables."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GLUELINK_")}
    environment |= {"GLUELINK_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    environment |= {f"GLUELINK_{name.upper()}": str(value) for name, value in settings.items()}
    if token is not None:
        environment["GLUELINK_TOKEN"] = token
    process = _start([*launch, "--port", "0", "--stop-with-stdin", *options], environment, log)
    assert process.stdout
    readable, _, _ = select.select([process.stdout], [], [], START_S)
    line = process.stdout.readline() if readable else ""
    if not line:
        process.kill()
        raise RuntimeError(f"The backend did not start:\n{log.read_text()}")
    return Server(process, json.loads(line), log)


def _start(
    arguments: list[str], environment: dict[str, str], log: Path
) -> "subprocess.Popen[str] | ForkedPython":
    if Path(sys.prefix) == PYTHON.parents[1]:
        from tests.support.forked import ForkedPython

        return ForkedPython(*arguments, err=log, env=environment)
    with log.open("w") as stderr:
        return subprocess.Popen(
            [str(PYTHON), *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
