"""Draw, type, press Enter: a layer arrives that looks right and says where it comes from."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsColorRampLegendNode,
    QgsCoordinateReferenceSystem,
    QgsDateTimeRange,
    QgsLayerNotesUtils,
    QgsLayerTreeModel,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QDateTime, QPoint, Qt, QTimer
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from tests.plugin.conftest import NORTH, PIXEL, WEST, Desk, wait_until

BOX = QgsRectangle(WEST + 800, NORTH - 3700, WEST + 3700, NORTH - 800)


def results() -> list[QgsRasterLayer]:
    """The maps in the project, in the order of the layer tree."""
    root = QgsProject.instance().layerTreeRoot()
    layers = [node.layer() for node in root.findLayers()]
    return [layer for layer in layers if layer.customProperty("gluelink/request")]


def ask(desk: Desk, scene: Path, *phrases: str) -> list[QgsRasterLayer]:
    desk.open(scene)
    desk.draw_box(BOX)
    for number, phrase in enumerate(phrases):
        if number:
            desk.press_ctrl_enter()
        desk.type(phrase)
    desk.press_enter()
    desk.wait_for_end()
    assert desk.said == ""
    return results()


def value_at(layer: QgsRasterLayer, band: int, px: float) -> float:
    """The layer's value at the scene's pixel (px, px)."""
    place = QgsPointXY(WEST + px * PIXEL, NORTH - px * PIXEL)
    value, _ = layer.dataProvider().sample(place, band)
    return value


def test_open_water_lights_up_the_lake(desk: Desk, scene_path: Path) -> None:
    (layer,) = ask(desk, scene_path, "open water")
    assert layer.name() == "open water · lake_20240501"
    assert layer.crs().authid() == "EPSG:32632"
    assert value_at(layer, 1, 224) > value_at(layer, 1, 100) + 0.05


def test_the_map_lies_under_the_box_that_was_drawn(desk: Desk, scene_path: Path) -> None:
    (layer,) = ask(desk, scene_path, "open water")
    assert layer.extent().contains(BOX.buffered(-80))
    assert BOX.buffered(120).contains(layer.extent())


def test_every_phrase_is_a_layer_and_one_is_seen_at_a_time(desk: Desk, scene_path: Path) -> None:
    layers = ask(desk, scene_path, "open water", "a forest")
    assert [layer.name().split(" · ")[0] for layer in layers] == ["open water", "a forest"]
    renderers = [layer.renderer() for layer in layers]  # band() until QGIS 3.38
    assert [getattr(one, "inputBand", one.band)() for one in renderers] == [1, 2]
    group = QgsProject.instance().layerTreeRoot().findGroup("Maps of lake_20240501")
    assert [node.layer().id() for node in group.findLayers()] == [layer.id() for layer in layers]
    assert [node.isVisible() for node in group.findLayers()] == [True, False]


def test_bands_are_opened_one_after_another_while_the_window_works(
    desk: Desk, scene_path: Path
) -> None:
    opened: set[int] = set()
    clock = QTimer(timeout=lambda: desk.session.run and opened.add(len(desk.session.run._opened)))
    clock.start(0)
    ask(desk, scene_path, *("open water", "a forest", "a town", "a harbour"))
    clock.stop()
    assert {1, 2, 3} <= opened


def test_a_new_map_is_the_active_layer_and_its_legend_is_in_sight(
    desk: Desk, scene_path: Path
) -> None:
    layers = ask(desk, scene_path, "open water", "a forest")
    assert desk.window.active_layer is layers[0]
    group = QgsProject.instance().layerTreeRoot().findGroup("Maps of lake_20240501")
    assert group.isExpanded()
    assert [node.isExpanded() for node in group.findLayers()] == [True, False]


def test_the_time_that_is_said_is_what_the_user_waited(desk: Desk, scene_path: Path) -> None:
    before = time.monotonic()
    desk.scene.add_file(scene_path)
    desk.type("open water")
    desk.press_enter()  # while the scene is being checked
    after = time.monotonic()
    wait_until(lambda: desk.session.run is not None)
    assert before < desk.session.run.asked_at < after
    desk.session.run.asked_at -= 3600  # as if models had been loaded for an hour
    desk.wait_for_end()
    assert desk.panel.foot.stage.text().startswith("Done in 60 min: 1 map")


def test_a_map_has_the_date_of_its_scene_and_of_no_other_frame(
    desk: Desk, scene_path: Path
) -> None:
    (layer,) = ask(desk, scene_path, "open water")
    temporal = layer.temporalProperties()
    assert temporal.isActive()

    def is_drawn_on(day: str) -> bool:
        begin = QDateTime.fromString(f"{day}T00:00:00Z", Qt.DateFormat.ISODate)
        frame = QgsDateTimeRange(begin, begin.addDays(1), True, False)
        return temporal.isVisibleInTemporalRange(frame)

    days = ("2024-04-30", "2024-05-01", "2024-05-02")
    assert [is_drawn_on(day) for day in days] == [False, True, False]


def test_gibberish_does_not_glow_and_the_map_says_why(desk: Desk, scene_path: Path) -> None:
    nothing, water = ask(desk, scene_path, "qwertz uiop asdf", "open water")
    told = desk.panel.foot.stage.text()
    assert "“qwertz uiop asdf”: nothing like that here" in told
    assert "“open water”: nothing" not in told
    assert "nothing like that here" in QgsLayerNotesUtils.layerNotes(nothing)

    def brightest(layer: QgsRasterLayer) -> QColor:
        items = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
        return items[-1].color

    def legend(layer: QgsRasterLayer) -> str:
        return layer.renderer().shader().rasterShaderFunction().legendSettings().maximumLabel()

    assert brightest(nothing).alpha() < 100 < 200 < brightest(water).alpha()
    assert legend(nothing).endswith("nothing like that")
    assert legend(water).endswith("most alike")


def test_notes_hold_only_what_is_known(desk: Desk, scene_path: Path) -> None:
    (layer,) = ask(desk, scene_path, "open water")
    notes = QgsLayerNotesUtils.layerNotes(layer)
    assert "None" not in notes
    assert notes.count("<b>area</b>") == 1


def test_a_second_answer_joins_the_group_under_a_new_file_name(
    desk: Desk, scene_path: Path
) -> None:
    ask(desk, scene_path, "open water")
    desk.press_enter()
    desk.wait_for_end()
    first, second = results()
    assert first.source() != second.source()
    assert len(QgsProject.instance().layerTreeRoot().findGroups()) == 1


def test_the_legend_is_continuous_from_low_to_high(desk: Desk, scene_path: Path) -> None:
    (layer,) = ask(desk, scene_path, "open water")
    renderer = layer.renderer()
    function = renderer.shader().rasterShaderFunction()
    low, high = renderer.classificationMin(), renderer.classificationMax()
    assert (function.minimumValue(), function.maximumValue()) == (low, high)
    assert function.legendSettings().useContinuousLegend()
    assert low < value_at(layer, 1, 224) <= high
    tree = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())
    nodes = tree.layerLegendNodes(QgsProject.instance().layerTreeRoot().findLayer(layer.id()))
    assert any(isinstance(node, QgsColorRampLegendNode) for node in nodes)


def test_cells_outside_a_polygon_let_the_radar_through(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    desk.click(AreaChoice.POLYGON)
    port = desk.canvas.viewport()
    to_screen = desk.canvas.getCoordinateTransform().transform
    for east, south in ((500, 500), (4000, 500), (500, 4000)):
        place = to_screen(WEST + east, NORTH - south).toQPointF().toPoint()
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseClick(port, Qt.MouseButton.RightButton, pos=QPoint(5, 5))
    desk.type("open water")
    desk.press_enter()
    desk.wait_for_end()
    (layer,) = results()
    assert layer.dataProvider().sourceHasNoDataValue(1)
    assert math.isnan(value_at(layer, 1, 390))
    picture = layer.renderer().block(1, layer.extent(), 40, 40)
    shown = [QColor.fromRgba(picture.color(row, row)).alpha() > 0 for row in (15, 25, 35)]
    assert shown == [True, False, False]  # lake inside; outside


def test_the_layer_says_where_it_comes_from(desk: Desk, scene_path: Path) -> None:
    (layer,) = ask(desk, scene_path, "open water")
    request = json.loads(layer.customProperty("gluelink/request"))
    assert request["phrases"] == ["open water"]
    assert request["encoder"] == "texture-s1"
    metadata = layer.metadata()
    assert metadata.title() == layer.name()
    assert any("texture-s1" in line for line in metadata.history())
    assert "open water" in QgsLayerNotesUtils.layerNotes(layer)


def test_results_lie_beside_a_saved_project(desk: Desk, scene_path: Path, tmp_path: Path) -> None:
    QgsProject.instance().write(str(tmp_path / "work.qgz"))
    (layer,) = ask(desk, scene_path, "open water")
    assert Path(layer.source()).parent == tmp_path / "gluelink"
    assert not list(tmp_path.rglob("*.part"))


def test_results_of_an_unsaved_project_lie_in_the_profile(desk: Desk, scene_path: Path) -> None:
    (layer,) = ask(desk, scene_path, "open water")
    profile = Path(QgsApplication.qgisSettingsDirPath()) / "gluelink" / "results"
    assert Path(layer.source()).parent == profile


def test_the_projects_crs_stays_as_it_was(desk: Desk, scene_path: Path) -> None:
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    ask(desk, scene_path, "open water")
    assert QgsProject.instance().crs().authid() == "EPSG:3857"


def test_the_area_shows_its_cost_before_anything_runs(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    desk.draw_box(BOX)
    wait_until(lambda: desk.area.cost.text().startswith("8."))


def test_results_are_no_scenes(desk: Desk, scene_path: Path) -> None:
    ask(desk, scene_path, "open water")
    combo = desk.scene.layers
    offered = [combo.layer(i).name() for i in range(combo.count()) if combo.layer(i)]
    assert offered == ["lake_20240501"]
