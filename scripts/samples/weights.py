"""Random weights in their published layouts."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from backend.encoders.networks.betaearth import BRANCHES, BetaEarthNetwork
from backend.encoders.networks.vit import VisionTransformer

MAE_EXTRAS = {"mask_token": (1, 1, 8), "decoder_pos_embed": (1, 197, 8), "decoder_norm.bias": (8,)}


def randomise(network: nn.Module, seed: int = 0) -> dict[str, torch.Tensor]:
    """Return the state dict of a network with weights that keep activations of order one."""
    return randomise_state(network.state_dict(), seed)


def randomise_state(state: dict[str, torch.Tensor], seed: int) -> dict[str, torch.Tensor]:
    """Return a state dict whose tensors have become such weights, in their order."""
    rng = torch.Generator().manual_seed(seed)
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
    state = randomise(BetaEarthNetwork(), seed)
    unused = {f"{branch}.decoder.p5.bias": torch.zeros(256) for branch in BRANCHES}
    unused["time_cond.embedding.freqs"] = torch.zeros(64)
    return {**unused, **state}


def write_betaearth(path: Path, seed: int = 0) -> Path:
    """Write BetaEarth's weights to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(betaearth_state(seed), path)
    return path


def write_vit(path: Path, width: int = 64, depth: int = 1, seed: int = 0) -> Path:
    """Write a vision transformer of SSL4EO's layout to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(vit_state(width, depth, seed), path)
    return path


def write_dinov2(folder: Path, seed: int = 0, **config: Any) -> Path:
    """Write a small DINOv2, saved by transformers itself."""
    from transformers import Dinov2Config, Dinov2Model

    sizes: dict[str, Any] = {
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 70,
    }
    network = Dinov2Model(Dinov2Config(**{**sizes, "patch_size": 14, **config}))
    randomise(network, seed)
    network.save_pretrained(folder)
    return folder
