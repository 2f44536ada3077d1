"""Bright objects on water, by a test with a constant false-alarm rate.

cfar       pixels that water cannot explain
objects    `BrightObject`: what they are together
"""

from backend.detection.objects import BrightObject, bright_objects

__all__ = ["BrightObject", "bright_objects"]
