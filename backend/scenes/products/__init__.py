"""Annual embedding products: AlphaEarth and Tessera, here or remote, asked as scenes are."""

from backend.scenes.products.find import is_product
from backend.scenes.products.open import open_product
from backend.scenes.products.product import Product

__all__ = ["Product", "is_product", "open_product"]
