"""Encoders by name: this project's own, and those of other packages.

An encoder of this project is a class with a `spec` in a module of this package; nothing else lists
it. Names are known, and a wrong one is refused, without importing torch.
"""

from __future__ import annotations

import inspect
import sys
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from backend.device import Device, choose_device
from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.clips import own_clips
from backend.encoders.published import Precision, PublishedEncoder
from backend.encoders.third_party import (
    GROUP,
    ThirdParty,
    import_third_party,
    load_third_party,
    third_party_spec,
)
from backend.encoders.towers import tower_encoders
from backend.errors import EncoderUnknown
from backend.modules import modules_of


def own_encoders() -> dict[str, type[Encoder]]:
    """Return the classes of this project's encoders by name, in the order of lists.

    Towers that were trained here and the user's own CLIPs are among them, but for those whose names
    are taken.
    """
    known = _encoders_of_modules(tuple(sys.modules[__package__].__path__))
    files = own_clips() | tower_encoders()
    found = [kind for name, kind in files.items() if name not in known]
    kinds = sorted([*known.values(), *found], key=lambda kind: kind.position)
    return {kind.spec.name: kind for kind in kinds}


@cache
def _encoders_of_modules(folders: tuple[str, ...]) -> dict[str, type[Encoder]]:
    """Return the classes in the modules of this package; looked up once for its folders."""
    kinds = [
        kind
        for module in modules_of(__package__)
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__
        if issubclass(kind, Encoder) and hasattr(kind, "spec")
    ]
    return {kind.spec.name: kind for kind in kinds}


@cache
def third_party_encoders() -> ThirdParty:
    """Return the encoders of the packages that were installed when this was first asked."""
    return import_third_party(entry_points(group=GROUP), own_encoders())


def list_encoders() -> list[EncoderSpec]:
    """Return the specifications of all encoders, with the weights on this machine.

    One whose weights are missing or damaged says so in `unavailable`; its identity fits no head.
    """
    own = [kind.spec_here() for kind in own_encoders().values()]
    return own + [third_party_spec(kind) for kind in third_party_encoders().kinds.values()]


def encoder_spec(name: str) -> EncoderSpec:
    """Return the specification of one encoder, as `list_encoders` does; raise as `find_encoder`."""
    return third_party_spec(find_encoder(name))


def find_encoder(name: str) -> type[Encoder]:
    """Return the class of the encoder of this name; one of this project does not import torch.

    Raises:
        EncoderUnknown: there is no encoder of this name.
        EncoderBroken: the package that brings it cannot be used.
    """
    own = own_encoders()
    if name in own:
        return own[name]
    offered = entry_points(group=GROUP).names  # reads the metadata of all packages
    if name not in offered:
        known = ", ".join(sorted({*own, *offered}))
        raise EncoderUnknown(f"There is no encoder {name!r}.", f"Encoders: {known}.")
    third_party = third_party_encoders()
    if name in third_party.broken:
        raise third_party.broken[name]
    return third_party.kinds[name]


def load_encoder(
    name: str,
    weights: str | Path | None = None,
    device: str | Device | None = None,
    precision: Precision = "float32",
) -> Encoder:
    """Return the encoder of this name on `device` (CUDA where there is one when None).

    `weights` is the file of its published weights, or the folder when they are several files; None
    looks in the user's models folder, and is the only choice for an encoder without weights.
    `precision` is for those with published weights: "auto" takes bfloat16 where the device is fast
    at it, as the commands and the service do; float32 agrees with the authors' code to 1e-4.

    Example:
        encoder = load_encoder("texture-s1")
        features = encoder.encode(windows)  # (n, 2, 224, 224) in dB to (n, 28, 28, 64)

    Raises:
        EncoderUnknown: there is no encoder of this name.
        EncoderBroken: the package that brings it cannot be used.
        WeightsMissing: its weights are not on this machine.
        WeightsInvalid: they are damaged, or another model's.
    """
    kind, where = find_encoder(name), choose_device(device)
    if kind is not own_encoders().get(name):
        return load_third_party(kind, weights, where)
    if issubclass(kind, PublishedEncoder):
        return kind(weights, where, precision)
    return kind(weights=weights, device=where)
