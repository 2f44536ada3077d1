"""Scenes: where pixels come from. Imported when used, since rasters are slow to import."""

from typing import TYPE_CHECKING

from backend.modules import lazy_names

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

__getattr__ = lazy_names(__name__, _HOMES)
