#!/usr/bin/env bash
# geotessera's own source says that some published scales are huge and finite, and its store drops every
# scale that is not between 0 and 1 (of the real ones 99.99 % are below 0.14). Its tiles do not:
# dequantize_embedding multiplies by any finite scale, so one pixel is a vector of a million from tiles
# and no data from the store; a scale of 0 is a vector of zeros from tiles.
#
# Seen with geotessera 0.11.0, Python 3.13:
#   scale 0.1: tiles [0.3, -0.4], store keeps it: True
#   scale 300000.0: tiles [900000.0, -1200000.0], store keeps it: False
#   scale 0.0: tiles [0.0, -0.0], store keeps it: False
# Needs Python 3.12 or newer: PYTHON=python3.12 names one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check geotessera==0.11.0
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np
from geotessera import dequantize_embedding
from geotessera.zarr import valid_scale_mask

values, seen = np.array([[[3, -4]]], np.int8), []
for scale in (0.1, 3e5, 0.0):
    scales = np.array([[scale]], np.float32)
    tiles = [round(float(v), 3) for v in dequantize_embedding(values, scales).ravel()]
    store = bool(valid_scale_mask(scales)[0, 0])
    print(f"scale {scale}: tiles {tiles}, store keeps it: {store}")
    seen.append((tiles, store))
sys.exit(seen != [([0.3, -0.4], True), ([900000.0, -1200000.0], False), ([0.0, 0.0], False)])
PY
"$folder/venv/bin/python" "$folder/run.py"
