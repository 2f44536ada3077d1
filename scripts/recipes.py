"""Run the recipes of docs/recipes.md: print what they found, and draw their pictures.

python -m scripts.recipes [--data ../shared/data/s1] [-o docs/images]

The flood is a real scene; it is left out where that is not there. Of what changes between two
dates there is no real pair here, so a landscape is simulated twice: as it was, and with a
clear-cut, a new quarter and a flood. Their places are known, so what is found can be counted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import rasterio
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from rasterio.crs import CRS
from rasterio.transform import from_origin
from scipy import ndimage

from backend.accuracy.measures import area_under_curve
from backend.simulation.backscatter import render_backscatter
from backend.simulation.canvas import Landscape
from backend.simulation.cover import Ground
from backend.simulation.demo import DEMO_KIND, DEMO_SEED, EPSG, NORTH_M, WEST_M
from backend.simulation.landscape import simulate_landscape
from scripts.samples.coast import coast_db

SIZE_PX, PIXEL_M, CELL_PX = 1024, 10, 8
CUT, QUARTER = (529, 841), (773, 220)  # row and column: amid a forest, amid meadows
HALF_PX = 32
FLOOD_PX = 45  # from the river, at most
SHIPS = ((30, 36), (70, 96), (110, 60), (150, 150), (200, 36), (240, 110))
RADAR_DB = -22, -3
FLOOD = "spain_flood_2019/s1_grd_db.tif", "spain_flood_2019/water_label.tif"
DRY = "spain_elche_2019/s1_grd_db.tif"


def run(*arguments: str | Path) -> str:
    """Run a command of the backend, and print it with what it says."""
    print("$ python -m", *arguments)
    command = [sys.executable, "-m", *map(str, arguments)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    print(output)
    return output


def write_scene(path: Path, db: np.ndarray, day: str) -> Path:
    """Write VV and VH in dB where the demo's scene lies."""
    height, width = db.shape[1:]
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=2,
        height=height,
        width=width,
        dtype="float32",
        nodata=np.nan,
        crs=CRS.from_epsg(EPSG),
        transform=from_origin(WEST_M, NORTH_M, PIXEL_M, PIXEL_M),
    ) as file:
        file.write(db.astype(np.float32))
        file.descriptions = ("VV", "VH")
        file.update_tags(datetime=day, units="dB", product="RTC", simulated="yes")
    return path


def change(before: Landscape) -> tuple[Landscape, dict[str, np.ndarray]]:
    """Return the landscape as it is later, and where what has changed."""
    after = replace(before, cover=before.cover.copy(), parcel=before.parcel.copy())
    rows, cols = np.mgrid[:SIZE_PX, :SIZE_PX]

    def square(middle: tuple[int, int]) -> np.ndarray:
        near = np.maximum(abs(rows - middle[0]), abs(cols - middle[1]))
        return np.asarray(near < HALF_PX)

    forest = np.isin(before.cover, (Ground.CONIFEROUS_FOREST, Ground.BROADLEAVED_FOREST))
    low = ndimage.distance_transform_edt(before.cover != Ground.RIVER) < FLOOD_PX
    open_land = np.isin(
        before.cover, (Ground.GRASSLAND, Ground.CEREALS, Ground.TALL_CROPS, Ground.BARE_SOIL)
    )
    where = {
        "clear-cut": square(CUT) & forest,
        "buildings": square(QUARTER),
        "flood": low & open_land & (cols < SIZE_PX // 2),
    }
    for name, ground in (
        ("clear-cut", Ground.BARE_SOIL),
        ("buildings", Ground.TOWN),
        ("flood", Ground.FLOOD),
    ):
        after.paint(where[name], ground)
    return after, where


def write_pair(folder: Path) -> tuple[Path, Path, dict[str, np.ndarray]]:
    """Write the landscape on two days, and return where what has changed between them."""
    landscape = simulate_landscape(DEMO_SEED, SIZE_PX, DEMO_KIND)
    later, where = change(landscape)
    before = write_scene(
        folder / "before.tif", render_backscatter(landscape, DEMO_SEED), "2024-05-16"
    )
    after = write_scene(
        folder / "after.tif", render_backscatter(later, DEMO_SEED, date=1), "2024-06-15"
    )
    return before, after, where


def write_harbour(folder: Path) -> Path:
    """Write calm water with ships, and a town at its coast."""
    return write_scene(folder / "coast.tif", coast_db(SHIPS), "2024-05-01")


def read(path: Path, band: int = 1) -> np.ndarray:
    """Return a band."""
    with rasterio.open(path) as file:
        return file.read(band, masked=True).filled(np.nan)


def share_of_cells(mask: np.ndarray) -> np.ndarray:
    """Return how much of each cell of the map a mask covers."""
    rows, cols = (side // CELL_PX for side in mask.shape)
    blocks = mask[: rows * CELL_PX, : cols * CELL_PX].reshape(rows, CELL_PX, cols, CELL_PX)
    return blocks.mean((1, 3))


def show_radar(axes: Axes, path: Path, title: str) -> None:
    """Draw VV."""
    axes.imshow(read(path), cmap="gray", clim=RADAR_DB, interpolation="antialiased")
    axes.set_title(title, fontsize=9)


def show_map(axes: Axes, values: np.ndarray, title: str) -> None:
    """Draw a map in the panel's colours."""
    low, high = np.nanpercentile(values, [2, 99.8])
    axes.imshow(values, cmap="inferno", norm=PowerNorm(2.5, low, high))
    axes.set_title(title, fontsize=9)


def show_truth(axes: Axes, truth: np.ndarray, title: str) -> None:
    """Draw what is known."""
    axes.imshow(np.where(truth < 0, np.nan, truth), cmap="YlGnBu", clim=(-0.2, 1.2))
    axes.set_title(title, fontsize=9)


def save(figure: matplotlib.figure.Figure, path: Path) -> None:
    """Write the picture."""
    for axes in figure.axes:
        axes.set_xticks([])
        axes.set_yticks([])
    figure.tight_layout(pad=0.5)
    figure.savefig(path, dpi=100)
    print(f"drew {path.name}\n")


def flood(data: Path, folder: Path, images: Path) -> None:
    """Ask the real flood for open water, measure the map, and ask a place without water."""
    from matplotlib import pyplot

    scene, label = data / FLOOD[0], data / FLOOD[1]
    run("backend.query", scene, "open water", "-o", folder / "water.tif")
    run(
        "backend.accuracy", folder / "water.tif", "--truth", label,
        "--class", "1", "--unknown", "-1",
    )  # fmt: skip
    run("backend.query", data / DRY, "open water", "-o", folder / "dry.tif")
    run("backend.describe", scene)
    figure, axes = pyplot.subplots(1, 4, figsize=(12, 3.3))
    show_radar(axes[0], scene, "Alicante, 2019-09-17: VV")
    show_map(axes[1], read(folder / "water.tif"), "“open water”")
    show_truth(axes[2], read(label).astype(float), "flood label")
    show_map(axes[3], read(folder / "dry.tif"), "Elche: nothing like that here")
    save(figure, images / "recipe-flood.png")


def changes(folder: Path, images: Path) -> None:
    """Ask both dates, subtract, and count how much of what has changed is found."""
    from matplotlib import pyplot

    before, after, where = write_pair(folder)
    phrases = {"flood": "open water", "clear-cut": "a forest", "buildings": "a town"}
    maps, changed = {}, share_of_cells(np.logical_or.reduce(list(where.values())))
    for name, scene in (("before", before), ("after", after)):
        maps[name] = folder / f"{name}_map.tif"
        run("backend.query", scene, *phrases.values(), "-o", maps[name])
    for band, (name, phrase) in enumerate(phrases.items(), start=1):
        sign = -1 if name == "clear-cut" else 1
        old, new = read(maps["before"], band), read(maps["after"], band)
        gain, truth = sign * (new - old), share_of_cells(where[name])
        truth = truth[: gain.shape[0], : gain.shape[1]]
        wanted, untouched = truth >= 0.75, changed[: gain.shape[0], : gain.shape[1]] == 0
        known = (wanted | untouched) & np.isfinite(gain)
        quiet = np.nanpercentile(gain[untouched], 99)
        found, hectares = gain > quiet, (CELL_PX * PIXEL_M) ** 2 / 1e4
        auc = area_under_curve(gain[known], wanted[known])
        print(
            f"{name}: {wanted.sum()} cells ({wanted.sum() * hectares:.0f} ha) changed, AUC "
            f"{auc:.3f}; above what 1 % of the unchanged ground reaches ({quiet:.3f}): "
            f"{found[wanted].mean():.0%}, mean {gain[wanted].mean():.3f}"
        )
        figure, axes = pyplot.subplots(1, 4, figsize=(12, 3.3))
        show_radar(axes[0], before, "2024-05-16: VV (simulated)")
        show_radar(axes[1], after, "2024-06-15: VV")
        show_truth(axes[2], truth, f"what has changed: {name}")
        show_map(axes[3], gain, f"{'less' if sign < 0 else 'more'} like “{phrase}”")
        save(figure, images / f"recipe-change-{name}.png")


def harbour(folder: Path) -> None:
    """Count ships at a coast, and ask for its harbour."""
    scene = write_harbour(folder)
    run(
        "backend.describe", scene, "--ask", "count ships", "--objects", folder / "ships.geojson"
    )  # fmt: skip
    run("backend.describe", scene, "--ask", "Is there a harbour?")
    phrases = ("a harbour with ships at the quays", "open water")
    run("backend.query", scene, *phrases, "-o", folder / "harbour.tif")


def main() -> None:
    """Run all recipes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/images"))
    chosen = parser.parse_args()
    matplotlib.use("Agg")
    with tempfile.TemporaryDirectory() as folder:
        if (chosen.data / FLOOD[0]).exists():
            flood(chosen.data, Path(folder), chosen.output)
        changes(Path(folder), chosen.output)
        harbour(Path(folder))


if __name__ == "__main__":
    main()
