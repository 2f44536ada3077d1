#!/usr/bin/env bash
# GAMMA and many older radar products are plain files with the high byte first; numpy reads them as ">f4". rasterio
# accepts such an array everywhere, and means two things: written to a file its numbers are right, while
# reproject and shapes take its bytes as they lie. -11 dB is warped to 0.0 (1.7e-41), an intensity
# of 45 in 16 bits to 11520; rioxarray's reproject does the same. The types look alike when printed, and
# nothing warns. `array.astype(array.dtype.newbyteorder("="))` mends it.
#
# Seen with rasterio 1.4.4 (GDAL 3.10.3), rioxarray 0.19.0, numpy 2.4.6, Python 3.11, of -11 dB and of 45:
#   written and read again: -11.0, 45
#   rasterio reproject:     1.749e-41, 11520
#   rioxarray reproject:    1.749e-41, 11520
#   rasterio shapes:        1.749e-41, 11520
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    rasterio==1.4.4 rioxarray==0.19.0 xarray==2026.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, rasterio, rasterio.features, rasterio.warp, rioxarray, xarray as xr
from rasterio.transform import from_origin

place = from_origin(0, 80, 10, 10)


def written(array):
    with rasterio.MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=8, height=8, count=1, dtype=array.dtype.name, transform=place
        ) as file:
            file.write(array, 1)
        with memory.open() as file:
            return file.read(1)


def warped(array):
    same = {"src_transform": place, "dst_transform": place, "src_crs": "EPSG:32633", "dst_crs": "EPSG:32633"}
    return rasterio.warp.reproject(array, np.zeros((8, 8), array.dtype.name), **same)[0]


def warped_by_rioxarray(array):
    axis = np.arange(8) * 10 + 5
    scene = xr.DataArray(array, dims=("y", "x"), coords={"y": axis[::-1], "x": axis})
    return scene.rio.write_crs("EPSG:32633").rio.reproject("EPSG:32633", resolution=10).values


ways = {
    "written and read again": written,
    "rasterio reproject": warped,
    "rioxarray reproject": warped_by_rioxarray,
    "rasterio shapes": lambda array: np.array([value for _, value in rasterio.features.shapes(array)]),
}
scenes, seen = (np.full((8, 8), -11, ">f4"), np.full((8, 8), 45, ">u2")), []
for name, way in ways.items():
    numbers = [f"{float(way(scene).flat[-1]):.5g}" for scene in scenes]
    print(f"{name + ':':23} {', '.join(numbers)}")
    seen.append(numbers)
sys.exit(seen != [["-11", "45"]] + [["1.749e-41", "11520"]] * 3)
PY
"$folder/venv/bin/python" "$folder/run.py"
