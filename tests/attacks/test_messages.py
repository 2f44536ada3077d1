"""Messages: half characters, floods of keys, odd heads and full pools of threads."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.errors import HeadInvalid
from backend.link import load_head
from backend.service import messages
from backend.service import service as service_module
from backend.service.app import create_app
from backend.service.capabilities import head_infos
from backend.service.openapi import contract
from backend.service.service import Service
from backend.service.settings import Settings
from tests.protocol.made import square, write_head, write_scene

HEADERS = {"Authorization": "Bearer t", "Content-Type": "application/json"}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    with closing(Service(Settings(token="t", hosts=frozenset({"testserver"})))) as service:
        yield service


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service), headers=HEADERS, raise_server_exceptions=False) as client:
        yield client


HALF = [b'"\\ud800"', b'"\\udfff x"', b'"\xed\xa0\x80"', b'"\\ud83d\\ud83d\\ude00"']
BODIES = {
    "/v1/scenes": [b'{"path": %s}', b'{"path": "/a.tif", "name": %s}', b'{"path": "/a", %s: 1}'],
    "/v1/jobs": [
        b'{"scene": %s, "phrases": ["a"]}',
        b'{"scene": "a", "phrases": [%s]}',
        b'{"scene": "a", "phrases": ["a"], "aoi": {"type": %s}}',
        b'{"scene": "a", "phrases": ["a"], "aoi": {%s: 1}}',
        b'{"kind": "fetch", "item": %s, "aoi": {}}',
        b'{"kind": %s}',
    ],
    "/v1/estimates": [b'{"scene": "a", "encoder": %s}'],
}


def test_half_a_character_in_any_text_is_refused_and_nothing_is_stored(client: TestClient) -> None:
    for path, bodies in BODIES.items():
        for body in bodies:
            for half in HALF:
                reply = client.post(path, content=body % half)
                assert 400 <= reply.status_code < 500, (path, body, half)
                assert reply.json()["error"]["code"] == "request_invalid"
    assert client.get("/v1/jobs").json() == {"jobs": []}
    assert client.get("/v1/scenes").json() == {"scenes": []}


def test_a_whole_pair_is_a_character(client: TestClient) -> None:
    reply = client.post("/v1/estimates", content=b'{"scene": "\\ud83d\\ude00"}')
    assert reply.status_code == 404
    assert "\U0001f600" in reply.json()["error"]["message"]


def test_a_file_whose_name_is_no_text_leaves_the_lists_whole(
    client: TestClient, tmp_path: Path
) -> None:
    folder = tmp_path / "scenes"
    folder.mkdir()
    write_scene(folder / "lake_20240501.tif", 224)
    (folder / "bad\udcff_20240501.tif").write_bytes((folder / "lake_20240501.tif").read_bytes())
    assert client.post("/v1/scenes", json={"path": str(folder)}).status_code < 500
    assert client.get("/v1/scenes").status_code == 200


def test_a_message_has_few_values_and_few_bytes(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "MOST_VALUES", 20)
    for values in (dict.fromkeys(map(str, range(21)), 1), {"phrases": [1] * 21}):
        reply = client.post("/v1/jobs", json=values)
        assert reply.status_code == 422
        assert "more than 20 values" in reply.json()["error"]["message"]
    area = {"scene": "a", "phrases": ["a"], "aoi": square(10)}
    assert client.post("/v1/jobs", json=area).status_code == 404  # no such scene
    reply = client.post("/v1/jobs", content=b" " * (service.settings.max_message_bytes + 1))
    assert reply.status_code == 413


def test_deep_nesting_and_endless_numbers_are_refused(client: TestClient) -> None:
    for body in (b"[" * 100_000, b'{"scene": ' + b"9" * 10_000 + b"}"):
        assert 400 <= client.post("/v1/jobs", content=body).status_code < 500


ODD = {
    "title": 5,
    "text": ["minilm"],
    "scores": {"test": "high"},
    "summary": "\ud800",
    "name": None,
    "text_space": {"name": 1, "revision": "a", "dim": 384},
}


def test_a_head_with_an_odd_card_is_left_out_with_a_sentence(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from safetensors.torch import load_file, save_file

    good = write_head(tmp_path, "good")
    head = load_head(good)
    card = json.loads(json.dumps({**vars(head.meta), "text_space": vars(head.meta.text_space)}))
    for name, value in ODD.items():
        metadata = {"format": "gluelink-head/1", "meta": json.dumps({**card, name: value})}
        odd = tmp_path / "heads" / f"odd-{name}.safetensors"
        save_file(load_file(good), odd, metadata)
        with pytest.raises(HeadInvalid):
            load_head(odd)
    found = {one.name for one in head_infos()}
    assert "good" in found
    assert not any(name.startswith("odd") for name in found)
    assert all(f"odd-{name}.safetensors" in caplog.text for name in ODD)


def test_health_and_jobs_are_answered_while_all_slow_requests_hang(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "SLOW_WAITING", 0)
    go_on, hanging = threading.Event(), threading.Semaphore(0)

    def hang(request: object) -> None:
        hanging.release()
        go_on.wait(30)

    monkeypatch.setattr(service.computing.context.scenes, "register", hang)
    message = {"path": "/a.tif"}
    threads = [
        threading.Thread(target=client.post, args=("/v1/scenes",), kwargs={"json": message})
        for _ in range(service_module.SLOW_AT_ONCE)
    ]
    try:
        for thread in threads:
            thread.start()
        for _ in threads:
            assert hanging.acquire(timeout=30)
        assert client.post("/v1/scenes", json=message).status_code == 503
        for path in ("/v1/health", "/v1/jobs", "/v1/scenes"):
            assert client.get(path).status_code == 200
        assert client.get("/v1/jobs/none").status_code == 404
        assert client.delete("/v1/jobs/none").status_code == 404
    finally:
        go_on.set()
        for thread in threads:
            thread.join()


def numbers_of(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schema of each number that a message of this schema may hold."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if schema.get("type") in ("integer", "number"):
        yield schema
    inner = [*schema.get("anyOf", []), *schema.get("oneOf", []), schema.get("items")]
    inner += [*schema.get("properties", {}).values(), schema.get("additionalProperties")]
    for each in inner:
        if isinstance(each, dict):
            yield from numbers_of(each, document)


def test_every_number_of_a_message_is_bounded() -> None:
    document = json.loads(contract())
    found = 0
    for path, routes in document["paths"].items():
        body = routes.get("post", {}).get("requestBody", {}).get("content", {})
        for number in numbers_of(body.get("application/json", {}).get("schema", {}), document):
            if number == {"type": "integer"}:  # that of a band, which is looked up in the file
                continue
            found += 1
            assert {"minimum", "exclusiveMinimum"} & set(number), (path, number)
            assert {"maximum", "exclusiveMaximum"} & set(number), (path, number)
    assert found > 6


def test_a_number_beyond_its_bounds_is_refused(client: TestClient, tmp_path: Path) -> None:
    scene = write_scene(tmp_path / "lake_20240501.tif", 224)
    for name in ("noise_floor_db", "dn_offset_db", "scale", "offset"):
        for value in (1e292, -1e292, 10**30):
            reply = client.post("/v1/scenes", json={"path": str(scene), name: value})
            assert reply.status_code == 422
            assert name in reply.json()["error"]["message"]
