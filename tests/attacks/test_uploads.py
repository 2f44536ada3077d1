"""Uploads: they choose neither where they lie nor how they are read, and leave nothing behind."""

import base64
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.service.app import create_app
from backend.service.service import Service
from backend.service.settings import Settings
from tests.support.tus import begin, patch

NAMES = [
    "",
    ".",
    "..",
    ".tif/..",
    "../a.tif",
    "..\\a.tif",
    "/a.tif",
    "//a/b.tif",
    "C:a.tif",
    "C:\\a.tif",
    "a/b.tif",
    "a\\b.tif",
    "a.tif/",
    "a:b.tif",
    "a*.tif",
    "a?.tif",
    'a".tif',
    "<a>.tif",
    "a|b.tif",
    "a.tif\0.vrt",
    "a\n.tif",
    "a\x1b[2J.tif",
    "\u202etif.tif",
    "\ud800.tif",
    "x" * 300 + ".tif",
    "ü" * 120 + ".tif",
    "a.vrt",
    "a.nc",
    "a.tif.vrt",
    "a.tif.aux.xml",
    "a",
    "tif",
]
BODIES = [
    b"",
    b"no raster",
    b"II*\0",
    b"MM\0*" + b"\xff" * 40,
    b"II*\0\x08\0\0\0\xff\xff",
    b"II+\0\x08\0\0\0" + b"\xff" * 8,
    b'<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>',
    b"CDF\x01" + b"\0" * 28,
    b"\x89HDF\r\n\x1a\n" + b"\0" * 40,
    b"PK\x03\x04" + b"\0" * 40,
    b"\x1f\x8b\x08" + b"\0" * 20,
    b"{}",
]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    settings = Settings(token="t", hosts=frozenset({"testserver"}), max_upload_bytes=1000)
    headers = {"Authorization": "Bearer t"}
    with (
        closing(Service(settings)) as service,
        TestClient(create_app(service), headers=headers, raise_server_exceptions=False) as client,
    ):
        yield client


def left(home: Path) -> list[Path]:
    return [path for path in home.glob("service/*/uploads/**/*")]


def test_no_name_of_an_upload_leaves_its_folder(client: TestClient, tmp_path: Path) -> None:
    before = sorted(tmp_path.parent.iterdir())
    for name in NAMES:
        coded = base64.b64encode(name.encode("utf-8", "surrogatepass")).decode()
        for metadata in (f"name {coded}", f"filename {coded}", f"name YS50aWY=,beside a{coded}"):
            headers = {"Upload-Length": "4", "Upload-Metadata": metadata}
            reply = client.post("/v1/uploads", headers=headers)
            assert reply.status_code in (404, 422), name
            assert reply.json()["error"]["code"] in ("request_invalid", "upload_unknown"), name
    assert not left(tmp_path)
    assert sorted(tmp_path.parent.iterdir()) == before


def test_no_address_of_an_upload_leads_elsewhere(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}")
    for name in ("..", "../mine", "..%2f..%2fmine", "%2e%2e", "mine.json", "a/b", "%00", "x" * 500):
        for method in ("GET", "HEAD", "DELETE"):
            assert client.request(method, f"/v1/uploads/{name}").status_code in (404, 405)
        assert patch(client, name, 0, b"x").status_code in (404, 405)
    assert (tmp_path / "mine.json").exists()


def test_no_content_is_read_but_as_a_geotiff(client: TestClient, tmp_path: Path) -> None:
    for body in filter(None, BODIES):
        upload = begin(client, "a.tif", len(body)).json()["id"]
        assert patch(client, upload, 0, body).status_code == 204
        path = client.get(f"/v1/uploads/{upload}").json()["path"]
        reply = client.post("/v1/scenes", json={"path": path})
        assert (reply.status_code, reply.json()["error"]["code"]) == (422, "scene_unreadable"), body
        client.delete(f"/v1/uploads/{upload}")
    assert not left(tmp_path)


@pytest.mark.parametrize("length", [None, "1001", "0", "9" * 30])
def test_no_length_lets_more_in_than_is_allowed(
    client: TestClient, tmp_path: Path, length: str | None
) -> None:
    for size in (1001, 0, 10**30):
        assert begin(client, "a.tif", size).status_code == 413
    upload = begin(client, "a.tif", 1000).json()["id"]
    more = {} if length is None else {"Content_Length": length}
    reply = patch(client, upload, 0, (b"x" * 100 for _ in range(11)), **more)
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "too_large")
    assert client.get(f"/v1/uploads/{upload}").json()["path"] is None
