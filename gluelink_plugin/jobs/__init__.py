"""The kinds of jobs, one module each: its request, its result, and what becomes of the result.

A new kind is one module here, with a subclass each of `JobRequest`, `JobResult` and `JobRun`. No
list names the kinds: a reply is read by the subclass whose `kind` it has. A section of the dock
imports the module and starts its jobs: with `Session.ask` those on the scene of the panel, with
`Session.start` all others.

Example:
    from __future__ import annotations

    from dataclasses import dataclass

    from ..client.job import JobRun
    from ..client.protocol import Job, JobRequest, JobResult

    @dataclass(frozen=True)
    class CountRequest(JobRequest):
        scene: str
        kind: str = "count"

        @property
        def summary(self) -> str:
            return "ships"

    @dataclass(frozen=True)
    class CountResult(JobResult):
        ships: int
        kind: str = "count"

    class CountRun(JobRun):
        def show(self, _job: Job, result: CountResult, _collected: None) -> str:
            return f"{result.ships} ships."

    # in a section of the dock, whose session this is
    session.ask(lambda: CountRun(session.backend.api, CountRequest(session.scene.id)))
"""
