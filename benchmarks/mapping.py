"""Measure what strips and the folded head save when a map is made: python benchmarks/mapping.py.

The baseline, in the same run, reads and encodes every window of the lattice by itself, and for
every phrase projects every cell into the text space (D numbers) and normalises it. Both make the
same map, which is checked.
"""

import os

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # as backend sets it, and before torch reads it

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
import torch
from affine import Affine
from rich.console import Console
from rich.table import Table

from backend.encoders import Encoder, load_encoder
from backend.features.plan import Plan, make_plan
from backend.link import HeadMeta, LinkHead, Scorer
from backend.maps import align
from backend.scenes import PixelBox, Scene, open_scene
from backend.text import TextEncoder, load_text_encoder

SIDE_PX = 1400
PHRASES = ["open water", "a dense town", "a forest", "bare mountains"]


def write_scene(folder: Path) -> Path:
    """Write speckle over fields of different brightness, in degrees, compressed as usual."""
    rng = np.random.default_rng(0)
    fields = rng.normal(-11, 4, (SIDE_PX // 50, SIDE_PX // 50)).repeat(50, 0).repeat(50, 1)
    speckle = 10 * np.log10(rng.gamma(4.4, 1 / 4.4, (2, SIDE_PX, SIDE_PX)))
    db = fields + speckle - np.array([0, 7])[:, None, None]
    path = folder / "scene.tif"
    transform = Affine(1.3e-4, 0, 12.4, 0, -9e-5, 48.2)
    profile = {"width": SIDE_PX, "height": SIDE_PX, "count": 2, "dtype": "float32"}
    layout = {"tiled": True, "compress": "deflate", "crs": "EPSG:4326", "transform": transform}
    with rasterio.open(path, "w", **profile, **layout) as file:
        file.write(db.astype(np.float32))
        file.descriptions = ("VV", "VH")
    return path


def random_head(encoder: Encoder, text: TextEncoder) -> LinkHead:
    """Return a head of random weights: speed does not depend on what it has learnt."""
    rng = torch.Generator().manual_seed(0)
    meta = HeadMeta(encoder_identity=encoder.spec.identity, text_space=text.space)
    weight = torch.randn(encoder.spec.dim, text.space.dim, generator=rng)
    return LinkHead(weight, torch.randn(text.space.dim, generator=rng), meta)


def boxes(plan: Plan) -> list[PixelBox]:
    """Return the pixels of every window with its margin, from north-west to south-east."""
    lattice = plan.lattice
    step, margin = lattice.stride * lattice.cell_px, lattice.margin * lattice.cell_px
    corners = [
        (row * step - margin, column * step - margin)
        for swath in plan.swaths()
        for row, columns in plan.windows(swath)
        for column in columns
    ]
    side = lattice.span_px
    return [PixelBox(top, left, top + side, left + side) for top, left in corners]


def read_strips(scene: Scene, plan: Plan) -> None:
    """Read as `align` does: each row of windows, but for what is known from the row above."""
    every, step = boxes(plan), plan.lattice.stride * plan.lattice.cell_px
    left, right = every[0].col0, every[-1].col1
    scene.read(PixelBox(every[0].row0, left, every[0].row1, right))
    for top in range(every[0].row1, every[-1].row1, step):
        scene.read(PixelBox(top, left, top + step, right))


def window_by_window(scene: Scene, plan: Plan, encoder: Encoder) -> torch.Tensor:
    """Return the baseline's blended features (h, w, d) of all cells of the plan."""
    lattice = plan.lattice
    taper = torch.from_numpy(lattice.taper())[..., None]
    outer = lattice.around(plan.cells)
    total = torch.zeros(outer.height, outer.width, encoder.spec.dim)
    weight = torch.zeros(outer.height, outer.width, 1)
    for box in boxes(plan):
        pixels = scene.read(box)
        if np.isfinite(pixels[0]).any():
            read = lattice.cells_of(box)
            cells = read.grown(-lattice.margin)
            kept = encoder.encode(pixels[None])[0][cells.within(read)]
            total[cells.within(outer)] += kept * taper
            weight[cells.within(outer)] += taper
    return (total / weight)[plan.cells.within(outer)]


def projected(features: torch.Tensor, head: LinkHead, phrases: np.ndarray) -> torch.Tensor:
    """Return the baseline's cosines (n, q): all D numbers of every cell, once per phrase."""
    cosines = []
    for phrase in phrases:
        linked = features @ head.weight + head.bias
        cosines.append(torch.nn.functional.normalize(linked, dim=-1) @ torch.from_numpy(phrase))
    return torch.stack(cosines, dim=-1)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of the faster of two runs."""
    times = []
    for _ in range(2):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def measure(scene: Scene, output: Path) -> Table:
    """Return a row per part: seconds of ours, of the baseline, and their ratio."""
    encoder, text = load_encoder("texture-s1", device="cpu"), load_text_encoder("minilm")
    head, plan = random_head(encoder, text), make_plan(scene, None, encoder.spec)
    vectors = text.embed(PHRASES)
    scorer = Scorer(head, vectors)
    features = window_by_window(scene, plan, encoder)
    rows = {
        "reading": (
            lambda: read_strips(scene, plan),
            lambda: [scene.read(box) for box in boxes(plan)],
        ),
        f"scoring {len(PHRASES)} phrases": (
            lambda: scorer.score(features),
            lambda: projected(features, head, vectors),
        ),
        "the whole map": (
            lambda: align(scene, None, PHRASES, encoder, head, text, output),
            lambda: projected(window_by_window(scene, plan, encoder), head, vectors),
        ),
    }
    title = f"{SIDE_PX} x {SIDE_PX} px, {plan.window_count} windows, CPU"
    table = Table("part", "ours, s", "baseline, s", "baseline / ours", title=title)
    for part, (ours, baseline) in rows.items():
        seconds = timed(ours), timed(baseline)
        table.add_row(part, *(f"{s:.3f}" for s in seconds), f"{seconds[1] / seconds[0]:.1f}")
    check_same(output, projected(features, head, vectors))
    return table


def check_same(output: Path, cosines: torch.Tensor) -> None:
    """Check that the map has the baseline's cosines (h, w, q), to 1e-5."""
    with rasterio.open(output) as file:
        ours = file.read().transpose(1, 2, 0)
    gap = np.nanmax(np.abs(ours - cosines.numpy()))
    if gap > 1e-5:
        raise SystemExit(f"The two maps differ by {gap:.2g}.")


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as folder, open_scene(write_scene(Path(folder))) as scene:
        Console().print(measure(scene, Path(folder) / "map.tif"))


if __name__ == "__main__":
    main()
