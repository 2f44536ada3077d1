"""An adapter put into the weights of the tower or CLIP that it belongs to, as a file of its own."""

import json
from dataclasses import replace
from pathlib import Path

import torch

from backend.adapters import Adapter, Base, attach, find_adapter, merged
from backend.adapters.files import BASE
from backend.errors import ConfigInvalid, WeightsInvalid
from backend.towers.files import TowerCard, card_of, load_tower, save_tower
from backend.training.clips.card import ClipCard
from backend.training.clips.files import load_start, require_output, save_clip
from backend.training.lora import CARD

CPU = torch.device("cpu")


def merge_adapter(start: Path, folder: Path, output: Path) -> bool:
    """Write the tower or CLIP that an adapter makes of a file; both stay as they are.

    It is the one that was trained, where the adapter was trained here. Return whether the adapter
    knew the weights in `start` by their hash; one from elsewhere knows no more than a name.

    Example:
        merge_adapter(tower_path("tower-demo"), Path("runs/harbours"), Path("harbours.safetensors"))

    Raises:
        ConfigInvalid: there is a file at `output`, its configuration, or another CLIP's tokenizer.
        ExtraMissing: peft is not installed.
        WeightsMissing: a file is missing.
        WeightsInvalid: a file is damaged, or they do not belong together.
    """
    adapter = find_adapter(folder)
    for path in (output, output.with_suffix(".json")):
        if path.exists():
            raise ConfigInvalid(f"There is {path} already.", "Choose another output.")
    # A CLIP has its configuration beside it; no tower has one.
    merge = _merge_clip if start.with_suffix(".json").is_file() else _merge_tower
    merge(start, adapter, output)
    return BASE in adapter.about


def _merge_tower(start: Path, adapter: Adapter, output: Path) -> None:
    tower, vocabulary, card = load_tower(start, CPU)
    made = _tower_card(adapter)
    if made is not None and made.writes and not card.writes:
        tower.add_decoder()  # which the adapter was trained to write with
    merged(attach(tower, adapter, Base(start)))
    title = f"{card.title or card.name} with the adapter {adapter.folder.name}"
    theirs = replace(card, name=output.stem, title=title, scores={})
    save_tower(tower, vocabulary, made or theirs, output)


def _merge_clip(start: Path, adapter: Adapter, output: Path) -> None:
    require_output(start, output)
    network = load_start(start, CPU)
    merged(attach(network.model, adapter, Base(start)))
    save_clip(network, _clip_card(adapter), start, output)


def _tower_card(adapter: Adapter) -> TowerCard | None:
    try:
        return card_of(adapter.about[CARD]) if CARD in adapter.about else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _strange_card(adapter) from error


def _clip_card(adapter: Adapter) -> ClipCard | None:
    try:
        return ClipCard(**json.loads(adapter.about[CARD])) if CARD in adapter.about else None
    except (ValueError, TypeError) as error:
        raise _strange_card(adapter) from error


def _strange_card(adapter: Adapter) -> WeightsInvalid:
    return WeightsInvalid(
        f"The card in the weights of {adapter.folder} is not that of a tower or CLIP.",
        "Put its two files there again, as they were trained.",
    )
