"""Scenes over HTTP: registered, uploaded, listed, forgotten, refused."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import rasterio
import rasterio.shutil

from tests.protocol.made import write_scene
from tests.protocol.server import CAN_FILL_DISK, Server
from tests.protocol.test_backend_access import error_of

Register = Callable[..., str]


def upload(client: httpx.Client, file: Path, **options: str) -> httpx.Response:
    params = {"name": file.name, **options}
    return client.post("/v1/scenes/upload", params=params, content=file.read_bytes())


@pytest.fixture
def uploads(home: Path) -> Callable[[], list[Path]]:
    """Everything that uploads have left on the backend's disk."""
    return lambda: [path for path in home.glob("service/*/uploads/**/*") if path.is_file()]


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


def test_an_upload_is_a_scene_until_it_is_forgotten(
    client: httpx.Client, scene_file: Path, uploads: Callable[[], list[Path]]
) -> None:
    reply = upload(client, scene_file, date="2022-02-02")
    assert reply.status_code == 201
    found = reply.json()
    assert (found["name"], found["date"]) == ("lake_20240501", "2022-02-02")
    assert [path.read_bytes() for path in uploads()] == [scene_file.read_bytes()]
    assert client.delete(f"/v1/scenes/{found['id']}").status_code == 204
    assert not uploads()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.tif",
        "..\\evil.tif",
        "/etc/evil.tif",
        "C:evil.tif",
        "a/b.tif",
        "..",
        ".tif/..",
        "",
        "evil.vrt",
        "evil.tif\x00.vrt",
        "evil\n.tif",
        "x" * 300 + ".tif",
        "\u202etif.tif",
    ],
)
def test_an_upload_cannot_choose_where_it_lies(
    client: httpx.Client, name: str, uploads: Callable[[], list[Path]]
) -> None:
    reply = client.post("/v1/scenes/upload", params={"name": name}, content=b"II*\0")
    assert reply.status_code == 422
    assert error_of(reply)["code"] == "request_invalid"
    assert not uploads()


@pytest.mark.parametrize("known_size", [True, False])
def test_an_upload_that_is_too_large_is_refused_and_removed(
    client: httpx.Client, known_size: bool, uploads: Callable[[], list[Path]]
) -> None:
    body = b"x" * 5_000_000
    chunks = (body[i : i + 100_000] for i in range(0, len(body), 100_000))
    reply = client.post(
        "/v1/scenes/upload", params={"name": "large.tif"}, content=body if known_size else chunks
    )
    assert reply.status_code == 413
    error = error_of(reply)
    assert error["code"] == "too_large"
    assert "4,000,000" in error["message"]
    assert not uploads()


def test_an_upload_that_breaks_off_leaves_nothing(
    client: httpx.Client, uploads: Callable[[], list[Path]]
) -> None:
    def broken() -> Iterator[bytes]:
        yield b"II*\0" * 1000
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        client.post("/v1/scenes/upload", params={"name": "cut.tif"}, content=broken())
    for _ in range(100):
        if not uploads():
            break
        client.get("/v1/health")
    assert not uploads()


def test_an_upload_that_is_no_scene_is_explained_and_removed(
    client: httpx.Client, scene_file: Path, uploads: Callable[[], list[Path]]
) -> None:
    whole = scene_file.read_bytes()
    bodies = {"cut.tif": whole[: len(whole) // 50], "text.tif": b"no raster", "empty.tif": b""}
    for name, body in bodies.items():
        reply = client.post("/v1/scenes/upload", params={"name": name}, content=body)
        assert reply.status_code == 422, name
        assert error_of(reply)["code"] == "scene_unreadable", name
    assert not uploads()


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    vv, vh = (
        write_scene(tmp_path / f"lake_20240501_{band}.tif", bands=(band,)) for band in ("VV", "VH")
    )
    return vv, vh


def upload_pair(client: httpx.Client, vv: Path, vh: Path, **changes: str | int) -> httpx.Response:
    first = vv.read_bytes()
    params = {"name": vv.name, "second": vh.name, "first_bytes": len(first)} | changes
    params = {name: value for name, value in params.items() if value != ""}
    return client.post("/v1/scenes/upload", params=params, content=first + vh.read_bytes())


def test_both_files_of_a_pair_are_one_upload(
    client: httpx.Client, pair: tuple[Path, Path], uploads: Callable[[], list[Path]]
) -> None:
    reply = upload_pair(client, *pair)
    assert reply.status_code == 201, reply.text
    found = reply.json()
    assert [Path(file).name for file in found["files"]] == [file.name for file in pair]
    assert found["findings"][0]["value"] == "VV and VH"
    sent = {path.name: path.read_bytes() for path in uploads()}
    assert sent == {file.name: file.read_bytes() for file in pair}
    assert client.delete(f"/v1/scenes/{found['id']}").status_code == 204
    assert not uploads()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"second": ""}, "request_invalid"),
        ({"first_bytes": ""}, "request_invalid"),
        ({"first_bytes": 0}, "request_invalid"),
        ({"first_bytes": 10**9}, "request_invalid"),
        ({"first_bytes": 1000}, "scene_unreadable"),
        ({"second": "../lake_VH.tif"}, "request_invalid"),
        ({"second": "LAKE_20240501_VV.TIF"}, "request_invalid"),
        ({"second": "else_VH.tif"}, "band_missing"),
    ],
)
def test_half_a_pair_is_refused_and_removed(
    client: httpx.Client,
    pair: tuple[Path, Path],
    uploads: Callable[[], list[Path]],
    changes: dict[str, str | int],
    code: str,
) -> None:
    reply = upload_pair(client, *pair, **changes)
    assert (reply.status_code, error_of(reply)["code"]) == (422, code)
    assert not uploads()


def test_bands_of_an_upload_can_be_numbered(client: httpx.Client, scene_file: Path) -> None:
    reply = upload(client, scene_file, bands='{"VV": 1, "VH": 2}')
    assert reply.status_code == 201
    assert reply.json()["findings"][0]["evidence"] == "as stated"
    client.delete(f"/v1/scenes/{reply.json()['id']}")
    for bands in ("1, 2", '{"HH": 1}', '{"VV": "one"}'):
        assert error_of(upload(client, scene_file, bands=bands))["code"] == "request_invalid"


@pytest.mark.skipif(not CAN_FILL_DISK, reason="needs prlimit")
def test_a_disk_that_runs_full_during_an_upload_is_one_sentence(
    server: Server, client: httpx.Client, scene_file: Path, uploads: Callable[[], list[Path]]
) -> None:
    with server.disk_full_after(500_000):
        reply = upload(client, scene_file)
    assert reply.status_code == 507
    assert error_of(reply)["code"] == "disk_full"
    assert not uploads()


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
        upload(client, disguised),
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
