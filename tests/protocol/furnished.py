"""What the panel's tests of encoders and imagery need; run by the backend's Python alone.

python -m tests.protocol.furnished FOLDER writes weights and heads into FOLDER/home, which is to be
the backend's GLUELINK_HOME, and scenes and products into FOLDER. Then it serves a catalogue, prints
its address, and ends with its stdin.
"""

import os
import sys
from pathlib import Path

import numpy as np
from affine import Affine

CORNER = 600_000, 5_400_000
UTM = "EPSG:32632"
SIDE_PX = 448
SCENE = "S1A_IW_GRDH_1SDV_20240509T053512_rtc"


def write_models(home: Path) -> None:
    """Small weights of every published layout, and a head for SigLIP 2 for each encoder."""
    from backend.encoders import list_encoders
    from scripts.samples.siglip2 import write_siglip2
    from scripts.samples.weights import write_betaearth, write_dinov2, write_vit
    from tests.protocol.made import write_head

    models = home / "models"
    write_vit(models / "ssl4eo-s1" / "B2_vitl16_mae_ep99_enc.pth")
    write_dinov2(models / "dinov2-s1")
    write_betaearth(models / "betaearth-s1" / "model.pt")
    write_siglip2(models / "siglip2-base")
    write_towers(home)
    for spec in list_encoders():
        # A head fits both grids of BetaEarth; other sizes of SSL4EO stay without weights.
        if spec.unavailable or spec.text is not None:
            continue  # what answers text by itself has no head
        if spec.name not in ("texture-s1", "betaearth-s1-10m"):
            write_head(home, f"of-{spec.name}", text="siglip2-base", encoder=spec.name)


def write_towers(home: Path) -> None:
    """A tower that writes, copies of it that write captions alone and that go, and a broken one."""
    import dataclasses
    import shutil

    import torch

    from backend.towers.files import load_tower, save_tower
    from tests.support.tiny_writer import train_writer

    train_writer(home / "chips", home, epochs=10)
    towers = home / "towers"
    tower, vocabulary, card = load_tower(towers / "wordy.safetensors", torch.device("cpu"))
    captions = dataclasses.replace(card, writes=("caption",), title="Captions alone")
    save_tower(tower, vocabulary, captions, towers / "captions.safetensors")
    shutil.copy(towers / "wordy.safetensors", towers / "gone.safetensors")
    (towers / "broken.safetensors").write_bytes(b"no tensors at all")


def lake_power() -> np.ndarray:
    """Linear power (2, h, w) of land with speckle and a lake in its middle."""
    rng = np.random.default_rng(3)
    power = rng.gamma(5, 1 / 5, (2, SIDE_PX, SIDE_PX)) * np.array([0.12, 0.03])[:, None, None]
    row, col = np.mgrid[:SIDE_PX, :SIDE_PX] / SIDE_PX - 0.5
    power[:, np.hypot(row, col) < 0.25] /= 12
    return power.astype(np.float32)


def write_imagery(folder: Path) -> None:
    """A folder of a pair, and tiles of both products: Tessera's of two years."""
    from scripts.samples.embeddings import quantised, write_alphaearth, write_tessera
    from tests.support.rasters import write_raster

    place = {"crs": UTM, "transform": Affine(10, 0, CORNER[0], 0, -10, CORNER[1])}
    for band, power in zip(("VV", "VH"), lake_power(), strict=True):
        path = folder / "pair" / f"s1_20240501_{band}.tif"
        write_raster(path, power[None], names=None, **place)
    write_alphaearth(folder / "2024" / "32N" / "tile.tiff", quantised(60, 80), 32632, CORNER)
    rng = np.random.default_rng(1)
    for year in (2023, 2024):
        values = rng.integers(-128, 128, (50, 60, 128)).astype(np.int8)
        scales = rng.uniform(0.01, 0.05, (50, 60)).astype(np.float32)
        name = "grid_10.35_48.75"
        write_tessera(folder / "tessera", values, scales, name, year, 32632, CORNER)


def serve_catalogue(folder: Path) -> None:
    """A STAC API with a scene that can be fetched and one that cannot, until stdin closes."""
    from tests.support.stac_server import serving, write_pair

    corner = Affine(10, 0, CORNER[0], 0, -10, CORNER[1])
    files = write_pair(folder, "a", lake_power(), crs=UTM, transform=corner)
    with serving() as catalogue:
        catalogue.add(SCENE, *files)
        there = catalogue.add("S1A_far", *files, time="2024-05-21T05:35:12Z")
        for name in ("vv", "vh"):
            there["assets"][name]["href"] = f"s3://bucket/{name}.tif"
        print(catalogue.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    root = Path(sys.argv[1])
    os.environ["GLUELINK_HOME"] = str(root / "home")
    write_models(root / "home")
    write_imagery(root)
    serve_catalogue(root)
