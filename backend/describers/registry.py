"""Describers by name."""

from __future__ import annotations

from backend.describers.base import Describer
from backend.describers.facts import FactsDescriber
from backend.errors import ConfigInvalid

FACTS = FactsDescriber.name


def load_describer(name: str) -> Describer:
    """Return the describer of this name: facts, or the address of an endpoint, http://….

    Raises:
        ConfigInvalid: there is none, or the endpoint is on another computer and may not be asked.
    """
    if name == FACTS:
        return FactsDescriber()
    if "://" in name:
        from backend.describers.endpoint import open_endpoint

        return open_endpoint(name)
    raise ConfigInvalid(
        f'There is no describer "{name}".', f"Choose {FACTS}, or the address of an endpoint."
    )
