"""What a map can be asked of: a radar scene or an embedding product."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely

from backend.errors import ConfigInvalid
from backend.scenes.products import Product, is_product, open_product
from backend.scenes.scene import Scene, open_scene
from backend.scenes.units import DN_OFFSET_DB

AnyScene = Scene | Product


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
    product: str | None = None,
    speckle: str | None = None,
) -> AnyScene:
    """The scene or product at a path; `also` are other dates of a scene, to be averaged with it.

    Raises what `open_scene` and `open_product` do, and ConfigInvalid for what was said of a product
    and holds for radar alone, or the other way.
    """
    if not is_product(path):
        if tiles is not None:
            raise ConfigInvalid(f"{path} is a radar scene; it has no tiles.", "Leave them out.")
        return open_scene([path, *also], units, dn_offset_db, bands, date, product, speckle)
    radar = {"units": units, "bands": bands, "product": product, "speckle": speckle}
    said = [name for name, value in (*radar.items(), ("other dates", also)) if value]
    if said:
        raise ConfigInvalid(
            f"{path} is an embedding product; it has no {said[0]}.", "Leave that out."
        )
    return open_product(path, date, near, tiles)
