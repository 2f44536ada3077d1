"""The plugin's words are those of the contract, and it understands what the backend has said."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gluelink_plugin.client import protocol
from gluelink_plugin.client.protocol import ProtocolError, decode, encode

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["components"][
    "schemas"
]
EXCHANGES = json.loads(Path(__file__).with_name("exchanges.json").read_text(encoding="utf-8"))
MESSAGES = {
    name: kind
    for name, kind in vars(protocol).items()
    if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")
}
REQUESTS = {"SceneRequest", "AlignmentRequest", "EstimateRequest", "ImagerySearch", "FetchRequest"}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
UNDERSTOOD = [each for each in EXCHANGES if each["message"] in MESSAGES]


def referred(schema: dict[str, Any]) -> list[str]:
    """The messages that a field's schema points to, in whatever wrapping."""
    if "$ref" in schema:
        return [schema["$ref"].rsplit("/", 1)[1]]
    wrapped = [schema.get("items", {}), *schema.get("anyOf", []), *schema.get("oneOf", [])]
    return [name for part in wrapped if part for name in referred(part)]


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_message_is_in_the_contract(name: str) -> None:
    ours = {item.name for item in fields(MESSAGES[name])}
    theirs = set(SCHEMAS[name]["properties"])
    # A request may leave out what the plugin never sets; a reply is known whole.
    assert ours <= theirs if name in REQUESTS else ours == theirs


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_nested_message_is_the_contracts(name: str) -> None:
    for item in fields(MESSAGES[name]):
        several = [item.metadata["parts"]] if "parts" in item.metadata else []
        inner = [kind.__name__ for kind in item.metadata.get("part", several)]
        assert inner == referred(SCHEMAS[name]["properties"][item.name])


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - REQUESTS))
def test_what_the_plugin_needs_is_always_sent(name: str) -> None:
    needed = {item.name for item in fields(MESSAGES[name]) if item.default is MISSING}
    schema = SCHEMAS[name]
    with_default = {field for field, each in schema["properties"].items() if "default" in each}
    assert needed <= set(schema.get("required", [])) | with_default


@pytest.mark.parametrize("exchange", UNDERSTOOD, ids=[each["name"] for each in UNDERSTOOD])
def test_recorded_replies_are_understood(exchange: dict[str, Any]) -> None:
    message = decode(MESSAGES[exchange["message"]], exchange["reply"])
    told = {item.name for item in fields(message)}
    assert told <= set(exchange["reply"]) | {
        i.name for i in fields(message) if i.default is not MISSING
    }


@pytest.mark.parametrize(
    "request_",
    [
        protocol.SceneRequest("/data/scene.tif", "scene", "linear"),
        protocol.SceneRequest("/data/scene.tif"),
        protocol.EstimateRequest("abc", "texture-s1"),
        protocol.AlignmentRequest(
            "abc", ["open water"], "texture-s1", "demo", {"type": "Polygon"}, "EPSG:32632"
        ),
        protocol.SceneRequest("/data/tessera", date="2024"),
        protocol.ImagerySearch("here", SQUARE, "EPSG:32632", "2024-05-01", "2024-05-31"),
        protocol.ImagerySearch(
            "here", SQUARE, "EPSG:4326", "2024-05-01", "2024-05-31", "ascending"
        ),
        protocol.FetchRequest("here", "S1A", SQUARE, "EPSG:4326"),
    ],
)
def test_requests_keep_to_the_contract(request_: Any) -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    schema = {**SCHEMAS[type(request_).__name__], "components": document["components"]}
    Draft202012Validator(schema).validate(encode(request_))


@pytest.mark.parametrize(
    "request_",
    [
        protocol.AlignmentRequest("abc", ["open water"], "texture-s1"),
        protocol.FetchRequest("here", "S1A", SQUARE, "EPSG:4326"),
    ],
)
def test_a_jobs_request_is_read_as_its_kind_says(request_: Any) -> None:
    job = next(each["reply"] for each in EXCHANGES if each["message"] == "Job")
    told = {**job, "kind": request_.kind, "request": encode(request_)}
    assert decode(protocol.Job, told).request == request_


def test_a_field_of_a_newer_backend_is_no_error() -> None:
    error = {"code": "x", "message": "y", "since": "later"}
    assert decode(protocol.ErrorBody, error) == protocol.ErrorBody("x", "y")


@pytest.mark.parametrize("answer", [[], "text", None, {"code": "x"}, {"error": []}])
def test_an_answer_that_does_not_fit_is_refused(answer: object) -> None:
    with pytest.raises(ProtocolError):
        decode(protocol.ErrorReply, answer)
