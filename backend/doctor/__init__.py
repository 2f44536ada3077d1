"""What works here, what is missing, how to mend it: python -m backend.doctor.

machine     Python, device, memory and disk, packages, GDAL and PROJ, QGIS
models      encoders, text encoders, heads, and one query from scene to map
storage     the feature store, and the service's folder
"""

import dataclasses
from typing import Literal

Level = Literal["ok", "warning", "missing"]


@dataclasses.dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    """The word "missing" means that the embedded default does not work."""
    topic: str
    text: str
    """What was found, in one sentence."""
    remedy: str = ""
    """What to do about it; empty when all is well."""
