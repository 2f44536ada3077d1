"""Text encoders: phrases, and with some of them photographs, to unit vectors of a text space."""

from backend.text.base import ImageEncoder, TextEncoder, TextSpace
from backend.text.registry import list_text_encoders, load_image_encoder, load_text_encoder

__all__ = [
    "ImageEncoder",
    "TextEncoder",
    "TextSpace",
    "list_text_encoders",
    "load_image_encoder",
    "load_text_encoder",
]
