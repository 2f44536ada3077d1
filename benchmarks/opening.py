"""Processor seconds to open scenes and to read them, here and in another checkout.

PYTHONPATH=. python benchmarks/opening.py [OTHER_CHECKOUT]

The two take turns in processes of their own, so that other programs slow them alike; each figure
is the median of five. A folder of 1,000 files of one polarisation (patches as BigEarthNet has
them), and one scene of 1400 × 1400 pixels in degrees, as dB and as power.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

HERE = Path(__file__).parents[1]
ROUNDS = 5
PATCH_PX, SCENE_PX = 64, 1400

OPEN = """
import sys, time
from backend.scenes import open_scene
with open_scene(sys.argv[2]): pass  # what is loaded at first
start = time.process_time()
with open_scene(sys.argv[1]): pass
print(time.process_time() - start)
"""
READ = """
import sys, time
from backend.scenes import PixelBox, open_scene
with open_scene(sys.argv[1]) as scene:
    extent, seconds = scene.extent, []
    for _ in range(4):
        start = time.process_time()
        for row in range(extent.row0, extent.row1, 400):
            end = min(row + 400, extent.row1)
            scene.read(PixelBox(row, extent.col0, end, extent.col1))
        seconds.append(time.process_time() - start)
print(min(seconds))
"""


def speckle(side: int, level: float, rng: np.random.Generator) -> np.ndarray:
    """Return dB (side, side) of four looks around a level."""
    return (level + 10 * np.log10(rng.gamma(4.4, 1 / 4.4, (side, side)))).astype(np.float32)


def write(path: Path, values: np.ndarray, transform: Affine, crs: str, **profile: object) -> Path:
    """Write bands (n, h, w) as GeoTIFF."""
    count, height, width = values.shape
    size = {"count": count, "height": height, "width": width, "dtype": "float32"}
    with rasterio.open(path, "w", crs=crs, transform=transform, **size, **profile) as file:
        file.write(values)
        if count == 2:
            file.descriptions = ("VV", "VH")
    return path


def write_folder(folder: Path) -> Path:
    """Write 500 patches that touch, a file for each polarisation."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for row in range(20):
        for column in range(25):
            corner = Affine(10, 0, 400_000 + 640 * column, 0, -10, 5_400_000 - 640 * row)
            for name, level in (("VV", -10), ("VH", -17)):
                path = folder / f"S1A_IW_GRDH_1SDV_20170613T165043_33UUP_{row}_{column}_{name}.tif"
                write(path, speckle(PATCH_PX, level, rng)[None], corner, "EPSG:32633")
    return folder


def seconds(checkout: Path, code: str, *paths: Path) -> float:
    """Return what the code prints in a checkout."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, paths)],
        cwd=checkout,
        env={"PYTHONPATH": str(checkout), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
        text=True,
    )
    return float(done.stdout)


def main() -> None:
    """Print a row for each piece of work."""
    checkouts = [HERE, *map(Path, sys.argv[1:2])]
    print("| work | here, s |" + " other checkout, s | ratio |" * (len(checkouts) - 1))
    with tempfile.TemporaryDirectory() as folder:
        root, rng = Path(folder), np.random.default_rng(1)
        patches = write_folder(root / "patches")
        db = np.stack([speckle(SCENE_PX, level, rng) for level in (-11, -18)])
        degrees = Affine(1.3e-4, 0, 12.4, 0, -9e-5, 48.2)
        layout = {"tiled": True, "compress": "deflate"}
        scenes = {
            name: write(root / f"{name}.tif", values, degrees, "EPSG:4326", **layout)
            for name, values in (("dB", db), ("power", 10 ** (db / 10)))
        }
        work = {
            "open a folder of 1,000 files": (OPEN, patches, scenes["dB"]),
            "open a scene": (OPEN, scenes["power"], scenes["dB"]),
            "read a scene in dB": (READ, scenes["dB"]),
            "read a scene in power": (READ, scenes["power"]),
        }
        for name, (code, *paths) in work.items():
            runs: list[list[float]] = [[] for _ in checkouts]
            for _ in range(ROUNDS):
                for checkout, taken in zip(checkouts, runs, strict=True):
                    taken.append(seconds(checkout, code, *paths))
            medians = [statistics.median(taken) for taken in runs]
            ratio = [f"{medians[1] / medians[0]:.2f}"] if len(medians) > 1 else []
            figures = [f"{median:.3f}" for median in medians]
            print(f"| {name} | {' | '.join([*figures, *ratio])} |", flush=True)


if __name__ == "__main__":
    main()
