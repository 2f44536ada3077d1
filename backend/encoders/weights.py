"""Published weights: read as tensors and nothing else, and checked key by key."""

import argparse
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import load_file

from backend.errors import WeightsInvalid

# MAE's checkpoints keep their command line beside the weights; a Namespace runs nothing.
torch.serialization.add_safe_globals([argparse.Namespace])

Network = TypeVar("Network", bound=torch.nn.Module)


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """The state dict in a file of safetensors, or of torch's own format.

    A training checkpoint has it under `model`. Raises WeightsInvalid; no code runs from a file.
    """
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        mapped = zipfile.is_zipfile(path)
        held = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except Exception as error:  # arbitrary bytes make the readers raise anything
        raise unreadable(path) from error
    if isinstance(held, dict) and isinstance(held.get("model"), dict):
        held = held["model"]
    if not isinstance(held, dict) or not all(isinstance(v, torch.Tensor) for v in held.values()):
        raise unfit(path, "holds no state dict")
    return {str(key): tensor for key, tensor in held.items()}


def load_network(
    make: Callable[[], Network],
    path: Path,
    tensors: Mapping[str, torch.Tensor],
    device: torch.device,
) -> Network:
    """The network that `make` builds, filled with the `tensors` of `path`, frozen.

    Raises WeightsInvalid, which names the first key that is missing, unknown or of another shape.
    """
    with torch.device("meta"):
        network = make()
    wanted = network.state_dict()
    for key in [*wanted, *tensors]:
        if key not in tensors:
            raise unfit(path, f"lacks {key}")
        if key not in wanted:
            raise unfit(path, f"has {key}, which this encoder does not")
        _check(key, tensors[key], wanted[key], path)
    network.to_empty(device=device)
    network.load_state_dict(tensors)
    return frozen(network, path)


def frozen(network: Network, path: Path) -> Network:
    """The network for use alone. WeightsInvalid when it holds values that are not finite."""
    for key, tensor in network.state_dict().items():
        # One value that is not finite makes the sum so; that is read off 17 times as fast.
        if not torch.isfinite(tensor.sum()):
            raise unfit(path, f"has NaN or infinite values in {key}")
    return network.eval().requires_grad_(False)


def _check(key: str, found: torch.Tensor, wanted: torch.Tensor, path: Path) -> None:
    if found.shape != wanted.shape:
        shapes = f"{tuple(found.shape)}; expected {tuple(wanted.shape)}"
        raise unfit(path, f"has {key} of shape {shapes}")
    if not found.is_floating_point():
        raise unfit(path, f"has {key} as {found.dtype}; expected floating point")


def unreadable(path: Path) -> WeightsInvalid:
    """What to say of a file that its reader refuses."""
    return WeightsInvalid(
        f"{path} cannot be read as weights: it is absent, cut short, damaged, or holds more than "
        "tensors. Nothing in it was run.",
        "Fetch it anew from where it was published.",
    )


def unfit(path: Path, problem: str) -> WeightsInvalid:
    """What to say of tensors that are not the encoder's."""
    return WeightsInvalid(f"{path.name} {problem}.", "Use the encoder's own published weights.")
