#!/usr/bin/env bash
# EODC's SENTINEL1_SIG0_20M stores tenths of dB, and its items state `raster:bands: [{"scale": 10}]`: the
# divisor. By the STAC raster extension values are multiplied with the scale. stackstac does so by
# default: -11.5 dB come as -1150. odc-stac leaves any scale alone: -115, also where 0.1 is stated.
# So one item gives three answers with two readers, and none of them warns.
#
# Seen with stackstac 0.5.1, odc-stac 0.5.3, pystac 1.15.2, Python 3.11; stored is -115:
#   scale 10: stackstac -1150, odc-stac -115
#   scale 0.1: stackstac -11.5, odc-stac -115
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check stackstac==0.5.1 odc-stac==0.5.3 \
    pystac==1.15.2 rasterio==1.4.4 xarray==2026.9.0
cat > "$folder/run.py" <<'PY'
import datetime, sys, warnings
import numpy as np, odc.stac, pystac, rasterio, stackstac

warnings.simplefilter("ignore")
path = sys.argv[1] + "/vv.tif"
transform = rasterio.Affine(20, 0, 400_000, 0, -20, 5_400_000)
with rasterio.open(
    path, "w", driver="GTiff", count=1, height=64, width=64, dtype="int16", crs="EPSG:32633",
    transform=transform,
) as file:
    file.write(np.full((64, 64), -115, "int16"), 1)

def item(scale):
    west, south, east, north = 13.6, 48.7, 13.7, 48.8
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    made = pystac.Item(
        "SIG0", {"type": "Polygon", "coordinates": [ring]}, [west, south, east, north],
        datetime.datetime(2024, 5, 9, tzinfo=datetime.timezone.utc),
        {"proj:epsg": 32633, "proj:code": "EPSG:32633", "proj:shape": [64, 64],
         "proj:transform": list(transform)[:6]},
    )
    made.stac_extensions = [
        "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
        "https://stac-extensions.github.io/projection/v1.1.0/schema.json",
    ]
    bands = [{"scale": scale, "nodata": -9999, "data_type": "int16"}]
    kind = "image/tiff; application=geotiff"
    asset = pystac.Asset(path, media_type=kind, extra_fields={"raster:bands": bands})
    made.add_asset("VV", asset)
    made.collection_id = "SENTINEL1_SIG0_20M"
    return made

seen = {}
for scale in (10, 0.1):
    stacked = stackstac.stack([item(scale).to_dict()], assets=["VV"], epsg=32633, resolution=20)
    loaded = odc.stac.load([item(scale)], bands=["VV"], crs="EPSG:32633", resolution=20)
    seen[scale] = float(np.nanmedian(stacked)), float(np.median(loaded.VV.values))
    print(f"scale {scale}: stackstac {seen[scale][0]:g}, odc-stac {seen[scale][1]:g}")
sys.exit(seen != {10: (-1150.0, -115.0), 0.1: (-11.5, -115.0)})
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
