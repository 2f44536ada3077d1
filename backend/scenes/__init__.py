"""Scenes: where pixels come from."""

from backend.scenes.any_scene import AnyScene, open_any
from backend.scenes.box import PIXEL_M, Box, PixelBox
from backend.scenes.info import Check, SceneInfo
from backend.scenes.products import PRODUCTS, Product, is_product, open_product
from backend.scenes.scene import Scene, open_scene
from backend.scenes.units import DN_OFFSET_DB, UNITS

__all__ = [
    "DN_OFFSET_DB",
    "PIXEL_M",
    "PRODUCTS",
    "UNITS",
    "AnyScene",
    "Box",
    "Check",
    "PixelBox",
    "Product",
    "Scene",
    "SceneInfo",
    "is_product",
    "open_any",
    "open_product",
    "open_scene",
]
