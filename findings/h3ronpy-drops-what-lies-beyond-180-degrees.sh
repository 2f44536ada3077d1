#!/usr/bin/env bash
# A scene over the 180th meridian has longitudes from 179.8 to 180.2, or from -180.2 to -179.8: rasters cannot jump.
# h3ronpy turns it into H3 cells of the half that lies within -180 to 180 and leaves out the other half without a
# word. H3 itself wraps longitudes. So a table of cells of Fiji or of Chukotka lacks what is east or west of
# the line, although every pixel has a value, and a mean over its cells is one of half the scene.
#
# Seen with h3ronpy 0.22.0, h3 4.5.0, numpy 2.4.6, Python 3.11, of 40 x 40 pixels of 0.01 degrees:
#   170.0 to 170.4:    33 cells, longitudes 170.01 to 170.39
#   179.8 to 180.2:    14 cells, longitudes 179.8 to 179.96
#   -180.2 to -179.8:  18 cells, longitudes -179.98 to -179.8
#   h3 at 180.1 and at -179.9: the same cell
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check h3ronpy==0.22.0 h3==4.5.0 affine==2.4.0 pyarrow==26.0.1 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import h3, numpy as np
from affine import Affine
from h3ronpy.raster import raster_to_dataframe

scene, seen = np.full((40, 40), -11, np.float32), []
for west in (170.0, 179.8, -180.2):
    table = raster_to_dataframe(scene, Affine(0.01, 0, west, 0, -0.01, 50), 6, compact=False)
    cells = [h3.int_to_str(int(cell)) for cell in table["cell"].to_numpy()]
    east = [h3.cell_to_latlng(cell)[1] for cell in cells]
    span = f"{west} to {west + 0.4:.1f}"
    print(f"{span + ':':18} {len(cells)} cells, longitudes {min(east):.5g} to {max(east):.5g}")
    seen.append(len(cells))
wraps = h3.latlng_to_cell(49.8, 180.1, 6) == h3.latlng_to_cell(49.8, -179.9, 6)
print(f"h3 at 180.1 and at -179.9: {'the same cell' if wraps else 'two cells'}")
sys.exit((seen, wraps) != ([33, 14, 18], True))
PY
"$folder/venv/bin/python" "$folder/run.py"
