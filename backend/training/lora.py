"""A tower or CLIP that learns a low-rank adapter, and nothing else (Hu et al., LoRA, 2022)."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import torch

from backend.adapters import add_adapter, linear_layers, merged, save_adapter
from backend.io.hashes import file_sha256
from backend.training.fields import Count, Fields

CARD = "card"
"""The field of an adapter's metadata that holds the card of the tower or CLIP it makes."""


class LowRank(Fields):
    """The adapter: W' = W + (alpha / rank) · B · A, in every linear layer."""

    rank: Count = 8
    alpha: Count = 16


class LearntAdapter:
    """The adapter of a network that was trained before; all else of the network is frozen.

    Example:
        adapter = LearntAdapter(tower, LowRank(rank=8), start, seed=0)
        ...  # the tower learns
        adapter.save(folder, card)
        adapter.merge()
    """

    def __init__(self, network: torch.nn.Module, lora: LowRank, start: Path, seed: int) -> None:
        """Put a new adapter into a network, which stays the same object; `start` is its file.

        Raises:
            ExtraMissing: peft is not installed.
        """
        self._lora, self._start, layers = lora, start, linear_layers(network)
        self._adapted = add_adapter(
            network, layers, rank=lora.rank, alpha=lora.alpha, base=start.stem, seed=seed
        )

    @property
    def facts(self) -> dict[str, int]:
        """Rank, alpha, and how many numbers are learnt, of how many."""
        every = [*self._adapted.parameters()]
        learnt = sum(one.numel() for one in every if one.requires_grad)
        total = sum(one.numel() for one in every) - learnt
        return {**self._lora.model_dump(), "learnt": learnt, "of": total}

    def left_out(self) -> AbstractContextManager[None]:
        """Let the network be what it was before, for a while."""
        context: AbstractContextManager[None] = self._adapted.disable_adapter()
        return context

    def save(self, folder: Path, card: str) -> None:
        """Write PEFT's two files into a folder, each whole.

        Raises:
            DiskFull: the disk has no room for them.
            OutputUnwritable: a file cannot be written.
        """
        save_adapter(self._adapted, folder, file_sha256(self._start), **{CARD: card})

    def merge(self) -> None:
        """Put the adapter into the weights of the network, and leave none beside them."""
        merged(self._adapted)


def learnt(network: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    """Return the parameters that learn, by name: all, or those of an adapter."""
    return {name: one for name, one in network.named_parameters() if one.requires_grad}


def values_of(network: torch.nn.Module, names: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    """Return the values of the parameters of these names."""
    return {name: one.detach() for name, one in network.named_parameters() if name in names}


@torch.no_grad()
def put_values(
    network: torch.nn.Module, names: Mapping[str, Any], values: Mapping[str, torch.Tensor]
) -> None:
    """Put values where `values_of` took them from, all of these names.

    Raises:
        ValueError: they are of another network.
    """
    own = dict(network.named_parameters())
    if values.keys() != names.keys():
        raise ValueError("the checkpoint has other parameters")
    for name, value in values.items():
        if own[name].shape != value.shape:
            raise ValueError(f"the checkpoint has {name} of another network")
        own[name].copy_(value)


def describe_adapter(training: Mapping[str, Any], unit: str) -> str:
    """Return what a card says of an adapter and of the start alone; nothing without an adapter."""
    if "lora" not in training:
        return ""
    lora, before = training["lora"], training["before"]
    named = (("mR", "mR {:.1%}"), ("outscored", "{:.1%} of other chips outscored"))
    scores = [form.format(before[name]) for name, form in named if name in before]
    scores += [f"the loss of a word {before['lm']:.3f}"] if "lm" in before else []
    return (
        f"## Adapter\n\nThe start is frozen. Learnt is a low-rank adapter of every linear layer: "
        f"rank {lora['rank']}, alpha {lora['alpha']}, {lora['learnt']:,} numbers beside "
        f"{lora['of']:,}. It lies beside this card in PEFT's two files, for that start alone; this "
        f"{unit} has it in its weights. The start itself, on the same test chips: "
        f"{', '.join(scores)}.\n\n"
    )
