"""Scenes over HTTP: registered, listed, forgotten, refused."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
import pytest
import rasterio
import rasterio.shutil

from tests.protocol.made import write_scene
from tests.protocol.test_backend_access import error_of
from tests.support.tus import send

Register = Callable[..., str]


def test_a_registered_scene_says_how_it_will_be_read(
    client: httpx.Client, scene: str, scene_file: Path
) -> None:
    found = client.get(f"/v1/scenes/{scene}").json()
    assert found["id"] == scene
    assert found["files"] == [str(scene_file)]
    assert (found["units"], found["utm"], found["size"]) == ("db", "EPSG:32632", [448, 448])
    assert found["date"] == "2024-05-01"
    assert found["id"] in [one["id"] for one in client.get("/v1/scenes").json()["scenes"]]


def test_the_same_file_again_keeps_its_id_and_is_read_anew(
    client: httpx.Client, register: Register, tmp_path: Path
) -> None:
    path = write_scene(tmp_path / "again.tif", 448)
    first = register(path)
    write_scene(path, 300)
    assert register(path) == first
    assert client.get(f"/v1/scenes/{first}").json()["size"] == [300, 300]
    assert register(path, date="2020-02-02") != first


def test_options_overrule_what_was_found(client: httpx.Client, scene_file: Path) -> None:
    options = {"name": "My lake", "date": "2021-03-04", "bands": {"VV": 2, "VH": 1}}
    reply = client.post("/v1/scenes", json={"path": str(scene_file), **options})
    assert reply.status_code == 201
    assert (reply.json()["name"], reply.json()["date"]) == ("My lake", "2021-03-04")


def test_forgetting_a_local_scene_leaves_its_file(
    client: httpx.Client, register: Register, tmp_path: Path
) -> None:
    path = write_scene(tmp_path / "mine.tif")
    scene = register(path)
    assert client.delete(f"/v1/scenes/{scene}").status_code == 204
    assert path.exists()
    reply = client.get(f"/v1/scenes/{scene}")
    assert reply.status_code == 404
    assert error_of(reply)["code"] == "scene_unknown"
    assert client.delete(f"/v1/scenes/{scene}").status_code == 404


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/vsicurl/http://127.0.0.1:9/x.tif", "scene_unreadable"),
        ("/vsizip//tmp/x.zip/x.tif", "scene_unreadable"),
        ("/vsistdin/", "scene_unreadable"),
        ("http://127.0.0.1:9/x.tif", "request_invalid"),
        ("GTIFF_DIR:1:/tmp/x.tif", "request_invalid"),
        ("file:///etc/passwd", "request_invalid"),
        ("../../etc/passwd", "request_invalid"),
        ("scene.tif", "request_invalid"),
        ("", "request_invalid"),
        ("/etc/passwd", "scene_unreadable"),
        ("/dev/zero", "scene_unreadable"),
        ("/no/such/file.tif", "scene_unreadable"),
        ("/tmp/\0.tif", "scene_unreadable"),
        ("/" + "x" * 5000, "scene_unreadable"),
        ("/proc/self/environ", "scene_unreadable"),
    ],
)
def test_only_local_rasters_are_opened(client: httpx.Client, path: str, code: str) -> None:
    reply = client.post("/v1/scenes", json={"path": path})
    assert reply.status_code == 422
    error = error_of(reply)
    assert error["code"] == code
    assert error["remedy"]


def test_a_raster_that_points_elsewhere_is_no_scene(
    client: httpx.Client, scene_file: Path, tmp_path: Path
) -> None:
    disguised = tmp_path / "disguised.tif"
    with rasterio.open(scene_file) as file:
        rasterio.shutil.copy(file, str(disguised), driver="VRT")
    for reply in (
        client.post("/v1/scenes", json={"path": str(disguised)}),
        client.post("/v1/scenes", json={"path": send(client, disguised)["path"]}),
    ):
        assert reply.status_code == 422
        assert error_of(reply)["code"] == "scene_unreadable"


def test_a_single_band_is_not_enough(client: httpx.Client, tmp_path: Path) -> None:
    path = write_scene(tmp_path / "one_band.tif", bands=("VV",))
    reply = client.post("/v1/scenes", json={"path": str(path)})
    assert reply.status_code == 422
    assert error_of(reply)["code"] == "band_missing"


def test_a_photograph_is_no_radar(client: httpx.Client, scene_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "photograph.tif"
    shutil.copy(scene_file, path)
    with rasterio.open(path) as file:
        profile = file.profile | {"count": 3, "dtype": "uint8", "photometric": "RGB"}
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.random.default_rng(0).integers(0, 255, (3, 448, 448)).astype(np.uint8))
    reply = client.post("/v1/scenes", json={"path": str(path)})
    assert reply.status_code == 422
    assert error_of(reply)["code"] in ("not_radar", "band_missing")


def test_a_file_that_may_not_be_read_is_one_sentence(client: httpx.Client, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = write_scene(tmp_path / "closed.tif")
    path.chmod(0)
    reply = client.post("/v1/scenes", json={"path": str(path)})
    assert error_of(reply)["code"] == "scene_unreadable"
