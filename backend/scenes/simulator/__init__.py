"""Simulated Sentinel-1 landscapes with known cover."""

from backend.scenes.simulator.backscatter import render_backscatter
from backend.scenes.simulator.cover import CLASSES, Ground, Season
from backend.scenes.simulator.demo import DEMO_SEED, simulate_scene, write_demo_scene
from backend.scenes.simulator.landscape import Landscape, simulate_landscape

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
