"""Published pictures of more than 8 bits keep their range of brightness."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.corpus.pixels import read_published


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
