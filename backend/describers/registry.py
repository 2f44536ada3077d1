"""Describers by name."""

from __future__ import annotations

from backend.describers.base import Describer
from backend.describers.facts import FactsDescriber
from backend.errors import ConfigInvalid

FACTS = FactsDescriber.name


def load_describer(name: str) -> Describer:
    """Return the describer of this name.

    Raises:
        ConfigInvalid: there is none.
    """
    if name == FACTS:
        return FactsDescriber()
    raise ConfigInvalid(f'There is no describer "{name}".', f"Choose {FACTS}.")
