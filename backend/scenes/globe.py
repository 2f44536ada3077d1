"""Areas in degrees on a globe whose longitudes meet at 180."""

import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, box


def on_globe(degrees: shapely.Geometry) -> MultiPolygon:
    """Return the area with all longitudes from -180 to 180, cut in two at the date line.

    Its rings run as GeoJSON wants them: to NASA's catalogue a clockwise ring is the earth without
    the area.
    """
    world = box(-180, -90, 180, 90)
    turned = [translate(degrees, turn).intersection(world) for turn in (-360, 0, 360)]
    parts = shapely.get_parts(shapely.get_parts(turned))
    area: MultiPolygon = shapely.orient_polygons(
        MultiPolygon([part for part in parts if part.area > 0])
    )
    return area
