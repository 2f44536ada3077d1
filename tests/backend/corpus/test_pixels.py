"""What is no backscatter is no data; published pictures of more than 8 bits keep their range."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from PIL import Image

from backend.corpus.pixels import read_db, read_published
from tests.support.tiny_tower import SIDE, plant_corpus


@pytest.mark.parametrize(("name", "kind"), [("deep.png", np.uint16), ("deep.tif", np.float32)])
def test_a_picture_of_more_than_8_bits_is_stretched_and_not_cut_at_255(
    name: str, kind: type[np.generic], tmp_path: Path
) -> None:
    values = np.linspace(0, 60_000, 64 * 48).reshape(48, 64).astype(kind)
    Image.fromarray(values).save(tmp_path / name)
    grey = read_published(tmp_path / name)
    assert grey.shape == (1, 48, 64) and grey.dtype == np.uint8
    assert (np.diff(grey.ravel().astype(int)) >= 0).all()
    assert len(np.unique(grey)) == 255 and grey[0, 24].mean() == pytest.approx(128, abs=3)


def test_pixels_of_no_power_or_of_the_value_for_no_data_have_none(tmp_path: Path) -> None:
    corpus = plant_corpus(tmp_path / "corpus")
    chip = next(corpus.chips())
    whole = read_db(corpus, chip)
    with rasterio.open(corpus.images / chip.file) as file:
        profile = file.profile | {"nodata": -9999}
    with rasterio.open(corpus.images / chip.file, "w", **profile) as file:
        spoilt = whole.copy()
        spoilt[0, 0, :3] = [-np.inf, np.inf, -9999]
        file.write(spoilt)
    read = read_db(corpus, chip)
    assert np.isnan(read[0, 0, :3]).all()
    whole[0, 0, :3] = np.nan
    np.testing.assert_array_equal(read, whole)
    assert read.shape == (2, SIDE, SIDE) and read.dtype == np.float32
