"""The phrases of one cell are each measured against their own mean over the area."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from backend.encoders import Encoder
from backend.errors import AreaInvalid
from backend.features.store import FeatureStore
from backend.link import find_head
from backend.maps import Inquiry, write_map
from backend.maps.standing import find_standings
from backend.scenes import open_scene
from backend.text import TextEncoder
from tests.support.rasters import speckled, write_raster

PHRASES = ["open water", "a dense town", "a forest in winter"]


def test_it_is_what_the_map_of_all_cells_says(
    texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    db = speckled(180, 240)
    db[:, :60, :80] -= 12
    db[:, 100:, 160:] = np.nan
    path = write_raster(tmp_path / "S1_20240501.tif", db)
    head, store = find_head(None, texture.spec), FeatureStore.open(str(tmp_path / "store"))
    with open_scene(path) as scene:
        asked = Inquiry.of(scene, None, PHRASES, texture, head, minilm, store=store)
        write_map(asked, tmp_path / "map.tif")
        with rasterio.open(tmp_path / "map.tif") as file:
            cosines = file.read()
            to_degrees = Transformer.from_crs(file.crs, "EPSG:4326", always_xy=True)
            place, hole = (to_degrees.transform(*file.xy(*cell)) for cell in ((3, 4), (20, 28)))
        found = find_standings(asked, place)
        for outside in (hole, (place[0] - 1, place[1]), (place[0] + 100, 0.0)):
            with pytest.raises(AreaInvalid, match="no data of the area"):
                find_standings(asked, outside)
    known = cosines[:, np.isfinite(cosines[0])]
    ahead = (cosines[:, 3, 4] - known.mean(axis=1)) / known.std(axis=1)
    assert [each.phrase for each in found] == [PHRASES[i] for i in np.argsort(-ahead)]
    assert [each.standing for each in found] == pytest.approx(np.sort(ahead)[::-1], abs=1e-3)
