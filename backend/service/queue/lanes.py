"""Lanes of work: one for the device, one for what waits for hosts; neither holds up the other.

The device is used by one work at a time. A question, which takes seconds, overtakes an encode that
takes hours: the long work gives way inside its own report of progress, where it holds no lock, and
goes on when the question is answered.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from backend.service.kinds import DEVICE, NETWORK
from backend.service.logs import of_job
from backend.service.queue.work import Work

WORKERS = {DEVICE: 1, NETWORK: 2}
"""Works of a lane at once: one uses the whole device; of two hosts one may be silent."""


class Lanes:
    """What waits in each lane, and the threads that work it off."""

    def __init__(self, run: Callable[[Work], None], begin: Callable[[Work], None]) -> None:
        """Call `run(work)` for each in turn, after `begin(work)`, which must not take long."""
        self._do, self._begin = run, begin
        self.changed = threading.Condition(threading.RLock())
        """Held by whoever looks at what waits, or at what runs, and acts on it."""
        self.closed = False
        self._waiting: dict[str, deque[Work]] = {lane: deque() for lane in WORKERS}
        self._threads = [
            threading.Thread(target=self._serve, args=(lane,), name=f"jobs-{lane}", daemon=True)
            for lane, workers in WORKERS.items()
            for _ in range(workers)
        ]

    def start(self) -> None:
        """Begin to work off what waits."""
        for thread in self._threads:
            thread.start()

    def put(self, work: Work) -> None:
        """Add work at the end of its lane."""
        with self.changed:
            work.give_way = self._give_way
            self._waiting[work.lane].append(work)
            self.changed.notify_all()

    def drop(self, work: Work) -> None:
        """Take waiting work out of its lane."""
        with self.changed:
            if work in self._waiting[work.lane]:
                self._waiting[work.lane].remove(work)

    def close(self) -> None:
        """Begin nothing more."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def join(self, timeout_s: float) -> bool:
        """Wait for the threads, but not for long; False when one is still at work."""
        ends = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self, lane: str) -> None:
        while (work := self._next(lane)) is not None:
            self._run(work)

    def _run(self, work: Work) -> None:
        with of_job(work.name):
            self._do(work)

    def _next(self, lane: str) -> Work | None:
        """Return the next work of a lane, begun; None when the service ends."""
        with self.changed:
            self.changed.wait_for(lambda: self._waiting[lane] or self.closed)
            return None if self.closed else self._take(self._waiting[lane][0])

    def _take(self, work: Work) -> Work:
        self._waiting[work.lane].remove(work)
        work.running = True
        self._begin(work)
        return work

    def _give_way(self, work: Work) -> None:
        """Answer a question that waits while `work` does nothing.

        It has a thread of its own: what the work has set for its thread (precision, gradients) is
        not for the question.
        """
        if work.quick or time.monotonic() < work.gives_way_from:
            return
        with self.changed:
            quick = next((one for one in self._waiting[work.lane] if one.quick), None)
            if quick is None or self.closed:
                return
            self._take(quick)
        began = time.monotonic()
        thread = threading.Thread(target=self._run, args=(quick,), name="question", daemon=True)
        thread.start()
        thread.join()
        work.rest(time.monotonic() - began)
