"""Which jobs are forgotten, with their results: what nobody waits for goes first."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from backend.service.queue.work import ENDED, JobRecord

KEPT_JOBS = 200
"""Of more, some are forgotten: the list of jobs is sent as a whole."""

REST_S = 600.0
"""A job that was done so recently is kept: its client may not have fetched its files yet."""

MOST_JOBS = 1000
"""Of more, done ones are forgotten as well, however recent."""

DAY_S = 86400.0


@dataclass(frozen=True)
class Retention:
    """How long results are kept, and how many bytes of them."""

    days: float = 7.0
    total_bytes: int = 20 * 1024**3

    def to_forget(self, records: Iterable[JobRecord]) -> list[JobRecord]:
        """Return the jobs to forget, in the order in which they go.

        Those that left nothing go first, then those whose files were fetched, then the others;
        among these the one that ended first. One that was done a moment ago stays.
        """
        records = list(records)
        now, crowded = time.monotonic(), len(records) > MOST_JOBS
        ended = sorted((one for one in records if one.job.state in ENDED), key=_place)
        size = sum({one.folder: one.bytes for one in records}.values())
        surplus = len(records) - KEPT_JOBS
        going: list[JobRecord] = []
        for one in ended:
            age = now - one.ended
            if one.job.state == "done" and age <= REST_S and not crowded:
                continue
            if len(going) < surplus or age > self.days * DAY_S or size > self.total_bytes:
                going.append(one)
                size -= one.bytes
        return going


USUAL = Retention()


def _place(record: JobRecord) -> tuple[bool, bool, float]:
    return record.job.state == "done", not record.fetched, record.ended
