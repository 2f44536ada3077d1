"""Describers that can be chosen by name alone: facts, towers that write, models on this disk.

Nothing here opens an address, or a path that somebody else names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from backend.describers.base import Describer
from backend.describers.facts import FactsDescriber
from backend.describers.registry import FACTS, open_model
from backend.errors import ConfigInvalid, DescriberUnknown, GlueLinkError, WeightsInvalid
from backend.models.describers import DESCRIBERS
from backend.resources import describer_folders, tower_files
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

    Towers that write nothing are none.
    """
    mute = {path.stem for path in tower_files() if _is_mute(path)}
    return [_offer(name, opened) for name, opened in _known().items() if name not in mute]


def open_offered(name: str) -> Describer:
    """Return the describer of a name; its weights are loaded by its first chip.

    Raises:
        DescriberUnknown: there is none of this name; the sentence lists those there are.
        ConfigInvalid: it is a tower that writes nothing, or of other pixels, or of no known kind.
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
    towers = {path.stem: partial(_open_tower, path) for path in tower_files()}
    own = {path.name: partial(open_model, str(path)) for path in describer_folders()}
    published = {one.name: partial(open_model, one.name) for one in DESCRIBERS if one.found_in()}
    facts: dict[str, Callable[[], Describer]] = {FACTS: FactsDescriber}
    return facts | published | own | towers | facts


def _offer(name: str, opened: Callable[[], Describer]) -> Offer:
    try:
        return Offer(name, opened())
    except GlueLinkError as error:
        return Offer(name, None, str(error))
    except OSError as error:  # it may not be read, or has just gone
        return Offer(name, None, f"{name} cannot be read: {error.strerror or error}.")


def _is_mute(path: Path) -> bool:
    """Return whether a file is a tower without a decoder; one that cannot be read is said."""
    try:
        return not read_card(path).writes
    except GlueLinkError:
        return False


def _open_tower(path: Path) -> Describer:
    from backend.describers.tower import TowerDescriber

    card = read_card(path)
    if card.pixel_m != PIXEL_M:
        raise ConfigInvalid(
            f"{path.stem} looks at pixels of {card.pixel_m:g} m; scenes have {PIXEL_M:g} m.",
            "Choose another describer, or train a tower on chips of 10 m.",
        )
    return TowerDescriber(path)
