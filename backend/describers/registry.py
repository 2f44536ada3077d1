"""Describers by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from backend.describers.base import Describer
from backend.describers.facts import FactsDescriber
from backend.errors import DescriberUnknown, WeightsMissing
from backend.models.describers import DESCRIBERS
from backend.resources import clip_files, describer_folders, tower_files

if TYPE_CHECKING:
    from backend.adapters import Adapter
    from backend.describers.loading import PublishedDescriber, Snapshot
    from backend.scenes.sentinel1.picture import Picture

FACTS, USUAL = FactsDescriber.name, "vv"


def load_describer(name: str, device: str | None = None, picture: str = USUAL) -> Describer:
    """Return facts, a tower, a CoCa, a published model by name or folder, or one at an address.

    A tower or CoCa is named as it is among the encoders, or by its file. Folders in `describers/`
    of the user's own have the names of their own.

    `picture` is what a model looks at, one of `PICTURES`.

    The folder of an adapter is the model that it was trained for, with it; MODEL+FOLDER where that
    model lies elsewhere now. A model is loaded by the first chip, on `device`.

    Raises:
        DescriberUnknown: there is none.
        ConfigInvalid: it is of a kind that is not known, or the endpoint is on another computer and
            may not be asked.
        WeightsMissing: the model's files are not on this computer.
        WeightsInvalid: they are not those of a model.
    """
    if name == FACTS:
        return FactsDescriber()
    from backend.scenes.sentinel1.picture import PICTURES

    if "://" in name:
        from backend.describers.endpoint import open_endpoint

        return open_endpoint(name, PICTURES[picture])
    own = {path.stem: path for path in (*clip_files(), *tower_files())}  # towers come first
    if name in own or name.endswith((".safetensors", ".pt")):
        return open_own(own.get(name, Path(name)), device)
    return open_model(name, device, PICTURES[picture])


def open_own(path: Path, device: str | None = None) -> Describer:
    """Return the describer of a tower or CoCa in a file.

    Raises:
        ConfigInvalid: it has not learnt to write.
        WeightsMissing: there is no such file, or a CoCa lacks what belongs beside it.
        WeightsInvalid: it is damaged, or neither.
    """
    from backend.describers.coca import CocaDescriber
    from backend.describers.tower import TowerDescriber

    # A CLIP has its configuration beside it; no tower has one.
    is_clip = path in clip_files() or path.with_suffix(".json").is_file()
    return (CocaDescriber if is_clip else TowerDescriber)(path, device)


def open_model(
    name: str, device: str | None = None, picture: Picture | None = None
) -> PublishedDescriber:
    """Return the describer of a published model, by its name or by the folder of its files.

    Raises:
        DescriberUnknown: there is none of this name.
        ConfigInvalid: it is of a kind that is not known.
        WeightsMissing: its files are not on this computer.
        WeightsInvalid: they are not those of a model.
    """
    from backend.describers.blip import Blip
    from backend.describers.chat import ChatModel

    snapshot = find_model(name)
    return (Blip if snapshot.family == "blip" else ChatModel)(snapshot, device, picture)


def find_model(name: str) -> Snapshot:
    """Return the files of a model, and of its adapter where one is named.

    Raises:
        DescriberUnknown: there is none of this name.
        WeightsMissing: its files are not on this computer.
        WeightsInvalid: they are not those of a model.
    """
    from backend.adapters import find_adapter, is_adapter

    name = {path.name: str(path) for path in describer_folders()}.get(name, name)
    if is_adapter(Path(name)):
        adapter = find_adapter(Path(name))
        return replace(_find_base(adapter), adapter=adapter)
    base, plus, beside = name.rpartition("+")
    if plus and not Path(name).is_dir():
        return replace(find_model(base), adapter=find_adapter(Path(beside)))
    return _find_files(name)


def _find_base(adapter: Adapter) -> Snapshot:
    """Return the files of the model that an adapter names."""
    published = {one.repository: one.name for one in DESCRIBERS}
    base = published.get(adapter.base, adapter.base)
    if base == adapter.base and not (base and Path(base).is_dir()):
        raise WeightsMissing(
            f"{adapter.folder} is an adapter of {base or 'a model that it does not name'}, which "
            "is not on this computer.",
            f"Name the model before it: MODEL+{adapter.folder}.",
        )
    return _find_files(base)


def _find_files(name: str) -> Snapshot:
    from backend.describers.loading import find_files

    weights = {one.name: one for one in DESCRIBERS}.get(name)
    if weights is None and not Path(name).is_dir():
        raise DescriberUnknown(
            f'There is no describer "{name}".',
            f"Choose {FACTS}, {', '.join(one.name for one in DESCRIBERS)}, a tower or CoCa, a "
            "folder with the files of a model or an adapter, or the address of an endpoint.",
        )
    folder = Path(name) if weights is None else weights.found_in()
    if folder is None:
        assert weights is not None
        raise WeightsMissing(
            f"The weights of {name} ({weights.size}, licence {weights.licence}) are not on this "
            "machine.",
            f"Fetch them: {weights.command}.",
        )
    return find_files(folder, weights)
