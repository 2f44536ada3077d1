"""Simulated Sentinel-1 landscapes with known cover."""

from .backscatter import render_backscatter
from .cover import CLASSES, Ground, Season
from .landscape import Landscape, simulate_landscape

__all__ = [
    "CLASSES",
    "Ground",
    "Landscape",
    "Season",
    "render_backscatter",
    "simulate_landscape",
]
