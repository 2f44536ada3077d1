"""What goes wrong is said in one sentence, in the panel, with a button that remedies it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsNetworkAccessManager,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QPoint, QProcess, Qt, QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QPushButton

from gluelink_plugin.client import backend
from gluelink_plugin.client.backend import State
from gluelink_plugin.client.job import NO_ANSWER
from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.jobs.alignment import AlignmentRun
from gluelink_plugin.question import Question
from tests.plugin.conftest import Desk, lake_scene, wait_until, write_raster
from tests.protocol.server import TOKEN, Server, start_server


def buttons(desk: Desk) -> list[str]:
    """The words on the buttons of the message."""
    return [
        each.text() for each in desk.panel.message.findChildren(QPushButton) if each.isVisible()
    ]


def press(desk: Desk, words: str) -> None:
    (button,) = (b for b in desk.panel.message.findChildren(QPushButton) if b.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@contextmanager
def stranger(status: int, body: bytes) -> Iterator[str]:
    """A server that answers everything with the same page, as a proxy would."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_backend_that_is_not_installed_is_told_with_its_commands(
    new_desk: Desk, tmp_path: Path
) -> None:
    backend = new_desk.session.backend
    backend.configure(replace(backend.settings, folder=str(tmp_path / "gluelink")))
    status = new_desk.status
    assert backend.state is State.MISSING
    assert status.state.text() == "The backend is not installed"
    QTest.mouseClick(status.copy_commands, Qt.MouseButton.LeftButton)
    first, second = QgsApplication.clipboard().text().splitlines()
    assert first.startswith("git clone https://") and first.endswith(f'"{tmp_path / "gluelink"}"')
    assert second == f'make -C "{tmp_path / "gluelink"}" setup'


def test_asking_without_a_backend_offers_to_start_it(new_desk: Desk, scene_path: Path) -> None:
    new_desk.scene.add_file(scene_path)
    new_desk.type("open water")
    new_desk.press_enter()
    assert new_desk.said.startswith("The backend is not running.")
    press(new_desk, "Start the backend")
    wait_until(lambda: new_desk.session.backend.state is State.READY)
    assert new_desk.said == ""
    wait_until(lambda: new_desk.session.scene is not None)


def test_asking_without_an_installation_offers_its_commands(
    new_desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    backend = new_desk.session.backend
    backend.configure(replace(backend.settings, folder=str(tmp_path)))
    new_desk.scene.add_file(scene_path)
    new_desk.type("open water")
    new_desk.press_enter()
    assert new_desk.said.startswith("The backend is not installed.")
    assert buttons(new_desk) == ["Copy the commands", "Look again"]
    press(new_desk, "Copy the commands")
    assert len(QgsApplication.clipboard().text().splitlines()) == 2
    press(new_desk, "Look again")
    assert new_desk.said.startswith("The backend is not installed.")


def test_what_was_said_of_another_backend_goes_with_it(new_desk: Desk) -> None:
    new_desk.connect("http://127.0.0.1:9")
    assert new_desk.said
    backend = new_desk.session.backend
    backend.configure(replace(backend.settings, address="http://127.0.0.1:10"))
    assert new_desk.said == ""


def test_a_name_that_no_computer_has(new_desk: Desk) -> None:
    new_desk.connect("http://gluelink.invalid:8000")
    assert new_desk.said.startswith("No computer of the name gluelink.invalid can be found.")
    assert "Settings…" in buttons(new_desk)


def test_a_start_while_it_is_still_stopping_is_not_lost(new_desk: Desk) -> None:
    new_desk.start_backend()
    new_desk.session.backend.stop()
    assert new_desk.status.state.text() == "Stopped"
    QTest.mouseClick(new_desk.status.button, Qt.MouseButton.LeftButton)
    assert new_desk.status.state.text() == "Starting…"
    wait_until(lambda: new_desk.session.backend.state is State.READY)
    assert new_desk.said == ""


def test_a_python_that_cannot_run_the_backend_is_told(new_desk: Desk) -> None:
    backend = new_desk.session.backend
    backend.configure(replace(backend.settings, python="/bin/false"))
    backend.start()
    wait_until(lambda: new_desk.said)
    assert new_desk.said.startswith("The backend ended by itself with exit code 1")
    assert buttons(new_desk) == ["Start the backend", "Show log"]
    press(new_desk, "Show log")
    assert new_desk.window.log_openings


def test_nobody_at_the_address(new_desk: Desk) -> None:
    new_desk.connect("http://127.0.0.1:9")
    assert new_desk.said == "The backend does not answer at 127.0.0.1:9."
    assert new_desk.status.state.text() == "Not connected"
    assert buttons(new_desk)[0] == new_desk.status.button.text() == "Connect"


def test_a_wrong_token(new_desk: Desk, server: Server) -> None:
    new_desk.connect(server.address, "wrong")
    assert "token" in new_desk.said
    assert buttons(new_desk) == ["Settings…"]


def test_a_backend_that_runs_already_is_used_and_left_alone(
    new_desk: Desk, server: Server, scene_path: Path
) -> None:
    new_desk.connect(server.address, TOKEN)
    new_desk.open(scene_path)
    assert new_desk.session.scene is not None
    QTest.mouseClick(new_desk.status.button, Qt.MouseButton.LeftButton)
    assert new_desk.session.backend.state is State.STOPPED
    assert server.process.poll() is None


@pytest.fixture
def asked_elsewhere(
    new_desk: Desk, middling_scene_path: Path, tmp_path: Path
) -> Iterator[tuple[Desk, Server]]:
    """A desk with a running job on a backend of somebody else."""
    server = start_server(tmp_path)
    new_desk.connect(server.address, TOKEN)
    new_desk.open(middling_scene_path)
    new_desk.click(AreaChoice.SCENE)
    new_desk.type("open water")
    new_desk.press_enter()
    wait_until(lambda: new_desk.session.run and new_desk.session.run.job)
    yield new_desk, server
    server.process.kill()
    server.process.wait(20)


def test_a_backend_elsewhere_that_goes_away_in_the_middle(
    asked_elsewhere: tuple[Desk, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, server = asked_elsewhere
    monkeypatch.setattr(backend, "MISSES_WHILE_AT_WORK", 4)
    server.process.kill()
    wait_until(lambda: desk.panel.foot.stage.text() == NO_ANSWER)
    assert desk.session.busy
    wait_until(lambda: desk.session.backend.state is State.STOPPED)
    assert desk.said.startswith(f"The backend does not answer at 127.0.0.1:{server.port}.")
    assert not desk.session.busy


def test_a_job_outlasts_a_restart_of_a_backend_elsewhere(
    asked_elsewhere: tuple[Desk, Server], tmp_path: Path
) -> None:
    desk, server = asked_elsewhere
    server.process.kill()
    server.process.wait(20)
    wait_until(lambda: desk.panel.foot.stage.text() == NO_ANSWER)
    again = start_server(tmp_path, "--port", str(server.port))
    try:
        desk.wait_for_end()
        wait_until(lambda: desk.said == "")  # what the area costs is asked anew, too
        assert any(
            "open water" in each.name() for each in QgsProject.instance().mapLayers().values()
        )
    finally:
        assert again.stop() == 0


@pytest.mark.parametrize(
    ("status", "body"),
    [(502, b"<html>Bad gateway</html>"), (200, b"<html>Welcome</html>"), (200, b'{"a": 1}')],
)
def test_a_proxy_that_answers_in_the_backends_place(
    new_desk: Desk, status: int, body: bytes
) -> None:
    with stranger(status, body) as address:
        new_desk.connect(address)
        assert new_desk.said.startswith("Something other than GLUE-Link answers at 127.0.0.1:")
        assert "proxy" in new_desk.said


def test_a_proxy_between_qgis_and_the_backend(new_desk: Desk, server: Server) -> None:
    network = QgsNetworkAccessManager.instance()
    usual, excludes = network.fallbackProxy(), network.excludeList()
    with stranger(502, b"<html>Bad gateway</html>") as address:
        proxy = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "127.0.0.1", QUrl(address).port())
        network.setFallbackProxyAndExcludes(proxy, [], [])
        try:
            new_desk.connect(server.address, TOKEN)
        finally:
            network.setFallbackProxyAndExcludes(usual, excludes, [])
    assert new_desk.said.startswith("Something other than GLUE-Link answers at 127.0.0.1:")
    assert f"exclude 127.0.0.1:{server.port} from it" in new_desk.said


def test_a_scene_without_vh(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_raster(tmp_path / "single.tif", lake_scene(64)[:1]))
    assert "VH" in desk.said
    assert buttons(desk) == ["State the bands", "Open a file…"]
    assert desk.scene.checks.text() == "This scene cannot be used."


def test_a_raster_that_is_no_radar(desk: Desk, tmp_path: Path) -> None:
    colours = np.random.default_rng(1).integers(0, 255, (3, 64, 64)).astype(np.float32)
    desk.open(write_raster(tmp_path / "photo.tif", colours, ("red", "green", "blue")))
    assert desk.said
    assert "Open a file…" in buttons(desk)


def test_asking_a_scene_that_will_not_do_says_why_again(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_raster(tmp_path / "single.tif", lake_scene(64)[:1]))
    desk.panel.message.clear()
    desk.type("open water")
    desk.press_enter()
    assert "VH" in desk.said


def test_units_can_be_overruled(desk: Desk, tmp_path: Path) -> None:
    linear = 10 ** (lake_scene(256) / 10)
    desk.open(write_raster(tmp_path / "linear.tif", linear))
    units = desk.scene.options.fields["units"]
    assert units.itemText(0) == "Automatic (linear power)"
    units.setCurrentIndex(units.findData("amplitude"))
    units.activated.emit(units.currentIndex())
    wait_until(lambda: desk.session.scene is not None)
    assert desk.session.scene.units == "amplitude"


def test_an_area_beside_the_scene_offers_the_way_back(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    layer = desk.scene.layers.currentLayer()
    far = QgsRectangle(layer.extent())
    far.setXMinimum(far.xMinimum() + 50_000)
    far.setXMaximum(far.xMaximum() + 50_000)
    desk.canvas.setExtent(far)
    wait_until(lambda: desk.said)
    assert "do not overlap" in desk.said
    press(desk, "Zoom to scene")
    wait_until(lambda: desk.session.estimate is not None)
    assert desk.said == ""
    assert desk.canvas.extent().contains(layer.extent())


def test_a_box_without_area(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    desk.click(AreaChoice.BOX)
    desk.drag(QPoint(200, 200), QPoint(200, 200))
    wait_until(lambda: desk.said)
    assert "area" in desk.said
    assert buttons(desk) == ["Draw a box"]


def test_an_empty_phrase(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    desk.press_enter()
    wait_until(lambda: desk.said)
    assert desk.said.startswith("A phrase is empty.")


def test_no_scene(desk: Desk) -> None:
    desk.type("open water")
    desk.press_enter()
    assert desk.said.startswith("There is no scene to ask.")


def test_a_head_for_another_text_space(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    offered = [desk.ask.heads.itemData(i) for i in range(desk.ask.heads.count())]
    assert "other-space" not in offered
    desk.session.set_pair("texture-s1", "other-space")
    desk.session.ask(lambda: AlignmentRun(desk.session, Question(("open water",))))
    wait_until(lambda: desk.said)
    assert "text space" in desk.said


def test_a_result_that_cannot_be_written(desk: Desk, scene_path: Path, tmp_path: Path) -> None:
    QgsProject.instance().write(str(tmp_path / "work.qgz"))
    (tmp_path / "gluelink").write_text("a file where the folder should be")
    desk.open(scene_path)
    desk.type("open water")
    desk.press_enter()
    wait_until(lambda: desk.said)
    assert desk.said.startswith(f"The result cannot be written to {tmp_path / 'gluelink'}")


def test_a_run_whose_backend_was_killed_is_resumed_whatever_was_chosen_since(
    new_desk: Desk, middling_scene_path: Path, scene_path: Path
) -> None:
    new_desk.start_backend()
    new_desk.open(middling_scene_path)
    new_desk.click(AreaChoice.SCENE)
    new_desk.type("open water")
    new_desk.press_enter()
    wait_until(lambda: new_desk.session.run and new_desk.session.run.job)
    (process,) = new_desk.panel.findChildren(QProcess)
    os.kill(process.processId(), signal.SIGKILL)
    wait_until(lambda: new_desk.said)
    assert new_desk.said.startswith(
        "The backend was killed or crashed. The run of “open water” ended with it. "
        "What is encoded by now is kept."
    )
    assert new_desk.status.state.text() == "Stopped"
    assert not new_desk.session.busy
    new_desk.scene.add_file(scene_path)
    new_desk.click(AreaChoice.VIEW)
    new_desk.type("a forest")
    press(new_desk, "Resume")
    wait_until(lambda: new_desk.session.run and new_desk.session.run.job)
    assert new_desk.session.source.path == str(middling_scene_path)
    assert new_desk.session.area is None
    assert new_desk.session.run.request.summary == "open water"
    assert new_desk.said == ""
    new_desk.session.cancel()


def test_the_maps_crs_may_be_any(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    desk.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    desk.area.zoom_to_scene()
    wait_until(lambda: desk.session.estimate is not None)
    assert desk.session.estimate.km2 == pytest.approx(4.48**2, rel=0.05)
