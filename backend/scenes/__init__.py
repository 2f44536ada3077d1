"""Scenes: where pixels come from."""

from backend.scenes.box import PIXEL_M, Box, PixelBox
from backend.scenes.info import Check, SceneInfo
from backend.scenes.products import PRODUCTS, Product, is_product, open_product
from backend.scenes.scene import Scene, open_scene
from backend.scenes.units import DN_OFFSET_DB, UNITS

AnyScene = Scene | Product
"""What a map can be asked of."""

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
    "open_product",
    "open_scene",
]
