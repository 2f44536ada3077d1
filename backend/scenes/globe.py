"""Areas in degrees on a globe whose longitudes meet at 180."""

import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, box


def on_globe(degrees: shapely.Geometry) -> MultiPolygon:
    """Return the area with all longitudes from -180 to 180, cut in two at the date line."""
    world = box(-180, -90, 180, 90)
    turned = [translate(degrees, turn).intersection(world) for turn in (-360, 0, 360)]
    parts = shapely.get_parts(shapely.get_parts(turned))
    return MultiPolygon([part for part in parts if part.area > 0])
