#!/usr/bin/env bash
# Asked for an expression, rio-tiler writes 0 where the result is NaN and the least float where it is minus
# infinity (the logarithm of a power of 0), and both count as data. Asked for the band, it gives NaN, and its
# statistics leave NaN out. So the expression "b1" is not the band b1: a scene whose holes are NaN without a
# stated no data gets holes of 0 dB, brighter than any town, and one pixel of power 0 makes the mean in dB
# useless. Where NaN is stated as no data, or given as nodata=, the first is masked, and the second stays.
#
# Seen with rio-tiler 9.4.12, rasterio 1.4.4, Python 3.11; -11 dB, a hole, and a pixel of power 0:
#   band, at the hole:             nan; largest -11, mean -11
#   expression "b1", at the hole:  0.0; largest 0, mean -10.9
#   10*log10(b1) of power:         least -3.4e+38, mean -8.31e+34
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check rio-tiler==9.4.12 rasterio==1.4.4 numpy==2.3.5
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, rasterio
from rio_tiler.io import Reader

decibels = np.full((64, 64), -11, np.float32)
power = 10 ** (decibels / 10)
decibels[10:15, 10:15] = np.nan
power[30, 30] = 0


def reader(name, values):
    path = f"{sys.argv[1]}/{name}.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=64, width=64, dtype="float32",
        crs="EPSG:32633", transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
    ) as file:
        file.write(values, 1)
    return Reader(path)


with reader("decibels", decibels) as scene:
    hole = [scene.read(**ask).array[0, 12, 12] for ask in ({}, {"expression": "b1"})]
    band, same = (scene.statistics(**ask)["b1"] for ask in ({}, {"expression": "b1"}))
with reader("power", power) as scene:
    logarithm = scene.statistics(expression="10*log10(b1)").popitem()[1]
print(f"band, at the hole:             {hole[0]}; largest {band.max:g}, mean {band.mean:.3g}")
print(f'expression "b1", at the hole:  {hole[1]}; largest {same.max:g}, mean {same.mean:.3g}')
print(f"10*log10(b1) of power:         least {logarithm.min:.2g}, mean {logarithm.mean:.3g}")
sys.exit(not (np.isnan(hole[0]) and hole[1] == 0 and (band.max, band.mean) == (-11, -11)
              and same.max == 0 and same.mean > -11 and logarithm.mean < -1e30))
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
