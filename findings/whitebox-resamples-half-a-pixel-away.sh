#!/usr/bin/env bash
# resample() of whitebox_workflows by its default, cubic convolution, gives a raster that lies half a pixel of the
# input off, to the north-west: onto the raster's own grid, where nothing need change, each pixel of 10 m holds what
# lies 5 m further east and south. "bilinear" is nearest: the same numbers, pixel by pixel. mosaic_with_feathering()
# shifts both images so by default. Of speckle the cubic takes a mean of 16 pixels where there was nothing to
# mix. rasterio's cubic and bilinear are right.
#
# Seen with whitebox_workflows 2.0.6, rasterio 1.4.4, numpy 2.4.6, Python 3.11; pixels of 10 m whose value is the
# easting of their middle: what is read less what is there, in metres, in the middle of the row:
#   onto 10 m:           rasterio's cubic +0 to +0, default +5 to +5, nn +0 to +0, feathering +5 to +5
#   onto 5 m, cubic:     rasterio +0 to +0, default +4.7 to +5.3
#   onto 5 m, bilinear:  rasterio +0 to +0, bilinear -2.5 to +2.5, nn -2.5 to +2.5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    whitebox-workflows==2.0.6 rasterio==1.4.4 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, rasterio, whitebox_workflows
from rasterio.enums import Resampling

path = f"{sys.argv[1]}/easting.tif"
eastings = np.repeat(500_005.0 + 10 * np.arange(40)[None], 40, axis=0)
with rasterio.open(
    path, "w", driver="GTiff", count=1, height=40, width=40, dtype="float64", crs="EPSG:32633",
    transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
) as file:
    file.write(eastings, 1)
tools = whitebox_workflows.WbEnvironment()
images = tools.remote_sensing.enhancement_contrast
scene = tools.read_raster(path)


def off(values, size):
    middles = 500_000 + size * (np.arange(values.shape[1]) + 0.5)
    part = (values - middles)[len(values) // 2, len(middles) // 4 : -len(middles) // 4]
    return round(float(part.min()), 1) + 0.0, round(float(part.max()), 1) + 0.0


def by_rasterio(size, method):
    count = 400 // size
    with rasterio.open(path) as file:
        return off(file.read(1, out_shape=(count, count), resampling=Resampling[method]), size)


def by_whitebox(size, **method):
    made = images.resample(inputs=[scene], cell_size=float(size), **method)
    assert made.get_x_from_column(0) == 500_000 + size / 2
    return off(np.squeeze(made.to_numpy()), size)


feathered = off(np.squeeze(images.mosaic_with_feathering(input1=scene, input2=scene).to_numpy()), 10)
seen = {
    "onto 10 m": {
        "rasterio's cubic": by_rasterio(10, "cubic"), "default": by_whitebox(10),
        "nn": by_whitebox(10, method="nn"), "feathering": feathered,
    },
    "onto 5 m, cubic": {"rasterio": by_rasterio(5, "cubic"), "default": by_whitebox(5)},
    "onto 5 m, bilinear": {
        "rasterio": by_rasterio(5, "bilinear"), "bilinear": by_whitebox(5, method="bilinear"),
        "nn": by_whitebox(5, method="nn"),
    },
}
for grid, found in seen.items():
    print(f"{grid + ':':20}", ", ".join(f"{name} {low:+g} to {high:+g}" for name, (low, high) in found.items()))
none, shifted, nearest = (0, 0), (5, 5), (-2.5, 2.5)
sys.exit([list(found.values()) for found in seen.values()] != [
    [none, shifted, none, shifted], [none, (4.7, 5.3)], [none, nearest, nearest],
])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
