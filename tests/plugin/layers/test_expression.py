"""`sar_score` gives the value of a phrase's map at a point, and its mean in a polygon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDataProvider,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)

from gluelink_plugin.layers.expression import NAME, ScoreFunction
from gluelink_plugin.layers.result import REQUEST_PROPERTY
from gluelink_plugin.layers.scene import open_raster
from gluelink_plugin.layers.view import MapView, show_view
from tests.plugin.conftest import NORTH, PIXEL, WEST, write_raster

VALUES = np.arange(100, dtype=np.float32).reshape(10, 10) / 100
Evaluate = Callable[..., tuple[object, str]]


@pytest.fixture
def evaluate(qgis_app, tmp_path: Path) -> Iterator[Evaluate]:
    """Evaluates an expression over a geometry, beside a map of two phrases."""
    function = ScoreFunction()
    function.register()
    with_hole = VALUES.copy()
    with_hole[0, 0] = np.nan
    bands = np.stack([with_hole, 1 - VALUES])
    path = write_raster(tmp_path / "map.tif", bands, ("open water", "a forest"))
    for band, phrase in ((1, "open water"), (2, "a forest")):
        layer = open_raster(path, f"{phrase} · lake")
        show_view(layer, MapView(band, 0, 1))
        layer.setCustomProperty(REQUEST_PROPERTY, json.dumps({"kind": "alignment"}))
        QgsProject.instance().addMapLayer(layer)

    def value(phrase: str, geometry: object, crs: str = "") -> tuple[object, str]:
        context, scope = QgsExpressionContext(), QgsExpressionContextScope()
        scope.setVariable("place", geometry)
        scope.setVariable("layer_crs", crs)
        context.appendScope(scope)
        expression = QgsExpression(f"{NAME}('{phrase}', @place)")
        return expression.evaluate(context), expression.evalErrorString()

    yield value
    QgsProject.instance().clear()
    function.unregister()


def cell(row: float, col: float) -> QgsPointXY:
    return QgsPointXY(WEST + (col + 0.5) * PIXEL, NORTH - (row + 0.5) * PIXEL)


def box(top: float, left: float, bottom: float, right: float) -> QgsGeometry:
    """A box between the corners of cells."""
    return QgsGeometry.fromRect(
        QgsRectangle(cell(top - 0.5, left - 0.5), cell(bottom - 0.5, right - 0.5))
    )


def test_a_point_has_the_value_of_its_cell_and_phrase(evaluate: Evaluate) -> None:
    place = QgsGeometry.fromPointXY(cell(3, 4))
    assert evaluate("open water", place)[0] == pytest.approx(0.34)
    assert evaluate("a forest", place)[0] == pytest.approx(0.66)
    assert evaluate("a forest · lake", place)[0] == pytest.approx(0.66)


def test_a_polygon_has_the_mean_of_the_cells_in_it(evaluate: Evaluate) -> None:
    assert evaluate("open water", box(2, 2, 5, 6))[0] == pytest.approx(VALUES[2:5, 2:6].mean())
    ring = box(2, 2, 7, 7).difference(box(3, 3, 6, 6))
    expected = np.delete(VALUES[2:7, 2:7].ravel(), [6, 7, 8, 11, 12, 13, 16, 17, 18]).mean()
    assert evaluate("open water", ring)[0] == pytest.approx(expected)
    both = QgsGeometry.unaryUnion([box(0, 0, 1, 2), box(8, 8, 9, 9)])
    assert evaluate("open water", both)[0] == pytest.approx((0.01 + 0.88) / 2)  # no data is none
    small = QgsGeometry.fromPointXY(cell(5.2, 5.2)).buffer(1, 4)
    assert evaluate("open water", small)[0] == pytest.approx(0.55)


def test_a_geometry_of_another_crs_is_moved(evaluate: Evaluate) -> None:
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    utm = QgsCoordinateReferenceSystem("EPSG:32632")
    place = QgsGeometry.fromPointXY(cell(3, 4))
    place.transform(QgsCoordinateTransform(utm, degrees, QgsProject.instance()))
    assert evaluate("open water", place, "EPSG:4326")[0] == pytest.approx(0.34)


def test_places_without_a_value_have_none(evaluate: Evaluate) -> None:
    for place in (cell(0, 0), cell(-5, 3), cell(3, 400)):
        assert evaluate("open water", QgsGeometry.fromPointXY(place)) == (None, "")


def test_what_cannot_be_answered_is_a_sentence(evaluate: Evaluate) -> None:
    place = QgsGeometry.fromPointXY(cell(3, 4))
    assert "No map of the project is of “a harbour”" in evaluate("a harbour", place)[1]
    assert "needs a geometry" in evaluate("open water", "here")[1]
    assert evaluate("open water", None) == (None, "")  # as QGIS's own functions
    line = QgsGeometry.fromPolylineXY([cell(1, 1), cell(5, 5)])
    assert "points and polygons" in evaluate("open water", line)[1]
    QgsProject.instance().clear()
    assert "Ask for it first" in evaluate("open water", place)[1]


def test_a_map_that_is_renamed_or_moved_with_its_project_is_found(
    evaluate: Evaluate, tmp_path: Path
) -> None:
    place, project = QgsGeometry.fromPointXY(cell(3, 4)), QgsProject.instance()
    (layer,) = project.mapLayersByName("a forest · lake")
    layer.setName("woods")
    assert evaluate("woods", place)[0] == pytest.approx(0.66)
    moved = Path(layer.source()).rename(tmp_path / "moved.tif")
    for each in project.mapLayers().values():
        options = QgsDataProvider.ProviderOptions()
        each.setDataSource(str(moved), each.name(), "gdal", options)
    project.write(str(tmp_path / "work.qgz"))
    assert evaluate("woods", place) == (pytest.approx(0.66), "")
