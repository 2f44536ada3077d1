"""Views of a map: stretch, rank, threshold and the best phrase, all without asking again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsLayerTreeModel,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from gluelink_plugin.layers.best import FAINTEST, FULL, add_best, write_best
from gluelink_plugin.layers.scene import open_raster
from gluelink_plugin.layers.view import RANK, Cells, MapView, show_view, stretched, view_of
from tests.plugin.conftest import NORTH, PIXEL, WEST, write_raster

SIDE = 100


@pytest.fixture
def layer(qgis_app: QgsApplication, tmp_path: Path) -> QgsRasterLayer:
    """A map whose cells go from 0 to 0.9999 in rows, the first row without data."""
    values = np.arange(SIDE * SIDE, dtype=np.float32).reshape(1, SIDE, SIDE) / SIDE**2
    values[0, 0] = np.nan
    return open_raster(write_raster(tmp_path / "map.tif", values, ("water",)), "water · lake")


def colour_at(layer: QgsRasterLayer, row: int, column: int = 50) -> QColor:
    picture = layer.renderer().block(1, layer.extent(), SIDE, SIDE)
    return QColor.fromRgba(picture.color(row, column))


def labels(layer: QgsRasterLayer) -> tuple[str, str]:
    settings = layer.renderer().shader().rasterShaderFunction().legendSettings()
    return settings.minimumLabel(), settings.maximumLabel()


def test_a_view_is_kept_with_its_layer(layer: QgsRasterLayer) -> None:
    view = MapView(1, 0.1, 0.9, words=("less", "more"), palette="blue", threshold=0.5, smooth=True)
    show_view(layer, view, Cells(layer, 1))
    assert view_of(layer) == view
    layer.setCustomProperty("gluelink/view", '{"band": 1}')
    assert view_of(layer) is None


def test_a_threshold_hides_what_is_below_and_its_share_is_exact(layer: QgsRasterLayer) -> None:
    cells = Cells(layer, 1)
    show_view(layer, MapView(1, 0.0, 1.0, threshold=0.75), cells)
    assert [colour_at(layer, row).alpha() > 0 for row in (40, 74, 75, 90)] == [0, 0, 1, 1]
    assert cells.share_from(0.75) == pytest.approx(2500 / 9900)
    assert cells.km2 == pytest.approx(9900 * PIXEL**2 / 1e6)
    assert labels(layer) == ("0.00 least alike; shown from 0.75 (25.3 %)", "1.00 most alike")
    # The legend of QGIS draws the ramp, not the items.
    ramp = layer.renderer().shader().rasterShaderFunction().sourceColorRamp()
    assert ramp.color(0.74).alpha() == 0 < ramp.color(0.76).alpha()


@pytest.mark.parametrize(("threshold", "seen"), [(-1.0, True), (2.0, False)])
def test_thresholds_beyond_the_ends_show_all_or_nothing(
    layer: QgsRasterLayer, threshold: float, seen: bool
) -> None:
    show_view(layer, MapView(1, 0.1, 0.9, threshold=threshold), Cells(layer, 1))
    assert (colour_at(layer, 95).alpha() > 0) == seen


def test_a_rank_colours_by_how_many_cells_fit_worse(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    values = (np.arange(SIDE * SIDE, dtype=np.float32).reshape(1, SIDE, SIDE) / SIDE**2) ** 4
    path = write_raster(tmp_path / "steep.tif", values, ("water",))
    layer = open_raster(path, "water · lake")
    view = MapView(1, 0.0, 1.0, stretch=RANK, palette="grey", gamma=1.0)
    show_view(layer, view, Cells(layer, 1))
    for row in (25, 50, 75):
        assert colour_at(layer, row).lightness() == pytest.approx(255 * row / SIDE, abs=8)
    assert labels(layer) == ("0.00 0 % of the cells fit worse", "1.00 100 % of them do")


def test_a_stretch_goes_from_the_second_percentile_to_the_largest(layer: QgsRasterLayer) -> None:
    view = MapView(1, -1.0, 1.0)
    whole = stretched(view, Cells(layer, 1))
    assert (whole.low, whole.high) == (pytest.approx(0.03, abs=0.001), pytest.approx(0.9999))
    top = QgsRectangle(WEST, NORTH - 50 * PIXEL, WEST + SIDE * PIXEL, NORTH)
    assert stretched(view, Cells(layer, 1, top)).high == pytest.approx(0.5, abs=0.001)


def test_opacity_and_gamma_are_the_renderers(layer: QgsRasterLayer) -> None:
    view = MapView(1, 0.0, 1.0, opacity=0.5)
    show_view(layer, view)
    assert layer.renderer().opacity() == 0.5
    bright = colour_at(layer, 60).lightness()
    show_view(layer, replace(view, gamma=1.0))
    assert colour_at(layer, 60).lightness() > bright


def test_the_best_phrase_and_its_margin_are_those_of_the_bands(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    levels = np.array([0.2, 0.8, 0.4])[:, None, None]  # the second phrase is the highest everywhere
    values = rng.normal(levels, 0.03 + levels / 20, (3, 300, 40)).astype(np.float32)
    values[:, :5] = np.nan
    names = ("open water", "a forest", "a town")
    source = write_raster(tmp_path / "map.tif", values, names)
    found = write_best(source, tmp_path / "best.tif")
    best, margin, opacity = gdal.Open(str(found.path)).ReadAsArray()
    known = values[:, 5:].astype(np.float64)
    mean, spread = (part(known, axis=(1, 2), keepdims=True) for part in (np.mean, np.std))
    standing = (known - mean) / spread
    ordered = np.sort(standing, axis=0)
    assert np.array_equal(best[5:], standing.argmax(axis=0) + 1)
    assert np.allclose(margin[5:], ordered[2] - ordered[1], atol=1e-4)
    assert min(found.shares) > 0.2
    assert np.isnan(best[:5]).all()
    assert (opacity[5:] >= FAINTEST).all() and (opacity[5:] <= FULL).all()
    assert write_best(source, tmp_path / "cancelled.tif", lambda: True) is None
    assert found.phrases == list(names) and sum(found.shares) == pytest.approx(1)
    assert found.margin == pytest.approx(float(np.median(ordered[2] - ordered[1])), abs=1e-4)
    layer = open_raster(source, "open water · lake")
    QgsProject.instance().addMapLayer(layer)
    added = add_best(found, layer)
    assert added.name() == "best of 3 phrases · lake"
    legend = [label for label, _ in added.renderer().legendSymbologyItems()]
    shares = [f"{100 * s:.1f} % {n}" for n, s in zip(names, found.shares)]
    assert legend == shares
    root = QgsProject.instance().layerTreeRoot()
    model = QgsLayerTreeModel(root)
    nodes = model.layerLegendNodes(root.findLayer(added))
    words = [node.data(Qt.ItemDataRole.DisplayRole) for node in nodes]
    assert words[0].startswith("Band 1: best here, if any")
    assert words[1:] == shares
    QgsProject.instance().clear()


def test_a_disk_that_is_full_is_told_and_no_broken_map_is_made(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    values = np.random.default_rng(3).normal(size=(2, 100, 100)).astype(np.float32)
    source = write_raster(tmp_path / "map.tif", values, ("open water", "a forest"))
    _, most = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, most))
    try:
        with pytest.raises(ValueError, match=r"best\.tif cannot be written: "):
            write_best(source, tmp_path / "best.tif")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
