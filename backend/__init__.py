"""GLUE-Link backend: reads radar, runs encoders, scores phrases, writes alignment maps."""

import os

# Torch's threads spin while they wait for each other. Beside a busy program, such as QGIS, that
# makes small operations ten times slower; sleeping costs nothing to speak of. Read once, when
# torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"

USER_AGENT = f"GLUE-Link/{__version__} (+https://github.com/gluelink/gluelink)"
"""Who asks, for the hosts that are asked."""
