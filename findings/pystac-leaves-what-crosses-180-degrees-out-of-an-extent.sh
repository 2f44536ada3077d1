#!/usr/bin/env bash
# The box of a STAC item that crosses the 180th meridian begins west and ends east of it: [178, ..., -178, ...], as
# the specification asks and the antimeridian package writes it. pystac's extent of a collection takes the least
# western and the greatest eastern edge of all boxes. With a crossing item alone that is its box; beside any other it is
# the box of the other: the crossing item lies outside of its own collection, and a client that asks for
# collections of a place does not find it. No warning is given. Of all three, it is all of the globe but there.
#
# Seen with pystac 1.15.2, antimeridian 0.4.9, shapely 2.2.0, Python 3.11; footprints from 178 to -178, 160 to 170 and
# -170 to -160 degrees:
#   crossing alone:    178 to -178
#   crossing and west: 160 to 170
#   crossing and east: -170 to -160
#   all three:         -170 to 170
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pystac==1.15.2 antimeridian==0.4.9 shapely==2.2.0
cat > "$folder/run.py" <<'PY'
import sys
from datetime import datetime, timezone
import antimeridian, pystac
from shapely.geometry import Polygon, box, mapping


def item(name, footprint):
    bounds = antimeridian.bbox(footprint)
    return pystac.Item(name, mapping(footprint), list(bounds), datetime(2024, 5, 9, tzinfo=timezone.utc), {})


crossing = item("crossing", antimeridian.fix_polygon(Polygon([(178, -19), (-178, -19), (-178, -17), (178, -17)])))
west, east = item("west", box(160, -19, 170, -17)), item("east", box(-170, -19, -160, -17))
sets = {
    "crossing alone": [crossing],
    "crossing and west": [crossing, west],
    "crossing and east": [crossing, east],
    "all three": [crossing, west, east],
}
seen = []
for name, items in sets.items():
    collection = pystac.Collection("passes", "Passes", pystac.Extent.from_items(items))
    collection.add_items(items)
    collection.update_extent_from_items()
    left, _, right, _ = collection.extent.spatial.bboxes[0]
    print(f"{name + ':':18} {left:g} to {right:g}")
    seen.append((left, right))
sys.exit(seen != [(178, -178), (160, 170), (-170, -160), (-170, 170)])
PY
"$folder/venv/bin/python" "$folder/run.py"
