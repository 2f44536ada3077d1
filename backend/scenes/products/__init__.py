"""Annual embedding products, here or remote, asked as scenes are; and Sentinel-2 pictures."""

from backend.scenes.products.catalogue import read_products
from backend.scenes.products.find import is_product
from backend.scenes.products.open import open_product
from backend.scenes.products.product import Product
from backend.scenes.products.tiles import TITLES as PRODUCTS

__all__ = ["PRODUCTS", "Product", "is_product", "open_product", "read_products"]
