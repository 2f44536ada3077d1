"""Tiles opened by a path, whatever imagery `open_any` would take it for."""

from pathlib import Path

import shapely

from backend.scenes.files import locate
from backend.scenes.tiled.open import holds_tiles, open_tiles
from backend.scenes.tiled.scene import TiledScene


def open_embedding(
    path: str | Path,
    date: str | None = None,
    near: shapely.Geometry | None = None,
    tiles: str | Path | None = None,
) -> TiledScene:
    """The tiles at a path, of one year."""
    return open_tiles(locate(path), date, near, str(tiles) if tiles else None)


def is_embedding(path: str | Path) -> bool:
    """True for what `open_any` reads as an embedding."""
    return holds_tiles(locate(path))
