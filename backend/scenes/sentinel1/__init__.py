"""Sentinel-1 scenes: bands, units, speckle, GRD and RTC."""
