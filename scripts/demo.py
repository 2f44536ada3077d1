"""`make demo`: the plugin in a real QGIS, from an empty project to a map of open water.

Makes a simulated scene, starts QGIS on a screen that nobody sees, and leaves in demo/ the map, the
project and a picture of QGIS. Standard library only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.qgis_profile import ROOT, make_profile

DEMO = ROOT / "demo"
SCENE = DEMO / "scene.tif"
PYTHON = ROOT / ".venv" / "bin" / "python"
SCREEN = "1600x950x24"
LIMIT_S = 600


def make_scene() -> None:
    """Make the simulated scene, with the truth beside it."""
    command = [str(PYTHON), "-m", "backend.survey", "scene", "-o", str(DEMO)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"The demo's scene was not made: exit code {done.returncode}.")


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Give QGIS a screen by variables: an X server of its own, or the user's screen.

    Qt's offscreen platform will not do: QGIS 3.22 crashes there for want of a clipboard.
    """
    if shutil.which("Xvfb") is None:
        if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
            sys.exit("QGIS needs a screen. There is none here, and no Xvfb; install xvfb.")
        yield {}
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        number = server.stdout.readline().strip() if server.stdout else ""
        if not number:
            sys.exit("Xvfb did not start; run it by hand to see why: Xvfb :99")
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def play(folder: Path, variables: dict[str, str]) -> dict:
    """Run QGIS with the other half of the demo, and return its report."""
    qgis = shutil.which("qgis")
    if qgis is None:
        sys.exit("The command qgis is not on the PATH.")
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    environment = os.environ | variables
    environment |= {"GLUELINK_DEMO": str(DEMO), "XDG_RUNTIME_DIR": str(runtime)}
    inside = ROOT / "scripts" / "demo_in_qgis.py"
    command = [qgis, "--nologo", *make_profile(folder), "--code", str(inside)]
    with (DEMO / "qgis.log").open("w") as log:
        try:
            subprocess.run(command, env=environment, stdout=log, stderr=log, timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            sys.exit(f"QGIS was not done after {LIMIT_S} s; see {DEMO / 'qgis.log'}.")
    report = DEMO / "report.json"
    if not report.exists():
        sys.exit(f"QGIS ended before the demo did; see {DEMO / 'qgis.log'}.")
    return json.loads(report.read_text(encoding="utf-8"))


def main() -> None:
    """Make the demo and say what was made."""
    began = time.monotonic()
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    make_scene()
    print(f"{time.monotonic() - began:6.1f} s  make the scene")
    with tempfile.TemporaryDirectory() as folder, screen() as variables:
        started = time.monotonic()
        report = play(Path(folder), variables)
        played = sum(seconds for _, seconds in report["steps"])
        print(f"{time.monotonic() - started - played:6.1f} s  open and close QGIS")
    for words, seconds in report["steps"]:
        print(f"{seconds:6.1f} s  {words}")
    if report["error"]:
        sys.exit(f"The demo failed: {report['error']}\nSee {DEMO / 'failed.png'} and qgis.log.")
    print(f"{time.monotonic() - began:6.1f} s  in all")
    for name in (SCENE.name, "open_water.tif", "demo.qgz", "demo.png"):
        print(f"demo/{name}: {(DEMO / name).stat().st_size / 1e3:,.0f} kB")


if __name__ == "__main__":
    main()
