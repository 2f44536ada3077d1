"""Scenes: where pixels come from. Imported when used, since rasters are slow to import."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend.scenes.box import PIXEL_M, Box, PixelBox
    from backend.scenes.index import AnyScene, SceneIndex
    from backend.scenes.info import Check, SceneInfo
    from backend.scenes.open import open_any, read_scene_index
    from backend.scenes.options import SceneOptions
    from backend.scenes.sentinel1.scene import Scene, open_scene
    from backend.scenes.tiled.source import sources

_HOMES = {
    "box": ("PIXEL_M", "Box", "PixelBox"),
    "index": ("AnyScene", "SceneIndex"),
    "info": ("Check", "SceneInfo"),
    "open": ("open_any", "read_scene_index"),
    "options": ("SceneOptions",),
    "sentinel1.scene": ("Scene", "open_scene"),
    "tiled.source": ("sources",),
}

__all__ = [
    "PIXEL_M",
    "AnyScene",
    "Box",
    "Check",
    "PixelBox",
    "Scene",
    "SceneIndex",
    "SceneInfo",
    "SceneOptions",
    "open_any",
    "open_scene",
    "read_scene_index",
    "sources",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
