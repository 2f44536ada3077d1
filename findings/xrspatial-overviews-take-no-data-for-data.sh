#!/usr/bin/env bash
# to_geotiff(cog=True, nodata=-9999) of xarray-spatial says what is no data in the full image and not in the
# overviews, which hold -9999 for holes as well. A reader that opens an overview by its number takes them for data:
# rioxarray's masked=True has a mean of -328 dB, where the full image has -11. GDAL's COG driver says it in
# each. A reduced read of the whole file is right, since it takes the mask of the full image, and so is
# xarray-spatial's own reader.
#
# Seen with Python 3.12, xarray-spatial 0.10.20, rioxarray 0.23.0, rasterio 1.5.2:
#   xarray-spatial's file: full -11.0, overview of rioxarray -328.1, of xarray-spatial -11.0, reduced read -11.0
#   GDAL's file:           full -11.0, overview of rioxarray -11.0, of xarray-spatial -11.0, reduced read -11.0
#
# Needs Python 3.12 or newer: PYTHON=python3.12 names one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    xarray-spatial==0.10.20 rioxarray==0.23.0 rasterio==1.5.2 xarray==2026.9.0 numpy==2.5.5
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, rasterio, rasterio.shutil, rioxarray, xarray as xr
from xrspatial.geotiff import open_geotiff, to_geotiff

folder = sys.argv[1]
scene = np.random.default_rng(0).normal(-11, 3, (70, 90)).astype(np.float32)
scene[10:20, 10:30] = np.nan
y, x = 5_399_995 - 10.0 * np.arange(70), 500_005 + 10.0 * np.arange(90)
array = xr.DataArray(scene, dims=("y", "x"), coords={"y": y, "x": x}, attrs={"crs": 32633})
options = dict(nodata=-9999, compression="deflate")
to_geotiff(array, folder + "/theirs.tif", cog=True, overview_levels=[2], **options)
to_geotiff(array, folder + "/plain.tif", **options)
rasterio.shutil.copy(
    folder + "/plain.tif", folder + "/gdal.tif", driver="COG", blocksize=128, overview_count=1,
    overview_resampling="average",
)
seen = []
for name, path in (("xarray-spatial's file", folder + "/theirs.tif"), ("GDAL's file", folder + "/gdal.tif")):
    with rasterio.open(path) as file:
        reduced = file.read(1, out_shape=(35, 45), masked=True)
    arrays = (
        rioxarray.open_rasterio(path, masked=True),
        rioxarray.open_rasterio(path, masked=True, overview_level=0),
        open_geotiff(path, masked=True, overview_level=1),
        reduced.filled(np.nan),
    )
    seen.append([round(float(np.nanmean(np.asarray(array, float))), 1) for array in arrays])
    line = "full {}, overview of rioxarray {}, of xarray-spatial {}, reduced read {}".format(*seen[-1])
    print(f"{name + ':':22} {line}")
sys.exit(seen != [[-11.0, -328.1, -11.0, -11.0], [-11.0] * 4])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
