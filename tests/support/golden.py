"""Reference outputs of real encoders, and the stand-in weights that they were made with."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.encoders.networks.betaearth import BRANCHES

GOLDEN = Path(__file__).parents[3] / "shared" / "golden"


def stand_ins(layout: str) -> dict[str, torch.Tensor]:
    """The reference's stand-in weights for a layout, but for branches that are not run."""
    if not GOLDEN.is_dir():
        pytest.skip(f"the reference outputs are not at {GOLDEN}")
    spec = importlib.util.spec_from_file_location("pseudo", GOLDEN / "pseudo_weights.py")
    assert spec and spec.loader
    pseudo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pseudo)
    shapes = json.loads((GOLDEN / f"{layout}_keys.json").read_text())
    unused = tuple(f"{branch}." for branch in BRANCHES if branch != "s1_encoder")
    run = {key: shape for key, shape in shapes.items() if not key.startswith(unused)}
    drawn = {key: torch.as_tensor(pseudo.tensor(key, shape)) for key, shape in run.items()}
    return {key: drawn[key] if key in run else torch.zeros(1) for key in shapes}


def golden(name: str) -> dict[str, np.ndarray]:
    """The arrays of one reference output."""
    with np.load(GOLDEN / f"{name}.npz") as arrays:
        return dict(arrays)
