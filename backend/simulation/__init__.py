"""Simulated Sentinel-1 landscapes whose cover is known.

landscape     draws one, step by step on a canvas: terrain, fields, water, settlements, targets
kinds         the kinds of landscape and climates to draw from; conditions: season, weather, orbit
cover         the cover classes, and how each scatters
backscatter   the scene that Sentinel-1 would deliver, with relief, noise and speckle
demo          one scene with something of everything, as files
survey        a simulated survey: points, radar windows, captions instead of photographs

Example:
    landscape = simulate_landscape(seed=1)
    db = render_backscatter(landscape, seed=1)
"""

from backend.simulation.backscatter import render_backscatter
from backend.simulation.canvas import Landscape
from backend.simulation.cover import CLASSES, Ground, Season
from backend.simulation.demo import DEMO_SEED, simulate_scene, write_demo_scene
from backend.simulation.landscape import simulate_landscape

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
