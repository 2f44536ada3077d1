"""A map says whether anything like its phrase is there: in its result and in its tags."""

from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
import rasterio

from backend.encoders import Encoder
from backend.errors import ConfigInvalid
from backend.features.store import FeatureStore
from backend.link import find_head
from backend.maps import AlignmentResult, Inquiry, align, find_places, write_map
from backend.scenes import open_scene
from backend.text import TextEncoder
from tests.support.rasters import speckled, write_raster

PHRASES = ["open water", "a town", "qwertz uiop asdf"]


@pytest.fixture(scope="module")
def dry(real: Path, texture: Encoder, minilm: TextEncoder, tmp_path_factory) -> AlignmentResult:
    """A map of a scene without any water."""
    output = tmp_path_factory.mktemp("maps") / "map.tif"
    head = find_head(None, texture.spec)
    with open_scene(real / "spain_elche_2019" / "s1_grd_db.tif") as scene:
        return align(scene, None, PHRASES, texture, head, minilm, output)


def test_a_scene_without_water_says_so_and_gibberish_is_nothing(dry: AlignmentResult) -> None:
    water, town, gibberish = (one.reading for one in dry.phrases)
    assert water.verdict == "nothing" and water.class_name == "water" and water.probability < 0.5
    assert town.verdict == "unsure" and town.probability is None and 80 < town.percentile < 100
    assert gibberish.verdict == "nothing" and gibberish.class_name is None


def test_the_map_keeps_its_bands_and_carries_the_sentences(dry: AlignmentResult) -> None:
    with rasterio.open(dry.path) as file:
        assert file.count == len(PHRASES)
        lines = file.tags()["GLUELINK_READING"].splitlines()
    assert lines == [f"{one.phrase}: {one.reading.sentence}" for one in dry.phrases]


def test_stored_cells_are_read_as_encoded_ones_and_coarser_cells_not_at_all(
    real: Path, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    head, store = find_head(None, texture.spec), FeatureStore.open(str(tmp_path / "store"))
    readings = []
    with open_scene(real / "denmark_2017" / "s1_rtc_db.tif") as scene:
        for kept, coarser in ((None, 1), (store, 1), (store, 2)):
            asked = Inquiry.of(
                scene, None, ["a lake"], texture, head, minilm, store=kept, coarser=coarser
            )
            readings.append(write_map(asked, tmp_path / "map.tif").phrases[0].reading)
    fresh, stored, coarse = readings
    assert fresh.verdict == stored.verdict == "nothing" and coarse is None
    assert np.isclose(fresh.probability, stored.probability, atol=0.02)


def test_a_rank_is_the_share_of_neutral_words_that_fit_a_cell_worse(
    texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    db = speckled(120, 160)
    db[:, :60, :80] -= 12
    path = write_raster(tmp_path / "S1_20240501.tif", db)
    head, store = find_head(None, texture.spec), FeatureStore.open(str(tmp_path / "store"))
    assert head.calibration is not None
    length, spread = head.calibration.words
    with open_scene(path) as scene:

        def inquiry(store: FeatureStore | None, **given: Any) -> Inquiry:
            phrases = ["open water", "a town"]
            return Inquiry.of(scene, None, phrases, texture, head, minilm, store=store, **given)

        (answer,) = inquiry(store).answers(beside=head.calibration.vectors[-1:])
        ahead = (answer.cosines[:2] - length * answer.cosines[2]) / spread
        for kept in (store, None):
            made = write_map(inquiry(kept, measure="rank"), tmp_path / "map.tif")
            with rasterio.open(made.path) as file:
                ranks = file.read()
                assert file.descriptions == ("open water among words", "a town among words")
            expected = np.vectorize(NormalDist().cdf)(ahead)
            assert np.allclose(ranks, expected, atol=0.05 if kept is None else 1e-5)
            for one in made.phrases:
                assert one.reading is not None
                assert one.reading.percentile == pytest.approx(100 * one.maximum, abs=1e-3)
        assert made.provenance["measure"] == "rank"
        with pytest.raises(ConfigInvalid, match="single phrases"):
            inquiry(None, measure="rank", but_not=["a pier"])
        with pytest.raises(ConfigInvalid, match="found by cosines"):
            find_places(inquiry(store, measure="rank"), 3)
        head = replace(head, calibration=None)
        with pytest.raises(ConfigInvalid, match="no calibration"):
            inquiry(None, measure="rank")
