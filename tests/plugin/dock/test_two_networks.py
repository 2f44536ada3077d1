"""A panel in one network, the backend in another, and a link that goes down in the middle.

scripts/two_networks.py makes the networks and runs this; test_remote.py is its short version.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.client.backend import State
from gluelink_plugin.client.download import Download
from gluelink_plugin.dock.area import AreaChoice
from tests.plugin.conftest import Desk, Window, lake_scene, wait_until, write_raster
from tests.plugin.jobs.test_alignment import results

FAR = os.environ.get("GLUELINK_FAR", "")
DOWN_S = 30  # longer than the client, and the service, wait for a byte

pytestmark = pytest.mark.skipif(
    not FAR, reason="`make long` runs it; in short it is proved by tests/plugin/dock/test_remote.py"
)


@contextmanager
def link_down() -> Iterator[None]:
    subprocess.run(["ip", "link", "set", "laptop0", "down"], check=True)
    QTest.qWait(DOWN_S * 1000)
    yield
    subprocess.run(["ip", "link", "set", "laptop0", "up"], check=True)


def slow_down(namespace: str, link: str, rate: str) -> None:
    """Let so much through, where the kernel can do that."""
    command = ["ip", "netns", "exec", namespace, "tc", "qdisc", "replace", "dev", link, "root"]
    if shutil.which("tc"):
        subprocess.run([*command, "tbf", "rate", rate, "burst", "16kb", "latency", "200ms"])


def fetched(desk: Desk) -> list[int]:
    """How many bytes have come of each download under way."""
    transfers = desk.session.backend.api.outlasting
    return [each._received for each in transfers if isinstance(each, Download)]


def test_a_link_that_goes_down_costs_no_more_than_its_time(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, token, there = FAR.split()
    scene = write_raster(tmp_path / "far_20240501.tif", np.tile(lake_scene(448), (1, 8, 8)))
    size = scene.stat().st_size
    desk = Desk(window)
    backend = desk.session.backend
    backend.configure(replace(backend.settings, address=address, token=token))
    backend.start()
    wait_until(lambda: desk.said or backend.state is State.READY)
    assert desk.said == ""

    slow_down("gluelink-laptop", "laptop0", "32mbit")
    began = time.monotonic()
    desk.scene.add_file(scene)
    wait_until(lambda: desk.session.upload is not None and desk.session.upload.sent > size / 4)
    with link_down():
        cut = desk.session.upload.sent
        assert cut < size
    wait_until(lambda: desk.session.scene is not None or desk.session.refusal is not None, 300_000)
    assert desk.said == ""
    sent_s = time.monotonic() - began
    (file,) = desk.session.scene.files
    assert Path(file).read_bytes() == scene.read_bytes()

    ranges: list[int] = []
    usual = Download.try_again
    monkeypatch.setattr(
        Download, "try_again", lambda call: (ranges.append(call._received), usual(call))
    )
    slow_down(there, "gpu0", "256kbit")
    desk.click(AreaChoice.SCENE)
    desk.type("open water")
    desk.press_enter()
    wait_until(lambda: any(received > 8000 for received in fetched(desk)), 300_000)
    with link_down():
        pass
    slow_down(there, "gpu0", "32mbit")
    wait_until(lambda: not desk.session.busy, 300_000)
    assert desk.said == ""
    (layer,) = results()
    (original,) = Path(file).parents[2].glob("results/*/*.tif")
    assert Path(layer.source()).read_bytes() == original.read_bytes()
    assert ranges and ranges[-1] > 0
    fetched_kb, sent_mb = original.stat().st_size / 1e3, size / 1e6
    print(
        f"\nTWO NETWORKS: {sent_mb:.1f} MB sent in {sent_s:.0f} s, {DOWN_S} s of it without link, "
        f"cut at {cut / 1e6:.1f} MB; a map of {fetched_kb:.0f} kB, from byte {ranges[-1]:,} on "
        "after a cut"
    )
    desk.close()
