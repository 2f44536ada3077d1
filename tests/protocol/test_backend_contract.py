"""The OpenAPI document is the contract: it is up to date, and the backend keeps to it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from backend.service.openapi import CONTRACT, contract
from tests.protocol.exchanges import RECORDED, Exchange, play, shape
from tests.protocol.made import UTM, square
from tests.protocol.server import Server
from tests.support.schemas import JSON, messages
from tests.support.stac_server import StacServer

DOCUMENT: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def check_reply(operation: dict[str, Any], reply: httpx.Response) -> None:
    """The reply has a status that is documented, and a body of the schema of that status."""
    documented = operation["responses"]
    assert str(reply.status_code) in documented, reply.text
    content = documented[str(reply.status_code)].get("content", {})
    kind = reply.headers.get("content-type", "").split(";")[0]
    if not content:
        assert not reply.content
        return
    assert kind in content
    if kind == "application/json":
        validator(content[kind]["schema"]).validate(reply.json())


@pytest.fixture(scope="module")
def names(scene: str, submit: Any, wait_for: Any) -> dict[str, list[str]]:
    """Values for the parameters of paths: some that exist, some that do not."""
    job = wait_for(submit(scene)["id"])
    file = job["result"]["files"][0]["name"]
    odd = ["nothing", "..%2f..", "%2e%2e%2f", "a b", "é", "%00", "x" * 500]
    return {"scene": [scene, *odd], "job": [job["id"], *odd], "name": [file, *odd], "upload": odd}


def test_the_document_is_up_to_date() -> None:
    stale = "run: python -m backend.service.openapi > docs/openapi.json"
    assert CONTRACT.read_text(encoding="utf-8") == contract(), stale


def test_the_backend_gives_out_the_document_itself(client: httpx.Client) -> None:
    assert client.get("/v1/openapi.json").json() == DOCUMENT


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_failure_that_is_documented_is_an_error_reply(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    failures = {status: r for status, r in operation["responses"].items() if status >= "400"}
    assert {"421", "500"} <= set(failures)
    assert ("401" in failures) == (path != "/v1/health")
    for reply in failures.values():
        schema = reply["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorReply"}


def test_only_health_is_open(server: Server) -> None:
    for method, path, operation in OPERATIONS:
        reply = httpx.request(method, server.address + re.sub(r"{\w+}", "x", path))
        assert (reply.status_code == 401) == bool(operation.get("security")), path


def test_the_recorded_exchanges_are_what_the_backend_says(
    client: httpx.Client, catalogue: StacServer, scene_file: Path, tmp_path: Path
) -> None:
    recorded = [Exchange(**one) for one in json.loads(RECORDED.read_text(encoding="utf-8"))]
    copy = Path(shutil.copy(scene_file, tmp_path))  # the script forgets its scene
    for before, now in zip(recorded, play(client, copy), strict=True):
        assert (before.name, before.status) == (now.name, now.status), now.reply
        if before.message:
            schema = {"$ref": f"#/components/schemas/{before.message}"}
            validator(schema).validate(before.reply)
            validator(schema).validate(now.reply)
        if before.message == "ErrorReply":
            assert before.reply["error"]["code"] == now.reply["error"]["code"]
        if before.name not in ("what is there", "first estimate", "list scenes", "list jobs"):
            assert shape(before.reply) == shape(now.reply), before.name


NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.integers(-200, 90)
POLYGONS = st.builds(
    lambda rings, kind: {"type": kind, "coordinates": rings},
    st.lists(st.lists(st.lists(NUMBERS, min_size=1, max_size=3), max_size=6), max_size=3),
    st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection"]),
)
POSTED = {
    path: operation["requestBody"]["content"]["application/json"]["schema"]
    for method, path, operation in OPERATIONS
    if method == "POST" and "requestBody" in operation  # those of uploads say all in headers
}


def known_values(scene: str, scene_file: Path) -> dict[str, st.SearchStrategy[Any]]:
    """Values by the names of fields, so that many messages get as far as the work itself."""
    file = st.just(str(scene_file))
    return {
        "scene": st.just(scene),
        "path": file | st.sampled_from([str(scene_file.parent.parent), "/dev/null"]),
        "date": st.sampled_from(["2024-02-30", "20240101", "0000-00-00", "2024-05-01"]),
        "catalogue": st.sampled_from(["here", "https://elsewhere.example"]),
        "aoi": POLYGONS | st.just(square(500)),
        "aoi_crs": st.sampled_from(["EPSG:4326", UTM, "EPSG:0", "+proj"]),
        "phrases": st.just(["open water"]),
        "encoder": st.sampled_from(["texture-s1", "ssl4eo-s1", "../x"]),
        "head": st.sampled_from(["test", "other-space", "damaged"]),
        "also": st.lists(file, max_size=3),
        "tiles": file,
    }


def encode(message: Any) -> bytes:
    """JSON as Python writes it, which is more than JSON allows."""
    return json.dumps(message).encode()


@pytest.mark.parametrize("path", sorted(POSTED))
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_sent_the_answer_is_documented(
    client: httpx.Client, scene: str, scene_file: Path, path: str, data: st.DataObject
) -> None:
    right = messages(POSTED[path], DOCUMENT, known_values(scene, scene_file)).map(encode)
    content = data.draw(st.one_of(right, right, right, JSON.map(encode), st.binary(max_size=40)))
    headers = {"Content-Type": "application/json"}
    reply = client.post(path, content=content, headers=headers)
    assert reply.status_code != 500, reply.text
    check_reply(DOCUMENT["paths"][path]["post"], reply)
    if reply.status_code == 201 and reply.json()["id"] != scene:
        client.delete(f"/v1/scenes/{reply.json()['id']}")
    if reply.status_code == 202:
        client.delete(f"/v1/jobs/{reply.json()['id']}")


def paths_of(path: str, names: dict[str, list[str]]) -> Iterator[str]:
    """`path` with every value of its parameters, one at a time."""
    parameters = re.findall(r"{(\w+)}", path)
    first = {parameter: names[parameter][0] for parameter in parameters}
    yield path.format(**first)
    for parameter in parameters:
        for value in names[parameter][1:]:
            yield path.format(**{**first, parameter: value})


@pytest.mark.parametrize("path", [p for m, p, _ in OPERATIONS if m == "GET"])
def test_every_address_has_a_documented_answer(
    client: httpx.Client, names: dict[str, list[str]], path: str
) -> None:
    for address in paths_of(path, names):
        check_reply(DOCUMENT["paths"][path]["get"], client.get(address))


@pytest.mark.parametrize("path", [p for m, p, _ in OPERATIONS if m == "DELETE"])
def test_ending_what_does_not_exist_has_a_documented_answer(
    client: httpx.Client, names: dict[str, list[str]], path: str
) -> None:
    for address in [*paths_of(path, names)][1:]:
        check_reply(DOCUMENT["paths"][path]["delete"], client.delete(address))
