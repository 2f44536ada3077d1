"""Frozen encoders: windows to feature grids."""

from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.registry import (
    encoder_spec,
    list_encoders,
    load_encoder,
    third_party_encoders,
)

__all__ = [
    "Encoder",
    "EncoderSpec",
    "encoder_spec",
    "list_encoders",
    "load_encoder",
    "third_party_encoders",
]
