"""Imagery that is published in tiles: embeddings and Sentinel-2 pictures, read as one scene."""
