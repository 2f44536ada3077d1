"""Which jobs are forgotten, with their results: what nobody waits for goes first."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from backend.service.queue.work import ENDED, JobRecord

KEPT_JOBS = 200
"""Of more, some are forgotten: the list of jobs is sent as a whole."""

REST_S = 600.0
"""A job that was done so recently is kept: its client may not have fetched its files yet."""

SEEN_S = 60.0
"""How any other job has ended is kept for so long: its client asks for that in a moment."""

MOST_JOBS = 1000
"""Of more, some are forgotten however recent they are."""

DAY_S = 86400.0


@dataclass(frozen=True)
class Retention:
    """How long results are kept, and how many bytes of them."""

    days: float
    total_bytes: int

    def to_forget(self, records: Iterable[JobRecord]) -> list[JobRecord]:
        """Return the jobs to forget, in the order in which they go.

        Those whose files were fetched go first, then those that left nothing, then the others;
        among these the one that ended first. One that ended a moment ago stays.
        """
        records = list(records)
        now, going = time.monotonic(), list[JobRecord]()
        ended = [one for one in records if one.job.state in ENDED]
        if len(records) <= MOST_JOBS and all(_is_recent(one, now) for one in ended):
            return going  # soon: hundreds of jobs a minute must not make each one dearer
        size = sum({one.folder: one.bytes for one in records}.values())
        for one in sorted(ended, key=lambda one: (_is_recent(one, now), *_place(one))):
            recent = _is_recent(one, now)
            crowded = len(records) - len(going) > (MOST_JOBS if recent else KEPT_JOBS)
            old = now - one.ended > self.days * DAY_S
            if crowded or (not recent and (old or size > self.total_bytes)):
                going.append(one)
                size -= one.bytes
        return going


def _is_recent(record: JobRecord, now: float) -> bool:
    return now - record.ended <= (REST_S if record.job.state == "done" else SEEN_S)


def _place(record: JobRecord) -> tuple[bool, bool, float]:
    return not record.fetched, record.job.state == "done", record.ended
