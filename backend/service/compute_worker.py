"""The other end of `compute_process`: answers calls, in the process that computes."""

import copy
import os
import pickle
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from backend.progress import Cancelled
from backend.service.computing import ComputingHere, Speeds
from backend.service.context import Context
from backend.service.jobs import JobRequest, JobResult
from backend.service.logs import LogForm, of_job, start_log

T = TypeVar("T")

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
class Reply:
    """What a call has come to."""

    value: Any
    """What it returned, or raised."""
    raised: bool
    speeds: Speeds
    """See Computing."""


def compute(
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
    worker = Worker(begun)
    threads = [threading.Thread(target=worker.answer, args=(own,)) for _, own in lines]
    for thread in threads:
        thread.start()
    threads[0].join()  # a process whose first thread has ended begins no others


class Worker:
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

    def _reply(self, line: Connection, name: str, values: tuple[Any, ...]) -> Reply:
        """Return what a call returns, or what it raises."""
        calls: dict[str, Callable[..., Any]] = {
            "begin": self.begin,
            "ask": self._ask,
            "run": partial(self._run, line),
        }
        try:
            value, raised = calls[name](*values), False
        except BaseException as error:
            value, raised = _to_send(error), True
        return Reply(value, raised, self._computing.speeds if self._computing else {})

    def _ask(self, work: Callable[[Context], T]) -> T:
        return self._here().ask(work)

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
