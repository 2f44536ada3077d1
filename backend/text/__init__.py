"""Text encoders: phrases to unit vectors of a text space."""

from backend.text.base import TextEncoder, TextSpace
from backend.text.registry import list_text_encoders, load_text_encoder

__all__ = ["TextEncoder", "TextSpace", "list_text_encoders", "load_text_encoder"]
