"""Write a simulated scene, with its cover beside it as the truth."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.transform import from_origin

from backend.simulation.backscatter import render_backscatter
from backend.simulation.canvas import Landscape
from backend.simulation.cover import CLASSES, Ground, Season
from backend.simulation.kinds import Kind
from backend.simulation.landscape import simulate_landscape
from backend.simulation.terrain import PIXEL_M

DEMO_SEED = 40
WEST_M, NORTH_M, EPSG = 640_000.0, 5_330_000.0, 32632  # the foreland of the Alps

DATES = {
    Season.GROWING: "2024-06-15",
    Season.LEAF_OFF: "2024-11-20",
    Season.DRY: "2024-08-20",
    Season.FROZEN: "2024-01-20",
}

# Something of everything: a river, lakes, a town with villages, fields, woods, gentle hills.
DEMO_KIND = Kind(
    "demo", 1.0, ("temperate",), (55, 80), (2500, 3500), (0.45, 0.55), lakes=(0.04, 0.06),
    lake_size_m=(1500, 2500), rivers=(1, 1), river_width_m=(110, 160), villages=(7, 9),
    towns=(1, 1), town_radius_m=(1000, 1300), marsh=(0.01, 0.02),
)  # fmt: skip

COLOURS: dict[Ground, tuple[int, int, int]] = {
    Ground.LAKE: (60, 110, 220),
    Ground.RIVER: (40, 140, 240),
    Ground.SEA: (20, 60, 160),
    Ground.FLOOD: (120, 170, 250),
    Ground.FLOODED_VEGETATION: (40, 150, 150),
    Ground.MARSH: (120, 180, 160),
    Ground.MUDFLAT: (140, 130, 120),
    Ground.BROADLEAVED_FOREST: (40, 130, 40),
    Ground.CONIFEROUS_FOREST: (10, 90, 40),
    Ground.RAINFOREST: (0, 110, 20),
    Ground.SHRUBLAND: (140, 160, 70),
    Ground.SAVANNA: (190, 190, 100),
    Ground.GRASSLAND: (150, 210, 110),
    Ground.BARE_SOIL: (160, 115, 70),
    Ground.CEREALS: (235, 215, 110),
    Ground.TALL_CROPS: (215, 180, 50),
    Ground.RICE: (130, 220, 180),
    Ground.ORCHARD: (170, 130, 160),
    Ground.SPARSE: (215, 200, 165),
    Ground.SAND: (245, 235, 190),
    Ground.ROCK: (130, 130, 130),
    Ground.SNOW_ICE: (245, 250, 255),
    Ground.VILLAGE: (240, 130, 120),
    Ground.TOWN: (210, 30, 30),
    Ground.INDUSTRY: (180, 50, 170),
    Ground.ASPHALT: (60, 60, 60),
}


def simulate_scene(seed: int = DEMO_SEED, size_px: int = 1024) -> tuple[Landscape, np.ndarray]:
    """Return a landscape with something of everything, and its backscatter (2, H, W) in dB."""
    landscape = simulate_landscape(seed, size_px, DEMO_KIND)
    return landscape, render_backscatter(landscape, seed)


def write_demo_scene(folder: Path, seed: int = DEMO_SEED, size_px: int = 1024) -> tuple[Path, Path]:
    """Write `scene.tif` (VV, VH in dB) and `scene_truth.tif` (cover) into an existing folder.

    Both are GeoTIFFs in UTM zone 32 north, with pixels of 10 m. Return their paths.
    """
    landscape, db = simulate_scene(seed, size_px)
    scene, truth = folder / "scene.tif", folder / "scene_truth.tif"
    conditions = landscape.conditions
    grid = {
        "driver": "GTiff",
        "height": size_px,
        "width": size_px,
        "crs": CRS.from_epsg(EPSG),
        "transform": from_origin(WEST_M, NORTH_M, PIXEL_M, PIXEL_M),
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "compress": "deflate",
    }
    bands = {"count": 2, "dtype": "float32", "nodata": np.nan, "predictor": 3}
    with rasterio.open(scene, "w", **bands, **grid) as file:
        file.write(db)
        file.descriptions = ("VV", "VH")
        file.update_tags(
            datetime=DATES[conditions.season],
            simulated="yes",
            description=f"Simulated Sentinel-1 scene, seed {seed}; not a measurement.",
            product=conditions.product_type,
            units="dB",
            season=conditions.season.name.lower(),
            orbit="ascending" if conditions.looks_east else "descending",
            incidence_deg=f"{conditions.incidence_deg:.1f}",
        )
    with rasterio.open(truth, "w", count=1, dtype="uint8", nodata=255, **grid) as file:
        file.write(landscape.cover, 1)
        file.write_colormap(1, {int(g): (*rgb, 255) for g, rgb in COLOURS.items()})
        file.set_band_description(1, "cover")
        file.update_tags(**{f"CLASS_{cover.ground:d}": cover.name for cover in CLASSES})
    return scene, truth
