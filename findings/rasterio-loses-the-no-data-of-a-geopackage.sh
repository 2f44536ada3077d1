#!/usr/bin/env bash
# A GeoPackage can hold a raster of floats or of 16 bits and say what is no data. rasterio, told so by nodata= while
# writing, answers with it until the file is closed; opened again the file states none, so -9999 is the darkest
# radar there is. Of int16, where the hole was -32768, it is 32768 on top of that, the brightest, and all is
# float32. rioxarray's to_raster() writes by rasterio and does the same. No warning is given. The same numbers
# copied from a GeoTIFF by rasterio.shutil.copy keep their no data, as GDAL's own translation does.
#
# Seen with rasterio 1.4.4 (GDAL 3.10.3), numpy 2.4.6, Python 3.11; a scene of -11 dB (-1100 hundredths) and a hole:
#   float32 written: no data -9999.0, then None; in the hole -9999.0, mean -110.88
#   float32 copied:  no data -9999.0; in the hole -9999.0, mean -11
#   int16 written:   no data -32768.0, then None; in the hole 32768.0, mean -761.32
#   int16 copied:    no data -32768.0; in the hole -32768.0, mean -1100
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check rasterio==1.4.4 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, rasterio
from rasterio.shutil import copy

seen = {}
for kind, value, hole in (("float32", -11, -9999), ("int16", -1100, -32768)):
    scene = np.full((320, 320), value, kind)
    scene[100:132, 100:132] = hole
    stated = {}
    for driver, end in (("GPKG", "gpkg"), ("GTiff", "tif")):
        path = f"{sys.argv[1]}/{kind}.{end}"
        with rasterio.open(
            path, "w", driver=driver, count=1, height=320, width=320, dtype=kind, nodata=hole, crs="EPSG:32633",
            transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
        ) as file:
            file.write(scene, 1)
            stated[end] = file.nodata
    copy(path, f"{sys.argv[1]}/{kind}_copied.gpkg", driver="GPKG")
    for name in (kind, f"{kind}_copied"):
        with rasterio.open(f"{sys.argv[1]}/{name}.gpkg") as file:
            band = file.read(1, masked=True)
            seen[name] = file.nodata, float(band.data[110, 110]), f"{band.mean(dtype=float):.6g}"
    then = f"no data {stated['gpkg']}, then {seen[kind][0]}"
    print(f"{kind + ' written:':16} {then}; in the hole {seen[kind][1]}, mean {seen[kind][2]}")
    copied = seen[f"{kind}_copied"]
    print(f"{kind + ' copied:':16} no data {copied[0]}; in the hole {copied[1]}, mean {copied[2]}")
sys.exit(seen != {
    "float32": (None, -9999, "-110.88"), "float32_copied": (-9999, -9999, "-11"),
    "int16": (None, 32768, "-761.32"), "int16_copied": (-32768, -32768, "-1100"),
})
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
