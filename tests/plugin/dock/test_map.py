"""The map section changes how the active map is drawn, and asks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.map import MapSection
from gluelink_plugin.dock.panel import MARGIN
from gluelink_plugin.layers.command import command_of
from gluelink_plugin.layers.view import FIXED, RANK, VIEW, Cells, view_of
from tests.plugin.conftest import Desk, lake_scene, wait_until, write_raster
from tests.plugin.jobs.test_alignment import ask, results
from tests.plugin.test_live import seen


@pytest.fixture
def mapped(desk: Desk, scene_path: Path) -> QgsRasterLayer:
    return ask(desk, scene_path, "open water", "a forest")[0]


def section_of(desk: Desk) -> MapSection:
    section: MapSection = desk.panel.sections["map"]
    return section


def choose(section: MapSection, stretch: str) -> None:
    section.stretch.setCurrentIndex(section.stretch.findData(stretch))
    section.stretch.activated.emit(section.stretch.currentIndex())


def test_it_is_there_while_a_map_is_active(desk: Desk, mapped: QgsRasterLayer) -> None:
    section = section_of(desk)
    assert section.controls.isVisible() and section.layer is mapped
    assert section.minimumSizeHint().width() <= 320 - 2 * MARGIN
    desk.canvas.setCurrentLayer(desk.scene.layers.currentLayer())
    assert not section.controls.isVisible()
    desk.canvas.setCurrentLayer(mapped)
    assert section.controls.isVisible()
    QgsProject.instance().removeMapLayer(mapped.id())
    assert not section.controls.isVisible()


def test_a_press_on_the_histogram_sets_a_threshold_and_says_its_share(
    desk: Desk, mapped: QgsRasterLayer
) -> None:
    section, cells = section_of(desk), Cells(mapped, 1)
    assert section.kept.text().startswith("all shown: 100.0 % of the cells, ")
    bars = section.histogram
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(bars.width() // 2, 20))
    view = view_of(mapped)
    assert view is not None and view.threshold == pytest.approx(sum(cells.ends) / 2, abs=0.01)
    share = 100 * cells.share_from(view.threshold)
    assert section.kept.text().startswith(
        f"from {view.threshold:.2f}: {share:.1f} % of the cells, "
    )
    QTest.keyClick(bars, Qt.Key.Key_Right)
    later = view_of(mapped)
    assert later is not None and later.threshold > view.threshold
    QTest.mouseClick(section.all, Qt.MouseButton.LeftButton)
    assert view_of(mapped).threshold is None


def test_stretches_change_the_colours_and_nothing_is_asked(
    desk: Desk, mapped: QgsRasterLayer
) -> None:
    section, before = section_of(desk), view_of(mapped)
    desk.canvas.setExtent(mapped.extent().scaled(0.2))
    choose(section, VIEW)
    seen = view_of(mapped)
    assert before.low < seen.low <= seen.high <= before.high
    choose(section, RANK)
    legend = mapped.renderer().shader().rasterShaderFunction().legendSettings()
    assert legend.maximumLabel().endswith("100 % of them do")
    choose(section, FIXED)
    assert section.low.isVisible()
    section.low.setValue(0.1)
    section.low.editingFinished.emit()
    assert view_of(mapped).low == pytest.approx(0.1)
    assert desk.session.run is None and len(results()) == 2


def test_what_is_set_is_there_again_with_its_layer(desk: Desk, mapped: QgsRasterLayer) -> None:
    section = section_of(desk)
    section.gamma.setValue(1.2)
    section.opacity.setValue(40)
    section.smooth.setChecked(True)
    desk.canvas.setCurrentLayer(results()[1])
    assert section.gamma.value() == 2.5 and not section.smooth.isChecked()
    desk.canvas.setCurrentLayer(mapped)
    assert (section.gamma.value(), section.opacity.value()) == (1.2, 40)
    assert section.smooth.isChecked() and mapped.renderer().opacity() == 0.4


def test_the_best_phrase_becomes_a_layer_of_its_own(desk: Desk, mapped: QgsRasterLayer) -> None:
    section = section_of(desk)
    QTest.mouseClick(section.best, Qt.MouseButton.LeftButton)
    made = []
    desk.session.map_added.connect(made.append)
    wait_until(lambda: made)
    (best,) = made
    assert seen() == [best.name()]
    assert best not in [desk.scene.layers.layer(i) for i in range(desk.scene.layers.count())]
    assert best.name() == "best of 2 phrases · lake_20240501"
    value, known = best.dataProvider().sample(best.extent().center(), 1)
    assert known and value == 1  # the lake
    assert desk.window.active_layer is best and not section.controls.isVisible()


def test_no_best_phrase_is_left_of_a_map_that_is_removed_or_of_a_cancelled_task(
    desk: Desk, mapped: QgsRasterLayer
) -> None:
    section, folder = section_of(desk), Path(mapped.source()).parent
    before = set(folder.iterdir())
    section.best.click()
    QgsProject.instance().removeMapLayer(mapped.id())
    wait_until(lambda: section._task is None)
    assert section.best.isEnabled() and desk.said == ""
    desk.canvas.setCurrentLayer(results()[0])
    section.best.click()
    section._task.cancel()
    wait_until(lambda: section._task is None)
    assert section.best.isEnabled() and desk.said == ""
    assert set(folder.iterdir()) == before


def test_a_rank_among_words_is_asked_and_has_per_cent_in_its_legend(
    desk: Desk, mapped: QgsRasterLayer
) -> None:
    section = section_of(desk)
    section.among.click()
    desk.wait_for_end()
    assert desk.said == ""
    layer = results()[0]
    assert layer.name() == "open water among words · lake_20240501"
    assert section.layer is layer and not section.among.isVisible()
    legend = layer.renderer().shader().rasterShaderFunction().legendSettings()
    assert legend.minimumLabel() == "50 % or fewer"
    assert legend.maximumLabel() == "100 % of words fit worse"
    assert all(0 <= value <= 1 for value in Cells(layer, 1).ends)
    bars = section.histogram
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(bars.width() // 2, 20))
    assert section.kept.text().split(":")[0].endswith(" %")
    choose(section, FIXED)
    assert (section.low.text(), section.high.text()) == ("50.0 %", "100.0 %")
    section.low.setValue(75)
    section.low.editingFinished.emit()
    assert view_of(layer).low == 0.75
    places = desk.panel.sections["places"]
    wait_until(lambda: places.places)
    best = 100 * places.places[0].score
    assert places.list.item(0).text().startswith(f"1 · score {best:.1f} %\n")

    run = desk.panel.sections["runs"].runs[0]
    assert run.labels == ["open water among words", "a forest among words"]
    assert "--measure rank" in command_of(run.recipe)[0]
    assert not desk.ask.ranks.isVisible()
    desk.panel.sections["runs"].buttons["Change…"].click()
    assert desk.ask.ranks.isVisible() and desk.ask.ranks.isChecked()
    desk.type("a town")
    desk.press_enter()
    desk.wait_for_end()
    assert results()[0].name() == "open water among words · lake_20240501"
    assert "a town among words · lake_20240501" in [each.name() for each in results()]
    QgsProject.instance().clear()
    assert not desk.ask.ranks.isChecked() and not desk.ask.ranks.isVisible()


def test_maps_of_one_phrase_share_a_scale_for_the_temporal_controller(
    desk: Desk, mapped: QgsRasterLayer, tmp_path: Path
) -> None:
    section = section_of(desk)
    assert not section.alike.isVisible()
    later = lake_scene(448) + 2
    (second,) = (
        layer
        for layer in ask(desk, write_raster(tmp_path / "lake_20240601.tif", later), "open water")
        if layer.name() == "open water · lake_20240601"
    )
    other = view_of(results()[-1])
    assert section.layer is second and section.alike.isVisible()
    lows, highs = zip(*((view_of(each).low, view_of(each).high) for each in (mapped, second)))
    section.gamma.setValue(1.5)
    section.alike.click()
    for layer in (mapped, second):
        view = view_of(layer)
        assert (view.low, view.high, view.gamma) == (
            pytest.approx(min(lows), abs=1e-3),
            pytest.approx(max(highs), abs=1e-3),
            1.5,
        )
        assert view.stretch == FIXED and layer.temporalProperties().isActive()
    assert view_of(results()[-1]) == other  # of another phrase
