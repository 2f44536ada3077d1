"""Check that two checkouts compute the same, from the simulated scene to the tables, bit for bit.

    python scripts/compare_builds.py OTHER_CHECKOUT [--keep DIR]

runs the same commands in OTHER_CHECKOUT and in this checkout, each with a user folder of its own,
and compares what they write. It also opens here what the other checkout wrote: its head, its
survey, its finished training runs and one that was stopped. Real scenes are taken from
../shared/data where that folder exists. Prints a line per item; exits with 1 on any difference.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import torch
import zarr
from rasterio.warp import transform_bounds
from safetensors import safe_open

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "s1"
REAL = ("spain_flood_2019/s1_grd_db.tif", "denmark_2017/s1_rtc_db.tif", "inn_river_2017")

RENAMED = {"product": "product_type"}  # keys of metadata: the old name and the new one
NEW = ("*.provenance.scene.source", "*.provenance.scene.options*")  # since the other checkout
VOLATILE = ("*.provenance.created", "*.meta.training.date", "*.seconds")  # differ in every run
COMPARED = (
    *("scene/*.tif", "maps/*.tif", "*.zarr", "heads/*.safetensors", "heads/*/curve.csv"),
    *("home/heads/*.safetensors", "*tables/tables.json", "*tables/tables.csv"),
)
SHOWN = 5  # differences of an item that are printed

WARM_START = "solver: adamw\nrecipe: {epochs: 2, warm_start: true, supervision: tile}\n"
NETWORK = "models/ssl4eo-s1/B2_vitl16_mae_ep99_enc.pth"
WIDTH, TEXT_DIM = 64, 384  # of the small network, and of minilm
LAYERS = {
    "patch_embed.proj": (WIDTH, 2, 16, 16),
    "blocks.0.norm1": (WIDTH,),
    "blocks.0.attn.qkv": (3 * WIDTH, WIDTH),
    "blocks.0.attn.proj": (WIDTH, WIDTH),
    "blocks.0.norm2": (WIDTH,),
    "blocks.0.mlp.fc1": (4 * WIDTH, WIDTH),
    "blocks.0.mlp.fc2": (WIDTH, 4 * WIDTH),
    "norm": (WIDTH,),
}

# One process for all commands of a checkout: each would need seconds to import torch.
RUNNER = """
import json, runpy, sys
failed = False
for module, *arguments in json.load(sys.stdin):
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            print("Failed:", "python -m", module, *arguments, file=sys.stderr)
            failed = True
sys.exit(failed)
"""

Command = tuple[object, ...]


@dataclass(frozen=True)
class Build:
    """A checkout, and the folder that its commands write into."""

    root: Path
    folder: Path

    def run(self, commands: Iterable[Command]) -> bool:
        """Run commands with the code of this checkout; false when one of them fails."""
        paths = {"PYTHONPATH": str(self.root), "GLUELINK_HOME": str(self.folder / "home")}
        done = subprocess.run(
            [sys.executable, "-c", RUNNER],
            input=json.dumps([[str(part) for part in command] for command in commands]),
            cwd=self.root,
            env={**os.environ, **paths},
            stdout=subprocess.DEVNULL,
            text=True,
        )
        return done.returncode == 0


def write_inputs(folder: Path) -> None:
    """Write what the commands read beside the scene in `folder`."""
    with rasterio.open(folder / "scene" / "scene.tif") as scene:
        db, profile = scene.read(), scene.profile
        west, south, east, north = transform_bounds(scene.crs, "EPSG:4326", *scene.bounds)
    linear, dn = 10 ** (db / 10), (10 ** ((db + 83) / 20)).round().astype(np.uint16)
    for name, values, nodata in (("linear", linear, np.nan), ("dn", dn, 0)):
        form = {**profile, "dtype": values.dtype, "nodata": nodata}
        with rasterio.open(folder / f"{name}.tif", "w", **form) as copy:
            copy.write(values)
            copy.descriptions = ("VV", "VH")
    inside = [(0.2, 0.2), (0.8, 0.3), (0.5, 0.9), (0.2, 0.2)]
    ring = [(west + x * (east - west), south + y * (north - south)) for x, y in inside]
    area = {"type": "Polygon", "coordinates": [ring]}
    (folder / "area.geojson").write_text(json.dumps(area), encoding="utf-8")
    rows = [f"{n},{x},{y},2024-06-15,here,train,{n}.jpg" for n, (x, y) in enumerate(ring)]
    table = "\n".join(["id,lon,lat,date,region,split,photo", *rows])
    (folder / "points.csv").write_text(table, encoding="utf-8")
    (folder / "warm.yaml").write_text(WARM_START, encoding="utf-8")
    torch.save(random_tensors({"layer": (TEXT_DIM, WIDTH)}), folder / "layer.pt")
    tokens = {"cls_token": torch.zeros(1, 1, WIDTH), "pos_embed": torch.zeros(1, 197, WIDTH)}
    torch.save({**random_tensors(LAYERS), **tokens}, folder / "network.pth")


def random_tensors(layers: dict[str, tuple[int, ...]]) -> dict[str, torch.Tensor]:
    """Draw weight and bias of each layer, the same in every run."""
    noise = torch.Generator().manual_seed(0)
    tensors = {}
    for name, shape in layers.items():
        weight = torch.randn(shape, generator=noise)
        tensors[f"{name}.weight"] = weight / weight[0].numel() ** 0.5
        tensors[f"{name}.bias"] = torch.randn(shape[0], generator=noise)
    return tensors


def commands(own: Path, other: Path, inputs: Path) -> Iterator[Command]:
    """Yield all commands of a build: it writes into `own`, the other checkout into `other`."""
    yield "backend.survey", "scene", "--size", 512, "-o", own / "scene"
    yield "backend.survey", "simulate", "--points", 360, "--seed", 3, "-o", own / "survey.zarr"
    for name, options in training(inputs).items():
        yield "backend.train", "--survey", own / "survey.zarr", *options, "-o", own / "heads" / name
    encoder = ("--encoder", "ssl4eo-s1")
    yield "backend.heads", "import", inputs / "layer.pt", *encoder, "--text", "minilm"
    around = (inputs / "points.csv", "--scenes", inputs / "scene", *encoder)
    yield "backend.survey", "encode", *around, "-o", own / "encoded.zarr"
    for name, question in questions(other, inputs).items():
        yield "backend.query", *question, "-o", own / "maps" / f"{name}.tif"
    for build, name in ((own, "tables"), (other, "other_tables")):
        heads = [f"--head={build / 'heads' / head}.safetensors" for head in ("ridge", "adamw")]
        few = ("--resamples", 20, "--no-figures", "-o", own / name)
        yield "backend.evaluate", "--survey", build / "survey.zarr", *heads, *few


def training(inputs: Path) -> dict[str, Command]:
    """Return the options of each training run, by the name of its head."""
    return {
        "ridge": ("--solver", "ridge"),
        "adamw": ("--solver", "adamw", "--epochs", 2),
        "warm": ("--config", inputs / "warm.yaml"),
    }


def questions(other: Path, inputs: Path) -> dict[str, Command]:
    """Return the arguments of each query, by the name of its map."""
    scene, linear, dn = (inputs / f"{name}.tif" for name in ("scene/scene", "linear", "dn"))
    layer = other / "home" / "heads" / "layer.safetensors"
    published = ("open water", "--encoder", "ssl4eo-s1", "--head", layer)
    real = REAL if DATA.is_dir() else ()
    return {
        "plain": (scene, "open water"),
        "area": (scene, "open water", "a forest", "--aoi", inputs / "area.geojson"),
        "speckle": (scene, "open water", "--speckle", "refined-lee"),
        "linear": (linear, "open water", "--units", "linear", "--product", "RTC"),
        "dn": (dn, "open water", "--units", "dn"),
        "other_head": (scene, "open water", "--head", other / "heads" / "ridge.safetensors"),
        "published": (scene, *published),
        "published_rtc": (dn, *published, "--units", "dn", "--product", "RTC"),
        "published_unmatched": (scene, *published, "--no-match-product"),
        **{Path(name).parts[0]: (DATA / name, "open water", "a forest") for name in real},
    }


def read(path: Path) -> Any:
    """Read a file or a survey as nested dicts of arrays and plain values."""
    if not path.exists():
        return {"file": "is missing"}
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    readers = {".tif": read_raster, ".zarr": read_survey, ".safetensors": read_head}
    return readers[path.suffix](path)


def read_raster(path: Path) -> dict[str, Any]:
    """Read pixels, georeference and tags."""
    with rasterio.open(path) as raster:
        tags = raster.tags()
        return {
            "pixels": raster.read(),
            "profile": dict(raster.profile),
            "descriptions": raster.descriptions,
            "provenance": json.loads(tags.pop("GLUELINK_PROVENANCE", "null")),
            "tags": tags,
        }


def read_survey(path: Path) -> dict[str, Any]:
    """Read all arrays and attributes."""
    group = zarr.open_group(path, mode="r")
    nodes = [("survey", group), *group.members(max_depth=None)]
    return {
        name: {"values": node[:] if isinstance(node, zarr.Array) else None, **node.attrs}
        for name, node in nodes
    }


def read_head(path: Path) -> dict[str, Any]:
    """Read tensors and metadata."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return {**tensors, "meta": json.loads(file.metadata()["meta"])}


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Return all values within dicts and lists by dotted path, with the new names of keys."""
    if not isinstance(value, (dict, list, tuple)) or not value:
        return {} if any(fnmatch(path, pattern) for pattern in VOLATILE) else {path: value}
    items = value if isinstance(value, dict) else {str(n): item for n, item in enumerate(value)}
    flat: dict[str, Any] = {}
    for key, item in items.items():
        flat |= flatten(item, f"{path}.{RENAMED.get(key, key)}")
    return flat


def difference(here: Any, there: Any) -> str:
    """Say how two values differ; empty when all their bits are the same."""
    if not (isinstance(here, np.ndarray) and isinstance(there, np.ndarray)):
        return "" if repr(here) == repr(there) else f"was {there!r}, is {here!r}"
    if (here.dtype, here.shape) != (there.dtype, there.shape):
        return f"was {there.dtype} {there.shape}, is {here.dtype} {here.shape}"
    bits = [np.ascontiguousarray(array)[..., None].view(np.uint8) for array in (here, there)]
    unlike = int((bits[0] != bits[1]).any(axis=-1).sum())
    return f"has {unlike:,} of {here.size:,} values different" if unlike else ""


def compare(item: str, here: Any, there: Any) -> bool:
    """Print whether an item is the same here and there, and what differs."""
    flat, wanted = flatten(here), flatten(there)
    found = []
    for path in {**wanted, **flat}:
        if path not in wanted and any(fnmatch(path, pattern) for pattern in NEW):
            continue
        if path not in flat or path not in wanted:
            found.append(f"{path[1:]} is {'lost' if path in wanted else 'new'}")
        elif change := difference(flat[path], wanted[path]):
            found.append(f"{path[1:]} {change}".strip())
    more = [f"{len(found) - SHOWN} more"] if len(found) > SHOWN else []
    print(f"DIFFERENT: {item}: {'; '.join(found[:SHOWN] + more)}" if found else f"same: {item}")
    return not found


def compare_written(here: Path, there: Path) -> list[bool]:
    """Compare all that two builds have written into their folders."""
    found = {p.relative_to(of) for of in (here, there) for one in COMPARED for p in of.glob(one)}
    return [compare(str(name), read(here / name), read(there / name)) for name in sorted(found)]


def take_up(here: Build, there: Build, inputs: Path) -> list[bool]:
    """Start the other checkout's training runs again here, the finished ones and a stopped one."""
    heads, stopped = there.folder / "heads", here.folder / "stopped" / "adamw"
    shutil.copytree(heads / "adamw", stopped, ignore=shutil.ignore_patterns("card.md"))
    options = training(inputs)
    runs = [*((heads / name, options[name]) for name in options), (stopped, options["adamw"])]
    survey = there.folder / "survey.zarr"
    files = [*heads.glob("*.safetensors"), stopped / "curve.csv"]
    before = {file.name: file.stat().st_mtime_ns for file in files}
    ran = here.run(("backend.train", "--survey", survey, *how, "-o", path) for path, how in runs)
    after = {file.name: file.stat().st_mtime_ns for file in files}
    head = stopped.with_suffix(".safetensors")
    return [
        compare("every training run is taken up", ran, True),
        compare("none of them is begun anew", after, before),
        compare("a stopped run ends with the same head", read(head), read(heads / head.name)),
    ]


def compare_builds(other: Path, folder: Path) -> bool:
    """Run both checkouts in a new folder and compare them; true when they are the same."""
    here, there = Build(ROOT, folder / "here"), Build(other, folder / "there")
    inputs = folder / "inputs"
    scene = ("backend.survey", "scene", "--size", 512, "-o", inputs / "scene")
    if not there.run([scene]):
        sys.exit(f"{other} makes no scene.")
    write_inputs(inputs)
    for build in (here, there):
        network = build.folder / "home" / NETWORK
        for path in (network.parent, build.folder / "maps"):
            path.mkdir(parents=True)
        shutil.copy(inputs / "network.pth", network)
    if not there.run(commands(there.folder, there.folder, inputs)):
        sys.exit(f"A command fails in {other}.")
    ran = here.run(commands(here.folder, there.folder, inputs))
    same = [
        compare("every command succeeds", ran, True),
        *compare_written(here.folder, there.folder),
        *take_up(here, there, inputs),
    ]
    print(f"{len(same)} items, {same.count(False)} different")
    return all(same)


def main() -> int:
    """Compare this checkout with another; 1 when they differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path, help="another checkout, which counts as right")
    parser.add_argument("--keep", type=Path, help="a new folder for all that is written")
    options = parser.parse_args()
    if not (options.other / "backend").is_dir():
        parser.error(f"{options.other} is not a checkout")
    if options.keep and options.keep.exists():
        parser.error(f"{options.keep} exists already")
    with tempfile.TemporaryDirectory() as made:
        folder = (options.keep or Path(made)).resolve()
        return 0 if compare_builds(options.other.resolve(), folder) else 1


if __name__ == "__main__":
    sys.exit(main())
