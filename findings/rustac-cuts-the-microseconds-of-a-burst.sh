#!/usr/bin/env bash
# Sentinel-1 states when a burst begins to the microsecond, and STAC items carry it in start_datetime.
# Written to GeoParquet by rustac and read again, by whatever reads it, it has milliseconds: cut, not
# rounded. A millisecond is some 7 m of flight, and the time no longer equals the one in the annotation.
# stac-geoparquet keeps it, and rustac keeps it as JSON. Nothing warns.
#
# Seen with rustac 0.9.18, stac-geoparquet 0.8.3, Python 3.11; start_datetime of one item:
#   rustac, JSON:               2024-05-09T05:00:00.123956Z
#   rustac, GeoParquet:         2024-05-09T05:00:00.123Z
#   stac-geoparquet:            2024-05-09T05:00:00.123956Z
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    rustac==0.9.18 stac-geoparquet==0.8.3 pyarrow==26.0.1
cat > "$folder/run.py" <<'PY'
import asyncio, sys
import pyarrow.parquet, rustac, stac_geoparquet.arrow as arrow

begins = "2024-05-09T05:00:00.123956Z"
ring = [[10.0, 50.0], [11.0, 50.0], [11.0, 51.0], [10.0, 51.0], [10.0, 50.0]]
burst = {
    "type": "Feature", "stac_version": "1.1.0", "id": "burst", "collection": "bursts", "links": [],
    "geometry": {"type": "Polygon", "coordinates": [ring]}, "bbox": [10.0, 50.0, 11.0, 51.0],
    "properties": {
        "datetime": begins, "start_datetime": begins, "end_datetime": "2024-05-09T05:00:03.239956Z",
    },
    "assets": {"VV": {"href": "vv.tif"}},
}


async def there_and_back(path):
    await rustac.write(path, [burst])
    return (await rustac.read(path))["features"][0]["properties"]["start_datetime"]


seen = {
    "rustac, JSON": asyncio.run(there_and_back(f"{sys.argv[1]}/items.json")),
    "rustac, GeoParquet": asyncio.run(there_and_back(f"{sys.argv[1]}/items.parquet")),
}
path = f"{sys.argv[1]}/other.parquet"
arrow.to_parquet(arrow.parse_stac_items_to_arrow([burst]).read_all(), path)
items = arrow.stac_table_to_items(pyarrow.parquet.read_table(path))
seen["stac-geoparquet"] = next(iter(items))["properties"]["start_datetime"]
for name, found in seen.items():
    print(f"{name + ':':27} {found}")
sys.exit(list(seen.values()) != [begins, "2024-05-09T05:00:00.123Z", begins])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
