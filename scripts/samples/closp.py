"""A CLOSP of random weights and a few megabytes, saved as the published ones are."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from backend.encoders.networks.vit import VisionTransformer
from scripts.samples.weights import randomise

WIDTH, DEPTH, DIM, WORDS = 128, 2, 24, 30_522
FILE = "model.safetensors"


def write_closp(folder: Path, seed: int = 0) -> Path:
    """Write the file of DarthReca/CLOSP-VS in small: all three towers, and both projections."""
    folder.mkdir(parents=True, exist_ok=True)
    towers: dict[str, torch.nn.Module] = {
        "s1_encoder": VisionTransformer(2, 16, 14, WIDTH, DEPTH),
        "s1_projection": torch.nn.Linear(WIDTH, DIM),
        "s2_encoder": torch.nn.Conv2d(13, WIDTH, 16),  # its first layer stands for all
        "s2_projection": torch.nn.Linear(WIDTH, DIM),
        "text_model": BertModel(
            BertConfig(
                vocab_size=WORDS,
                hidden_size=DIM,
                num_hidden_layers=2,
                num_attention_heads=12,
                intermediate_size=2 * DIM,
            )
        ),
    }
    tensors = {
        f"{tower}.{name}": tensor.contiguous()
        for tower, module in towers.items()
        for name, tensor in randomise(module, seed).items()
    }
    save_file(tensors, folder / FILE)
    return folder / FILE
