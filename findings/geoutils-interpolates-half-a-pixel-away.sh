#!/usr/bin/env bash
# GDAL's transform names the upper left corner of a pixel whatever AREA_OR_POINT says. geoutils takes values to lie at
# that corner in a file that says Area, as nearly all do, and half a pixel further up and left in one that says
# Point. So interp_points() at the middle of a pixel is a blend of it and its neighbours below and to the right in
# the one file, five metres off for Sentinel-1, and in the other it is the pixel below and to the right; coords()
# and to_pointcloud() place values there. Its reduce_points() and rasterio's sample() give the pixel.
#
# Seen with geoutils 0.2.5, rasterio 1.4.4, Python 3.11; pixels of 10 m whose value is the easting of
# their middle, asked for at 500055:
#   rasterio's sample: Area 500055, Point 500055
#   reduce_points:     Area 500055, Point 500055
#   interp_points:     Area 500060, Point 500065
#   first of coords:   Area 500000, Point 499995 (the middle: 500005)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check geoutils==0.2.5 rasterio==1.4.4 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import geoutils, numpy as np, rasterio

eastings = np.repeat(500_005 + 10 * np.arange(20, dtype=np.float32)[None], 20, axis=0)
place = np.array([500_055.0]), np.array([5_399_945.0])
seen = {}
for kind in ("Area", "Point"):
    path = f"{sys.argv[1]}/{kind}.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=20, width=20, dtype="float32", crs="EPSG:32633",
        transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
    ) as file:
        file.update_tags(AREA_OR_POINT=kind)
        file.write(eastings, 1)
    with rasterio.open(path) as file:
        sampled = next(file.sample(zip(*place)))[0]
        assert file.xy(0, 0)[0] == 500_005
    raster = geoutils.Raster(path)
    raster.load()
    for name, value in (
        ("rasterio's sample", sampled),
        ("reduce_points", raster.reduce_points(place).ds.iloc[0, 0]),
        ("interp_points", raster.interp_points(place).ds.iloc[0, 0]),
        ("first of coords", raster.coords()[0].ravel()[0]),
    ):
        seen.setdefault(name, []).append(round(float(value)))
for name, (area, point) in seen.items():
    print(f"{name + ':':18} Area {area}, Point {point}" + " (the middle: 500005)" * name.startswith("first"))
right = [500_055, 500_055]
sys.exit([*seen.values()] != [right, right, [500_060, 500_065], [500_000, 499_995]])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
