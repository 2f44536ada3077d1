"""Scenes that are not open: what is known of each, and an index of many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from backend.scenes.box import PixelBox
from backend.scenes.sentinel1.scene import Scene
from backend.scenes.tiled.scene import TiledScene

AnyScene = Scene | TiledScene


class SceneEntry(Protocol):
    """A scene that is not open: of a folder, of a STAC catalogue, or tiles of one date and zone."""

    @property
    def name(self) -> str:
        """Its own in the index; of scenes as good as each other the first by name counts."""

    @property
    def utm_epsg(self) -> int:
        """The UTM zone that it is seen from."""

    @property
    def extent(self) -> PixelBox:
        """The absolute 10 m pixels of the zone beyond which it has no data."""

    @property
    def date(self) -> date | None:
        """The day, where it is known."""

    @property
    def product_type(self) -> str | None:
        """GRD or RTC, where it is known."""

    def open(self) -> AnyScene:
        """Return the scene itself, as a context manager."""


@dataclass(frozen=True)
class SceneIndex:
    """Scenes to choose from, and why other files are not scenes."""

    folder: Path
    scenes: Sequence[SceneEntry]
    skipped: dict[str, str]
    days: int | None = None
    """A scene is for points whose date is so near, and no others; None for all."""
