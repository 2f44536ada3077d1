"""A store of Tessera gives the vectors that its tiles give, whoever made it and wherever it is."""

import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import icechunk
import numpy as np
import pytest
import zarr
from numcodecs import registry
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import box

from backend.encoders import load_encoder
from backend.errors import (
    AreaOutsideScene,
    ConfigInvalid,
    ExtraMissing,
    HeadMismatch,
    SceneUnreadable,
    SurveyInvalid,
    YearUnclear,
)
from backend.features.plan import require_modality
from backend.io.http import RetryPolicy
from backend.scenes import PixelBox, open_any
from backend.scenes.embeddings.tessera_store import ZoneTile
from backend.scenes.tiled import remote
from backend.scenes.tiled.open import read_tiles
from backend.survey import create_survey
from backend.survey.features import pool_points
from backend.survey.points import Point, gather_points
from backend.text import TextEncoder
from scripts.samples.embeddings import write_tessera
from scripts.samples.tessera import YEARS, Patch, write_icechunk, write_region, write_zarr
from tests.backend.conftest import random_head
from tests.support.range_server import Host, serve
from tests.support.tiles import is_embedding, open_embedding

Write = Callable[[Path, list[Patch]], Path]

WEST, NORTH = 400_030, 5_400_070
AREA = box(13.62, 48.72, 13.68, 48.78)


def pixels(height: int = 70, width: int = 90, seed: int = 5) -> tuple[NDArray, NDArray]:
    rng = np.random.default_rng(seed)
    values = rng.integers(-127, 128, (height, width, 128)).astype(np.int8)
    return values, rng.uniform(0.005, 0.2, (height, width)).astype(np.float32)


def vectors(patch: Patch) -> NDArray[np.float32]:
    return (patch.values * patch.scales[..., None]).transpose(2, 0, 1)


def box_of(patch: Patch) -> PixelBox:
    row, column = round(-patch.corner[1] / 10), round(patch.corner[0] / 10)
    return PixelBox(row, column, row + patch.scales.shape[0], column + patch.scales.shape[1])


def everything(store: Path) -> NDArray[np.float32]:
    with open_any(store, date="2024") as scene:
        return scene.read(scene.extent)


def copy_of_dclimate(path: Path, patches: list[Patch]) -> Path:
    return write_zarr(path, patches, copy_of_dclimate=True)


FORMS: dict[str, tuple[Write, str]] = {
    "cambridge.zarr": (write_zarr, "tessera-1.1-cambridge"),
    "copy.zarr": (copy_of_dclimate, "tessera-1.1-dclimate"),
    "dclimate.icechunk": (write_icechunk, "tessera-1.1-dclimate"),
}


@pytest.fixture(scope="module")
def patch() -> Patch:
    values, scales = pixels()
    scales[3, 4:9] = np.nan  # what the tiles hold where nothing is known
    return Patch(values, scales, corner=(WEST, NORTH))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, patch: Patch) -> Path:
    """The same pixels as tiles and as stores of each form, of the second of two years."""
    root = tmp_path_factory.mktemp("stores")
    for name, (write, _) in FORMS.items():
        write(root / name, [patch])
    write_tessera(root / "tiles", patch.values, patch.scales, corner=patch.corner)
    return root


# The same pixels


@pytest.mark.parametrize("name", FORMS)
def test_a_store_gives_the_bytes_that_its_tiles_give(stores: Path, patch: Patch, name: str) -> None:
    at = box_of(patch)
    with open_embedding(stores / "tiles") as tiles, open_any(stores / name, date="2024") as store:
        assert (store.modality, store.utm_epsg, store.info.date) == (
            FORMS[name][1], 32633, "2024-01-01",
        )  # fmt: skip
        whole = store.read(store.extent)
        rows, columns = at.within(store.extent)
        assert whole[:, rows, columns].tobytes() == tiles.read(at).tobytes()
        assert np.isfinite(whole[0]).sum() == 70 * 90 - 5
        part = PixelBox(at.row0 + 31, at.col0 - 3, at.row0 + 66, at.col0 + 40)
        rows, columns = part.within(store.extent)
        np.testing.assert_array_equal(store.reopen().read(part), whole[:, rows, columns])


@pytest.mark.parametrize("name", FORMS)
def test_an_area_takes_no_more_of_a_store_than_it_touches(stores: Path, name: str) -> None:
    near = box(13.64, 48.746, 13.641, 48.747)
    with (
        open_any(stores / name, date="2024", near=near) as part,
        open_any(stores / name, date="2024") as whole,
    ):
        assert part.extent.width < 40 and part.extent.height < 40
        rows, columns = part.extent.within(whole.extent)
        np.testing.assert_array_equal(
            part.read(part.extent), whole.read(whole.extent)[:, rows, columns]
        )
    with pytest.raises(AreaOutsideScene, match=f"The store {name} has no zone in the area"):
        open_any(stores / name, date="2024", near=box(2, 40, 3, 41))


@pytest.mark.parametrize("name", FORMS)
def test_a_year_that_a_store_does_not_have_is_refused(stores: Path, name: str) -> None:
    with pytest.raises(YearUnclear, match=r"tiles of 2023, 2024, not of 2017\. State one"):
        open_any(stores / name, date="2017")
    with pytest.raises(YearUnclear, match="tiles of 2023, 2024"):
        open_any(stores / name)
    entries, _ = read_tiles(stores / name, FORMS[name][1], AREA)
    assert [entry.date.year for entry in entries if entry.date] == [*YEARS]


@pytest.mark.parametrize("write", [write_icechunk, write_zarr])
def test_a_year_that_was_never_filled_is_not_offered(write: Callable, tmp_path: Path) -> None:
    """It would read as no data everywhere."""
    more = {"copy_of_dclimate": True} if write is write_zarr else {}
    store = write(tmp_path / "s", [Patch(*pixels(8, 8))], years_complete={"33N": [2024]}, **more)
    with open_any(store) as scene:
        assert scene.info.date == "2024-01-01"


# Where there is no vector


@pytest.mark.parametrize("name", ["copy.zarr", "dclimate.icechunk"])
def test_a_pixel_that_no_radar_saw_has_no_vector(tmp_path: Path, name: str) -> None:
    values, scales = pixels(40, 30)
    passes = np.zeros((2, 40, 30), np.uint16)
    passes[0, :10], passes[1, 5:20] = 20, 1  # ascending, descending, both, none
    store = FORMS[name][0](tmp_path / name, [Patch(values, scales, passes=passes)])
    with open_any(store, date="2024") as scene:
        rows, columns = box_of(Patch(values, scales)).within(scene.extent)
        seen = np.isfinite(scene.read(scene.extent)[0][rows, columns])
        assert "no pass of radar" in scene.info.units_reason
        (warning,) = [check for check in scene.info.checks if check.level == "warning"]
        assert "a quarter of the land in 2024" in warning.text
    assert seen[:20].all() and not seen[20:].any()


def test_no_vector_is_made_of_a_scale_that_is_none(tmp_path: Path) -> None:
    """+inf is not filled, NaN is water, and published files hold 0 and huge numbers."""
    values, scales = pixels(12, 12)
    scales[0, :5] = np.inf, np.nan, 0, -0.1, 3e5
    read = everything(write_zarr(tmp_path / "s.zarr", [Patch(values, scales)]))
    assert np.isfinite(read).all(axis=0).sum() == 12 * 12 - 5


# Where pixels lie


def middle_of(epsg: int, patch: Patch, row: int, column: int) -> tuple[float, float]:
    way = Transformer.from_crs(epsg, 4326, always_xy=True)
    x, y = patch.corner[0] + 10 * column + 5, patch.corner[1] - 10 * row - 5
    lon, lat = way.transform(x, y)
    return float(lon), float(lat)


@pytest.mark.parametrize("name", FORMS)
def test_the_south_lies_where_it_belongs(tmp_path: Path, name: str) -> None:
    """In plain stores it has northern EPSG codes, and northings below 0."""
    values, scales = pixels(30, 30)
    patch = Patch(values, scales, epsg=32721, corner=(600_000, 7_000_000))
    store = FORMS[name][0](tmp_path / name, [patch])
    lon, lat = middle_of(32721, patch, 12, 7)
    assert -28 < lat < -27 and -57 < lon < -55
    with open_any(store, date="2024", near=box(lon - 1e-5, lat - 1e-5, lon, lat)) as scene:
        assert scene.utm_epsg == 32721
        read = scene.read(PixelBox(-700_000 + 12, 60_007, -700_000 + 13, 60_008))
        south, north = scene.info.bounds[1::2]
        assert south < lat < north
    np.testing.assert_array_equal(read, vectors(patch)[:, 12:13, 7:8])


@pytest.mark.parametrize("name", FORMS)
def test_both_sides_of_the_equator_are_one_picture(tmp_path: Path, name: str) -> None:
    north = Patch(*pixels(20, 30, 1), epsg=32621, corner=(600_000, 200))
    south = Patch(*pixels(25, 30, 2), epsg=32721, corner=(600_000, 10_000_000))
    store = FORMS[name][0](tmp_path / name, [north, south])
    area = box(-56.11, -0.002, -56.09, 0.0015)
    with open_any(store, date="2024", near=area) as scene:
        assert scene.utm_epsg in (32621, 32721)
        top = -20 + (-1_000_000 if scene.utm_epsg == 32721 else 0)
        read = scene.read(PixelBox(top, 60_000, top + 40, 60_030))
    both = np.concatenate([vectors(north), vectors(south)[:, :20]], axis=1)
    np.testing.assert_array_equal(read, both)


def test_where_zones_overlap_a_pixel_has_the_vector_of_its_own(tmp_path: Path) -> None:
    """Whatever zone the area lies in: both groups hold vectors on both sides of 12 degrees."""
    way = Transformer.from_crs(4326, 32633, always_xy=True)
    east, north = (round(x / 10) * 10 for x in way.transform(12.0, 48.7))
    of_33 = Patch(*pixels(60, 60, 1), epsg=32633, corner=(east - 300, north + 300))
    to_32 = Transformer.from_crs(32633, 32632, always_xy=True)
    other = tuple(round(x / 10) * 10 for x in to_32.transform(east, north))
    of_32 = Patch(*pixels(60, 60, 2), epsg=32632, corner=(other[0] - 300, other[1] + 300))
    store = write_icechunk(tmp_path / "s.icechunk", [of_33, of_32])
    values = {}
    for side, area in (
        ("west", box(11.99, 48.69, 12.0005, 48.71)),
        ("east", box(11.9995, 48.69, 12.01, 48.71)),
    ):
        with open_any(store, date="2024", near=area) as scene:
            assert scene.utm_epsg == (32632 if side == "west" else 32633)
            own = of_32 if side == "west" else of_33
            at = box_of(own)
            read = scene.read(at)
            lon, _ = Transformer.from_crs(own.epsg, 4326, always_xy=True).transform(
                *np.meshgrid(
                    at.col0 * 10 + 5 + 10 * np.arange(60), -at.row0 * 10 - 5 - 10 * np.arange(60)
                )
            )
            inside = lon < 11.9998 if side == "west" else lon > 12.0002
            beyond = lon > 12.0003 if side == "west" else lon < 11.9997
            np.testing.assert_array_equal(read[:, inside], vectors(own)[:, inside])
            values[side] = read[:, beyond]
            # Beyond the border no vector is of this zone's group, though it has some.
            assert not (read == vectors(own)).all(axis=0)[beyond].any()
            assert np.isfinite(values[side]).all(axis=0).mean() > 0.5


def test_the_corner_is_that_of_the_box_not_the_middle_of_a_pixel(tmp_path: Path) -> None:
    """As dClimate's store was until September 2026, and as copies made before are."""
    patch = Patch(*pixels(20, 20), corner=(WEST, NORTH))
    with open_any(
        write_icechunk(tmp_path / "s", [patch], corner_of_transform=5.0), date="2024"
    ) as scene:
        np.testing.assert_array_equal(scene.read(box_of(patch)), vectors(patch))


# What is exported of it


def test_an_exported_region_gives_the_bytes_of_its_store(patch: Patch, tmp_path: Path) -> None:
    tags = {"TESSERA_DATASET_VERSION": "1.1", "TESSERA_DATASET_VARIANT": "dclimate"}
    for where in (write_region(tmp_path, patch, tags), tmp_path):
        with open_any(where) as scene:
            assert (scene.modality, scene.info.date) == ("tessera-1.1-dclimate", "2024-01-01")
            np.testing.assert_array_equal(scene.read(box_of(patch)), vectors(patch))
    _, skipped = read_tiles(tmp_path, "tessera-1.1-dclimate")
    assert not skipped


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({}, "is of Tessera of an unknown version; its dimensions"),
        ({"TESSERA_BANDS": ",".join(map(str, reversed(range(128))))}, "holds the bands 127,126,1"),
    ],
)
def test_an_exported_region_of_unknown_dimensions_is_refused(
    patch: Patch, tmp_path: Path, tags: dict[str, str], said: str
) -> None:
    with pytest.raises(SceneUnreadable, match=said):
        open_any(write_region(tmp_path, patch, tags))


# Parts of it


def test_a_block_is_unpacked_once_though_strips_are_read(
    stores: Path, patch: Patch, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[str, int, int]] = []
    original = ZoneTile._part

    def counted(self: ZoneTile, array: zarr.Array, row: int, column: int) -> NDArray:
        loaded.append((array.basename, row, column))
        return original(self, array, row, column)

    monkeypatch.setattr(ZoneTile, "_part", counted)
    monkeypatch.setattr("backend.scenes.tiled.blocks.LEAST_SIDE", 64)
    at = box_of(patch)
    with open_any(stores / "copy.zarr", date="2024") as scene:
        strips = [
            scene.read(PixelBox(row, at.col0, min(row + 9, at.row1), at.col1))
            for row in range(at.row0, at.row1, 9)
        ]
    np.testing.assert_array_equal(np.concatenate(strips, axis=1), vectors(patch))
    assert len(loaded) == len(set(loaded)) and ("embeddings", 64, 64) in loaded


def test_a_window_of_a_large_zone_takes_the_memory_of_its_blocks(tmp_path: Path) -> None:
    """Two patches 200 km apart: 400 million pixels of 128 bytes, nearly all of them unwritten."""
    patch = Patch(*pixels(40, 40))
    far = Patch(*pixels(8, 8), corner=(patch.corner[0] + 200_000, patch.corner[1] - 200_000))
    store = write_zarr(tmp_path / "s.zarr", [patch, far])
    with open_any(store, date="2024") as scene:
        assert scene.extent.width * scene.extent.height > 4e8
        tracemalloc.start()
        read = scene.read(box_of(patch))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    np.testing.assert_array_equal(read, vectors(patch))
    assert peak < 60e6


# Who may read it


def test_a_variant_is_not_read_for_another(stores: Path) -> None:
    encoders = {
        name: load_encoder(name, device="cpu").spec
        for name in ("tessera", "tessera-1.1-cambridge", "tessera-1.1-dclimate")
    }
    assert len({spec.identity for spec in encoders.values()}) == 3
    with open_any(stores / "copy.zarr", date="2024") as scene:
        require_modality(scene, encoders["tessera-1.1-dclimate"])
        for name, said in (("tessera", r"1\.0"), ("tessera-1.1-cambridge", r"1\.1 \(Cambridge\)")):
            with pytest.raises(
                ConfigInvalid, match=rf"{name} reads Tessera {said}, and copy is of"
            ):
                require_modality(scene, encoders[name])
    with pytest.raises(SceneUnreadable, match=r"no tile of Tessera 1\.0\. It is a tile of Tessera"):
        read_tiles(stores / "copy.zarr", "tessera", AREA)


def test_the_head_and_the_survey_of_a_variant_are_refused_for_another(
    stores: Path, minilm: TextEncoder, tmp_path: Path
) -> None:
    old, new = (load_encoder(name, device="cpu") for name in ("tessera", "tessera-1.1-dclimate"))
    said = r"fitted on tessera/1 \(128-d\), the encoder is tessera-1\.1-dclimate/1 \(128-d\)"
    with pytest.raises(HeadMismatch, match=said):
        random_head(old, minilm).check_encoder(new.spec)
    lon, lat = middle_of(32633, Patch(*pixels(1, 1), corner=(WEST, NORTH)), 35, 45)
    point = Point("p", lon, lat, date(2024, 5, 1), "r", -1, ("n.jpg", "", "", ""), split=0)
    survey = create_survey(tmp_path / "survey", gather_points(iter([point])), {"kind": "table"})
    with pytest.raises(SceneUnreadable, match=r"no tile of Tessera 1\.0"):
        pool_points(survey, stores / "copy.zarr", old)
    assert pool_points(survey, stores / "copy.zarr", new).pooled == 1
    assert survey.encoder_identity(new.spec.name) == "tessera-1.1-dclimate/1"
    with pytest.raises(SurveyInvalid, match=r"holds features of .*tessera-1\.1-dclimate"):
        survey.encoder_identity("tessera-1.1-cambridge")


def change(store: Path, **attributes: object) -> None:
    said = json.loads((store / "zarr.json").read_text())
    said["attributes"] |= {f"geoemb:{name}": value for name, value in attributes.items()}
    (store / "zarr.json").write_text(json.dumps(said))


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"model": "https://geotessera.org/model/2.0"}, r"is of Tessera 2\.0 cambridge; its dim"),
        ({"source_data": []}, r"is of Tessera 1\.1 of an unknown run; its dimensions"),
        ({"model": "https://example.org/other"}, "does not say that it is a store of Tessera"),
        ({"dimensions": 64}, "with 64 dimensions of int8"),
    ],
)
def test_another_version_or_model_is_refused(
    tmp_path: Path, attributes: dict[str, object], said: str
) -> None:
    store = write_zarr(tmp_path / "s.zarr", [Patch(*pixels(8, 8))])
    change(store, **attributes)
    with pytest.raises(SceneUnreadable, match=said) as caught:
        open_any(store, date="2024")
    assert caught.value.remedy


def test_a_store_of_the_first_version_is_what_its_tiles_are(tmp_path: Path) -> None:
    store = write_zarr(tmp_path / "v1.zarr", [Patch(*pixels(8, 8))], version="1.0")
    with open_any(store, date="2024") as scene:
        assert scene.modality == "tessera"


def test_stores_are_told_from_other_folders(stores: Path, tmp_path: Path) -> None:
    assert all(is_embedding(stores / name) for name in FORMS)
    (tmp_path / "survey.zarr").mkdir()
    (tmp_path / "survey.zarr" / "zarr.json").write_text('{"zarr_format": 3, "attributes": {}}')
    assert not is_embedding(tmp_path / "survey.zarr")


@pytest.mark.parametrize("package", ["icechunk", "pcodec"])
def test_without_the_packages_one_sentence_says_what_to_install(
    stores: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    if package == "pcodec":  # what numcodecs has found already
        monkeypatch.delitem(registry.codec_registry, "pcodec", raising=False)
        monkeypatch.delitem(registry.entries, "pcodec", raising=False)
    with pytest.raises(ExtraMissing, match=r'Install them: pip install "gluelink\[tessera\]"'):
        everything(stores / "dclimate.icechunk")
    assert np.isfinite(everything(stores / "copy.zarr")).any()  # which needs neither


# Damage


def scales_of(store: Path) -> Path:
    return next((store / "utm33" / "scales" / "c" / "1").rglob("*/*"))


def cut_to_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda store: scales_of(store).write_bytes(b""), r"scales/c/1/.* of s\.zarr is cut short"),
        (lambda store: cut_to_half(scales_of(store)), r"s\.zarr/utm33/scales cannot be read"),
        (
            lambda store: (store / "utm33" / "scales" / "zarr.json").unlink(),
            "no array utm33/scales",
        ),
        (lambda store: (store / "utm33" / "zarr.json").write_text("{"), "utm33 cannot be read"),
    ],
)
def test_a_damaged_store_is_named(
    tmp_path: Path, harm: Callable[[Path], object], said: str
) -> None:
    store = write_zarr(tmp_path / "s.zarr", [Patch(*pixels(40, 40))])
    harm(store)
    with pytest.raises(SceneUnreadable, match=said):
        everything(store)


# At an address


@pytest.fixture
def host(stores: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setattr(remote, "POLICY", RetryPolicy(silence_s=0.5, slowest_s=5, backoff_s=0.01))
    with serve(stores) as host:
        yield host


@pytest.mark.parametrize("name", ["cambridge.zarr", "copy.zarr"])
def test_a_remote_store_is_the_same_and_read_by_parts(
    host: Host, stores: Path, patch: Patch, name: str
) -> None:
    host.fault = lambda path, start, before: "cut" if before == 0 and "scales" in path else ""
    at = box_of(patch)
    with open_any(f"{host.address}/{name}", date="2024", near=AREA) as scene:
        asked = {path for path, _, _ in host.asked}
        assert all(path.endswith(("zarr.json", "time/c/0")) for path in asked)
        np.testing.assert_array_equal(scene.read(at), vectors(patch))
    with pytest.raises(ConfigInvalid, match="whole world, and no area was given"):
        open_any(f"{host.address}/{name}", date="2024")


def test_only_the_shards_that_are_asked_for_travel(host: Host, patch: Patch) -> None:
    with open_any(f"{host.address}/copy.zarr", date="2024", near=AREA) as scene:
        at = box_of(patch)
        scene.read(PixelBox(at.row0, at.col0, at.row0 + 3, at.col0 + 3))
    read = {path for path, _, _ in host.asked if "/embeddings/c/" in path}
    assert read and len(read) <= 8


def test_a_host_at_fault_is_not_taken_for_sea(host: Host) -> None:
    host.fault = lambda path, start, before: "error" if "embeddings/c" in path else ""
    with (
        open_any(f"{host.address}/copy.zarr", date="2024", near=AREA) as scene,
        pytest.raises(SceneUnreadable, match=r"cannot be read from 127.*HTTP 503"),
    ):
        scene.read(scene.extent)


def test_an_address_without_a_store_is_refused(host: Host) -> None:
    with pytest.raises(SceneUnreadable, match="There is no Zarr store at http"):
        open_any(f"{host.address}/none.zarr", date="2024", near=AREA)


def test_a_repository_at_an_address_needs_a_newer_icechunk(host: Host, patch: Patch) -> None:
    address = f"{host.address}/dclimate.icechunk"
    if hasattr(icechunk, "http_storage"):
        with open_any(address, date="2024", near=AREA) as scene:
            np.testing.assert_array_equal(scene.read(box_of(patch)), vectors(patch))
        return
    with pytest.raises(SceneUnreadable, match=r"Use Python 3\.12 or newer with icechunk 2, or"):
        open_any(address, date="2024", near=AREA)
