"""How the panel comes into each of its states: stories that are played with its own widgets.

A story is a generator. It yields while the state can be seen, and tidies up after that. The
backend is a real one, which is held still with SIGSTOP where a moment has to last. Only what no
real one does on demand is answered by a scripted one.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsRectangle
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.client.backend import State
from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.layers.view import Cells
from gluelink_plugin.maptools.area import Area
from scripts.panel_desk import Desk
from scripts.panel_pictures import wait_until

CLOSED_PORT = "http://127.0.0.1:9"
FILE_LIMIT = 1_000_000  # bytes; the table of jobs is smaller, a map of 32 phrases larger
Story = Iterator[None]


def nothing(_desk: Desk) -> Story:
    """Leave the panel as it is after QGIS has opened."""
    yield


def starting(desk: Desk) -> Story:
    """Start the backend."""
    desk.section("status").button.click()
    yield
    wait_until(lambda: desk.session.backend.state is State.READY, "Starting the backend")


def ready(desk: Desk) -> Story:
    """Have it run."""
    desk.begin()
    yield


def not_installed(desk: Desk) -> Story:
    """Look for it in an empty folder."""
    desk.use(folder=str(desk.folder / "nothing"))
    yield


def unreachable(desk: Desk) -> Story:
    """Look for it where nothing answers."""
    desk.use(address=CLOSED_PORT)
    desk.section("status").button.click()
    wait_until(desk.panel.message.isVisible, "The error")
    yield


def checking(desk: Desk) -> Story:
    """Choose a scene that is being checked."""
    desk.begin()
    with desk.held():
        desk.choose("scene")
        QTest.qWait(100)
        yield
    wait_until(lambda: desk.session.scene, "Checking the scene")


def scene_of(name: str) -> Callable[[Desk], Story]:
    """Return the story of a scene that was checked."""

    def story(desk: Desk) -> Story:
        desk.open(name)
        yield

    return story


def estimating(desk: Desk) -> Story:
    """Choose an area that is being estimated."""
    desk.open("scene")
    with desk.held():
        desk.section("area").choose(AreaChoice.VIEW)
        QTest.qWait(400)
        yield
    wait_until(desk.is_estimated, "Estimating the area")


def elsewhere(desk: Desk) -> Story:
    """Draw an area beside the scene."""
    desk.open("scene")
    extent = desk.canvas.extent()
    desk.section("area").choose(AreaChoice.BOX)
    away = QgsRectangle.fromCenterAndSize(extent.center(), 900, 900)
    away.set(away.xMinimum() + 50_000, away.yMinimum(), away.xMaximum() + 50_000, away.yMaximum())
    desk.canvas.mapTool().drawn.emit(QgsGeometry.fromRect(away))
    wait_until(desk.panel.message.isVisible, "The error")
    yield


def estimated(desk: Desk) -> Story:
    """Take the whole scene."""
    desk.open("flood")
    yield


def closed(desk: Desk) -> Story:
    """Close the panel while it asks, as QGIS does, and open it again."""
    desk.begin_to_ask()
    wait_until(lambda: desk.session.run.job.done > 6, "Encoding")
    desk.reopen()
    desk.tidy()
    desk.open("large")
    yield


def live(desk: Desk) -> Story:
    """Keep phrases as chips, and let the map follow the typing."""
    yield from _live(desk, hold=False)


def live_asking(desk: Desk) -> Story:
    """Type, and wait for the live map."""
    yield from _live(desk, hold=True)


def _live(desk: Desk, hold: bool) -> Story:
    desk.open("scene")
    desk.ask("open water")
    ask = desk.section("ask")
    wait_until(lambda: ask.live.can_follow, "The estimate")
    ask.box.set_question(["a dense town", "open water", ""], ["a harbour with ships at the quays"])
    if hold:
        with desk.held():
            QTest.keyClicks(ask.box.edit, "a conifer forest")
            wait_until(lambda: ask.live.words == "asking…", "The live question")
            yield
        return
    shown: list[object] = []
    ask.live.shown.connect(shown.append)
    QTest.keyClicks(ask.box.edit, "a conifer forest")
    wait_until(lambda: shown, "The live map")
    QTest.qWait(200)
    yield


def question_among_phrases(desk: Desk) -> Story:
    """Ask a question and a phrase at once."""
    desk.open("scene")
    desk.section("ask").box.set_question(["a forest", "Is there water?"])
    desk.section("ask").run.click()
    yield


def weights_missing(desk: Desk) -> Story:
    """Ask for an encoder whose weights are not there."""
    desk.open("scene")
    desk.section("ask").lacking.menu().actions()[0].trigger()
    yield


def mapped(desk: Desk) -> Story:
    """Ask, and hide what fits less."""
    desk.open("scene")
    cells = Cells(desk.ask("open water", "a forest"), 1)
    low, high = cells.ends
    desk.section("map").histogram.moved.emit(low + 0.6 * (high - low))
    yield


def ranked(desk: Desk) -> Story:
    """Ask for a rank among words, and fix the values between which it is shown."""
    desk.open("scene")
    desk.ask("open water")
    section = desk.section("map")
    section.among.click()
    wait_until(lambda: not desk.session.busy, "The job")
    desk.canvas.setCurrentLayer(section.layer)
    wait_until(lambda: desk.section("places").places, "Looking for places")
    yield


def rank_changed(desk: Desk) -> Story:
    """Change a run that asked for a rank among words."""
    for _ in ranked(desk):
        desk.section("runs").buttons["Change…"].click()
        wait_until(lambda: desk.session.estimate, "Estimating the area")
        yield


def making_best(desk: Desk) -> Story:
    """Have the map of the best phrase made."""
    desk.open("scene")
    desk.ask("open water", "a forest")
    wait_until(lambda: desk.section("places").places, "Looking for places")
    with desk.busy_tasks():
        desk.section("map").best.click()
        yield


def map_gone(desk: Desk) -> Story:
    """Have the best phrase made of a map whose file was deleted."""
    desk.open("scene")
    layer = desk.ask("open water", "a forest")
    wait_until(lambda: desk.section("places").places, "Looking for places")
    Path(layer.source()).unlink()
    desk.section("map").best.click()
    wait_until(desk.panel.message.isVisible, "The error")
    yield


def describing(desk: Desk) -> Story:
    """Have the area described."""
    desk.open("scene")
    with desk.held():
        desk.section("words").button.click()
        QTest.qWait(100)
        yield
    wait_until(lambda: not desk.session.busy, "The description")


def described_elsewhere(desk: Desk) -> Story:
    """Have an area described that lies beside the scene."""
    for _ in elsewhere(desk):
        desk.panel.message.clear()
        desk.section("words").button.click()
        wait_until(lambda: not desk.session.busy, "The description")
        yield


def described(desk: Desk) -> Story:
    """Have the area described, and light up a sentence."""
    desk.open("flood")
    desk.section("words").button.click()
    wait_until(lambda: not desk.session.busy, "The description")
    desk.section("words").list.setCurrentRow(1)
    QTest.qWait(300)
    yield


def written(desk: Desk) -> Story:
    """Have a small tower write of four of its chips, beside the measurements, and light one up."""
    desk.session.backend.stop()
    desk.train_tower()
    desk.open("flood")
    west, south, east, north = desk.session.scene.bounds
    middle = QgsPointXY((west + east) / 2, (south + north) / 2)
    square = QgsRectangle.fromCenterAndSize(middle, 0.0036, 0.0028)  # some 300 m
    crs = QgsCoordinateReferenceSystem("EPSG:4326")
    desk.section("area").take(Area(QgsGeometry.fromRect(square), crs))
    words = desk.section("words")
    desk.session.set_describer("wordy")
    words.button.click()
    wait_until(lambda: not desk.session.busy, "The description")
    words.written.setCurrentRow(1)
    QTest.qWait(300)
    yield


def looking(desk: Desk) -> Story:
    """Ask while QGIS is busy, so that the best places are still being looked for."""
    desk.open("scene")
    with desk.busy_tasks():
        desk.ask("open water")
        yield


def places_gone(desk: Desk) -> Story:
    """Look for places in a map whose file was deleted."""
    desk.open("scene")
    layer = desk.ask("open water")
    places = desk.section("places")
    wait_until(lambda: places.places, "Looking for places")
    Path(layer.source()).unlink()
    places.count.setValue(5)
    wait_until(lambda: "Looking" not in places.hint.text(), "Looking for places")
    yield
    places.count.setValue(20)


def placed(desk: Desk) -> Story:
    """Look for the best places."""
    desk.open("scene")
    desk.ask("open water")
    wait_until(lambda: desk.section("places").places, "Looking for places")
    QTest.qWait(1500)  # the pictures
    yield


def asking(desk: Desk) -> Story:
    """Ask, and wait."""
    desk.open("scene")
    with desk.held():
        desk.section("ask").ask_for(["open water"])
        QTest.qWait(100)
        yield
    wait_until(lambda: not desk.session.busy, "The job")


def again_at_once(desk: Desk) -> Story:
    """Ask again while another run goes on."""
    desk.open("scene")
    desk.ask("open water")
    with desk.held():
        desk.section("ask").ask_for(["a forest"])
        desk.section("runs").buttons["Ask again"].click()
        yield
    wait_until(lambda: not desk.session.busy, "The job")


def asked(desk: Desk) -> Story:
    """Ask three times."""
    desk.open("scene")
    desk.ask("open water")
    desk.ask("a dense town", "a harbour with ships at the quay", "coniferous forest")
    desk.ask("a forest")
    yield


def encoding(desk: Desk) -> Story:
    """Ask a large scene."""
    desk.begin_to_ask()
    with desk.held():
        yield


def answered(desk: Desk) -> Story:
    """Have the map."""
    desk.open("flood")
    desk.ask("open water")
    yield


def killed(desk: Desk) -> Story:
    """Kill the backend while it encodes."""
    desk.begin_to_ask()
    os.kill(desk.pid, signal.SIGKILL)
    wait_until(desk.panel.message.isVisible, "The error")
    yield


def disk_full(desk: Desk) -> Story:
    """Ask while no file of the backend can grow, as on a full disk."""
    desk.open("large")
    desk.ask("open water")
    limit = resource.RLIMIT_FSIZE
    before = resource.prlimit(desk.pid, limit)
    resource.prlimit(desk.pid, limit, (FILE_LIMIT, before[1]))
    desk.section("ask").ask_for(["open water", *(f"a forest {number}" for number in range(31))])
    wait_until(lambda: not desk.session.busy, "The job")
    yield
    resource.prlimit(desk.pid, limit, before)


def out_of_memory(desk: Desk) -> Story:
    """Ask a backend whose device has too little memory for a single window."""
    with desk.scripted() as server:
        error = {
            "code": "out_of_memory",
            "message": "The memory of the device is too small for a single item.",
            "remedy": "Close other programs that use it, or choose another device (--device cpu).",
        }
        job = server.recorded("Job")
        server.replies["POST /v1/jobs"] = {**job, "state": "queued", "result": None, "error": None}
        ended = {**job, "state": "failed", "result": None, "error": error}
        server.replies[f"GET /v1/jobs/{job['id']}"] = ended
        desk.open("scene")
        desk.section("ask").ask_for(["open water"])
        wait_until(lambda: not desk.session.busy, "The job")
        yield
