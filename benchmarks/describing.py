"""Compare describing an encoded area from its store to the same without a store, in one run.

python benchmarks/describing.py [--km 44.8]
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from backend.describers import Chip, Measured, load_describer, measure
from backend.encoders import load_encoder
from backend.features.plan import for_encoder, make_plan
from backend.features.store import FeatureStore, fill
from backend.link import find_head
from backend.scenes import open_scene
from backend.simulation import simulate_scene
from backend.text import load_text_encoder

RUNS = 3


def write_scene(path: Path, side: int) -> None:
    """Write a simulated scene, side by side with itself, and a few ships on its water."""
    landscape, db = simulate_scene()
    water = np.argwhere(landscape.cover <= 3)
    for row, col in water[:: len(water) // 9]:
        db[:, row : row + 2, col : col + 6] = -2.0
    times = -(-side // db.shape[1])
    db = np.tile(db, (1, times, times))[:, :side, :side]
    grid = {"crs": "EPSG:32632", "transform": from_origin(640_000, 5_330_000, 10, 10)}
    with rasterio.open(
        path, "w", "GTiff", side, side, 2, dtype="float32", tiled=True, **grid
    ) as file:
        file.write(db)
        file.descriptions = ("VV", "VH")
        file.update_tags(units="dB", product="GRD")


def main() -> None:
    """Print seconds without a store, of filling one, and from it, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--km", type=float, default=44.8)
    side = round(parser.parse_args().km * 100)
    encoder, facts = load_encoder("texture-s1"), load_describer("facts")
    head, text = find_head(None, encoder.spec), load_text_encoder("minilm")

    def described(path: Path, store: FeatureStore | None) -> tuple[float, Measured, str]:
        began = time.perf_counter()
        with open_scene(path) as scene:
            measured = measure(scene, None, encoder, head, text, store)
        words = facts.caption(Chip(measured.record)).text
        return time.perf_counter() - began, measured, words

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "S1A_IW_GRDH_20240501.tif"
        write_scene(path, side)
        store = FeatureStore.open(Path(folder) / "store")
        began = time.perf_counter()
        with open_scene(path) as scene:
            taken = for_encoder(scene, encoder.spec)
            plan = make_plan(taken, None, encoder.spec)
            fill(store.array_for(taken, encoder.spec, plan.lattice), taken, plan, encoder)
        filling = time.perf_counter() - began
        runs = [described(path, store) for _ in range(RUNS)]
        without, plain, _ = described(path, None)
    kept = min(seconds for seconds, _, _ in runs)
    _, measured, words = runs[0]
    assert measured.record.objects == plain.record.objects, "the two ways find other objects"
    print(f"{(side / 100) ** 2:,.0f} km², {len(measured.record.objects or ())} bright objects")
    print(f"encoding into the store {filling:8.2f} s")
    print(f"without a store         {without:8.2f} s")
    print(f"from the store          {kept:8.2f} s (first {runs[0][0]:.2f} s)")
    print(f"ratio                   {without / kept:8.1f}")
    print(words)


if __name__ == "__main__":
    main()
