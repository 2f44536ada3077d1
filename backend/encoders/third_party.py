"""Encoders of other packages: the entry points of the group `gluelink.encoders`.

An entry point has the encoder's name and leads to a class derived from `Encoder`, whose `spec` is
an attribute of the class. One that cannot be used is left out and remembered with the reason; it
never keeps the others from working. docs/own-encoder.md has a complete example.
"""

import dataclasses
import inspect
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from backend.device import Device
from backend.encoders.base import Encoder, EncoderSpec
from backend.errors import EncoderBroken, GlueLinkError

GROUP = "gluelink.encoders"
PROBE_DB = -12.0
PROBE_DATE = "2020-07-01"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ThirdParty:
    """The encoders of other packages."""

    kinds: dict[str, type[Encoder]] = field(default_factory=dict)
    """Classes of those that can be used, by name."""
    broken: dict[str, EncoderBroken] = field(default_factory=dict)
    """Why others cannot be used, by name."""


def import_third_party(
    points: Iterable[EntryPoint], built_in: Mapping[str, type[Encoder]]
) -> ThirdParty:
    """Import every encoder that is offered, beside those that are `built_in`.

    Their names are taken, and their modalities are the only ones that can be read.
    """
    third_party = ThirdParty()
    modalities = {kind.spec.modality for kind in built_in.values()}
    for point in points:
        try:
            if point.name in built_in or point.name in third_party.kinds:
                raise _broken(point.name, point, "there is another encoder of this name")
            kind = point.load()
            problem = _problem(kind, point.name, modalities)
            if problem:
                raise _broken(point.name, point, problem)
            third_party.kinds[point.name] = kind
        except EncoderBroken as error:
            third_party.broken[point.name] = error
        except (Exception, SystemExit) as error:  # what a stranger's module raises when imported
            third_party.broken[point.name] = _broken(point.name, point, _reason(error))
    for broken in third_party.broken.values():
        log.warning("%s", broken)
    return third_party


def third_party_spec(kind: type[Encoder]) -> EncoderSpec:
    """Return the specification here of an encoder of another package."""
    try:
        return kind.spec_here()
    except Exception as error:
        return dataclasses.replace(kind.spec, unavailable=str(_unusable(kind.spec.name, error)))


def load_third_party(kind: type[Encoder], weights: str | Path | None, device: Device) -> Encoder:
    """Return an encoder of another package.

    Raises:
        EncoderBroken: its class raises anything that is not an error of GLUE-Link.
    """
    try:
        return kind(weights=weights, device=device)
    except GlueLinkError:
        raise
    except Exception as error:
        raise _unusable(kind.spec.name, error) from error


def try_encoder(encoder: Encoder) -> None:
    """Encode a window of noise.

    Raises:
        EncoderBroken: the features are not as its spec says.
    """
    import torch

    spec = encoder.spec
    noise = torch.Generator().manual_seed(0)
    planes = len(spec.bands) * spec.least_dates
    shape = (1, planes, spec.window_px, spec.window_px)
    window = PROBE_DB + 3 * torch.randn(shape, generator=noise)
    window[..., :8, :8] = torch.nan
    try:
        grids = encoder.with_date(PROBE_DATE).encode(window)
        expected = (1, *spec.grid, spec.dim)
        if not isinstance(grids, torch.Tensor) or grids.dtype != torch.float32:
            raise TypeError("it gives no tensor of float32")
        if tuple(grids.shape) != expected:
            raise ValueError(f"it gives {tuple(grids.shape)}; its spec promises {expected}")
        if not torch.isfinite(grids).all():
            raise ValueError("it gives features that are not finite")
        if spec.reach_px is not None:
            _try_reach(encoder.with_date(PROBE_DATE))
    except Exception as error:
        raise _unusable(spec.name, error) from error


def _try_reach(encoder: Encoder) -> None:
    """Encode a window of noise with its margin, alone and within other noise.

    Raises:
        ValueError: its cells are not the same in both.
    """
    import torch

    spec, cell = encoder.spec, encoder.spec.cell_px
    side = spec.window_px + 2 * spec.margin_px + 2 * cell
    noise = torch.randn(
        (1, len(spec.bands) * spec.least_dates, side, side),
        generator=torch.Generator().manual_seed(1),
    )
    within = PROBE_DB + 3 * noise
    alone = encoder.encode_within(within[..., cell:-cell, cell:-cell])
    grids = encoder.encode_within(within)[:, 1:-1, 1:-1]
    if grids.shape != alone.shape or not torch.allclose(grids, alone, rtol=1e-3, atol=1e-4):
        raise ValueError(f"a cell depends on pixels beyond reach_px of its spec, {spec.reach_px}")


def _problem(kind: Any, name: str, modalities: set[str]) -> str:
    """Return what is wrong with a class; empty when nothing is."""
    if not inspect.isclass(kind) or not issubclass(kind, Encoder) or inspect.isabstract(kind):
        return "it is not a class derived from backend.encoders.Encoder that has encode"
    spec = getattr(kind, "spec", None)
    if not isinstance(spec, EncoderSpec):
        return "its class has no spec, an EncoderSpec"
    for entry in dataclasses.fields(EncoderSpec):
        value = getattr(spec, entry.name)
        if entry.type == "str" and not isinstance(value, str):
            return f"{entry.name} of its spec is {value!r}; expected text"
    if spec.name != name:
        return f"its spec has the name {spec.name!r}"
    if spec.modality not in modalities:
        return f"it reads {spec.modality!r}; expected one of {', '.join(sorted(modalities))}"
    numbers = (spec.dim, spec.window_px, *spec.grid)
    counts = all(isinstance(number, int) and number > 0 for number in numbers)
    if not counts or not isinstance(spec.pixel_m, int | float):
        return "dim, window_px and grid of its spec must be whole numbers above 0, pixel_m a number"
    if spec.reach_px is not None and not (isinstance(spec.reach_px, int) and spec.reach_px >= 0):
        return f"reach_px of its spec is {spec.reach_px!r}; expected None or pixels, 0 or more"
    return ""


def _broken(name: str, point: EntryPoint, reason: str) -> EncoderBroken:
    package = point.dist.name if point.dist else point.value
    return EncoderBroken(
        f"The encoder {name} of the package {package} cannot be used: {reason}.",
        f"Mend the package, or pip uninstall {package}.",
    )


def _unusable(name: str, error: Exception) -> EncoderBroken:
    return EncoderBroken(
        f"The encoder {name} fails: {_reason(error)}.", "Mend it: docs/own-encoder.md."
    )


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip().rstrip(".")
