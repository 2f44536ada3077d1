"""Weights in their published layouts: random ones, and the reference's stand-ins."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from backend.encoders.betaearth import BRANCHES, _Network
from backend.encoders.vit import VisionTransformer

GOLDEN = Path(__file__).parents[3] / "shared" / "golden"
MAE_EXTRAS = {"mask_token": (1, 1, 8), "decoder_pos_embed": (1, 197, 8), "decoder_norm.bias": (8,)}


def randomise(network: nn.Module, seed: int = 0) -> dict[str, torch.Tensor]:
    """The state dict of a network with weights that keep activations of order one."""
    rng = torch.Generator().manual_seed(seed)
    state = network.state_dict()
    for key, tensor in state.items():
        noise = torch.randn(tensor.shape, generator=rng)
        if tensor.ndim > 1:
            tensor.copy_(noise / tensor[0].numel() ** 0.5)
        else:
            tensor.copy_(0.1 * noise + key.endswith("weight"))
    return state


def vit_state(width: int = 64, depth: int = 1, seed: int = 0) -> dict[str, torch.Tensor]:
    """SSL4EO's encoder-only layout at any size."""
    return randomise(VisionTransformer(2, 16, 14, width, depth), seed)


def betaearth_state(seed: int = 0) -> dict[str, torch.Tensor]:
    """BetaEarth's layout; of each branch that is not run, one key stands for all."""
    state = randomise(_Network(), seed)
    unused = {f"{branch}.decoder.p5.bias": torch.zeros(256) for branch in BRANCHES}
    unused["time_cond.embedding.freqs"] = torch.zeros(64)
    return {**unused, **state}


def write_betaearth(path: Path, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(betaearth_state(seed), path)
    return path


def write_vit(path: Path, width: int = 64, depth: int = 1, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(vit_state(width, depth, seed), path)
    return path


def write_dinov2(folder: Path, seed: int = 0, **config: object) -> Path:
    """A small DINOv2 saved by transformers itself."""
    from transformers import Dinov2Config, Dinov2Model

    sizes = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 70}
    network = Dinov2Model(Dinov2Config(**{**sizes, "patch_size": 14, **config}))
    randomise(network, seed)
    network.save_pretrained(folder)
    return folder


def stand_ins(layout: str) -> dict[str, torch.Tensor]:
    """The reference's stand-in weights for a layout, but for branches that are not run."""
    import pytest  # not there where the rest makes weights for scripts/gpu_check.py

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
