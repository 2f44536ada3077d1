"""What a path leads to: a radar scene, tiles, or an index of many scenes; and opening it."""

from pathlib import Path
from typing import Any

import shapely

from backend.errors import ConfigInvalid
from backend.progress import Progress, silent
from backend.scenes.files import local_path, locate
from backend.scenes.index import AnyScene, SceneIndex
from backend.scenes.options import DETECTED, RADAR, SceneOptions
from backend.scenes.sentinel1.folder import read_folder
from backend.scenes.sentinel1.scene import open_scene
from backend.scenes.tiled.open import holds_tiles, open_tiles, read_tiles


def open_any(
    path: str | Path,
    options: SceneOptions = DETECTED,
    near: shapely.Geometry | None = None,
    **stated: Any,
) -> AnyScene:
    """Open the radar scene, or the embedding around an area `near` (degrees), at a path.

    What is stated, as `options` or by keywords of the same names, overrules what is found.

    Raises:
        ConfigInvalid: an option that the imagery at the path does not have is stated.
        GlueLinkError: what `open_scene` and `open_tiles` raise.

    Example:
        with open_any("tessera/2024", near=area.degrees) as scene:
            vectors = scene.read(scene.extent)
    """
    where, options = locate(path), options.stating(**stated)
    tiled = holds_tiles(where)
    for name in options.stated:
        modality = options.described()[name].modality
        if modality is not None and (modality == RADAR) == tiled:
            kinds = ("a radar scene", "an embedding")
            raise ConfigInvalid(
                f'{path} is {kinds[tiled]}; only of {kinds[not tiled]} can "{name}" be stated.',
                "Leave that out.",
            )
    if tiled:
        return open_tiles(where, options.date, near, options.tiles)
    return open_scene(path, options)


def read_scene_index(
    path: str | Path,
    modality: str = RADAR,
    near: shapely.Geometry | None = None,
    tiles: str | Path | None = None,
    progress: Progress = silent,
) -> SceneIndex:
    """Return the scenes of a modality in a folder, or those that an index or an address leads to.

    Of an index or at an address only tiles that touch `near` (degrees) are looked for; `tiles` is
    the folder or address below which the tiles of an index lie.

    Raises:
        SceneUnreadable: there is no scene of the modality.
        ConfigInvalid: `tiles` is given without an index, or an area is needed.
    """
    if modality != RADAR:
        where = locate(path)
        found = read_tiles(where, modality, near, str(tiles) if tiles else None)
        return SceneIndex(Path(path), *found)
    if tiles is not None:
        raise ConfigInvalid("Radar scenes have no index of tiles.", "Leave the tiles out.")
    return read_folder(local_path(path), progress)
