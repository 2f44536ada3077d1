"""Measure how soon the map follows the typing, and how long QGIS's window is held up by it.

`.venv-qgis/bin/python -m scripts.live_typing [FOLDER]` makes a scene of 2,025 km², encodes it by a
first phrase, types others, and prints a line. Seconds are from the end of the pause of typing to
the layer. A stall is the processor time of the window's thread between two turns of its event
loop. FOLDER keeps the scene for another run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.panel import Panel
from scripts.encoded_pictures import Desk
from scripts.panel_pictures import PYTHON, ROOT, shown_panel, wait_until

WRITE = "import sys, pathlib; from benchmarks.second_phrase import write_scene as w; w({})"
PHRASES = ("a forest", "a dense town", "a lake but not a forest", "orchards by a river", "a quarry")
KEY_MS = 60
ENCODE_S = 900
LONGEST_S = 0.05


class Stalls:
    """The longest time between two turns of the event loop, by processor and by the clock."""

    def __init__(self) -> None:
        self.busy = self.clock = 0.0
        self._last = time.thread_time(), time.perf_counter()
        self._timer = QTimer(interval=0, timeout=self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.thread_time(), time.perf_counter()
        self.busy = max(self.busy, now[0] - self._last[0])
        self.clock = max(self.clock, now[1] - self._last[1])
        self._last = now

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()


def scene_in(folder: Path) -> Path:
    """Return a scene of 4,500 × 4,500 px, made where there is none."""
    scene = folder / "S1A_IW_GRDH_20240501.tif"
    if not scene.exists():
        code = WRITE.format("pathlib.Path(sys.argv[1])")
        subprocess.run([str(PYTHON), "-c", code, str(scene)], cwd=ROOT, check=True)
    return scene


def measure(panel: Panel) -> None:
    """Type phrases and print what it took."""
    ask = panel.sections["ask"]
    took: list[float] = []
    stalls = Stalls()
    for phrase in PHRASES:
        ask.box.edit.clear()
        shown: list[object] = []
        ask.live.shown.connect(shown.append)
        QTest.keyClicks(ask.box.edit, phrase, delay=KEY_MS)
        shown.clear()  # what was shown while it was being typed
        wait_until(lambda: shown, "The live map")  # noqa: B023
        took.append(ask.live.took_s)
        QTest.qWait(1500)  # the map is drawn
    stalls.stop()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(
        f"LIVE median {statistics.median(took):.2f} s, slowest {max(took):.2f} s; longest stall "
        f"{1000 * stalls.busy:.0f} ms of processor, {1000 * stalls.clock:.0f} ms by the clock; "
        f"load {load}"
    )
    if stalls.busy > LONGEST_S:
        sys.exit(f"The window's thread was busy for more than {1000 * LONGEST_S:.0f} ms.")


def main() -> None:
    """Encode the scene by a first phrase, then measure."""
    with shown_panel() as (window, panel, folder):
        desk = Desk(window, panel, scene_in(Path(sys.argv[1]) if len(sys.argv) > 1 else folder))
        window.canvas.setExtent(desk.extent)
        desk.area.choose(AreaChoice.SCENE)
        wait_until(lambda: panel.session.estimate, "Estimating the area")
        ask = panel.sections["ask"]
        ask.box.edit.setText("open water")
        began = time.monotonic()
        ask.run.click()
        wait_until(lambda: not panel.session.busy, "The job", ENCODE_S)
        print(f"the first phrase took {time.monotonic() - began:.1f} s, encoding included")
        wait_until(lambda: ask.live.can_follow, "The estimate")
        measure(panel)


if __name__ == "__main__":
    main()
