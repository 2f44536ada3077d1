"""Describers that can be chosen by name alone: facts, towers and CoCas, models on this disk.

Nothing here opens an address, or a path that somebody else names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from backend.describers.base import Describer
from backend.describers.facts import FactsDescriber
from backend.describers.registry import FACTS, open_model, open_own
from backend.errors import ConfigInvalid, DescriberUnknown, GlueLinkError, WeightsInvalid
from backend.models.describers import DESCRIBERS
from backend.resources import clip_files, describer_folders, tower_files
from backend.scenes import PIXEL_M
from backend.towers.files import read_card


@dataclass(frozen=True)
class Offer:
    """One name, and what is there."""

    name: str
    """What it is chosen by."""
    describer: Describer | None
    """None where it cannot be used."""
    problem: str = ""
    """Why it cannot be used, and what to do."""


def list_describers() -> list[Offer]:
    """Return all that can be chosen, facts first; one that cannot be used says why.

    Towers and CLIPs that write nothing are none.
    """
    mute = {path.stem for path in (*clip_files(), *tower_files()) if _is_mute(path)}
    return [_offer(name, opened) for name, opened in _known().items() if name not in mute]


def open_offered(name: str) -> Describer:
    """Return the describer of a name; its weights are loaded by its first chip.

    Raises:
        DescriberUnknown: there is none of this name; the sentence lists those there are.
        ConfigInvalid: it is a tower or CLIP that writes nothing, of other pixels, or of no known
            kind.
        WeightsMissing: some of its files are gone.
        WeightsInvalid: they cannot be read, are damaged, or not those of a model.
    """
    known = _known()
    if name not in known:
        there = ", ".join(one.name for one in list_describers() if one.describer is not None)
        raise DescriberUnknown(
            f'There is no describer "{name[:60]}".', f"Describers here: {there}."
        )
    try:
        return known[name]()
    except GlueLinkError:  # some of them are OSError as well
        raise
    except OSError as error:
        raise WeightsInvalid(
            f"The files of {name} cannot be read: {error.strerror or error}.", "Choose another."
        ) from error


def _known() -> dict[str, Callable[[], Describer]]:
    """Return what opens each; of two with one name the one that `load_describer` takes."""
    trained = {path.stem: partial(_open_trained, path) for path in (*clip_files(), *tower_files())}
    own = {path.name: partial(open_model, str(path)) for path in describer_folders()}
    published = {one.name: partial(open_model, one.name) for one in DESCRIBERS if one.found_in()}
    facts: dict[str, Callable[[], Describer]] = {FACTS: FactsDescriber}
    return facts | published | own | trained | facts


def _offer(name: str, opened: Callable[[], Describer]) -> Offer:
    try:
        return Offer(name, opened())
    except GlueLinkError as error:
        return Offer(name, None, str(error))
    except OSError as error:  # it may not be read, or has just gone
        return Offer(name, None, f"{name} cannot be read: {error.strerror or error}.")


def _is_mute(path: Path) -> bool:
    """Return whether a tower or CLIP has no decoder; one that cannot be read is said."""
    try:
        if path in tower_files():
            return not read_card(path).writes
        from backend.encoders.networks.own import has_decoder

        return not has_decoder(path)
    except GlueLinkError:
        return False


def _open_trained(path: Path) -> Describer:
    """Return a tower or CoCa of the user's, which looks at pixels such as scenes have."""
    describer = open_own(path)
    if describer.pixel_m not in (None, PIXEL_M):
        raise ConfigInvalid(
            f"{path.stem} looks at pixels of {describer.pixel_m:g} m; scenes have {PIXEL_M:g} m.",
            "Choose another describer, or train one on chips of 10 m.",
        )
    return describer
