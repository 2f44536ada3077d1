"""Scenes: where pixels come from. Imported when used, since rasters are slow to import."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend.scenes.box import PIXEL_M, Box, PixelBox
    from backend.scenes.embeddings import EMBEDDINGS, Embedding, is_embedding, open_embedding
    from backend.scenes.info import Check, SceneInfo
    from backend.scenes.open import AnyScene, open_any
    from backend.scenes.options import SceneOptions
    from backend.scenes.sentinel1.scene import Scene, open_scene

_HOMES = {
    "box": ("PIXEL_M", "Box", "PixelBox"),
    "embeddings": ("EMBEDDINGS", "Embedding", "is_embedding", "open_embedding"),
    "info": ("Check", "SceneInfo"),
    "open": ("AnyScene", "open_any"),
    "options": ("SceneOptions",),
    "sentinel1.scene": ("Scene", "open_scene"),
}

__all__ = [
    "EMBEDDINGS",
    "PIXEL_M",
    "AnyScene",
    "Box",
    "Check",
    "Embedding",
    "PixelBox",
    "Scene",
    "SceneInfo",
    "SceneOptions",
    "is_embedding",
    "open_any",
    "open_embedding",
    "open_scene",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
