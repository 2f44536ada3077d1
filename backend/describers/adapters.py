"""What adapters need to know of published models that describe: names of layers, then and now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from backend.adapters import Base, linear_layers
from backend.adapters.files import Renames

if TYPE_CHECKING:
    from backend.describers.loading import Snapshot

_LANGUAGE_AND_VISION: Renames = (  # transformers before 4.52
    ("visual.", "model.visual."),
    ("model.layers.", "model.language_model.layers."),
    ("model.embed_tokens.", "model.language_model.embed_tokens."),
    ("model.norm.", "model.language_model.norm."),
)
OLDER_NAMES: Mapping[str, Renames] = {
    "qwen2_vl": _LANGUAGE_AND_VISION,
    "qwen2_5_vl": _LANGUAGE_AND_VISION,
    "internvl": (
        ("language_model.model.", "model.language_model."),
        ("language_model.lm_head.", "lm_head."),
        ("vision_tower.", "model.vision_tower."),
        ("multi_modal_projector.", "model.multi_modal_projector."),
    ),
}
"""How layers were called, and are called now, by the family's model type; by their beginnings."""


def base_of(snapshot: Snapshot) -> Base:
    """Return a published model as one that adapters belong to."""
    called = snapshot.name.partition("@")[0].rpartition("/")[2]
    names = (called, snapshot.folder.resolve().name)
    return Base(snapshot.folder, names, OLDER_NAMES.get(snapshot.family, ()))


def adapted_layers(model: Any) -> list[str]:
    """Return the names of all linear layers of a describer, but for the one that gives words."""
    head = model.get_output_embeddings()
    return [
        name
        for name in linear_layers(model)
        if not (model.get_submodule(name) is head or name.endswith("cls.predictions.decoder"))
    ]  # BLIP names no head
