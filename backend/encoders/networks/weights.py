"""Published weights: read as tensors and nothing else, and checked key by key."""

import argparse
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import load_file

from backend.encoders.published import reading, unfit
from backend.errors import WeightsInvalid

# MAE's checkpoints keep their command line beside the weights; a Namespace runs nothing.
torch.serialization.add_safe_globals([argparse.Namespace])

Network = TypeVar("Network", bound=torch.nn.Module)


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """Return the state dict in a file of safetensors, or of torch's own format.

    A training checkpoint has it under `model` or `state_dict`. No code runs from a file.

    Raises:
        WeightsInvalid: the file cannot be read, or holds no state dict.
    """
    with reading(path):
        if path.suffix == ".safetensors":
            return load_file(path)
        mapped = zipfile.is_zipfile(path)
        if mapped and _is_torchscript(path):
            raise WeightsInvalid(
                f"{path.name} is a TorchScript archive, which holds a program beside its tensors.",
                "Save its tensors alone, where you trust it: "
                "torch.save(torch.jit.load(FILE).state_dict(), 'NAME.pt').",
            )
        held = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    for name in ("model", "state_dict"):
        if isinstance(held, dict) and isinstance(held.get(name), dict):
            held = held[name]
    if not isinstance(held, dict) or not all(isinstance(v, torch.Tensor) for v in held.values()):
        raise unfit(path, "holds no state dict")
    return {str(key): tensor for key, tensor in held.items()}


def _is_torchscript(path: Path) -> bool:
    """Return whether a zip of torch has what `torch.jit.save` writes beside tensors."""
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def load_network(
    make: Callable[[], Network],
    path: Path,
    tensors: Mapping[str, torch.Tensor],
    device: torch.device,
) -> Network:
    """Return the network that `make` builds, filled with the `tensors` of `path`, frozen.

    Raises:
        WeightsInvalid: a key, which is named, is missing, unknown or of another shape.
    """
    with torch.device("meta"):  # shapes alone: nothing is drawn at random to be overwritten
        network = make()
    expected = network.state_dict()
    for key in [*expected, *tensors]:
        if key not in tensors:
            raise unfit(path, f"lacks {key}")
        if key not in expected:
            raise unfit(path, f"has {key}, which this encoder does not")
        found, shape = tensors[key], expected[key].shape
        if found.shape != shape:
            shapes = f"{tuple(found.shape)}; expected {tuple(shape)}"
            raise unfit(path, f"has {key} of shape {shapes}")
        if not found.is_floating_point():
            raise unfit(path, f"has {key} as {found.dtype}; expected floating point")
    network.to_empty(device=device)
    network.load_state_dict(tensors)
    return frozen(network, path)


def frozen(network: Network, path: Path) -> Network:
    """Return the network for inference only.

    Raises:
        WeightsInvalid: it holds values that are not finite.
    """
    for key, tensor in network.state_dict().items():
        # One value that is not finite makes the sum so; that is read off 17 times as fast.
        if not torch.isfinite(tensor.sum()):
            raise unfit(path, f"has NaN or infinite values in {key}")
    return network.eval().requires_grad_(False)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from listing weights that do not fit: some are left out on purpose."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)
