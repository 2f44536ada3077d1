"""A description over HTTP: sentences with what they rest on, an answer, objects."""

from collections.abc import Callable
from typing import Any

import httpx
from shapely.geometry import shape

from tests.protocol.test_backend_access import error_of

Ask = Callable[..., dict[str, Any]]


def test_an_area_is_described_and_a_question_about_it_is_answered(
    client: httpx.Client, scene: str, wait_for: Ask
) -> None:
    asked = {"kind": "describe", "scene": scene, "question": "How many ships are there?"}
    reply = client.post("/v1/jobs", json=asked)
    assert reply.status_code == 202, reply.text
    job = wait_for(reply.json()["id"])
    assert (job["state"], job["error"]) == ("done", None)
    result = job["result"]
    assert result["text"] == " ".join(each["text"] for each in result["sentences"])
    assert result["answer"]["question_kind"] == "count"
    number = int(result["answer"]["text"].split(":")[0])
    assert number == len(result["objects"]["features"])
    for each in result["sentences"]:
        place = each["grounds"]["place"]
        assert place is None or shape(place).is_valid
        assert any(each["grounds"][name] for name in ("objects", "classes", "fields"))


def test_a_description_that_cannot_succeed_is_refused_at_once(
    client: httpx.Client, scene: str
) -> None:
    for change, code in (
        ({"question": " "}, "phrase_invalid"),
        ({"question": "x" * 1000}, "phrase_invalid"),
        ({"describer": "http://127.0.0.1:1/v1"}, "describer_unknown"),
        ({"head": "nobody"}, "head_unknown"),
        ({"scene": "nowhere"}, "scene_unknown"),
    ):
        message = {"kind": "describe", "scene": scene, **change}
        reply = client.post("/v1/jobs", json=message)
        assert reply.status_code in (404, 422), reply.text
        assert error_of(reply)["code"] == code, change
