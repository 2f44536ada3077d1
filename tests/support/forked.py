"""Real Python processes that do not import torch again.

Importing torch, and what the backend takes beside it, costs a process more than most of what tests
ask it to do. A server imports all that once and forks; each fork is a process of its own, with an
id, arguments, an environment, a folder and streams, and is killed like any other.
"""

import atexit
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
LONGEST_S = 300.0
"""How long a process is waited for where nothing else is said."""
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "backend",
        "torch",
        "tokenizers",
        "uvicorn",
        "backend.service.app",
        "backend.features.many.job",
    ]
)


class ForkedPython:
    """A running `python ARGUMENTS`, which begin with -m MODULE or -c CODE.

    `out` and `err` are the files that it writes to; without `out`, stdin and stdout are pipes.
    What else it offers is as in subprocess.Popen.
    """

    def __init__(
        self,
        *arguments: object,
        out: Path | None = None,
        err: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
    ) -> None:
        self.stdin: IO[str] | None = None
        self.stdout: IO[str] | None = None
        streams: list[Path | Connection] = [Path(os.devnull), out or Path(os.devnull), err]
        if out is None:
            streams[0], write = Pipe(duplex=False)
            read, streams[1] = Pipe(duplex=False)
            self.stdin = os.fdopen(os.dup(write.fileno()), "w")
            self.stdout = os.fdopen(os.dup(read.fileno()))
            write.close()
            read.close()
        given = [str(argument) for argument in arguments]
        environment = dict(os.environ if env is None else env)
        self._process = _FORKS.Process(target=_become, args=(given, environment, cwd, streams))
        self._process.start()
        assert self._process.pid
        self.pid = self._process.pid
        self.kill = self._process.kill
        atexit.register(self.kill)  # else a test that failed beside it would be waited for for ever
        for stream in streams:
            if isinstance(stream, Connection):
                stream.close()

    def poll(self) -> int | None:
        """The exit code, below 0 for a signal; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float = LONGEST_S) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("python", timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


def run(
    *arguments: object,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout_s: float = LONGEST_S,
) -> "subprocess.CompletedProcess[str]":
    """Run `python ARGUMENTS` to its end; what it printed, and its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        code = ForkedPython(*arguments, out=out, err=err, env=env, cwd=cwd).wait(timeout_s)
        printed = (path.read_text(encoding="utf-8") for path in (out, err))
        return subprocess.CompletedProcess(arguments, code, *printed)


def _become(
    arguments: list[str],
    environment: dict[str, str],
    folder: Path,
    streams: list[Path | Connection],
) -> None:
    """Be the process that was asked for, in a session of its own."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, stream in enumerate(streams):
        if isinstance(stream, Connection):
            os.dup2(stream.fileno(), number)
            stream.close()
        else:
            writing = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            os.dup2(os.open(stream, writing if number else os.O_RDONLY), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as a terminal starts it
    sys.stdin = os.fdopen(0, closefd=False)
    sys.path[:0] = [str(folder), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    way, what, *rest = arguments
    sys.argv = [what, *rest]
    if way == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        sys.argv[0] = way
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
