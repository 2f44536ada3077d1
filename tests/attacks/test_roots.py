"""Roots: no imagery is read but below the stated folders, whatever leads out of them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from backend.errors import ConfigInvalid, SceneUnreadable
from backend.io.ranges import LocalFile
from backend.io.roots import may_be_read, read_only_below, without_foreign_paths
from backend.scenes.open import open_any
from backend.serve import make_settings, stated_roots
from backend.service.app import create_app
from backend.service.schemas import SceneRequest
from backend.service.service import Service
from backend.service.settings import Settings
from scripts.samples.embeddings import quantised, write_alphaearth
from tests.protocol.made import write_scene
from tests.support.rasters import speckled, write_raster
from tests.support.tus import send

posix = pytest.mark.skipif(os.name == "nt", reason="links need rights there")
REFUSED = "does not lie in a folder that this backend reads"


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Path]:
    """The one folder that may be read; `outside` lies beside it."""
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "outside").mkdir()
    read_only_below([folder])
    yield folder
    read_only_below(None)


@pytest.fixture
def outside(inside: Path) -> Path:
    return inside.parent / "outside"


def refusal(path: Path | str, **stated: object) -> str:
    with pytest.raises(SceneUnreadable) as refused:
        open_any(path, **stated)
    assert "/outside" not in str(refused.value)
    return str(refused.value)


def test_files_below_a_root_are_read_and_no_others(inside: Path, outside: Path) -> None:
    scene, other = write_scene(inside / "deep_20240501.tif"), outside / "lake_20240501.tif"
    shutil.copy(scene, other)
    open_any(scene).close()
    open_any(inside).close()
    missing = outside / "missing.tif"
    up = inside / ".." / "outside" / other.name
    for path in (other, missing, up, outside, inside.parent, Path("/"), Path("/etc/hostname")):
        assert REFUSED in refusal(path)
    beside = inside.parent / "inside-too"  # begins as the root does
    beside.mkdir()
    shutil.copy(scene, beside)
    assert REFUSED in refusal(beside / scene.name)


def test_another_date_and_the_tiles_of_an_index_are_below_a_root_too(
    inside: Path, outside: Path
) -> None:
    scene = write_scene(inside / "lake_20240501.tif")
    other = shutil.copy(scene, outside / "lake_20240513.tif")
    assert REFUSED in refusal(scene, also=(str(other),))
    index = inside / "index.csv"
    index.write_text("path,year\n")
    assert REFUSED in refusal(index, tiles=str(outside))


@posix
def test_links_are_followed_before_they_are_judged(inside: Path, outside: Path) -> None:
    other = write_scene(outside / "lake_20240501.tif")
    (inside / "file_20240501.tif").symlink_to(other)
    (inside / "folder").symlink_to(outside)
    (inside / "chain.tif").symlink_to(inside / "file_20240501.tif")
    for path in ("file_20240501.tif", "chain.tif", "folder", "folder/lake_20240501.tif"):
        assert REFUSED in refusal(inside / path)
    refusal(inside)  # nothing in it may be read
    own = write_scene(inside / "own_20240501.tif")
    (inside / "again.tif").symlink_to(own)
    open_any(inside / "again.tif").close()


@posix
def test_the_second_file_of_a_pair_is_below_a_root_too(inside: Path, outside: Path) -> None:
    vv = write_scene(inside / "lake_20240501_VV.tif", bands=("VV",))
    vh = write_scene(outside / "lake_20240501_VH.tif", bands=("VH",))
    (inside / vh.name).symlink_to(vh)
    for path in (vv, inside):
        with pytest.raises(Exception, match=r"VH|holds no") as refused:
            open_any(path).close()
        assert "/outside" not in str(refused.value)


@posix
@pytest.mark.parametrize("end", [".msk", ".ovr", ".msk.ovr"])
def test_what_lies_beside_a_scene_is_below_a_root_too(
    inside: Path, outside: Path, end: str
) -> None:
    scene = write_scene(inside / "lake_20240501.tif")
    other = write_scene(outside / "mask.tif")
    (inside / f"{scene.name}{end}").symlink_to(other)
    assert "leads out of the folders" in refusal(scene)


@posix
def test_folders_of_formats_and_tiles_are_below_a_root_too(inside: Path, outside: Path) -> None:
    for band in ("VV", "VH"):
        write_raster(outside / "a.data" / f"Sigma0_{band}.tif", speckled(64, 64)[:1], names=None)
    (inside / "a.dim").touch()
    (inside / "a.data").symlink_to(outside / "a.data")
    tile = outside / "2024" / "32N" / "tile.tiff"
    write_alphaearth(tile, quantised(20, 20), 32632, (600_000, 5_400_000))
    (inside / "tiles").mkdir()
    (inside / "tiles" / "2024").symlink_to(outside / "2024")
    for path in (inside / "a.dim", inside / "tiles"):
        refusal(path)
        read_only_below(None)
        open_any(path).close()  # nothing but the root is in the way
        read_only_below([inside])


@posix
def test_files_of_a_store_are_below_a_root_too(inside: Path, outside: Path) -> None:
    (outside / "zarr.json").write_text("{}")
    (inside / "a.zarr").mkdir()
    (inside / "a.zarr" / "zarr.json").symlink_to(outside / "zarr.json")
    refusal(inside / "a.zarr")
    with pytest.raises(SceneUnreadable, match="leads out"):
        LocalFile(inside / "a.zarr" / "zarr.json").read(0, 1)
    icechunk = inside / "b.icechunk"
    for part in ("snapshots", "manifests", "transactions"):
        (icechunk / part).mkdir(parents=True)
    (icechunk / "snapshots" / "a").symlink_to(outside / "zarr.json")
    refusal(icechunk)


@posix
@pytest.mark.parametrize("leads", ["link", "up", "absolute", "address"])
def test_a_virtual_raster_that_leads_out_is_refused_by_the_name_of_its_source(
    inside: Path, outside: Path, leads: str
) -> None:
    secret = write_scene(outside / "secret.tif")
    (inside / "linked.tif").symlink_to(secret)
    source = {
        "link": "linked.tif",
        "up": "../outside/secret.tif",
        "absolute": str(secret),
        "address": "/vsicurl/http://127.0.0.1:9/outside/secret.tif",
    }[leads]
    relative = int(leads in ("link", "up"))
    (inside / "a.vrt").write_text(
        '<VRTDataset rasterXSize="448" rasterYSize="448"><VRTRasterBand dataType="Float32" '
        f'band="1"><SimpleSource><SourceFilename relativeToVRT="{relative}">{source}'
        "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    said = refusal(inside / "a.vrt")
    assert f'leads to "{Path(source).name}", which is not a file below its own folder' in said


def test_uploads_are_read_where_no_folder_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    scene = write_scene(tmp_path / "lake_20240501.tif")
    settings = Settings(token="t", hosts=frozenset({"testserver"}), roots=())
    headers = {"Authorization": "Bearer t"}
    with closing(Service(settings)) as service, TestClient(create_app(service)) as client:
        refused: httpx.Response = client.post(
            "/v1/scenes", json={"path": str(scene)}, headers=headers
        )
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "scene_unreadable")
        assert str(tmp_path) not in refused.text
        client.headers.update(headers)
        path = send(client, scene)["path"]
        assert client.post("/v1/scenes", json={"path": path}).status_code == 201
        assert may_be_read(tmp_path / "home" / "imagery" / "a.tif")  # what is fetched
    assert may_be_read(scene)  # roots end with the service


def test_scenes_of_an_earlier_service_are_below_the_roots_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
        path = write_scene(tmp_path / name / f"{name}_20240501.tif")
        with closing(Service(Settings(token="t"))) as service:
            service.scenes.register(SceneRequest(path=str(path)))
    for roots, names in (
        ((tmp_path / "in",), ["in_20240501"]),
        (None, ["in_20240501", "out_20240501"]),
    ):
        with closing(Service(Settings(token="t", roots=roots))) as service:
            assert [info.name for info in service.scenes.all()] == names


def test_no_folder_is_read_for_other_computers_unless_it_is_stated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GLUELINK_ROOTS", raising=False)
    assert stated_roots("127.0.0.1", None) == {}
    assert stated_roots("0.0.0.0", None) == {"roots": ()}
    assert stated_roots("0.0.0.0", [tmp_path]) == {"roots": (tmp_path,)}
    with pytest.raises(ConfigInvalid, match="not a folder"):
        stated_roots("127.0.0.1", [tmp_path / "nowhere"])
    (tmp_path / "b").mkdir()
    monkeypatch.setenv("GLUELINK_ROOTS", f"{tmp_path}{os.pathsep}{tmp_path / 'b'}")
    assert stated_roots("0.0.0.0", None) == {}
    settings = make_settings("t", frozenset(), None)
    assert settings.roots == (tmp_path, tmp_path / "b")
    monkeypatch.setenv("GLUELINK_ROOTS", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigInvalid, match="GLUELINK_ROOTS is not usable"):
        make_settings("t", frozenset(), None)


def test_paths_outside_the_roots_keep_their_last_part(
    inside: Path, outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, root = tmp_path / "my home", tmp_path / "my home" / "my scenes"
    root.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    read_only_below([inside, root])
    said = f'"{outside}/a.tif" and {inside}/b.tif; {home}/.gluelink/x, {root}/c.tif. GET /v1/jobs.'
    told = '"…/a.tif" and {}/b.tif; …/x, {}/c.tif. GET /v1/jobs.'
    assert without_foreign_paths(said) == told.format(inside, root)
    read_only_below(None)
    assert without_foreign_paths(said) == said
