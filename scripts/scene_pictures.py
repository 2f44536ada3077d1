"""Draw the panel's scene section for a sure, an unsure and a refused scene, into docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.scene_pictures`. It simulates a
scene, stores it as three producers would, and shows each to a panel with a backend of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.panel import Panel
from scripts.panel_desk import write_like
from scripts.panel_pictures import (
    IMAGES,
    PYTHON,
    ROOT,
    SIZE,
    save_stacked,
    shown_panel,
    wait_until,
)


def make_scenes(folder: Path) -> dict[str, Path]:
    """Return a scene for each picture, by its name."""
    command = [str(PYTHON), "-m", "backend.survey", "scene", "-o", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    scene = folder / "scene.tif"
    db = gdal.Open(str(scene)).ReadAsArray()
    hyp3 = "S1A_IW_20240509T053230_DVP_RTC10_G_gauned_FD6A_{}.tif"
    for band, values in zip(("VV", "VH"), 10 ** (db / 20)):
        write_like(scene, folder / hyp3.format(band), values[None], ("",))
    hundredths = folder / "S1_20240509.tif"
    write_like(scene, hundredths, np.rint(db * 100).astype(np.int16), ("VV", "VH"))
    composite = folder / "composite.tif"
    write_like(scene, composite, np.concatenate([db, db[:1] - db[1:]]), ("", "", ""))
    return {"sure": folder / hyp3.format("VV"), "unsure": hundredths, "refused": composite}


def draw(panel: Panel, scene: Path, picture: Path) -> None:
    """Show a scene to the panel, and keep the picture of what is said about it."""
    session, section, message = panel.session, panel.sections["scene"], panel.message
    section.add_file(scene)
    wait_until(lambda: session.scene or session.refusal, "Checking the scene")
    QTest.qWait(200)
    if panel.width() != SIZE[0]:
        sys.exit(f"{scene.name} widens the panel to {panel.width()} px.")
    drawn = [section.grab(), *([message.grab()] if message.isVisible() else [])]
    save_stacked(drawn, panel, picture)


def main() -> None:
    """Make the scenes, start a backend and draw."""
    with shown_panel() as (_, panel, folder):
        for name, scene in make_scenes(folder).items():
            draw(panel, scene, IMAGES / f"scene-{name}.png")


if __name__ == "__main__":
    main()
