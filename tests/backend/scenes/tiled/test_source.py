"""A source of tiles is one module: a new one is found, opened, and read for a survey."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from backend.scenes import embeddings, open_any, read_scene_index
from backend.scenes.tiled import source
from tests.support.rasters import speckled, write_raster

MODULE = '''
"""Rasters of five bands, each value a tenth of what is stored."""

from dataclasses import dataclass
from functools import partial

from backend.scenes.files import open_raster
from backend.scenes.grid import grid_of
from backend.scenes.tiled.source import TileEntry, TileSource, middle_of


class Fives(TileSource):
    name, title, dim, rule = "fives", "Fives", 5, "Values are tenths."

    def recognises(self, file, bands):
        return bands == 5

    def scan(self, files, found):
        for name, file in files.items():
            if file.suffix == ".tif":
                found.add(name, partial(self.entry, name, file))

    def entry(self, name, file):
        with open_raster(file) as dataset:
            return FivesEntry(name, self, middle_of(2024), grid_of(dataset, name), file)


@dataclass(frozen=True)
class FivesEntry(TileEntry):
    def open(self, ranges):
        return FivesTile(self.where)


class FivesTile:
    def __init__(self, path):
        self._dataset = open_raster(path)
        self.grid = grid_of(self._dataset, path.name)

    def read(self, window):
        return self._dataset.read(window=window) / 10

    def close(self):
        self._dataset.close()


SOURCES = (Fives(),)
'''


@pytest.fixture
def with_fives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The one file that adds a source, beside AlphaEarth and Tessera."""
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "fives.py").write_text(MODULE)
    monkeypatch.setattr(embeddings, "__path__", [*embeddings.__path__, str(folder)])
    source.sources.cache_clear()
    yield
    source.sources.cache_clear()


def test_a_module_adds_a_source(with_fives: None, tmp_path: Path) -> None:
    stored = np.repeat(speckled(30, 40)[:1], 5, axis=0)
    path = write_raster(tmp_path / "tiles" / "a.tif", stored, names=None)
    with open_any(path) as scene:
        assert (scene.modality, scene.info.source, scene.info.date) == (
            "fives", "Fives", "2024-01-01",
        )  # fmt: skip
        np.testing.assert_array_equal(scene.read(scene.extent), (stored / 10).astype(np.float32))
    (entry,) = read_scene_index(path.parent, "fives").scenes
    with entry.open() as scene:
        assert np.isfinite(scene.read(entry.extent)).all()


def test_the_sources_are_those_of_the_package_and_sentinel_2() -> None:
    embeddings = ["alphaearth", "tessera", "tessera-1.1-cambridge", "tessera-1.1-dclimate"]
    assert [*source.sources()] == [*embeddings, "sentinel-2-rgb", "sentinel-2"]
    assert [each.name for each in source.detected_sources()] == embeddings
