#!/usr/bin/env bash
# from_float of odc-algo packs floats into whole numbers: x * scale + offset, no data for NaN. It turns scale and offset
# into the wanted type first: 2.55, which spreads 0 to 100 over a byte, is 2, 0.5 is 0, and an offset of
# 12.5 is 12. Then it never makes whole numbers: a NumPy array stays float32, and a Dask array says
# uint8 and computes float32, fractions and all. A scale of 10 or 10000 is right.
#
# Seen with odc-algo 1.2.2, numexpr 2.14.2, dask 2026.8.0, xarray 2026.9.0, Python 3.11; 40 and 99.5 into uint8:
#   scale 2.55:              80.0, 199.0 where 102, 254 are right
#   scale 0.5:               0.0, 0.0 where 20, 50 are right
#   scale 1, offset 12.5:    52.0, 111.5 where 52, 112 are right
#   types said and computed: NumPy float32, float32; Dask uint8, float32
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    odc-algo==1.2.2 numexpr==2.14.2 dask==2026.8.0 xarray==2026.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, xarray as xr
from odc.algo import from_float

share = xr.DataArray(np.array([[40, 99.5]], np.float32), dims=("y", "x"))
seen = []
for name, options in (
    ("scale 2.55", dict(scale=2.55)), ("scale 0.5", dict(scale=0.5)), ("scale 1, offset 12.5", dict(offset=12.5))
):
    packed = from_float(share, "uint8", 255, **options).values.ravel().tolist()
    right = np.rint(share.values * options.get("scale", 1) + options.get("offset", 0)).astype(int).ravel().tolist()
    seen.append(packed)
    print("{:24} {}, {} where {}, {} are right".format(name + ":", *packed, *right))
lazy = from_float(share.chunk(), "uint8", 255)
now = from_float(share, "uint8", 255)
types = [str(kind) for kind in (now.dtype, now.values.dtype, lazy.dtype, lazy.compute().dtype)]
print("types said and computed: NumPy {}, {}; Dask {}, {}".format(*types))
wrong = [[80.0, 199.0], [0.0, 0.0], [52.0, 111.5]]
sys.exit(seen != wrong or types != ["float32", "float32", "uint8", "float32"])
PY
"$folder/venv/bin/python" "$folder/run.py"
