"""Heads from elsewhere: a plain linear layer, or a 1 x 1 convolution, that other code has fitted.

The file is safetensors or a state dict of torch, read as tensors and nothing else. It is known by
shapes, not by names: one weight (D, d) or (D, d, 1, 1), as torch stores them, and at most one bias
(D,). Both mean what they mean in any head: a linked cell is F W + b, and a view pooled over its
wedge by the mask M takes mean(M) b, so that pooling first and linking first are the same.
"""

from contextlib import suppress
from datetime import date
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from backend import __version__
from backend.encoders.base import EncoderSpec
from backend.encoders.networks.weights import read_tensors
from backend.errors import HeadInvalid, HeadMismatch, HeadUnknown
from backend.io.hashes import file_sha256
from backend.link.head import FORMAT, WITH_METRIC, HeadMeta, LinkHead
from backend.resources import user_path
from backend.text.base import TextSpace

LISTED = 6  # tensors that a message names


def import_head(
    path: Path, spec: EncoderSpec, text: str, space: TextSpace, name: str, title: str = ""
) -> LinkHead:
    """Return the layer in a file as a head of this encoder and this text space.

    Raises:
        HeadUnknown: there is no such file.
        WeightsInvalid: the file cannot be read as tensors.
        HeadInvalid: its tensors are not one linear layer, or it is a head already.
        HeadMismatch: the layer has other dimensions.
    """
    if not path.is_file():
        raise HeadUnknown(f"There is no file {path}.", "Check the path.")
    _require_foreign(path)
    weight, bias = _read_layer(path)
    inputs, outputs = weight.shape
    if (inputs, outputs) != (spec.dim, space.dim):
        raise HeadMismatch(
            f"The layer in {path.name} leads from {inputs} to {outputs} dimensions; {spec.name} "
            f"gives {spec.dim}, and {text} {space.dim}.",
            "State the encoder and the text encoder that it was fitted for.",
        )
    meta = HeadMeta(
        name=name,
        title=title or f"{spec.name} and {text}, from {path.name}",
        encoder=spec.name,
        encoder_identity=spec.identity,
        text=text,
        text_space=space,
        summary=f"Fitted elsewhere, and imported from {path.name}.",
        training={
            "imported": {"file": path.name, "sha256": file_sha256(path)},
            "version": __version__,
            "date": date.today().isoformat(),
        },
    )
    return LinkHead(weight, bias, meta)


def _require_foreign(path: Path) -> None:
    """Check that a file is not a head of ours, whose weight lies the other way round."""
    with suppress(SafetensorError, OSError), safe_open(path, framework="pt") as file:
        if (file.metadata() or {}).get("format") in (FORMAT, WITH_METRIC):
            raise HeadInvalid(
                f"{path.name} is a head of GLUE-Link already, not a layer from elsewhere.",
                f"Choose it by its path; copied into {user_path('heads')} it has a name, too.",
            )


def _read_layer(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Return W (d, D) and b (D,), zeros where the file has no bias."""
    tensors = read_tensors(path)
    weights = [one for one in tensors.values() if one.ndim in (2, 4)]
    biases = [one for one in tensors.values() if one.ndim == 1]
    if len(weights) != 1 or len(biases) > 1 or len(weights) + len(biases) != len(tensors):
        raise _no_layer(path, tensors)
    weight = weights[0]
    if weight.ndim == 4 and weight.shape[2:] == (1, 1):
        weight = weight[:, :, 0, 0]
    bias = biases[0] if biases else weight.new_zeros(weight.shape[0])
    floating = weight.is_floating_point() and bias.is_floating_point()
    if weight.ndim != 2 or bias.shape != weight.shape[:1] or not floating:
        raise _no_layer(path, tensors)
    return weight.float().T.contiguous(), bias.float()


def _no_layer(path: Path, tensors: dict[str, torch.Tensor]) -> HeadInvalid:
    kinds = {key: str(one.dtype).removeprefix("torch.") for key, one in tensors.items()}
    listed = [f"{key} {kinds[key]} {tuple(one.shape)}" for key, one in tensors.items()]
    more = [f"{len(listed) - LISTED} more"] if len(listed) > LISTED else []
    return HeadInvalid(
        f"{path.name} holds {', '.join(listed[:LISTED] + more) or 'nothing'}; expected one weight "
        "(D, d) or (D, d, 1, 1) and at most one bias (D,), in floating point.",
        "Save the layer alone: torch.save(layer.state_dict(), FILE).",
    )
