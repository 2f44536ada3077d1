"""Maps from a store: those without one, quantisation aside; coarser ones; the best places."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.warp import transform

from backend.encoders import Encoder
from backend.errors import ConfigInvalid, PhraseInvalid
from backend.features.store import FeatureStore
from backend.link import find_head
from backend.maps import Inquiry, find_places, write_map
from backend.scenes import Scene, open_scene
from backend.text import TextEncoder
from tests.support.rasters import speckled, write_raster

PHRASES = ["open water", "a dense town", "a forest in winter"]
BOUND = 0.006


def values_of(path: Path) -> np.ndarray:
    with rasterio.open(path) as file:
        return file.read()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A scene with a hole, off the lattice; the user's folder, and what the tests make."""
    folder = tmp_path_factory.mktemp("stored")
    db = speckled(420, 560)
    db[:, 100:250, 200:330] = np.nan
    corner = Affine(10, 0, 400_030, 0, -10, 5_399_930)
    write_raster(folder / "S1_20240501.tif", db, transform=corner)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUELINK_HOME", str(folder / "home"))
        yield folder


@pytest.fixture
def scene(folder: Path) -> Iterator[Scene]:
    with open_scene(folder / "S1_20240501.tif") as scene:
        yield scene


@pytest.fixture(scope="module")
def fine(folder: Path, texture: Encoder, minilm: TextEncoder) -> Path:
    """The map of an area that is in the store now."""
    with open_scene(folder / "S1_20240501.tif") as scene:
        write_map(inquiry(scene, texture, minilm, folder / "store"), folder / "fine.tif")
    return folder / "fine.tif"


def inquiry(
    scene: Scene, texture: Encoder, minilm: TextEncoder, folder: Path | None, coarser: int = 1
) -> Inquiry:
    head = find_head(None, texture.spec)
    store = FeatureStore.open(folder) if folder else None
    return Inquiry.of(scene, None, PHRASES, texture, head, minilm, store=store, coarser=coarser)


def test_maps_with_and_without_a_store_differ_by_quantisation_alone(
    texture: Encoder, minilm: TextEncoder, folder: Path, fine: Path
) -> None:
    store = FeatureStore.open(folder / "store")
    with open_scene(folder / "S1_20240501.tif") as scene:
        write_map(inquiry(scene, texture, minilm, None), folder / "plain.tif")
        again = write_map(inquiry(scene, texture, minilm, folder / "store"), folder / "again.tif")
    plain, stored = values_of(folder / "plain.tif"), values_of(fine)
    assert np.array_equal(np.isnan(plain), np.isnan(stored))
    assert 0 < np.nanmax(np.abs(plain - stored)) < BOUND
    assert again.filled and again.filled.encoded == 0
    assert np.array_equal(stored, values_of(folder / "again.tif"), equal_nan=True)
    # The norms are there now, and of the head alone.
    (array,) = store.arrays()
    assert len(store.home.children(f"{array.info.name}/norms")) == 1


def test_a_contrast_is_the_phrase_less_the_mean_of_the_others(
    scene: Scene, texture: Encoder, minilm: TextEncoder, folder: Path, fine: Path, tmp_path: Path
) -> None:
    water, town, forest = values_of(fine)
    head = find_head(None, texture.spec)
    for store in (FeatureStore.open(folder / "store"), None):
        asked = Inquiry.of(
            scene,
            None,
            ["open water", "qwertz uiop asdf"],
            texture,
            head,
            minilm,
            store=store,
            but_not=PHRASES[1:],
        )
        made = write_map(asked, tmp_path / "contrast.tif")
        contrast = values_of(tmp_path / "contrast.tif")[0]
        expected = water - (town + forest) / 2
        assert np.array_equal(np.isnan(contrast), np.isnan(water))
        assert np.nanmax(np.abs(contrast - expected)) < BOUND
    label = "open water but not a dense town or a forest in winter"
    water_read, gibberish = made.phrases
    assert water_read.phrase == label and water_read.reading is None
    assert gibberish.reading is not None and gibberish.reading.verdict == "nothing"
    with rasterio.open(tmp_path / "contrast.tif") as file:
        assert file.descriptions[0] == label
        assert file.tags()["GLUELINK_PHRASES"].startswith(f"{label}; ")
        assert '"but_not": ["a dense town"' in file.tags()["GLUELINK_PROVENANCE"]


def test_what_is_asked_cannot_be_subtracted(
    scene: Scene, texture: Encoder, minilm: TextEncoder
) -> None:
    head = find_head(None, texture.spec)
    with pytest.raises(PhraseInvalid, match="leaves nothing"):
        Inquiry.of(scene, None, ["a town"], texture, head, minilm, but_not=["a  town"])


def test_coarser_cells_answer_the_mean_and_state_what_they_leave_out(
    scene: Scene, texture: Encoder, minilm: TextEncoder, folder: Path, fine: Path, tmp_path: Path
) -> None:
    store = shutil.copytree(folder / "store", tmp_path / "store")
    asked = inquiry(scene, texture, minilm, store, coarser=4)
    write_map(asked, tmp_path / "coarse.tif")
    # A second question reads nothing but the coarser cells.
    shutil.rmtree(next(store.glob("*/features/c")))
    again = inquiry(scene, texture, minilm, store, coarser=4)
    write_map(again, tmp_path / "again.tif")
    assert again.filled and again.filled.encoded == 0
    coarse = values_of(tmp_path / "coarse.tif")
    assert np.array_equal(coarse, values_of(tmp_path / "again.tif"), equal_nan=True)

    with rasterio.open(fine) as file, rasterio.open(tmp_path / "coarse.tif") as one:
        assert one.res == (320, 320)
        column, row = ~file.transform @ (one.transform @ (0, 0))
        values = file.read()
    padded = np.full((3, coarse.shape[1] * 4, coarse.shape[2] * 4), np.nan, np.float32)
    top, left = round(-row), round(-column)
    padded[:, top : top + values.shape[1], left : left + values.shape[2]] = values
    squares = padded.reshape(3, coarse.shape[1], 4, coarse.shape[2], 4)
    with np.errstate(invalid="ignore"):
        known = ~np.isnan(squares).all(axis=(2, 4))
    assert np.array_equal(~np.isnan(coarse), known)
    mean = np.nanmean(np.where(known[:, :, None, :, None], squares, 0), axis=(2, 4))
    assert np.abs(coarse - mean)[known].max() < BOUND
    largest = max(float(np.nanmax(spread)) for spread in asked.spread)
    apart = np.nanmax(np.abs(squares - coarse[:, :, None, :, None]))
    assert 0 < apart < largest + BOUND


def test_coarser_cells_need_a_store_and_a_whole_number_of_them_in_a_block(
    scene: Scene, texture: Encoder, minilm: TextEncoder, folder: Path
) -> None:
    with pytest.raises(ConfigInvalid, match="there is none"):
        inquiry(scene, texture, minilm, None, coarser=2)
    asked = inquiry(scene, texture, minilm, folder / "store", coarser=3)
    with pytest.raises(ConfigInvalid, match="3 x 3"):
        next(asked.answers())


def test_the_best_places_are_the_highest_cells_of_the_map(
    scene: Scene, texture: Encoder, minilm: TextEncoder, folder: Path, fine: Path
) -> None:
    places = find_places(inquiry(scene, texture, minilm, folder / "store"), 5)
    with rasterio.open(fine) as file:
        for band, found in enumerate(places, 1):
            cosines = file.read(band)
            highest = np.sort(cosines[~np.isnan(cosines)])[::-1][:5]
            assert np.array_equal([one.cosine for one in found], highest)
            where = [one.longitude for one in found], [one.latitude for one in found]
            spots = zip(*transform("EPSG:4326", file.crs, *where), strict=True)
            assert [values[band - 1] for values in file.sample(spots)] == highest.tolist()
