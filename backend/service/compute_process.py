"""Computes in a process of its own, so that no job can silence the service, or end it.

Python computes in one thread at a time: in one process a reply would wait for the thread of the job
several times, and a fault in a library's machine code would take all clients and jobs with it.
"""

import copy
import logging
import os
import pickle
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import LifoQueue
from typing import Any

from backend.errors import JobKilled
from backend.progress import Cancelled, Progress, silent
from backend.service.computing import ComputingHere, Roots
from backend.service.jobs import JobRequest, JobResult
from backend.service.kinds import Checked
from backend.service.kinds.alignment import Estimate, EstimateRequest
from backend.service.logs import LogForm, of_job, start_log
from backend.service.settings import Settings

log = logging.getLogger(__name__)

LINES = 16
"""Calls at once: more than there are threads that check requests or work off jobs."""

REPORT_S = 0.05
"""How often work tells the service how far one stage is."""

ENDINGS = (signal.SIGINT, signal.SIGTERM)
"""Signals that are for the service, which ends this process: a terminal sends them to both."""

GONE = (EOFError, OSError)
"""What a line raises when the process at its other end is there no longer."""


@dataclass(frozen=True)
class Report:
    """How far work is; it goes on when the other end answers that it may."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True)
class Raised:
    """What a call has raised."""

    error: BaseException


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
        self._process: BaseProcess | None = None
        if _start_method() == "fork":
            self._start(unshared)

    def begin(
        self, settings: Settings, results: Path, table: Path, roots: Roots
    ) -> "ComputeProcess":
        """Compute for a service from now on. See ComputingHere."""
        self._begun = settings, results, table, roots
        if self._process:
            self._call("begin", *self._begun)
        else:
            self._start(())
        return self

    @property
    def process(self) -> int:
        """See Computing."""
        return (self._process and self._process.pid) or 0

    def check(self, request: JobRequest) -> Checked:
        """See Computing."""
        return self._call("check", request)

    def estimate(self, request: EstimateRequest) -> Estimate:
        """See Computing."""
        return self._call("estimate", request)

    def run(
        self, request: JobRequest, folder: Path, progress: Progress, depends_on: str | None
    ) -> JobResult:
        """See Computing."""
        return self._call("run", request, folder, depends_on, progress=progress)

    def measured(self) -> dict[str, tuple[int, float]]:
        """See Computing."""
        return self._call("measured")

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
        if stopped:
            raise stopped
        if isinstance(reply, Raised):
            raise reply.error
        return reply

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
                "little memory.",
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
        self._process = context.Process(target=_compute, args=own, name="compute")
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


def _compute(
    lines: Sequence[tuple[Connection, Connection]],
    log_form: LogForm,
    unshared: Sequence[socket.socket],
    begun: tuple[Any, ...],
) -> None:
    """Be the process that computes, for a service that has begun already or will."""
    for number in ENDINGS:
        signal.signal(number, lambda *_: None)  # SIG_IGN would hold for programs of libraries, too
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    start_log(log_form)
    for one in unshared:
        one.close()
    for others, _ in lines:  # else this process would never learn that the service is gone
        others.close()
    worker = _Worker(begun)
    threads = [threading.Thread(target=worker.answer, args=(own,)) for _, own in lines]
    for thread in threads:
        thread.start()
    threads[0].join()  # a process whose first thread has ended begins no others


class _Worker:
    """Answers calls, in the process that computes."""

    def __init__(self, begun: tuple[Any, ...]) -> None:
        self._begun, self._lock = begun, threading.Lock()
        self._computing: ComputingHere | None = None

    def begin(self, *values: Any) -> None:
        """See ComputingHere."""
        self._begun = values
        self._here()

    def answer(self, line: Connection) -> None:
        """Answer the calls of a line until nobody is at its other end; then end at once."""
        try:
            while True:
                name, values = line.recv()
                line.send(self._reply(line, name, values))
        except GONE:
            pass
        finally:
            os._exit(0)

    def _reply(self, line: Connection, name: str, values: tuple[Any, ...]) -> Any:
        """Return what a call returns, or what it raises."""
        try:
            if name == "begin":
                return self.begin(*values)
            if name == "run":
                return self._run(line, *values)
            return getattr(self._here(), name)(*values)
        except BaseException as error:
            return Raised(_to_send(error))

    def _run(
        self, line: Connection, request: JobRequest, folder: Path, depends_on: str | None
    ) -> JobResult:
        with of_job(folder.name), closing(Reports(line)) as reports:
            return self._here().run(request, folder, reports, depends_on)

    def _here(self) -> ComputingHere:
        """Return what computes; who asks is told where it cannot begin, and the next tries anew."""
        with self._lock:
            if self._computing is None:
                self._computing = ComputingHere(*self._begun)
            return self._computing


class Reports:
    """A progress callback that tells the other end of a line, which may take its time to answer.

    Threads of the work may call it at once, and those that it has left behind after its end.

    Raises:
        Cancelled: the work is not to go on, or has ended.
    """

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._closed = False
        self._stage, self._reported = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell each new stage, and now and then how far it is."""
        with self._lock:
            if not self._closed and (
                stage != self._stage or time.monotonic() >= self._reported + REPORT_S
            ):
                self._line.send(Report(stage, done, total))
                self._closed = not self._line.recv()
                self._stage, self._reported = stage, time.monotonic()
            if self._closed:
                raise Cancelled

    def close(self) -> None:
        """Leave the line to the next call."""
        with self._lock:
            self._closed = True


def _to_send(error: BaseException) -> BaseException:
    """Return an error that can be sent, with the lines of code that it came from as a note."""
    lines = "".join(traceback.format_exception(error))
    try:
        copy.deepcopy(error)  # as its receiver makes it
        pickle.dumps(error)
    except Exception:  # of a library: some cannot be made from what they hold
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(lines)
    return error
