"""A backend elsewhere, over a network that breaks: what was sent or fetched is not lost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.client import download, upload
from gluelink_plugin.client.backend import State
from tests.plugin.conftest import Desk, Window, wait_until
from tests.plugin.dock.conftest import ask
from tests.protocol.server import TOKEN, Server
from tests.support.cutting import Cut, CuttingProxy


@pytest.fixture
def cutting(
    window: Window, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Desk, CuttingProxy]]:
    """A desk whose backend is at the other end of a network that breaks."""
    monkeypatch.setattr(upload, "WAITS_S", (0.05, 0.1, 0.2))
    monkeypatch.setattr(download, "WAITS_S", (0.05, 0.1, 0.2))
    proxy = CuttingProxy(server.port)
    desk = Desk(window)
    backend = desk.session.backend
    there = f"http://{socket.gethostname()}:{proxy.port}"
    backend.configure(replace(backend.settings, address=there, token=TOKEN))
    backend.start()
    wait_until(lambda: desk.said or backend.state is State.READY)
    if backend.state is not State.READY:
        desk.close()
        pytest.skip("this machine does not know its own name")
    yield desk, proxy
    desk.tidy()
    desk.close()
    proxy.close()


def test_an_upload_and_a_download_that_are_cut_go_on(
    cutting: tuple[Desk, CuttingProxy], scene_path: Path
) -> None:
    desk, proxy = cutting
    size = scene_path.stat().st_size
    proxy.cuts += [Cut(b"PATCH", sent=300_000), Cut(b"GET /v1/uploads/", received=20)]
    desk.open(scene_path)
    assert desk.said == ""
    offsets = [int(value) for value in proxy.values("Upload-Offset")]
    assert offsets[:2] == [0, 0]  # a piece counts when its checksum is right
    assert offsets == sorted(offsets) and offsets[-1] < size
    (there,) = desk.session.scene.files
    assert Path(there).read_bytes() == scene_path.read_bytes()

    proxy.cuts.append(Cut(b"/files/", received=3000))
    layer = ask(desk)
    (asked,) = proxy.values("Range")
    assert 0 < int(asked.removeprefix("bytes=").removesuffix("-")) < 3000
    results = [path for path in Path(there).parents[2].rglob("*.tif") if "results" in str(path)]
    assert Path(layer.source()).read_bytes() in [path.read_bytes() for path in results]


def test_another_option_sends_nothing_again(
    cutting: tuple[Desk, CuttingProxy], scene_path: Path
) -> None:
    desk, proxy = cutting
    desk.open(scene_path)
    sent = len(proxy.values("Upload-Offset"))
    desk.session.set_option("date", "2023-03-04")
    wait_until(lambda: desk.session.scene is not None or desk.session.refusal is not None)
    assert desk.session.scene.date == "2023-03-04"
    assert len(proxy.values("Upload-Offset")) == sent


def test_an_upload_is_stopped_and_goes_on(
    cutting: tuple[Desk, CuttingProxy], large_scene_path: Path
) -> None:
    desk, proxy = cutting
    desk.scene.add_file(large_scene_path)
    wait_until(lambda: desk.session.upload is not None and desk.session.upload.sent)
    assert desk.scene.checks.text().startswith(f"Sending {large_scene_path.name}: ")
    QTest.mouseClick(desk.panel.foot.cancel, Qt.MouseButton.LeftButton)
    assert desk.said.startswith(f"{large_scene_path.name} was sent as far as ")
    sent = desk.session.upload.sent
    assert 0 < sent < large_scene_path.stat().st_size
    desk.session.register()
    wait_until(lambda: desk.session.scene is not None or desk.session.refusal is not None)
    assert desk.said == ""
    offsets = [int(value) for value in proxy.values("Upload-Offset")]
    assert offsets.count(0) == 1 and sent in offsets
    (there,) = desk.session.scene.files
    assert Path(there).read_bytes() == large_scene_path.read_bytes()


def test_a_network_that_stays_away_is_told_with_how_far_it_came(
    cutting: tuple[Desk, CuttingProxy], large_scene_path: Path
) -> None:
    desk, proxy = cutting
    proxy.cuts += [Cut(b"/v1/uploads/", sent=10) for _ in range(20)]
    desk.scene.add_file(large_scene_path)
    wait_until(lambda: desk.session.refusal is not None)
    assert f"{large_scene_path.name} was sent as far as 0.0 of " in desk.said
    proxy.cuts.clear()
    desk.session.register()
    wait_until(lambda: desk.session.scene is not None or desk.session.refusal is not None)
    assert desk.said == ""
