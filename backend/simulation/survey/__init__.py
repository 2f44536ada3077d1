"""The simulated survey: points, views, captions in place of photographs."""
