"""Imagery of every kind, and desks whose backend has weights for every encoder."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsRasterLayer

from gluelink_plugin.client.backend import State
from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.layers.scene import SceneSource
from tests.plugin.conftest import PYTHON, ROOT, Desk, Window, wait_until
from tests.plugin.jobs.test_alignment import results
from tests.protocol.server import TOKEN, Server, start_server


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of imagery; in its `home` weights, heads and a catalogue that is being served."""
    folder = tmp_path_factory.mktemp("furnished")
    command = [str(PYTHON), "-m", "tests.protocol.furnished", str(folder)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    url = process.stdout.readline().strip()
    assert url.startswith("http://"), "the imagery was not made"
    catalogues = folder / "home" / "catalogues.yaml"
    catalogues.write_text(
        f"here: {{url: '{url}', collection: sentinel-1-rtc}}\n"
        "gone: {url: 'http://127.0.0.1:9', collection: sentinel-1-rtc}\n"
    )
    yield folder
    process.stdin.close()
    assert process.wait(20) == 0


@pytest.fixture(scope="session")
def furnished_desk(window: Window, furnished: Path) -> Iterator[Desk]:
    usual = os.environ["GLUELINK_HOME"]
    os.environ["GLUELINK_HOME"] = str(furnished / "home")
    desk = Desk(window)
    desk.start_backend()
    os.environ["GLUELINK_HOME"] = usual
    yield desk
    desk.close()


@pytest.fixture
def tidy_desk(furnished_desk: Desk) -> Iterator[Desk]:
    yield furnished_desk
    furnished_desk.scene.catalogue.hide()
    furnished_desk.tidy()


@pytest.fixture(scope="session")
def server(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A backend that somebody else has started; it answers to this machine's name, too."""
    reach = ("--host", "0.0.0.0", "--allow-host", socket.gethostname())
    root = tmp_path_factory.getbasetemp()
    running = start_server(furnished / "home", *reach, "--root", str(root))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def linked_desk(window: Window, server: Server) -> Iterator[Desk]:
    """A desk whose backend runs elsewhere, as far as the panel can tell."""
    name = socket.gethostname()
    try:
        socket.gethostbyname(name)
    except OSError:
        pytest.skip(f"this machine does not know its own name, {name}")
    desk = Desk(window)
    backend = desk.session.backend
    there = f"http://{name}:{server.port}"
    backend.configure(replace(backend.settings, address=there, token=TOKEN))
    backend.start()
    wait_until(lambda: backend.state is State.READY)
    yield desk
    desk.close()


@pytest.fixture
def far_desk(linked_desk: Desk) -> Iterator[Desk]:
    yield linked_desk
    linked_desk.tidy()


def choose(desk: Desk, source: Path) -> None:
    """Choose a file or a folder as its menu does, and wait for what the backend says of it."""
    if source.is_file():
        desk.scene.add_file(source)
    else:
        desk.scene.add_path(SceneSource(str(source), source.name))
    wait_until(lambda: desk.session.scene is not None or desk.session.refusal is not None)


def ask(desk: Desk, choice: AreaChoice = AreaChoice.SCENE) -> QgsRasterLayer:
    desk.click(choice)
    desk.type("open water")
    desk.press_enter()
    desk.wait_for_end()
    assert desk.said == ""
    (layer,) = results()
    return layer


def encoders(desk: Desk) -> dict[str, bool]:
    """The encoders by name: can they be chosen?"""
    combo = desk.ask.encoders
    places = range(combo.count())
    return {combo.itemData(i): combo.model().item(i).isEnabled() for i in places}
