"""The encoder of docs/own-encoder.md, installed as a user would, and packages that are broken."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from torch.nn import functional

from backend.encoders import Encoder, EncoderSpec, load_encoder
from backend.encoders.texture_s1 import TextureS1
from backend.encoders.third_party import (
    GROUP,
    import_third_party,
    load_third_party,
    third_party_spec,
    try_encoder,
)
from backend.errors import EncoderBroken
from tests.support import forked
from tests.support.rasters import speckled, write_raster

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "own-encoder.md").read_text(encoding="utf-8")
POINTS = "--points 36"  # three landscapes, see below

DRIVER = """
import json, runpy, shlex, sys
from backend.simulation.survey import points as simulate
simulate.TENTH_OF_SPLIT, simulate.POINTS_PER_LANDSCAPE = (0, 1, 2), 12
for line in json.loads(sys.argv[1]):
    _, _, module, *arguments = shlex.split(line)
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        assert not ended.code, f"{line}: {ended.code}"
from dataclasses import asdict
from backend.doctor.models import check_encoders
from backend.service.capabilities import capabilities
from backend.service.settings import Settings
offered = capabilities(Settings(token="a" * 32))
told = {
    "encoders": [one.model_dump() for one in offered.encoders],
    "heads": [(one.name, one.encoder) for one in offered.heads],
    "doctor": {one.topic: asdict(one) for one in check_encoders()},
}
print("TOLD" + json.dumps(told))
"""


def install(folder: Path) -> Path:
    """The page's package in an environment of its own, and a broken one beside it."""
    source, site = folder / "gluelink-moments", folder / "site"
    source.mkdir()
    for name, text in re.findall(r"`gluelink-moments/(\S+)`\n\n```\w+\n(.*?)```", PAGE, re.DOTALL):
        (source / name).write_text(text, encoding="utf-8")
    offline = ["--no-index", "--no-deps", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "install", "-q", *offline, "--target", site, source]
    subprocess.run(command, check=True)
    info = site / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nshards = nowhere.at_all:Shards\n")
    return site


def commands(home: Path) -> list[str]:
    """The page's own commands, on a small survey."""
    block = re.search(r"## Link it.*?```sh\n(.*?)```", PAGE, re.DOTALL)
    assert block
    small = block[1].replace("--points 10000", POINTS).replace("~/.gluelink", str(home))
    return small.replace("-o tables", "-o tables --no-figures --resamples 0").splitlines()


def test_the_pages_encoder_is_linked_measured_asked_and_offered(tmp_path: Path) -> None:
    site, home = install(tmp_path), tmp_path / "home"
    write_raster(tmp_path / "scene.tif", speckled(300, 300))
    environment = os.environ | {
        "PYTHONPATH": f"{site}{os.pathsep}{ROOT}",
        "GLUELINK_HOME": str(home),
    }
    run = forked.run("-c", DRIVER, json.dumps(commands(home)), env=environment, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    told = json.loads(run.stdout.partition("TOLD")[2])

    with rasterio.open(tmp_path / "map.tif") as file:
        assert file.transform.a == 80 and np.isfinite(file.read(1)).any()
    measured = json.loads((tmp_path / "tables" / "tables.json").read_text())
    assert "moments" in json.dumps(measured)

    offered = {one["name"]: one for one in told["encoders"]}
    assert offered["moments"]["available"] and offered["moments"]["dim"] == 6
    assert ["moments", "moments"] in told["heads"]
    assert told["doctor"]["Encoder moments"]["level"] == "ok"

    assert "shards" not in offered and offered["texture-s1"]["available"]
    broken = told["doctor"]["Encoder shards"]
    assert broken["level"] == "warning"
    assert "of the package broken cannot be used: ModuleNotFoundError" in broken["text"]


def test_the_page_has_an_example_of_about_thirty_lines() -> None:
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code and 25 <= len([line for line in code[1].splitlines() if line]) <= 35


# Packages that are not what they should be


SPEC = dataclasses.replace(
    TextureS1.spec,
    name="other",
    dim=2,
    window_px=64,
    grid=(4, 4),
    identity="other/1",
    reach_px=None,
)


class Fine(Encoder):
    spec = SPEC

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        return torch.zeros(len(db), 4, 4, 2)


class NoEncode(Encoder):
    spec = SPEC


class NoSpec(Encoder):
    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        return torch.zeros(1)


def spoilt(**fields: object) -> type[Encoder]:
    changed = dataclasses.replace(SPEC, **fields)  # type: ignore[arg-type]
    return type("Spoilt", (Fine,), {"spec": changed})


Foreign = spoilt(modality="sonar")
Nameless = spoilt(title=None)
Gridless = spoilt(grid=(0, 0))
Flat = spoilt(grid=4)
Unreached = spoilt(reach_px=-1)
Misnamed = spoilt(name="someone")
function = len


def bring(target: str, name: str = "other", module: str = __name__) -> EncoderBroken | None:
    """What is wrong with an entry point that leads to something in a module."""
    points = [
        EntryPoint(name, f"{module}:{target}", GROUP),
        EntryPoint("fine", f"{__name__}:Always", GROUP),
    ]
    third_party = import_third_party(points, {TextureS1.spec.name: TextureS1})
    assert "fine" in third_party.kinds
    return third_party.broken.get(name)


Always = spoilt(name="fine")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("NoEncode", "not a class derived from backend.encoders.Encoder that has encode"),
        ("function", "not a class derived from backend.encoders.Encoder that has encode"),
        ("NoSpec", "its class has no spec"),
        ("Foreign", "it reads 'sonar'; expected one of sentinel-1"),
        ("Nameless", "title of its spec is None; expected text"),
        ("Gridless", "must be whole numbers above 0"),
        ("Flat", "TypeError"),
        ("Unreached", "reach_px of its spec is -1; expected None or pixels, 0 or more"),
        ("Misnamed", "its spec has the name 'someone'"),
        ("Nothing", "AttributeError"),
    ],
)
def test_a_broken_encoder_is_one_sentence_and_breaks_no_other(target: str, said: str) -> None:
    broken = bring(target)
    assert broken and said in broken.message and "\n" not in broken.message
    assert broken.message.startswith("The encoder other of the package ")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("class Other", "SyntaxError"),
        ("1 / 0", "Zero"),
    ],
)
def test_whatever_a_strangers_module_does_when_imported_is_outlasted(
    code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"stranger{len(code)}"
    (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    broken = bring("Other", module=name)
    assert broken and said in broken.message and "\n" not in broken.message


def test_a_name_that_is_taken_stays_with_its_owner() -> None:
    broken = bring("Fine", name="texture-s1")
    assert broken and "there is another encoder of this name" in broken.message
    assert bring("Fine") is None


class Stumbles(Fine):
    def __init__(self, weights: str | Path | None, device: torch.device) -> None:
        raise OSError("no such card")

    @classmethod
    def spec_here(cls) -> EncoderSpec:
        raise RuntimeError("no idea")


def test_one_that_fails_later_says_so_where_it_is_chosen() -> None:
    assert "fails: RuntimeError: no idea" in third_party_spec(Stumbles).unavailable
    with pytest.raises(EncoderBroken, match="other fails: OSError: no such card"):
        load_third_party(Stumbles, None, torch.device("cpu"))


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        (None, "no tensor of float32"),
        (torch.zeros(1, 4, 4, 2, dtype=torch.float64), "no tensor of float32"),
        (torch.zeros(1, 2, 4, 4), r"it gives \(1, 2, 4, 4\); its spec promises \(1, 4, 4, 2\)"),
        (torch.full((1, 4, 4, 2), torch.nan), "not finite"),
    ],
)
def test_features_that_are_not_as_promised_are_found(gives: object, said: str) -> None:
    kind = type("Gives", (Fine,), {"encode": lambda self, db: gives})
    with pytest.raises(EncoderBroken, match=said):
        try_encoder(kind(None, torch.device("cpu")))


class Blurred(Fine):
    """Means over each cell and so many pixels around it."""

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        filled = torch.as_tensor(db)[:, :2].nan_to_num(-12.0)
        padded = functional.pad(filled, (8, 8, 8, 8), mode="replicate")
        return functional.avg_pool2d(padded, 32, stride=16).permute(0, 2, 3, 1)


@pytest.mark.parametrize("reach_px", [0, 7])
def test_an_encoder_that_looks_farther_than_it_says_is_found(reach_px: int) -> None:
    kind = type("Blurred", (Blurred,), {"spec": dataclasses.replace(SPEC, reach_px=reach_px)})
    if reach_px == 0:
        with pytest.raises(EncoderBroken, match="depends on pixels beyond reach_px of its spec, 0"):
            try_encoder(kind(None, torch.device("cpu")))
    else:
        try_encoder(kind(None, torch.device("cpu")))


@pytest.mark.parametrize("name", ["texture-s1", "alphaearth"])
def test_this_projects_own_encoders_are_as_they_promise(name: str) -> None:
    try_encoder(load_encoder(name, device="cpu"))
