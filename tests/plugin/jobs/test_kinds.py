"""A kind of job is one module: its messages are the contract's, and nothing else names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from gluelink_plugin.client.codec import ProtocolError, decode, encode
from gluelink_plugin.client.job import JobRun
from gluelink_plugin.client.protocol import (
    Job,
    JobRequest,
    JobResult,
)
from gluelink_plugin.jobs.accuracy import AccuracyRequest, AccuracyResult, MapAccuracy, MapChoice
from gluelink_plugin.jobs.alignment import (
    AlignmentRequest,
    AlignmentResult,
    PhraseStatistics,
    Reading,
)
from gluelink_plugin.jobs.describe import (
    AnswerReply,
    DescribeRequest,
    DescribeResult,
    Grounds,
    Passage,
    SentenceReply,
    Writing,
)
from gluelink_plugin.jobs.fetch import FetchRequest, FetchResult
from gluelink_plugin.jobs.probe import ProbeRequest, ProbeResult, StandingReply
from tests.plugin.conftest import Desk, wait_until
from tests.plugin.scripted import ScriptedBackend
from tests.support import contract

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
KINDS = {
    "alignment": (AlignmentRequest, AlignmentResult),
    "fetch": (FetchRequest, FetchResult),
    "accuracy": (AccuracyRequest, AccuracyResult),
    "describe": (DescribeRequest, DescribeResult),
    "probe": (ProbeRequest, ProbeResult),
}
RECORDED = [each for each in contract.EXCHANGES if each["message"] == "Job"]


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
        if not result.ships:
            raise ValueError("There is not a single ship.")
        return f"{result.ships} ships."


@pytest.mark.parametrize(
    "message",
    [
        *(message for messages in KINDS.values() for message in messages),
        PhraseStatistics,
        Reading,
        MapAccuracy,
        MapChoice,
        SentenceReply,
        AnswerReply,
        Grounds,
        Passage,
        Writing,
        StandingReply,
        Job,
    ],
)
def test_the_messages_are_the_contracts(message: type) -> None:
    contract.assert_keeps_to_it(message)


@pytest.mark.parametrize("exchange", RECORDED, ids=[each["name"] for each in RECORDED])
def test_recorded_jobs_are_understood(exchange: dict[str, Any]) -> None:
    job = decode(Job, exchange["reply"])
    request, result = KINDS[job.kind]
    assert isinstance(job.request, request)
    assert job.result is None or isinstance(job.result, result)


@pytest.mark.parametrize(
    "request_",
    [
        AlignmentRequest("abc", ["open water"], "texture-s1"),
        FetchRequest("here", "S1A", SQUARE, "EPSG:4326"),
        DescribeRequest("abc", "texture-s1", "Is there water?", describer="wordy"),
        ProbeRequest("abc", "texture-s1", 10.5, 48.25),
        AccuracyRequest(MapChoice(path="/map.tif", phrase="open water"), truth={}, wanted=["lake"]),
    ],
)
def test_a_jobs_request_is_read_as_its_kind_says(request_: JobRequest) -> None:
    reply = {**RECORDED[0]["reply"], "request": encode(request_)}
    assert decode(Job, reply).request == request_


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ProtocolError):
        decode(Job, {**RECORDED[0]["reply"], "request": {"kind": "divination"}})


@pytest.mark.parametrize(
    ("ships", "foot", "said"),
    [(3, "3 ships.", ""), (0, "", "There is not a single ship.")],
)
def test_a_new_kind_runs_without_a_change_elsewhere(
    new_desk: Desk, scripted: ScriptedBackend, ships: int, foot: str, said: str
) -> None:
    request = CountRequest("abc")
    result = {"kind": "count", "ships": ships}
    waiting = {**RECORDED[0]["reply"], "kind": "count", "request": encode(request)}
    waiting.update(state="queued", result=None, error=None)
    scripted.replies["POST /v1/jobs"] = waiting
    scripted.replies[f"GET /v1/jobs/{waiting['id']}"] = {
        **waiting,
        "state": "done",
        "result": result,
    }
    new_desk.connect(scripted.address)
    session = new_desk.session
    session.start(lambda: CountRun(session.backend.api, request))
    assert session.busy
    wait_until(lambda: not session.busy)
    assert scripted.bodies("POST /v1/jobs") == [{"scene": "abc", "kind": "count"}]
    assert (new_desk.panel.foot.stage.text(), new_desk.said) == (foot, said)
