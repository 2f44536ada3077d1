"""What a map can be asked of: a radar scene or an embedding."""

from pathlib import Path
from typing import Any

import shapely

from backend.errors import ConfigInvalid
from backend.scenes.embeddings import Embedding, is_embedding, open_embedding
from backend.scenes.options import DETECTED, RADAR, SceneOptions
from backend.scenes.sentinel1.scene import Scene, open_scene

AnyScene = Scene | Embedding


def open_any(
    path: str | Path,
    options: SceneOptions = DETECTED,
    near: shapely.Geometry | None = None,
    **stated: Any,
) -> AnyScene:
    """Open the scene or the embedding at a path; of an embedding, what lies `near` (degrees).

    What is stated, as `options` or by keywords of the same names, overrules what is found.

    Raises:
        ConfigInvalid: an option that the imagery at the path does not have is stated.
        GlueLinkError: what `open_scene` and `open_embedding` raise.
    """
    options = options.stating(**stated)
    radar = not is_embedding(path)
    for name in options.stated:
        modality = options.described()[name].modality
        if modality is not None and (modality == RADAR) != radar:
            kind = "a radar scene" if radar else "an embedding"
            raise ConfigInvalid(f'{path} is {kind}; it has no "{name}".', "Leave that out.")
    if radar:
        return open_scene(path, options)
    return open_embedding(path, options.date, near, options.tiles)
