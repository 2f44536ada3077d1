"""The first section says on what the backend runs."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QPushButton

from gluelink_plugin.client.backend import State
from gluelink_plugin.client.protocol import Device
from gluelink_plugin.dock.status import device_words
from tests.plugin.conftest import Desk
from tests.plugin.jobs.test_kinds import CountRequest, CountRun
from tests.plugin.scripted import ScriptedBackend

GIB = 2**30


def test_the_title_names_device_and_memory_in_use() -> None:
    gpu = Device("cuda", "NVIDIA A100", 80 * GIB, 68 * GIB)
    assert device_words(gpu) == "NVIDIA A100, 12 of 80 GB"
    assert device_words(Device("cpu", "a processor", GIB, GIB)) == "CPU"


def test_a_stop_asks_before_it_ends_a_run(new_desk: Desk, scripted: ScriptedBackend) -> None:
    new_desk.connect(scripted.address)
    session = new_desk.session
    session.start(lambda: CountRun(session.backend.api, CountRequest("abc")))
    QTest.mouseClick(new_desk.status.button, Qt.MouseButton.LeftButton)
    assert session.busy and session.backend.state is State.READY
    assert new_desk.said == "“ships” is still running, and would end with the backend."
    (button,) = new_desk.panel.message.findChildren(QPushButton)
    assert button.text() == "Stop anyway"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not session.busy and session.backend.state is State.STOPPED
    assert new_desk.said == ""
    assert new_desk.panel.foot.stage.text() == "“ships” was stopped."


def test_a_stop_is_not_asked_for_twice(new_desk: Desk, scripted: ScriptedBackend) -> None:
    new_desk.connect(scripted.address)
    session = new_desk.session
    session.start(lambda: CountRun(session.backend.api, CountRequest("abc")))
    for _ in range(2):
        QTest.mouseClick(new_desk.status.button, Qt.MouseButton.LeftButton)
    assert session.backend.state is State.STOPPED and new_desk.said == ""
