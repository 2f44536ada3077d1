"""Describers by name."""

from __future__ import annotations

from pathlib import Path

from backend.describers.base import Describer
from backend.describers.facts import FactsDescriber
from backend.errors import ConfigInvalid, WeightsMissing
from backend.models.describers import DESCRIBERS

FACTS = FactsDescriber.name


def load_describer(name: str, device: str | None = None) -> Describer:
    """Return facts, a published model by its name or folder, or the one at an address, http://….

    A model is loaded by the first chip, on `device`.

    Raises:
        ConfigInvalid: there is none, or the endpoint is on another computer and may not be asked.
        WeightsMissing: the model's files are not on this computer.
        WeightsInvalid: they are not those of a model.
    """
    if name == FACTS:
        return FactsDescriber()
    if "://" in name:
        from backend.describers.endpoint import open_endpoint

        return open_endpoint(name)
    return open_model(name, device)


def open_model(name: str, device: str | None = None) -> Describer:
    """Return the describer of a published model, by its name or by the folder of its files.

    Raises:
        ConfigInvalid: there is none of this name, or it is of a kind that is not known.
        WeightsMissing: its files are not on this computer.
        WeightsInvalid: they are not those of a model.
    """
    from backend.describers.blip import Blip
    from backend.describers.chat import ChatModel
    from backend.describers.loading import find_files

    weights = {one.name: one for one in DESCRIBERS}.get(name)
    if weights is None and not Path(name).is_dir():
        raise ConfigInvalid(
            f'There is no describer "{name}".',
            f"Choose {FACTS}, {', '.join(one.name for one in DESCRIBERS)}, a folder with the files "
            "of a model, or the address of an endpoint.",
        )
    folder = Path(name) if weights is None else weights.found_in()
    if folder is None:
        assert weights is not None
        raise WeightsMissing(
            f"The weights of {name} ({weights.size}, licence {weights.licence}) are not on this "
            "machine.",
            f"Fetch them: {weights.command}.",
        )
    snapshot = find_files(folder, weights)
    return (Blip if snapshot.family == "blip" else ChatModel)(snapshot, device)
