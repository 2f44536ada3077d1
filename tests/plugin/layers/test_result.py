"""Maps lie in the group of their scene, beside their project, and say what is known of them."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import QgsApplication, QgsLayerTreeModel, QgsProject, QgsRasterLayer
from qgis.gui import QgsLayerTreeView

from gluelink_plugin.layers.result import (
    REQUEST_PROPERTY,
    SOURCE_PROPERTY,
    add_layers,
    gather_results,
    new_result_path,
    provenance_lines,
    scale_of,
)
from gluelink_plugin.layers.scene import SceneSource, open_raster
from tests.plugin.conftest import lake_scene, write_raster


def a_map(path: Path, name: str = "open water") -> QgsRasterLayer:
    layer = open_raster(write_raster(path, lake_scene(32)), name)
    layer.setCustomProperty(REQUEST_PROPERTY, "{}")
    return layer


def test_maps_of_two_scenes_of_one_name_are_seen_together(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    for place in ("brazil", "chile"):
        scene = SceneSource(str(tmp_path / place / "s1.tif"), "s1")
        add_layers([a_map(tmp_path / f"{place}.tif")], scene)
        add_layers([a_map(tmp_path / f"{place}_again.tif")], scene)
    groups = QgsProject.instance().layerTreeRoot().findGroups()
    assert {group.name() for group in groups} == {"Maps of s1", "Maps of s1 (chile)"}
    assert [len(group.findLayers()) for group in groups] == [2, 2]
    assert [group.findLayers()[0].isVisible() for group in groups] == [True, True]
    QgsProject.instance().clear()


def test_maps_with_example_cells_compare_within_one_scene(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    scales = {}
    for like in ([], [[11.5, 48.1]]):
        for scene in ("/may.tif", "/june.tif"):
            layer = a_map(tmp_path / f"{len(scales)}.tif")
            request = {"phrases": ["open water"], "encoder": "texture-s1", "like": like}
            layer.setCustomProperty(REQUEST_PROPERTY, json.dumps(request))
            layer.setCustomProperty(SOURCE_PROPERTY, scene)
            scales[bool(like), scene] = scale_of(layer, 1)
    assert scales[False, "/may.tif"] == scales[False, "/june.tif"]
    assert scales[True, "/may.tif"] != scales[True, "/june.tif"]


def test_the_first_map_of_a_scene_is_unfolded(qgis_app: QgsApplication, tmp_path: Path) -> None:
    root = QgsProject.instance().layerTreeRoot()
    view = QgsLayerTreeView()
    model = QgsLayerTreeModel(root)
    view.setModel(model)
    add_layers([a_map(tmp_path / "map.tif")], SceneSource("/s1.tif", "s1"))
    (group,) = root.findGroups()
    assert view.isExpanded(view.node2index(group))
    QgsProject.instance().clear()


def test_maps_of_a_project_move_beside_it_once_it_is_saved(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    project = QgsProject.instance()
    path = new_result_path("s1", ["open water"])
    first = a_map(path)
    second = open_raster(path, "a forest")
    second.setCustomProperty(REQUEST_PROPERTY, "{}")
    add_layers([first, second], SceneSource("/s1.tif", "s1"))
    project.setFileName(str(tmp_path / "work.qgz"))
    assert gather_results() == []
    assert not path.exists()
    for layer in (first, second):
        assert layer.isValid() and layer.customProperty(REQUEST_PROPERTY)
        assert Path(layer.source()) == tmp_path / "gluelink" / path.name
    assert gather_results() == []
    assert len(list((tmp_path / "gluelink").iterdir())) == 1
    project.clear()


def test_a_new_map_inherits_no_statistics_of_an_earlier_one(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    QgsProject.instance().setFileName(str(tmp_path / "work.qgz"))
    path = new_result_path("s1", ["open water"])
    stale = path.with_name(f"{path.name}.aux.xml")
    stale.write_text("<PAMDataset/>")
    assert new_result_path("s1", ["open water"]).parent == path.parent
    path = new_result_path("s1", ["open water"])
    assert not path.with_name(f"{path.name}.aux.xml").exists()
    QgsProject.instance().clear()


def test_what_is_not_known_is_no_line() -> None:
    provenance = {"area": {"type": "Polygon"}, "scene": {"date": None, "area": 3, "files": []}}
    assert provenance_lines(provenance) == [("scene.area", "3")]
