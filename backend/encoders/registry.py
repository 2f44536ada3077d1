"""Encoders by name: this project's own, and those that other packages bring."""

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import torch

from backend.device import choose_device
from backend.encoders.annual import AlphaEarth, Tessera
from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.betaearth import BetaEarthS1, BetaEarthS1Dense
from backend.encoders.clip import ClipRgb, MsClip
from backend.encoders.dinov2 import Dinov2S1
from backend.encoders.published import Precision, PublishedEncoder
from backend.encoders.ssl4eo import Ssl4eoS1, Ssl4eoS1Base, Ssl4eoS1Small, Ssl4eoS1ZScore
from backend.encoders.texture_s1 import TextureS1
from backend.encoders.third_party import (
    GROUP,
    ThirdParty,
    import_third_party,
    load_third_party,
    third_party_spec,
)
from backend.errors import EncoderUnknown

_OWN: dict[str, type[Encoder]] = {
    kind.spec.name: kind
    for kind in (
        TextureS1,
        Ssl4eoS1,
        Ssl4eoS1ZScore,
        Ssl4eoS1Base,
        Ssl4eoS1Small,
        BetaEarthS1,
        BetaEarthS1Dense,
        Dinov2S1,
        AlphaEarth,
        Tessera,
        ClipRgb,
        MsClip,
    )
}


@cache
def third_party_encoders() -> ThirdParty:
    """What other packages bring; those installed while this process runs are not seen."""
    return import_third_party(entry_points(group=GROUP), _OWN)


def list_encoders() -> list[EncoderSpec]:
    """Specifications of all encoders, with the weights on this machine.

    One whose weights are missing or damaged says so in `unavailable`; its identity fits no head.
    """
    own = [kind.spec_here() for kind in _OWN.values()]
    return own + [third_party_spec(kind) for kind in third_party_encoders().kinds.values()]


def load_encoder(
    name: str,
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    precision: Precision = "float32",
) -> Encoder:
    """The encoder of this name on `device` (CUDA where there is one when None).

    `weights` is the file of its published weights, or their folder for dinov2-s1 and clip-rgb; None
    looks in the user's models folder. texture-s1, alphaearth and tessera have none. `precision` is
    for those with published weights: "auto" takes bfloat16 where the device is fast at it, as the
    commands and the service do; float32 agrees with the authors' code to 1e-4.
    Raises EncoderUnknown, EncoderBroken, WeightsMissing, WeightsInvalid.
    """
    if name in _OWN:
        kind, where = _OWN[name], choose_device(device)
        if issubclass(kind, PublishedEncoder):
            return kind(weights, where, precision)
        return kind(weights=weights, device=where)
    third_party = third_party_encoders()
    if name in third_party.broken:
        raise third_party.broken[name]
    if name not in third_party.kinds:
        known = ", ".join(sorted([*_OWN, *third_party.kinds]))
        raise EncoderUnknown(f"There is no encoder {name!r}.", f"Encoders: {known}.")
    return load_third_party(third_party.kinds[name], weights, choose_device(device))
