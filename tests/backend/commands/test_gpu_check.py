"""`make gpu-check` needs little, prints its table, and fails when parity does."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from scripts.gpu_check import Row, relative_error

ROOT = Path(__file__).parents[3]
ALONE = """
import importlib.machinery, re, runpy, sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

needed, new = set(), {"torch", "transformers", "numpy", "scipy", "safetensors"}
while new:
    name = new.pop()
    needed.add(name)
    try:
        lines = [line for line in requires(name) or () if not re.search(r"extra\\s*==", line)]
    except PackageNotFoundError:
        continue
    found = {re.match(r"[\\w.-]+", line)[0].lower().replace("_", "-") for line in lines}
    new |= found - needed
canonical = lambda name: name.lower().replace("_", "-")
modules = packages_distributions().items()
hidden = {top for top, of in modules if not needed & set(map(canonical, of))}
hidden -= {"backend", "scripts", "tests"}
assert {"rasterio", "zarr", "PIL", "fastapi"} <= hidden

class Finder(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in hidden else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(importlib.machinery.PathFinder)] = Finder
sys.argv = ["gpu_check", "--quick"]
runpy.run_module("scripts.gpu_check", run_name="__main__")
"""


@pytest.mark.long("the contracts of imports, and the parity tests of each encoder")
def test_it_runs_with_the_packages_of_the_method_alone() -> None:
    command = [sys.executable, "-c", ALONE]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    for part in ("ssl4eo-s1", "betaearth-s1", "dinov2-s1", "clip-rgb", "ms-clip", "link"):
        assert f"\n{part} " in run.stdout


@pytest.mark.parametrize("error", [0.01, float("nan")])
def test_a_difference_beyond_the_bound_fails(error: float) -> None:
    assert not Row("link", "float32", error, 1.0).passed


def test_the_error_is_that_of_the_worst_vector() -> None:
    wanted = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    assert relative_error(wanted + torch.tensor([[0.0, 0.0], [0.1, 0.0]]), wanted) == pytest.approx(
        0.1
    )
