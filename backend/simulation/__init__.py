"""Simulated Sentinel-1 landscapes with known cover."""

from backend.simulation.backscatter import render_backscatter
from backend.simulation.cover import CLASSES, Ground, Season
from backend.simulation.demo import DEMO_SEED, simulate_scene, write_demo_scene
from backend.simulation.landscape import Landscape, simulate_landscape

__all__ = [
    "CLASSES",
    "DEMO_SEED",
    "Ground",
    "Landscape",
    "Season",
    "render_backscatter",
    "simulate_landscape",
    "simulate_scene",
    "write_demo_scene",
]
