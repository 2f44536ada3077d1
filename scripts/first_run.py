"""Prove the first run: from the plugin's zip in a clean QGIS to maps of a real scene.

python -m scripts.first_run

QGIS gets a home of its own, in which there is nothing: no environment, no profile, no cache of
packages. The zip is installed as "Install from ZIP" does it, "Set up" is pressed, and a scene is
asked for three phrases. Pictures of each step and report.json stay in .cache/first-run; three of
the pictures are docs/images/first-run-*.png. Packages come from where pip takes them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.warp import transform

from scripts.demo import screen
from scripts.package import build
from scripts.qgis_profile import ROOT, make_settings

INSIDE = ROOT / "scripts" / "first_run_in_qgis.py"
REAL = ROOT.parent / "shared" / "data" / "s1" / "usa_lake_2019"
WATER, OTHER = 1, 0
"""Of the scene's truth."""
EVERY_PX = 4
LIMIT_S = 2400
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "http_proxy", "https_proxy")
"""What a user's session has beside a home; so do pip's own variables."""
VERSIONS = "import sys, torch; print(sys.version.split()[0], torch.__version__)"


def session(home: Path, variables: dict[str, str]) -> dict[str, str]:
    """Return the environment of a user who has just been made."""
    runtime = home / ".runtime"
    runtime.mkdir(mode=0o700)
    kept = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith("PIP_")}
    return {**kept, **variables, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}


def play(folder: Path, home: Path) -> dict[str, Any]:
    """Run QGIS with the half that is inside it, and return its report."""
    scene = home / "kansas_20190522.tif"
    shutil.copyfile(REAL / "s1_grd_db.tif", scene)
    arguments = make_settings(home / "profiles")
    with screen() as variables, (folder / "qgis.log").open("w") as log:
        environment = {
            **session(home, variables),
            **{"GLUELINK_DEMO": str(folder), "GLUELINK_SCENE": str(scene)},
            **{"GLUELINK_ZIP": str(build(folder)), "GLUELINK_SCRIPTS": str(ROOT)},
        }
        command = ["qgis", "--nologo", *arguments, "--code", str(INSIDE)]
        subprocess.run(command, env=environment, cwd=home, stdout=log, stderr=log, timeout=LIMIT_S)
    report = folder / "report.json"
    if not report.exists():
        sys.exit(f"QGIS ended before its script did; see {folder / 'qgis.log'}.")
    return dict(json.loads(report.read_text(encoding="utf-8")))


def auc(scores: Path) -> float:
    """Return how often a pixel of water has a higher score than one that is none."""
    with rasterio.open(scores) as file, rasterio.open(REAL / "water_label.tif") as truth:
        places = [range(0, size, EVERY_PX) for size in truth.shape]
        lon, lat = zip(*(truth.xy(row, col) for row in places[0] for col in places[1]))
        labels = np.array([each[0] for each in truth.sample(zip(lon, lat, strict=True))])
        moved = zip(*transform(truth.crs, file.crs, lon, lat), strict=True)
        values = np.array([each[0] for each in file.sample(moved)])
    water, others = (values[np.isfinite(values) & (labels == each)] for each in (WATER, OTHER))
    return float((water[:, None] > others).mean())


def main() -> None:
    """Play the first run, check what it left, and print a line."""
    folder = ROOT / ".cache" / "first-run"
    if not REAL.is_dir():
        sys.exit(f"The real scene is not at {REAL}.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        report = play(folder, Path(home))
        for words, seconds in report["steps"]:
            print(f"{seconds:6.1f} s  {words}")
        if report["error"]:
            sys.exit(f"The first run failed: {report['error']}\nSee {folder}.")
        python = Path(home) / "gluelink" / ".venv" / "bin" / "python"
        versions = subprocess.check_output([python, "-c", VERSIONS], text=True).split()
        pinned = re.search(r"^torch==(\S+)", (ROOT / "constraints.txt").read_text(), re.M)
        if pinned is None or versions[1].split("+")[0] != pinned[1]:
            sys.exit(f"torch {versions[1]} was installed; constraints.txt has another.")
        weight = subprocess.check_output(["du", "-sm", python.parents[1]], text=True).split()[0]
        right = auc(Path(report["maps"]["open water"]))
    if right < 0.9:
        sys.exit(f"The map of open water is wrong: its AUC is {right:.2f}.")
    print(
        f"FIRST RUN QGIS {report['qgis']}, Python {versions[0]}, torch {versions[1]}: set up in "
        f"{report['set_up_s']:.0f} s, {int(weight):,} MB; {len(report['maps'])} phrases asked of a "
        f"real scene, AUC of open water {right:.2f}; {time.monotonic() - began:.0f} s in all"
    )


if __name__ == "__main__":
    main()
