"""A job can be stopped from the panel and from QGIS's task manager, within a second."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject, QgsTask
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from tests.plugin.conftest import Desk, wait_until


@pytest.fixture
def busy(desk: Desk, large_scene_path: Path) -> Desk:
    """A desk whose job is encoding windows."""
    desk.open(large_scene_path)
    desk.click(AreaChoice.SCENE)
    desk.type("open water")
    desk.press_enter()
    wait_until(lambda: desk.session.run.job and desk.session.run.job.done > 0)
    return desk


def job_task() -> QgsTask:
    (task,) = (
        t for t in QgsApplication.taskManager().activeTasks() if "open water" in t.description()
    )
    return task


def assert_stopped(desk: Desk) -> None:
    desk.wait_for_end()
    assert desk.said == ""
    assert not desk.panel.foot.cancel.isVisible()
    assert desk.ask.run.isEnabled()
    assert [layer.name() for layer in QgsProject.instance().mapLayers().values()] == [
        "large_20240501"
    ]


def test_the_panels_button_stops_the_job(busy: Desk) -> None:
    QTest.mouseClick(busy.panel.foot.cancel, Qt.MouseButton.LeftButton)
    assert busy.panel.foot.stage.text() == "Cancelling…"
    assert_stopped(busy)


def test_the_task_managers_cross_stops_the_job(busy: Desk) -> None:
    job_task().cancel()
    assert_stopped(busy)


def test_removing_the_scenes_layer_stops_the_job(busy: Desk) -> None:
    QgsProject.instance().removeMapLayer(busy.session.source.layer_id)
    busy.wait_for_end()
    assert busy.session.scene is None


def test_the_foot_and_the_task_tell_the_same(busy: Desk) -> None:
    foot = busy.panel.foot
    wait_until(lambda: "left" in foot.stage.text())
    job = busy.session.run.job
    assert f"{job.done} of {job.total}" in foot.stage.text()
    assert foot.bar.value() == 1000 * job.done // job.total
    wait_until(lambda: job_task().progress() > 0)
    assert not busy.ask.run.isEnabled()


def test_a_job_that_was_stopped_can_be_asked_again(busy: Desk) -> None:
    busy.session.cancel()
    busy.wait_for_end()
    busy.press_enter()
    wait_until(lambda: busy.session.run and busy.session.run.job and busy.session.run.job.done > 0)


def test_another_scene_chosen_meanwhile_does_not_take_the_map(busy: Desk, scene_path: Path) -> None:
    name = busy.session.scene.name
    busy.scene.add_file(scene_path)
    wait_until(lambda: busy.session.scene and busy.session.scene.name != name)
    assert busy.session.run is not None
    assert name in job_task().description()


def test_a_question_waits_for_the_scenes_check(desk: Desk, scene_path: Path) -> None:
    desk.scene.add_file(scene_path)
    assert desk.session.checking
    desk.click(AreaChoice.SCENE)
    desk.type("open water")
    desk.press_enter()
    assert desk.session.run is None
    assert "Waiting" in desk.panel.foot.stage.text()
    wait_until(lambda: desk.session.run is not None)
    desk.wait_for_end()
    assert desk.said == ""
