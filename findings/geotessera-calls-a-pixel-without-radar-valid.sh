#!/usr/bin/env bash
# dClimate's Tessera 1.1 embeds pixels that no radar saw, counts passes in s1_asc_obs_count and
# s1_desc_obs_count, and calls vectors where both are 0 not validated beside the others (about a quarter
# of the land from 2022 to 2024). geotessera, which reads that store by default, never looks at the
# counts: probe() says "valid" and sample_points() gives the vector, with nothing that tells it apart.
#
# Seen with geotessera 0.11.0, zarr 3.4.2, Python 3.13:
#   20 passes: valid [0.5, 1.0]
#   0 passes: valid [0.5, 1.0]
# Needs Python 3.12 or newer: PYTHON=python3.12 names one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check geotessera==0.11.0 zarr==3.4.2
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, zarr
from geotessera.store import GeoTesseraZarr

path, bands, side = sys.argv[1] + "/s.zarr", 2, 8
west, north = 500_000.0, 5_400_000.0
root = zarr.create_group(path, attributes={
    "geoemb:model": "https://geotessera.org/model/1.1", "geoemb:dimensions": bands,
    "geotessera:mask_source": "source_nodata"})
zone = root.create_group("utm33", attributes={
    "proj:code": "EPSG:32633", "spatial:shape": [side, side],
    "spatial:transform": [10.0, 0.0, west, 0.0, -10.0, north],
    "spatial:bbox": [west, north - 10 * side, west + 10 * side, north]})
values = np.broadcast_to(np.array([5, 10], np.int8)[None, :, None, None], (1, bands, side, side))
passes = np.full((1, side, side), 20, np.uint16)
passes[..., side // 2:] = 0  # the eastern half saw no radar
place = ["time", "y", "x"]
zone.create_array("embeddings", data=values.copy(), dimension_names=["time", "band", "y", "x"])
zone.create_array("scales", data=np.full((1, side, side), 0.1, np.float32), dimension_names=place)
zone.create_array("s1_asc_obs_count", data=passes, dimension_names=place)
zone.create_array("s1_desc_obs_count", data=np.zeros_like(passes), dimension_names=place)
zone.create_array("time", data=np.array([2023], np.int32), dimension_names=["time"])
zone.create_array("band", data=np.arange(bands), dimension_names=["band"])
zone.create_array("x", data=west + 10 * (np.arange(side) + 0.5), dimension_names=["x"])
zone.create_array("y", data=north - 10 * (np.arange(side) + 0.5), dimension_names=["y"])
zarr.consolidate_metadata(path)
opened = GeoTesseraZarr(path).open_zone(zone=33)
seen = []
for column in (1, side - 2):
    east, up = west + 10 * column + 5, north - 35
    vector, status = opened.tessera.probe(east, up, 2023)
    count = int(opened["s1_asc_obs_count"].values[0, 3, column])
    print(f"{count} passes: {status} {np.round(vector, 3).tolist()}")
    seen.append((count, status, np.round(vector, 3).tolist()))
sys.exit(seen != [(20, "valid", [0.5, 1.0]), (0, "valid", [0.5, 1.0])])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
