"""What a scene is made of meets what an encoder saw: product_type, bands, dates."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from backend.encoders import Encoder, EncoderSpec, list_encoders
from backend.errors import BandMissing, ConfigInvalid
from backend.maps import AlignmentResult, align, estimate
from backend.scenes import Scene, open_scene, read_scene_index
from backend.scenes.sentinel1.radiometry import MEAN_DB, offset_db
from backend.survey.imagery import Imagery
from backend.text import TextEncoder
from tests.backend.conftest import random_head
from tests.support.rasters import speckled, write_raster


class Particular(Encoder):
    """Takes the bands and saw the product_type it is told; keeps what it was given."""

    def __init__(
        self, bands: tuple[str, ...] = ("VV", "VH"), product_type: str | None = None
    ) -> None:
        self.device = torch.device("cpu")
        self.given: list[NDArray[np.float32]] = []
        self.spec = EncoderSpec(
            name="particular",
            title="Means of cells",
            modality="sentinel-1",
            bands=bands,
            dim=len(bands),
            window_px=32,
            pixel_m=10.0,
            grid=(8, 8),
            identity=f"particular/{bands}/{product_type}",
            licence="GPL-2.0-or-later",
            source="a test",
            product_type=product_type,
        )

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        self.given.append(np.array(db))
        windows = torch.nan_to_num(torch.as_tensor(db), nan=-30.0)
        return torch.nn.functional.avg_pool2d(windows, 4).permute(0, 2, 3, 1)


def power(db: NDArray[np.float32]) -> NDArray[np.float64]:
    return 10 ** (db.astype(np.float64) / 10)


def ask(
    scene: Scene,
    encoder: Particular,
    text: TextEncoder,
    output: Path,
    match_product_type: bool = True,
) -> AlignmentResult:
    head = random_head(encoder, text)
    return align(
        scene, None, ["water"], encoder, head, text, output, match_product_type=match_product_type
    )


@pytest.fixture
def db() -> NDArray[np.float32]:
    return speckled(64, 64)


# GRD and RTC


@given(product_type=st.sampled_from(sorted(MEAN_DB)), seen=st.sampled_from(sorted(MEAN_DB)))
def test_there_and_back_is_no_offset(product_type: str, seen: str) -> None:
    there, back = offset_db(product_type, seen), offset_db(seen, product_type)
    assert {band: -value for band, value in there.items()} == back
    assert bool(there) == (product_type != seen)


def test_rtc_is_made_darker_for_those_who_saw_grd() -> None:
    assert offset_db("RTC", "GRD") == {"VV": -1.67, "VH": -2.96}
    assert offset_db(None, "GRD") == offset_db("RTC", None) == {}


def test_the_encoders_say_which_product_they_saw() -> None:
    seen = {spec.name: spec.product_type for spec in list_encoders()}
    for name, product_type in {
        "ssl4eo-s1": "GRD",
        "betaearth-s1": "RTC",
        "texture-s1": None,
    }.items():
        assert seen.get(name, product_type) == product_type


@pytest.mark.parametrize(
    ("name", "seen", "offset"),
    [
        ("a_rtc", "GRD", (-1.67, -2.96)),
        ("a_grd", "RTC", (1.67, 2.96)),
        ("a_rtc", "RTC", (0, 0)),
        ("a_rtc", None, (0, 0)),
        ("a", "GRD", (0, 0)),
    ],
)
def test_an_encoder_is_given_what_it_saw_and_the_map_says_so(
    name: str,
    seen: str | None,
    offset: tuple[float, float],
    db: NDArray[np.float32],
    minilm: TextEncoder,
    tmp_path: Path,
) -> None:
    encoder = Particular(product_type=seen)
    with open_scene(write_raster(tmp_path / f"{name}.tif", db)) as scene:
        made = ask(scene, encoder, minilm, tmp_path / "map.tif")
        np.testing.assert_array_equal(scene.read(scene.extent), scene.read(scene.extent))
        plain = Particular()
        ask(scene, plain, minilm, tmp_path / "plain.tif")
    for got, was in zip(encoder.given, plain.given, strict=True):
        np.testing.assert_allclose(got - was, np.array(offset)[:, None, None] + 0 * was, atol=1e-5)
    told = dict(zip(("VV", "VH"), offset, strict=True)) if any(offset) else {}
    assert made.provenance["scene"]["offset_db"] == told
    assert made.provenance["encoder"]["product_type"] == seen
    with rasterio.open(made.path) as file:
        tags = file.tags()
    assert json.loads(tags["GLUELINK_PROVENANCE"]) == made.provenance
    words = ", ".join(f"{band} {value:+.2f}" for band, value in told.items())
    assert tags["GLUELINK_OFFSET_DB"] == (words or "none")


def test_matching_can_be_switched_off_and_a_product_be_stated(
    db: NDArray[np.float32], minilm: TextEncoder, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "a.tif", db)
    for options, match, offset in [
        ({"product_type": "RTC"}, True, {"VV": -1.67, "VH": -2.96}),
        ({"product_type": "RTC"}, False, {}),
        ({"product_type": "GRD"}, True, {}),
    ]:
        with open_scene(path, **options) as scene:
            assert scene.info.product_type == options["product_type"]
            made = ask(scene, Particular(product_type="GRD"), minilm, tmp_path / "map.tif", match)
        assert made.provenance["scene"]["offset_db"] == offset
    with pytest.raises(ConfigInvalid, match="'GRD' or 'RTC'"):
        open_scene(path, product_type="SLC")


def test_windows_around_points_are_matched_like_maps(
    db: NDArray[np.float32], tmp_path: Path
) -> None:
    """What heads are fitted on, where a folder holds both products."""
    for place, product_type in enumerate(("grd", "rtc")):
        corner = Affine(10, 0, 400_000 + 1000 * place, 0, -10, 5_400_000)
        write_raster(tmp_path / f"{product_type}.tif", db, transform=corner)
    catalogue = read_scene_index(tmp_path)
    way = Transformer.from_crs(32633, 4326, always_xy=True)
    lon, lat = way.transform([400_320, 401_320], [5_399_680, 5_399_680])
    unknown = np.array(["NaT", "NaT"], "datetime64[D]")
    with Imagery(catalogue, 32, Particular(product_type="GRD").spec) as imagery:
        candidates = imagery.candidates(np.array(lon), np.array(lat), unknown)
        on_grd, on_rtc = (imagery.window(one).values for one in candidates)
    assert on_grd is not None and on_rtc is not None
    offset = np.array([-1.67, -2.96])[:, None, None] + 0 * on_grd
    np.testing.assert_allclose(on_rtc - on_grd, offset, atol=1e-5)


# VV alone


def test_vv_alone_serves_encoders_that_take_no_more(
    db: NDArray[np.float32], minilm: TextEncoder, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "alone.tif", db[:1], names=None)
    with open_scene(path, bands={"VV": 1}) as scene:
        assert scene.preprocessing.bands == ("VV",)
        assert not any("VH" in c.text for c in scene.info.checks if "no VH" not in c.text)
        read = scene.read(scene.extent)
        np.testing.assert_allclose(read, db[:1], atol=1e-5)
        made = ask(scene, Particular(("VV",)), minilm, tmp_path / "map.tif")
        assert made.provenance["scene"]["bands"] == ["VV"]
        again = scene.reopen()
        np.testing.assert_array_equal(again.read(again.extent), read)
        again.close()
        for attempt in (
            lambda: ask(scene, Particular(), minilm, tmp_path / "map.tif"),
            lambda: estimate(scene, None, Particular().spec),
        ):
            with pytest.raises(BandMissing, match="holds VV only; the encoder takes VV and VH"):
                attempt()
    with pytest.raises(BandMissing):
        open_scene(path, bands={"VH": 1})


def test_an_encoder_of_vv_alone_is_given_no_vh(
    db: NDArray[np.float32], minilm: TextEncoder, tmp_path: Path
) -> None:
    encoder = Particular(("VV",), "GRD")
    with open_scene(write_raster(tmp_path / "both_rtc.tif", db)) as scene:
        made = ask(scene, encoder, minilm, tmp_path / "map.tif")
    assert {windows.shape[1] for windows in encoder.given} == {1}
    assert made.provenance["scene"]["offset_db"] == {"VV": -1.67}


# Dates


def test_two_dates_are_averaged_in_power(db: NDArray[np.float32], tmp_path: Path) -> None:
    """In other units, on another grid, with other gaps: each date by itself."""
    other = speckled(64, 64, seed=7)
    other[:, 10:20] = np.nan
    db[:, :, 50:55] = np.nan
    shifted = Affine(10, 0, 400_000, 0, -10, 5_400_000)
    first = write_raster(tmp_path / "a_20240501.tif", db)
    second = write_raster(
        tmp_path / "b_20240513.tif", power(other).astype(np.float32), transform=shifted
    )
    with open_scene(first, also=[second]) as both:
        read = both.read(both.extent)
        assert both.preprocessing.dates == ("2024-05-01", "2024-05-13")
        assert (both.info.date, len(both.info.files)) == ("2024-05-01", 2)
        assert both.info.checks[-1].text == "There are 2 dates: 2024-05-01, 2024-05-13."
        again = both.reopen()
        np.testing.assert_array_equal(again.read(again.extent), read)
        again.close()
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"):  # where neither has data
        expected = 10 * np.log10(np.nanmean([power(db), power(other)], axis=0))
    np.testing.assert_allclose(read, expected, atol=1e-4)


def test_dates_in_two_zones_are_seen_from_the_first_one(tmp_path: Path) -> None:
    calm = np.full((2, 200, 200), -12, np.float32) + np.array([0, -6], np.float32)[:, None, None]
    east = write_raster(
        tmp_path / "east_20240501.tif", calm, "EPSG:32633",
        Affine(10, 0, 279_500, 0, -10, 5_376_500),
    )  # fmt: skip
    west = write_raster(
        tmp_path / "west_20240513.tif", calm + 3, "EPSG:32632",
        Affine(10, 0, 721_900, 0, -10, 5_376_500),
    )  # fmt: skip
    with open_scene(east, also=[west]) as both, open_scene(east) as one:
        assert both.utm_epsg == one.utm_epsg == 32633
        vv = both.read(both.extent.intersection(one.extent))[0]
    shared = 10 * np.log10((10**-1.2 + 10**-0.9) / 2)
    only_east, overlap = np.unique(np.round(vv, 3))
    assert (only_east, overlap) == (-12, pytest.approx(shared, abs=0.002))


def test_dates_of_different_products_are_not_mixed(db: NDArray[np.float32], tmp_path: Path) -> None:
    paths = [
        write_raster(tmp_path / f"a_{product_type}.tif", db) for product_type in ("grd", "rtc")
    ]
    with pytest.raises(ConfigInvalid, match="are of GRD and RTC"):
        open_scene(paths[0], also=paths[1:])


VV_AND_VH = np.array([0.08, 0.02])[:, None, None]


def test_averaging_doubles_the_looks_and_filtering_adds_to_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    paths = [
        write_raster(
            tmp_path / f"s_2024050{day}.tif",
            (rng.gamma(4.4, 1 / 4.4, (2, 150, 150)) * VV_AND_VH).astype(np.float32),
        )
        for day in (1, 2)
    ]

    def looks(speckle: str | None, path: Path, *also: Path) -> float:
        with open_scene(path, also=also, speckle=speckle) as scene:
            vv = power(scene.read(scene.extent)[0])
        return float(vv.mean() ** 2 / vv.var())

    assert looks(None, *paths) == pytest.approx(2 * looks(None, paths[0]), rel=0.1)
    assert looks("refined-lee", *paths) > 1.7 * looks("refined-lee", paths[0])


def test_what_was_done_to_a_scene_stands_in_its_map(
    db: NDArray[np.float32], minilm: TextEncoder, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "a_20240501.tif", db)
    with open_scene(path, speckle="refined-lee") as scene:
        made = ask(scene, Particular(), minilm, tmp_path / "map.tif")
        assert scene.preprocessing.options.speckle == "refined-lee"
    assert made.provenance["scene"]["speckle"] == "refined-lee"
    assert made.provenance["scene"]["dates"] == ["2024-05-01"]
    with rasterio.open(made.path) as file:
        assert file.tags()["GLUELINK_SPECKLE"] == "refined-lee"
