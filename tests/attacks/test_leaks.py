"""Leaks: no token and no path outside the roots is in a reply or in the log, whatever is asked."""

import base64
import io
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from backend.errors import DiskFull
from backend.io.disk import writing
from backend.service import logs
from backend.service.app import create_app
from backend.service.errors import error_body
from backend.service.service import Service
from backend.service.settings import Settings
from tests.protocol.made import UTM, square, write_head, write_scene

TOKEN = "a-token-of-this-test-0123456789"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
WRONG = "wrong-0123456789-token"


@dataclass
class Place:
    """A service that reads one folder, and what lies outside it: its home, and a neighbour."""

    client: TestClient
    log: io.StringIO
    inside: Path
    home: Path
    private: Path

    @property
    def secrets(self) -> list[str]:
        return [TOKEN, WRONG, str(self.home), str(self.private), "private words"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    inside, home, private = (tmp_path / name for name in ("inside", "home", "private-folder"))
    monkeypatch.setenv("GLUELINK_HOME", str(home))
    inside.mkdir()
    private.mkdir()
    scene = write_scene(inside / "lake_20240501.tif")
    shutil.copy(scene, private / "other_20240501.tif")
    (private / "text.tif").write_text("private words")
    (private / "closed").mkdir(mode=0)
    for name in ("other_20240501.tif", "text.tif", "closed", "missing.tif"):
        (inside / f"to-{name}").symlink_to(private / name)
    (inside / "to-folder").symlink_to(private)
    (inside / "broken.tif").write_bytes(scene.read_bytes()[:2000])
    (inside / "a.vrt").write_text(
        '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1">'
        f"<SimpleSource><SourceFilename>{private}/other_20240501.tif</SourceFilename>"
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    write_head(home, "test")
    (home / "heads" / "damaged.safetensors").write_bytes(b"no tensors")
    (home / "models" / "ssl4eo-s1").mkdir(parents=True)
    (home / "models" / "ssl4eo-s1" / "B2_vitl16_mae_ep99_enc.pth").write_bytes(b"no weights")
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(logs.Unforgeable(logs.FORM))
    logging.getLogger().addHandler(handler)
    settings = Settings(token=TOKEN, hosts=frozenset({"testserver"}), roots=(inside,))
    with closing(Service(settings)) as service:
        app = create_app(service)
        with TestClient(app, headers=HEADERS, raise_server_exceptions=False) as client:
            yield Place(client, log, inside, home, private)
    logging.getLogger().removeHandler(handler)


def look(place: Place, reply: httpx.Response) -> httpx.Response:
    """Check one reply."""
    said = f"{reply.text} {json.dumps(dict(reply.headers))}"
    for secret in place.secrets:
        assert secret not in said, (reply.request.method, reply.request.url, said[:500])
    return reply


def bad_requests(place: Place, scene: str) -> Iterator[dict[str, Any]]:
    """Yield requests of many kinds that cannot be done."""
    inside, private, home = place.inside, place.private, place.home
    paths: list[str | Path] = [
        *(private / name for name in ("other_20240501.tif", "text.tif", "closed", "missing.tif")),
        *(inside / f"to-{name}" for name in ("other_20240501.tif", "text.tif", "missing.tif")),
        *(inside / name for name in ("to-folder", "to-closed", "broken.tif", "a.vrt", "none.tif")),
        *(
            private,
            home,
            home / "server.log",
            home / "heads",
            "/",
            "/etc",
            "/etc/passwd",
            "~",
            "~root",
        ),
        *("/proc/self/environ", "/dev/stdin", f"/vsizip/{private}", f"{inside}/../{private.name}"),
        *(f"{inside}/\0", f"{inside}/" + "x" * 5000, f"GTIFF_DIR:1:{private}/other_20240501.tif"),
    ]
    for path in paths:
        yield {"method": "POST", "url": "/v1/scenes", "json": {"path": str(path)}}
        also = {"path": f"{inside}/lake_20240501.tif", "also": [str(path)]}
        yield {"method": "POST", "url": "/v1/scenes", "json": also}
        tiles = {"path": f"{inside}/lake_20240501.tif", "tiles": str(path)}
        yield {"method": "POST", "url": "/v1/scenes", "json": tiles}
        ask = {"scene": scene, "phrases": ["a"], "head": str(path)}
        yield {"method": "POST", "url": "/v1/jobs", "json": ask}
        yield {"method": "GET", "url": f"/v1/jobs/none/files/{httpx.QueryParams(a=path)}"}
    ask = {"scene": scene, "phrases": ["a"]}
    for change in (
        {"encoder": "ssl4eo-s1"},
        {"encoder": "siglip2"},
        {"head": "damaged"},
        {"head": "nothing"},
        {"phrases": []},
        {"phrases": [""]},
        {"aoi": {}},
        {"aoi": square(10), "aoi_crs": "+proj=longlat"},
        {"aoi": square(10), "aoi_crs": UTM, "encoder": "../models/ssl4eo-s1"},
        {"kind": "fetch", "item": "a", "aoi": square(10)},
        {"unknown": 1},
    ):
        yield {"method": "POST", "url": "/v1/jobs", "json": {**ask, **change}}
        yield {"method": "POST", "url": "/v1/estimates", "json": {**ask, **change}}
    for name in ("../a.tif", "a.vrt", f"{place.private}/a.tif", "a.tif"):
        coded = base64.b64encode(name.encode()).decode()
        headers = {"Upload-Length": "0", "Upload-Metadata": f"name {coded}"}
        yield {"method": "POST", "url": "/v1/uploads", "headers": headers}
        yield {"method": "PATCH", "url": f"/v1/uploads/{httpx.QueryParams(a=name)}"}
    for route in ("/v1/nothing", "/v1/jobs/x", "/v1/scenes/x", "/v1/imagery/catalogues/x/newest"):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            yield {"method": method, "url": route, "params": {"token": "x"}}
    for content in (b"", b"{", b"\xff", b"[" * 5000, b'"\\ud800"', b"x" * 3_000_000):
        yield {"method": "POST", "url": "/v1/jobs", "content": content}
    for route in ("/v1/jobs", "/v1/capabilities", "/v1/health", "/v1/nothing"):
        for header in ("", f"Bearer {WRONG}", f"Basic {WRONG}", WRONG):
            yield {"method": "GET", "url": route, "headers": {"Authorization": header}}
        yield {"method": "GET", "url": route, "headers": {"Host": "evil.example"}}


def test_no_reply_and_no_line_of_the_log_tells_a_token_or_a_path_outside_the_roots(
    place: Place,
) -> None:
    client, refused = place.client, 0
    message = {"path": f"{place.inside}/lake_20240501.tif"}
    scene = look(place, client.post("/v1/scenes", json=message)).json()["id"]
    for request in bad_requests(place, scene):
        reply = look(place, client.request(**request))
        assert reply.status_code < 500, request
        refused += reply.status_code >= 400
    assert refused > 200
    look(place, client.get("/v1/capabilities"))
    fail_a_job(place, scene)
    for route in ("/v1/scenes", "/v1/jobs", "/v1/encoded", "/v1/imagery/catalogues"):
        look(place, client.get(route))
    (place.home / "catalogues.yaml").write_text("here: [")
    for route in ("/v1/imagery/catalogues", "/v1/imagery/catalogues/here/newest"):
        assert look(place, client.get(route)).status_code == 422
    log = place.log.getvalue()
    assert "damaged.safetensors" in log and "Traceback" in log
    for secret in place.secrets:
        assert secret not in log, [line for line in log.splitlines() if secret in line][:3]


def fail_a_job(place: Place, scene: str) -> None:
    """Ask with a results folder that cannot be written any more, and a scene that is gone."""
    client, ask = place.client, {"scene": scene, "phrases": ["a"], "head": "test"}
    (results,) = place.home.glob("service/*/results")
    shutil.rmtree(results)
    results.touch()
    job = look(place, client.post("/v1/jobs", json=ask)).json()["id"]
    with client.stream("GET", f"/v1/jobs/{job}/events") as events:
        told = events.read().decode()
    look(place, httpx.Response(200, text=told, request=events.request))
    assert look(place, client.get(f"/v1/jobs/{job}")).json()["state"] == "failed"
    copy = shutil.copy(place.inside / "lake_20240501.tif", place.inside / "gone_20240501.tif")
    gone = client.post("/v1/scenes", json={"path": str(copy)}).json()["id"]
    os.replace(copy, place.private / "gone.tif")
    look(place, client.post("/v1/jobs", json={**ask, "scene": gone}))


def test_a_full_disk_is_told_without_its_folder(place: Place) -> None:
    with pytest.raises(DiskFull) as full, writing(place.private / "map.tif"):
        raise OSError(28, os.strerror(28))
    said = error_body(full.value).message
    assert "…/map.tif" in said and str(place.private) not in said
