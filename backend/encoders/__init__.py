"""Frozen encoders: windows in dB to feature grids."""

from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.registry import brought_encoders, list_encoders, load_encoder

__all__ = ["Encoder", "EncoderSpec", "brought_encoders", "list_encoders", "load_encoder"]
