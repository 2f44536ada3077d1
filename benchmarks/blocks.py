"""Measure what a block of a feature store costs, and compute a country and a continent from it.

PYTHONPATH=. python benchmarks/blocks.py

One inner block of each kind, file to store, in one thread of a CPU. Processor seconds do not count
what other programs take. The windows of ViT-L are timed on a few of them (random weights in the
published layout), and those of a block computed from that; everything else is the block itself.
Regions follow from areas alone: docs/scale.md has the formula and what it leaves out.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import backend  # noqa: F401  (before torch)

# isort: split
import numpy as np
import torch

from backend.encoders import Encoder, load_encoder
from backend.features.block import encode_block
from backend.features.lattice import CellBox, Lattice, Quality
from backend.features.plan import for_encoder
from backend.features.store import FeatureStore, StoredBlock
from backend.features.store.pixels import pixels_sha256
from backend.io.batches import Batches
from backend.scenes import AnyScene, open_any
from scripts.gpu_check import noise_windows
from scripts.samples.embeddings import quantised, write_alphaearth
from scripts.samples.weights import write_vit
from tests.support.rasters import speckled, write_raster

ROUNDS = 2
TIMED_WINDOWS = 2
REGIONS = {"Germany": 357_600, "Europe": 10_180_000}
"""Areas in km²; Europe as a continent."""
BESIDE = 4 + 1 + 4
"""Bytes of a cell beside its features: scale, dates, and the norms of one head."""


@dataclass(frozen=True)
class Cost:
    """Of one block."""

    title: str
    cell_m: float
    dim: int
    side_km: float
    windows: int
    parts: dict[str, float]
    """Processor seconds."""
    back: float
    """Processor seconds to read the block from the store, its checksums compared."""

    @property
    def per_km2(self) -> float:
        """Processor seconds of a square kilometre."""
        return sum(self.parts.values()) / self.side_km**2

    @property
    def bytes_per_km2(self) -> float:
        """Bytes in the store of a square kilometre."""
        return 1e6 / self.cell_m**2 * (self.dim + BESIDE)


def processor_seconds(work: Callable[[], object]) -> float:
    """The least of a few rounds, after one to warm up."""
    best = float("inf")
    for round_ in range(ROUNDS + 1):
        start = time.process_time()
        work()
        if round_:
            best = min(best, time.process_time() - start)
    return best


def measure(
    title: str,
    path: Path,
    encoder: Encoder,
    home: Path,
    quality: Quality = "fine",
    a_window: float | None = None,
) -> Cost:
    """Measure a block in the middle of a scene; `a_window` has the seconds of one, if known."""
    with open_any(str(path)) as opened:
        scene: AnyScene = for_encoder(opened, encoder.spec)
        lattice = Lattice.of(encoder.spec, quality)
        array = FeatureStore.open(home).array_for(scene, encoder.spec, lattice)
        extent = lattice.cells_of(scene.extent)
        index = next(i for i in array.blocks(extent) if _holds(extent, array.box(i)))
        cells = array.box(index)
        outer = lattice.around(cells)
        corners = lattice.corners(outer)
        pixels, _ = scene.read_counted(lattice.pixels_of(outer))
        parts = {
            "read": processor_seconds(lambda: scene.read_counted(lattice.pixels_of(outer))),
            "hash": processor_seconds(lambda: pixels_sha256(pixels)),
        }
        if a_window is not None:
            parts["encode"] = a_window * len(corners)
            features = np.random.default_rng(0).standard_normal(
                (cells.height, cells.width, array.dim), np.float32
            )
        else:
            encode = partial(encode_block, pixels, encoder, lattice, corners, Batches(1))
            parts["encode"] = processor_seconds(lambda: encode().features)
            features = encode().features[cells.within(outer)].numpy()
        observed = np.ones((cells.height, cells.width), np.uint8)
        packed = partial(StoredBlock.of, cells, features, observed, "int8")
        parts["write"] = processor_seconds(lambda: array.write(index, packed(), "0" * 64))
        back = processor_seconds(lambda: array.read(index))
    side_km = cells.width * lattice.cell_m / 1000
    return Cost(title, lattice.cell_m, array.dim, side_km, len(corners), parts, back)


def _holds(extent: CellBox, cells: CellBox) -> bool:
    return extent.intersection(cells) == cells


def costs(folder: Path) -> list[Cost]:
    """Measure every kind of block."""
    radar = write_raster(folder / "S1A_IW_GRDH_20240501.tif", speckled(2560, 2560))
    # One block, and no more: its corner is one of the lattice.
    embedding = write_alphaearth(
        folder / "2024" / "33N" / "x.tiff", quantised(512, 512), corner=(399_360, 5_401_600)
    )
    vit = load_encoder("ssl4eo-s1", write_vit(folder / "vit.pth", 1024, 24), "cpu", "auto")
    texture, annual = (
        load_encoder("texture-s1", None, "cpu"),
        load_encoder("alphaearth", None, "cpu"),
    )
    some = noise_windows(vit.spec, TIMED_WINDOWS)
    a_window = processor_seconds(lambda: vit.encode(some)) / TIMED_WINDOWS
    return [
        measure("texture-s1", radar, texture, folder / "a"),
        measure("ViT-L, fine", radar, vit, folder / "b", "fine", a_window),
        measure("ViT-L, fast", radar, vit, folder / "c", "fast", a_window),
        measure("64-d embedding", embedding, annual, folder / "d"),
    ]


def row(*cells: object) -> str:
    """A line of a table, numbers with three digits or, above 100, none."""
    texts = [
        (f"{cell:,.0f}" if cell >= 100 else f"{cell:.3g}") if isinstance(cell, float) else str(cell)
        for cell in cells
    ]
    return f"| {' | '.join(texts)} |"


def main() -> None:
    """Print a table of blocks, and one of regions."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as made:
        found = costs(Path(made))
    about, parts = ("a block of", "cell, m", "side, km", "windows"), [*found[0].parts]
    print(row(*about, *parts, "all, s", "s/1,000 km²", "read back, s"))
    print("|---" * (len(parts) + 7) + "|")
    for cost in found:
        every = [cost.parts[part] for part in parts]
        print(row(cost.title, cost.cell_m, cost.side_km, cost.windows, *every, sum(every),
                  cost.per_km2 * 1000, cost.back))  # fmt: skip
    print()
    print(row("region", "features", "blocks", "core hours", "hours of 2 cores", "of 100", "GB",
              "core seconds to read all"))  # fmt: skip
    print("|---" * 8 + "|")
    for region, km2 in REGIONS.items():
        for cost in found:
            blocks, hours = km2 / cost.side_km**2, cost.per_km2 * km2 / 3600
            print(row(region, cost.title, blocks, hours, hours / 2, hours / 100,
                      cost.bytes_per_km2 * km2 / 1e9, blocks * cost.back))  # fmt: skip


if __name__ == "__main__":
    main()
