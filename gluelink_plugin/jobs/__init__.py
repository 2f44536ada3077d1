"""The kinds of jobs, one module each: its request, its result, and what becomes of the result.

A new kind is one module here, with a subclass each of `JobRequest`, `JobResult` and `JobRun`; it is
run by `Session.ask` or `Session.start`. No list names the kinds: a reply is read by the subclass
whose `kind` it has.

Example:
    @dataclass(frozen=True)
    class CountRequest(JobRequest):
        scene: str
        kind: str = "count"

    @dataclass(frozen=True)
    class CountResult(JobResult):
        ships: int
        kind: str = "count"

    class CountRun(JobRun):
        def show(self, _job: Job, result: CountResult, _collected: None) -> str:
            return f"{result.ships} ships."

    session.ask(lambda: CountRun(session.backend.api, CountRequest(session.scene.id)))
"""
