"""What a map can be asked of: a radar scene or an embedding product."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely

from backend.errors import ConfigInvalid
from backend.scenes.embeddings import Embedding, is_embedding, open_embedding
from backend.scenes.sentinel1.scene import Scene, open_scene
from backend.scenes.sentinel1.units import DN_OFFSET_DB

AnyScene = Scene | Embedding


def open_any(
    path: str | Path,
    date: str | None = None,
    near: shapely.Geometry | None = None,
    tiles: str | Path | None = None,
    *,
    also: Sequence[str | Path] = (),
    units: str | None = None,
    dn_offset_db: float = DN_OFFSET_DB,
    bands: Mapping[str, int] | None = None,
    product_type: str | None = None,
    speckle: str | None = None,
) -> AnyScene:
    """The scene or product at a path; `also` are other dates of a scene, to be averaged with it.

    Raises what `open_scene` and `open_embedding` do, and ConfigInvalid for options of radar
    alone that were given for an embedding, or the other way.
    """
    if not is_embedding(path):
        if tiles is not None:
            raise ConfigInvalid(f"{path} is a radar scene; it has no tiles.", "Leave them out.")
        return open_scene([path, *also], units, dn_offset_db, bands, date, product_type, speckle)
    radar = {"units": units, "bands": bands, "product_type": product_type, "speckle": speckle}
    said = [name for name, value in (*radar.items(), ("other dates", also)) if value]
    if said:
        raise ConfigInvalid(
            f"{path} is an embedding product; it has no {said[0]}.", "Leave that out."
        )
    return open_embedding(path, date, near, tiles)
