"""An area: a polygon and the CRS it was drawn in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry

DIGITS = 17  # as many as a double holds, so that the backend sees what was drawn


@dataclass(frozen=True)
class Area:
    """A polygon of any CRS."""

    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem

    def as_geojson(self) -> dict[str, Any]:
        """The polygon as a GeoJSON geometry in its own CRS."""
        return json.loads(self.geometry.asJson(DIGITS))

    def crs_name(self) -> str:
        """The CRS as the backend's PROJ understands it: its code, or its WKT where it has none."""
        name = self.crs.authid()
        if name and not name.startswith("USER:"):
            return name
        return self.crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)
