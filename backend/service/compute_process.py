"""Computes in a process of its own, so that no job and no file can silence the service, or end it.

Python computes in one thread at a time: in one process a reply would wait for the thread of the job
several times, and a fault in a library's machine code would take all clients and jobs with it.
"""

import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe, get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import LifoQueue
from typing import Any, TypeVar

from backend.errors import JobKilled
from backend.progress import Progress, silent
from backend.service.compute_worker import ENDINGS, GONE, Report, compute
from backend.service.computing import Roots, Speeds
from backend.service.context import Context
from backend.service.jobs import JobRequest, JobResult
from backend.service.logs import LogForm
from backend.service.settings import Settings

T = TypeVar("T")

log = logging.getLogger(__name__)

LINES = 16
"""Calls at once: more than there are threads that check requests or work off jobs."""

RETRY_S = 60.0
"""How long a process that could not begin is left alone, unless somebody asks it."""


class ComputeProcess:
    """Computes in another process, which is started anew when it has ended.

    Each call has a line to the other process for itself, and a thread there.
    """

    def __init__(self, log_form: LogForm, *unshared: socket.socket) -> None:
        """Start the process now where it can be a copy of this one, which has no other thread yet.

        Those of `unshared` are closed in a copy. The process ends with this one, whatever ends
        that.
        """
        self._log_form = log_form
        self._lock = threading.RLock()
        self._closed = False
        self._begun: tuple[Any, ...] = ()
        self._speeds: Speeds = {}
        self._process: BaseProcess | None = None
        if _start_method() == "fork":
            self._start(unshared)

    def begin(
        self, settings: Settings, results: Path, table: Path, roots: Roots
    ) -> "ComputeProcess":
        """Compute for a service from now on. See ComputingHere."""
        self._begun = settings, results, table, roots
        if self._process is None:
            self._start(())
        self._call("begin", *self._begun)
        threading.Thread(target=self._keep_up, name="compute", daemon=True).start()
        return self

    @property
    def process(self) -> int:
        """See Computing."""
        return (self._process and self._process.pid) or 0

    @property
    def speeds(self) -> Speeds:
        """See Computing. They are those of the last reply, so a process that hangs has some."""
        return self._speeds

    def ask(self, work: Callable[[Context], T]) -> T:
        """See Computing."""
        found: T = self._call("ask", work)
        return found

    def run(
        self, request: JobRequest, folder: Path, progress: Progress, depends_on: str | None
    ) -> JobResult:
        """See Computing."""
        return self._call("run", request, folder, depends_on, progress=progress)

    def restart(self) -> None:
        """See Computing."""
        self._replace(self._free)

    def close(self) -> None:
        """End the process, whatever it computes."""
        with self._lock:
            self._closed = True
            self._end()

    def _call(self, name: str, *values: Any, progress: Progress = silent) -> Any:
        """Return what a call of the other process returns, or raise what it raises.

        What `progress` raises stops it, and is raised once it has stopped.

        Raises:
            JobKilled: the process has ended.
        """
        stopped: BaseException | None = None
        with self._line() as line:
            line.send((name, values))
            while isinstance(reply := line.recv(), Report):
                try:
                    progress(reply.stage, reply.done, reply.total)
                except BaseException as error:
                    stopped = error
                line.send(stopped is None)
        self._speeds = reply.speeds
        if stopped:
            raise stopped
        if reply.raised:
            raise reply.value
        return reply.value

    def _keep_up(self) -> None:
        """Have a process that has begun, so that nobody who asks waits for its start.

        One that ends at once, or cannot begin, is not started again and again.
        """
        while not self._closed:
            try:
                self._call("begin", *self._begun)
            except Exception:  # whoever asks is told
                time.sleep(RETRY_S)
            else:
                process = self._process
                assert process
                wait([process.sentinel])

    @contextmanager
    def _line(self) -> Iterator[Connection]:
        """Yield a line that no other call has.

        Raises:
            JobKilled: it broke.
        """
        lines = self._lines()
        line = lines.get()
        try:
            yield line
        except GONE as error:
            self._replace(lines)
            raise JobKilled(
                "The process that computes has ended while it worked on this.",
                "Ask again. If that ends it, too, the computer's log says why: often there was too "
                "little memory, or a file is damaged.",
            ) from error
        finally:
            lines.put(line)  # a broken one as well: whoever waits for it learns at once

    def _lines(self) -> "LifoQueue[Connection]":
        """Return the free lines of a process that is there."""
        with self._lock:
            if not (self._process and self._process.is_alive()):
                self._replace(self._free)
            return self._free

    def _replace(self, lines: "LifoQueue[Connection]") -> None:
        """Start another process, unless that has been done for these lines already."""
        with self._lock:
            if self._closed or self._free is not lines:
                return
            log.error("The process that computes has ended with exit code %s", self._end())
            self._start(())

    def _end(self) -> int | None:
        """End the process, and return its exit code."""
        if self._process is None:
            return None
        self._process.kill()
        self._process.join()
        return self._process.exitcode

    def _start(self, unshared: Sequence[socket.socket]) -> None:
        pairs = [Pipe() for _ in range(LINES)]
        method = _start_method()
        context: Any = get_context(method)
        own = pairs, self._log_form, unshared, self._begun
        self._process = context.Process(target=compute, args=own, name="compute")
        with _holding_back(method):
            self._process.start()
        # The last one first: each further thread that computes has memory of its own.
        self._free: LifoQueue[Connection] = LifoQueue()
        for here, there in pairs:
            there.close()
            self._free.put(here)


def _start_method() -> str:
    """Return how to start a process: a copy of this one where it has no other thread yet.

    A copy shares the memory of all libraries that are there already, and needs not import them.
    """
    alone = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if alone else "spawn"


@contextmanager
def _holding_back(method: str) -> Iterator[None]:
    """Hold ENDINGS back from a process that is started now, until it knows what to do with them."""
    if sys.platform == "win32":
        yield
        return
    if method == "spawn":
        resource_tracker.ensure_running()  # which lets them through when it is started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
