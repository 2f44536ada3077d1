"""The map follows the typing over an area that is encoded, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.layers.result import LIVE_PROPERTY
from gluelink_plugin.live import PAUSE_MS, LiveRun
from tests.plugin.conftest import Desk, lake_scene, wait_until, write_raster
from tests.plugin.jobs.test_alignment import ask, results


def live_layers() -> list[QgsRasterLayer]:
    layers = QgsProject.instance().mapLayers().values()
    return [layer for layer in layers if layer.customProperty(LIVE_PROPERTY)]


def seen() -> list[str]:
    """The names of the maps that are seen."""
    group = QgsProject.instance().layerTreeRoot().findGroups()[0]
    return [node.name() for node in group.findLayers() if node.isVisible()]


@pytest.fixture
def encoded(desk: Desk, scene_path: Path) -> Desk:
    """A desk whose area is encoded: a phrase has been asked."""
    ask(desk, scene_path, "open water")
    desk.ask.box.edit.clear()
    wait_until(lambda: desk.ask.live.can_follow)
    return desk


def test_the_map_follows_the_typing_and_becomes_a_runs_layer(encoded: Desk) -> None:
    encoded.type("a forest")
    wait_until(live_layers)
    (layer,) = live_layers()
    assert seen() == ["a forest (live)"]
    first = layer.source()
    section = encoded.panel.sections["map"]
    encoded.canvas.setCurrentLayer(layer)
    before = section.histogram._bars
    QTest.keyClicks(encoded.ask.box.edit, " but not a town")
    wait_until(lambda: layer.name() == "a forest but not a town (live)")
    assert layer.source() != first and not Path(first).exists()
    assert section.layer is layer and section.histogram._bars != before
    encoded.press_enter()
    encoded.wait_for_end()
    assert live_layers() == []
    assert seen() == ["a forest but not a town · lake_20240501"]
    QTest.qWait(2 * PAUSE_MS)
    assert live_layers() == []  # what the run shows is not shown once more


def test_one_question_is_under_way_and_stale_answers_are_dropped(
    encoded: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    under_way: list[LiveRun] = []
    shown: list[str] = []
    most = 0
    start, drop = LiveRun.start, LiveRun.drop

    def counted(run: LiveRun) -> None:
        nonlocal most
        asked.append(run.asked.phrases[0])
        under_way.append(run)
        most = max(most, len(under_way))
        start(run)

    def dropped(run: LiveRun) -> None:
        under_way.remove(run)
        assert run.job is None or run.job.over
        drop(run)

    monkeypatch.setattr(LiveRun, "start", counted)
    monkeypatch.setattr(LiveRun, "drop", dropped)
    encoded.ask.live.shown.connect(lambda layer: shown.append(layer.name()))
    for text in ("a riv", "a river", "a road", "a rail", "a railway"):
        encoded.ask.box.edit.setText(text)
        wait_until(lambda: under_way)
    wait_until(lambda: shown and shown[-1] == "a railway (live)")
    assert most == 1
    assert len(shown) < len(asked)
    assert set(shown) <= {f"{text} (live)" for text in asked}


def test_nothing_is_asked_where_something_would_have_to_be_encoded(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(write_raster(tmp_path / "other_20240501.tif", lake_scene(256)))
    desk.click(AreaChoice.SCENE)
    wait_until(lambda: desk.session.estimate)
    desk.type("a forest")
    QTest.qWait(3 * PAUSE_MS)
    assert live_layers() == [] and desk.session.estimate.lacking > 0
    assert desk.ask.live.words == "follows the typing where all is encoded"


def test_an_empty_line_brings_back_the_map_that_was_seen(encoded: Desk) -> None:
    encoded.type("a forest")
    wait_until(live_layers)
    encoded.ask.box.edit.clear()
    assert live_layers() == [] and seen() == ["open water · lake_20240501"]


def test_it_leaves_no_empty_group(encoded: Desk) -> None:
    for layer in results():
        QgsProject.instance().removeMapLayer(layer)
    encoded.type("a town")
    wait_until(live_layers)
    encoded.ask.box.edit.clear()
    assert QgsProject.instance().layerTreeRoot().findGroups() == []


def test_a_switch_turns_it_off(encoded: Desk) -> None:
    encoded.type("a forest")
    wait_until(live_layers)
    encoded.ask.follows.setChecked(False)
    assert live_layers() == []
    encoded.type("a town")
    QTest.qWait(2 * PAUSE_MS)
    assert live_layers() == []
    encoded.ask.follows.setChecked(True)
    wait_until(live_layers)


def test_another_area_takes_the_live_map_away(encoded: Desk) -> None:
    encoded.type("a forest")
    wait_until(live_layers)
    encoded.click(AreaChoice.SCENE)
    assert live_layers() == []
    encoded.ask.box.edit.clear()


def test_another_head_takes_it_away_and_the_first_brings_it_back(encoded: Desk) -> None:
    encoded.type("a forest")
    wait_until(live_layers)
    encoder, head = encoded.session.pair
    encoded.session.set_pair(encoder, "another")
    assert live_layers() == []
    encoded.session.set_pair(encoder, head)
    wait_until(live_layers)
    encoded.ask.box.edit.clear()


def test_what_is_typed_while_a_run_is_under_way_is_followed_after_it(encoded: Desk) -> None:
    encoded.type("a forest")
    encoded.press_enter()
    encoded.ask.box.edit.setText("a town")
    encoded.wait_for_end()
    wait_until(lambda: [layer.name() for layer in live_layers()] == ["a town (live)"])
    encoded.ask.box.edit.clear()


def test_a_live_layer_is_no_scene_and_is_not_saved(encoded: Desk, tmp_path: Path) -> None:
    encoded.type("a forest")
    wait_until(live_layers)
    combo = encoded.scene.layers
    offered = [combo.layer(i).name() for i in range(combo.count()) if combo.layer(i)]
    assert offered == ["lake_20240501"]
    QgsProject.instance().write(str(tmp_path / "work.qgz"))
    assert live_layers() == [] and len(results()) == 1
