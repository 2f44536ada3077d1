"""Uploads: they choose neither where they lie nor how they are read, and leave nothing behind."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.service.app import create_app
from backend.service.service import Service
from backend.service.settings import Settings

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
        sent = name.encode("utf-8", "surrogatepass")
        reply = client.post("/v1/scenes/upload", params={"name": sent}, content=b"II*\0")
        assert reply.status_code == 422, name
        assert reply.json()["error"]["code"] == "request_invalid", name
        both = {"name": "a_VV.tif", "second": sent, "first_bytes": 2}
        assert client.post("/v1/scenes/upload", params=both, content=b"II*\0").status_code == 422
    assert not left(tmp_path)
    assert sorted(tmp_path.parent.iterdir()) == before


def test_no_content_is_read_but_as_a_geotiff(client: TestClient, tmp_path: Path) -> None:
    for body in BODIES:
        reply = client.post("/v1/scenes/upload", params={"name": "a.tif"}, content=body)
        assert reply.status_code == 422, body
        assert reply.json()["error"]["code"] == "scene_unreadable", body
        assert str(tmp_path) not in reply.text
    assert not left(tmp_path)


@pytest.mark.parametrize("length", [None, "1001", "0", "9" * 30])
def test_no_length_lets_more_in_than_is_allowed(
    client: TestClient, tmp_path: Path, length: str | None
) -> None:
    stated = {} if length is None else {"Content-Length": length}
    body = (b"x" * 100 for _ in range(11))
    reply = client.post("/v1/scenes/upload", params={"name": "a.tif"}, content=body, headers=stated)
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "too_large")
    assert not left(tmp_path)
