"""GLUE-Link backend: reads radar, runs encoders, scores phrases, writes alignment maps."""

__version__ = "0.1.0"
