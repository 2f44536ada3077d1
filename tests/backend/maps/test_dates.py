"""A map of several dates: what the encoder takes, what the map says of it, what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio

from backend.encoders import load_encoder
from backend.errors import DatesTooFew
from backend.features.store import FeatureStore
from backend.link import find_head
from backend.maps import align, estimate
from backend.scenes import open_scene
from backend.text import TextEncoder
from tests.support.rasters import write_raster

SIDE = 176
DAYS = ("2024-03-02", "2024-05-01", "2024-06-18", "2024-09-10")
CHANGING_DB = (-21.0, -18.0, -14.0, -20.0)  # VH of crops from bare soil to harvest


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four dates of fields in the west, and of ground that stays as it is in the east."""
    folder, rng = tmp_path_factory.mktemp("dates"), np.random.default_rng(0)
    paths = []
    for day, vh in zip(DAYS, CHANGING_DB, strict=True):
        db = 10 * np.log10(rng.gamma(4.4, 1 / 4.4, (2, SIDE, SIDE)))
        db[0] += -11.5
        db[1] += np.where(np.arange(SIDE) < SIDE // 2, vh, -17.6)
        paths.append(write_raster(folder / f"s_{day.replace('-', '')}.tif", db.astype(np.float32)))
    return paths


def test_what_changes_like_crops_is_farmland(
    dates: list[Path], minilm: TextEncoder, tmp_path: Path
) -> None:
    encoder = load_encoder("texture-s1-dates", device="cpu")
    head = find_head(None, encoder.spec)
    store = FeatureStore.open(tmp_path / "store")
    maps = {}
    with open_scene(dates[-1], also=dates[:-1]) as scene:
        for name, kept in {"plain": None, "stored": store}.items():
            path = tmp_path / f"{name}.tif"
            made = align(scene, None, ["crops"], encoder, head, minilm, path, store=kept)
            with rasterio.open(path) as file:
                maps[name], tags = file.read(1), file.tags()
        cost = estimate(scene, None, encoder.spec, store=store)
    assert (cost.encoded, cost.lacking) == (1, 0)
    np.testing.assert_allclose(maps["stored"], maps["plain"], atol=0.02)
    west, east = maps["plain"][6:-6, 6:10], maps["plain"][6:-6, -10:-6]
    assert west.min() > east.max()
    of_scene = json.loads(tags["GLUELINK_PROVENANCE"])["scene"]
    assert (of_scene["dates_are"], of_scene["dates"]) == ("stacked", list(DAYS))
    assert tags["GLUELINK_DATES"] == f"stacked: {', '.join(DAYS)}"
    assert made.provenance["encoder"]["identity"] == encoder.spec.identity


def test_a_single_date_is_refused_before_a_pixel_is_read(dates: list[Path]) -> None:
    spec = load_encoder("texture-s1-dates", device="cpu").spec
    with open_scene(dates[0]) as scene, pytest.raises(DatesTooFew, match="has 1 date"):
        estimate(scene, None, spec)
