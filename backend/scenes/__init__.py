"""Scenes: where pixels come from."""

from backend.scenes.box import PIXEL_M, Box, PixelBox
from backend.scenes.embeddings import EMBEDDINGS, Embedding, is_embedding, open_embedding
from backend.scenes.info import Check, SceneInfo
from backend.scenes.open import AnyScene, open_any
from backend.scenes.sentinel1.scene import Scene, open_scene
from backend.scenes.sentinel1.units import DN_OFFSET_DB, UNITS

__all__ = [
    "DN_OFFSET_DB",
    "EMBEDDINGS",
    "PIXEL_M",
    "UNITS",
    "AnyScene",
    "Box",
    "Check",
    "Embedding",
    "PixelBox",
    "Scene",
    "SceneInfo",
    "is_embedding",
    "open_any",
    "open_embedding",
    "open_scene",
]
