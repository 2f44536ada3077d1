"""Scenes: where pixels come from."""

from backend.scenes.box import PIXEL_M, Box, PixelBox
from backend.scenes.info import Check, SceneInfo
from backend.scenes.scene import Scene, open_scene
from backend.scenes.units import DN_OFFSET_DB, UNITS

__all__ = [
    "DN_OFFSET_DB",
    "PIXEL_M",
    "UNITS",
    "Box",
    "Check",
    "PixelBox",
    "Scene",
    "SceneInfo",
    "open_scene",
]
