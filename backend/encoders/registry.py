"""Encoders by name."""

from pathlib import Path

import torch

from backend.device import choose_device
from backend.encoders.annual import AlphaEarth, AnnualProduct, Tessera
from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.betaearth import BetaEarthS1, BetaEarthS1Dense
from backend.encoders.dinov2 import Dinov2S1
from backend.encoders.published import PublishedEncoder
from backend.encoders.ssl4eo import Ssl4eoS1, Ssl4eoS1ZScore
from backend.encoders.texture_s1 import TextureS1
from backend.errors import EncoderUnknown

_KNOWN: dict[str, type[TextureS1] | type[PublishedEncoder] | type[AnnualProduct]] = {
    kind.spec.name: kind
    for kind in (
        TextureS1,
        Ssl4eoS1,
        Ssl4eoS1ZScore,
        BetaEarthS1,
        BetaEarthS1Dense,
        Dinov2S1,
        AlphaEarth,
        Tessera,
    )
}


def list_encoders() -> list[EncoderSpec]:
    """Specifications of all encoders, with the weights on this machine.

    One whose weights are not here, or damaged, says so in `lack`, and its identity fits no head.
    """
    return [kind.spec_here() for kind in _KNOWN.values()]


def load_encoder(
    name: str, weights: str | Path | None = None, device: str | torch.device | None = None
) -> Encoder:
    """The encoder of this name on `device` (CUDA where there is one when None).

    `weights` is the file of its published weights, or their folder for dinov2-s1; None looks in
    the user's models folder. texture-s1, alphaearth and tessera have none.
    Raises EncoderUnknown, WeightsMissing, WeightsInvalid.
    """
    if name not in _KNOWN:
        raise EncoderUnknown(
            f"There is no encoder {name!r}.", f"Encoders: {', '.join(sorted(_KNOWN))}."
        )
    return _KNOWN[name](weights=weights, device=choose_device(device))
