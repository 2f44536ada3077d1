"""Annual embedding products, here or remote, asked as scenes are; and Sentinel-2 pictures."""

from backend.scenes.embeddings.catalogue import read_embeddings
from backend.scenes.embeddings.find import is_embedding
from backend.scenes.embeddings.open import open_embedding
from backend.scenes.embeddings.product import Embedding
from backend.scenes.embeddings.tiles import TITLES as EMBEDDINGS

__all__ = ["EMBEDDINGS", "Embedding", "is_embedding", "open_embedding", "read_embeddings"]
