"""An area comes from a layer, a map or a scene, and keeps its CRS."""

from __future__ import annotations

import json

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint

from gluelink_plugin.client.codec import decode
from gluelink_plugin.client.protocol import SceneInfo
from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.layers.scene import bounds_of
from gluelink_plugin.maptools.area import geometry_of
from tests.plugin.conftest import ROOT, Desk, wait_until

RING = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
HOLE = [[1, 1], [1.5, 1], [1.5, 1.5], [1, 1]]
ISLE = [[5, 5, 12.0], [6, 5, 12.0], [6, 6, 12.0], [5, 5, 12.0]]


def test_a_layers_polygons_or_those_selected_are_the_area(map_desk: Desk) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632", "fields", "memory")
    boxes = [QgsRectangle(0, 0, 100, 100), QgsRectangle(500, 500, 520, 520)]
    features = []
    for box in boxes:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromRect(box))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(layer)
    map_desk.click(AreaChoice.LAYER)
    assert map_desk.session.area.geometry.area() == pytest.approx(10_400)
    layer.selectByIds([2])
    wait_until(lambda: map_desk.session.area.geometry.area() < 10_000)
    assert map_desk.session.area.geometry.area() == pytest.approx(400)
    QgsProject.instance().removeMapLayer(layer.id())
    wait_until(lambda: map_desk.said)
    assert map_desk.said.startswith("The project has no polygon layer.")
    map_desk.click(AreaChoice.VIEW)


def test_a_map_without_a_code_sends_its_whole_crs(map_desk: Desk) -> None:
    crs = QgsCoordinateReferenceSystem.fromProj("+proj=laea +lat_0=48 +lon_0=10 +datum=WGS84")
    map_desk.canvas.setDestinationCrs(crs)
    map_desk.click(AreaChoice.BOX)
    map_desk.drag(QPoint(100, 100), QPoint(300, 250))
    assert "Lambert Azimuthal Equal Area" in map_desk.session.area.crs_name()


@pytest.mark.parametrize(
    ("bounds", "width"), [([10, 48, 11, 49], 1), ([179.5, -17, -179.5, -16], 1)]
)
def test_a_scene_lies_on_one_side_of_the_globe(bounds: list[float], width: float) -> None:
    exchanges = ROOT / "tests" / "protocol" / "exchanges.json"
    replies = json.loads(exchanges.read_text(encoding="utf-8"))
    recorded = next(each["reply"] for each in replies if each["message"] == "SceneInfo")
    assert bounds_of(decode(SceneInfo, {**recorded, "bounds": bounds})).width() == width


@pytest.mark.parametrize(
    ("footprint", "area"),
    [
        ({"type": "Polygon", "coordinates": [RING, HOLE]}, 4 - 0.125),
        ({"type": "MultiPolygon", "coordinates": [[RING, HOLE], [ISLE]]}, 4 - 0.125 + 0.5),
        ({"type": "Point", "coordinates": [1, 1]}, 0),
        ({}, 0),
    ],
)
def test_a_footprint_is_drawn_as_far_as_there_is_one(footprint: dict, area: float) -> None:
    assert max(0, geometry_of(footprint).area()) == pytest.approx(area)
