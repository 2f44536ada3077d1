"""The plugin's messages are those of the contract, and it understands recorded replies.

The messages of jobs are checked with their kinds, in tests/plugin/jobs/test_kinds.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import MISSING, fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gluelink_plugin import jobs
from gluelink_plugin.client import protocol
from gluelink_plugin.client.codec import ProtocolError, decode, encode
from tests.support import contract
from tests.support.contract import DOCUMENT, EXCHANGES, SCHEMAS

for kind in pkgutil.iter_modules(jobs.__path__):  # a reply is read by the class of its kind
    importlib.import_module(f"{jobs.__name__}.{kind.name}")

BASES = {"JobRequest", "JobResult"}
MESSAGES = {
    name: message
    for name, message in vars(protocol).items()
    if hasattr(message, "__dataclass_fields__") and name not in BASES
}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
UNDERSTOOD = [each for each in EXCHANGES if each["message"] in MESSAGES]


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_every_message_is_in_the_contract(message: type) -> None:
    contract.assert_keeps_to_it(message)


@pytest.mark.parametrize("exchange", UNDERSTOOD, ids=[each["name"] for each in UNDERSTOOD])
def test_recorded_replies_are_understood(exchange: dict[str, Any]) -> None:
    message = decode(MESSAGES[exchange["message"]], exchange["reply"])
    needed = {
        item.name
        for item in fields(message)
        if item.default is MISSING and item.default_factory is MISSING
    }
    assert needed <= set(exchange["reply"])


@pytest.mark.parametrize(
    "request_",
    [
        protocol.SceneRequest("/data/scene.tif", "scene", {"units": "linear"}),
        protocol.SceneRequest("/data/scene.tif"),
        protocol.SceneRequest("/data/tessera", options={"date": "2024"}),
        protocol.SceneRequest(
            "/data/scene.tif",
            options={"bands": {"VV": 1, "VH": 2}, "also": ["/data/b.tif"], "dn_offset_db": -80.0},
        ),
        protocol.EstimateRequest("abc", "texture-s1"),
        protocol.ImagerySearch("here", SQUARE, "EPSG:32632", "2024-05-01", "2024-05-31"),
        protocol.ImagerySearch(
            "here", SQUARE, "EPSG:4326", "2024-05-01", "2024-05-31", "ascending"
        ),
    ],
)
def test_requests_keep_to_the_contract(request_: Any) -> None:
    schema = {**SCHEMAS[type(request_).__name__], "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(encode(request_))


def test_what_a_backend_without_scene_options_says_is_understood() -> None:
    reply = next(each["reply"] for each in EXCHANGES if each["message"] == "Capabilities")
    older = {name: value for name, value in reply.items() if name != "scene_options"}
    assert decode(protocol.Capabilities, older).scene_options == []


def test_a_field_of_a_newer_backend_is_no_error() -> None:
    error = {"code": "x", "message": "y", "since": "later"}
    assert decode(protocol.ErrorBody, error) == protocol.ErrorBody("x", "y")


@pytest.mark.parametrize("answer", [[], "text", None, {"code": "x"}, {"error": []}])
def test_an_answer_that_does_not_fit_is_refused(answer: object) -> None:
    with pytest.raises(ProtocolError):
        decode(protocol.ErrorReply, answer)
