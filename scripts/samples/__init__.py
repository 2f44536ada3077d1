"""Small files in published layouts, for checks, pictures and tests: weights and tiles."""
