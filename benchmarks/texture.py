"""Processor seconds to encode texture-s1 and to make a whole map, here and in another checkout.

PYTHONPATH=. python benchmarks/texture.py [OTHER_CHECKOUT]

A scene of 4,000 × 4,000 px on the lattice's grid, in dB. The two take turns in processes of their
own, so that other programs slow them alike; each figure is the least of a few rounds, user and
system together. Encoding is measured from pixels in memory to the features of every cell, the map
from the file to the finished GeoTIFF. With another checkout the columns that both have are compared
over one window, away from its edge.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from affine import Affine

from benchmarks.opening import speckle, write

HERE = Path(__file__).parents[1]
ROUNDS = 2
SIDE_PX = 4000
WINDOW_PX = 1024  # of which the outer 112 px, half a window of 224, are not compared

WORK = """
import resource, sys, time
from pathlib import Path
import backend  # before torch: waiting threads sleep, and take no time of a processor
import numpy as np
import torch
from backend.encoders import load_encoder
from backend.features.plan import make_plan
from backend.features.strips import blended_strips
from backend.link import HeadMeta, LinkHead
from backend.maps import align
from backend.progress import silent
from backend.scenes import open_scene
from backend.text import load_text_encoder

folder, other = map(Path, sys.argv[1:])
encoder, text = load_encoder("texture-s1", device="cpu"), load_text_encoder("minilm")
meta = HeadMeta(encoder_identity=encoder.spec.identity, text_space=text.space)
weight = torch.randn(encoder.spec.dim, text.space.dim)
head = LinkHead(weight, torch.randn(text.space.dim), meta)
with open_scene(folder / "small.tif") as scene:  # what is loaded at first
    align(scene, None, ["open water"], encoder, head, text, folder / "map.tif")

def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

def timed(work):
    start, began = cpu(), time.perf_counter()
    work()
    print(cpu() - start, time.perf_counter() - began)

class Held:
    def __init__(self, scene):
        self.box, self.planes = scene.extent.grown(1024), getattr(scene, "planes", 1)
        self.pixels = scene.read(self.box)
    def read(self, box):
        return self.pixels[:, *box.within(self.box)]

with open_scene(folder / "scene.tif") as scene:
    plan, held = make_plan(scene, None, encoder.spec), Held(scene)
    timed(lambda: [strip.answered.sum() for strip in blended_strips(held, plan, encoder, silent)])
    timed(lambda: align(scene, None, ["open water"], encoder, head, text, folder / "map.tif"))
    np.save(other, encoder.encode(held.pixels[None, :, 1024:2048, 1024:2048]).numpy()[0])
"""


def measure(checkout: Path, folder: Path, features: Path) -> np.ndarray:
    """Return processor and wall seconds of encoding, then of a map: (2, 2)."""
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(folder), str(features)],
        cwd=checkout,
        env={"PYTHONPATH": str(checkout), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
        text=True,
    )
    return np.array(done.stdout.split(), float).reshape(2, 2)


def write_scene(path: Path, side: int) -> None:
    """Write speckle over fields of 400 m whose backscatter differs."""
    rng = np.random.default_rng(0)
    fields = rng.normal(0, 4, (side // 40, side // 40)).repeat(40, 0).repeat(40, 1)
    db = np.stack([speckle(side, level, rng) + fields for level in (-11, -18)])
    corner = Affine(10, 0, 400_000, 0, -10, 5_400_000)
    layout = {"tiled": True, "compress": "deflate"}
    write(path, db.astype(np.float32), corner, "EPSG:32633", **layout)


def main() -> None:
    """Print a row for each piece of work, and what the features differ by."""
    checkouts = [HERE, *map(Path, sys.argv[1:2])]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_scene(folder / "scene.tif", SIDE_PX)
        write_scene(folder / "small.tif", 400)
        features = [folder / f"{number}.npy" for number in range(len(checkouts))]
        runs: list[list[np.ndarray]] = [[] for _ in checkouts]
        for _ in range(ROUNDS):
            for checkout, file, taken in zip(checkouts, features, runs, strict=True):
                taken.append(measure(checkout, folder, file))
        compared = [np.load(file)[14:-14, 14:-14] for file in features]
        columns = min(one.shape[-1] for one in compared)
        compared = [one[..., :columns] for one in compared]
    print(f"| {SIDE_PX} × {SIDE_PX} px | here, s |" + " other, s | ratio |" * (len(runs) - 1))
    for row, work in enumerate(("encoding", "the whole map")):
        for column, kind in enumerate(("processor", "wall")):
            least = [min(float(one[row, column]) for one in taken) for taken in runs]
            ratio = [f"{least[1] / least[0]:.2f}"] if len(least) > 1 else []
            figures = [f"{seconds:.1f}" for seconds in least]
            print(f"| {work}, {kind} | {' | '.join([*figures, *ratio])} |")
    if len(compared) > 1:
        gap = np.abs(compared[0] - compared[1])
        print(f"features differ by {gap.max():.1g} at most, {gap.mean():.1g} on average")


if __name__ == "__main__":
    main()
