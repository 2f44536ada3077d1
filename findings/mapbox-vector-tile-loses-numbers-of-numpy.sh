#!/usr/bin/env bash
# A vector tile whose features carry statistics of a raster has those that are NumPy's float64, and no others:
# mapbox-vector-tile leaves out float32, int64 and bool of NumPy without a word, since it knows Python's
# own types only, and float64 alone is one of them. A mean of a float32 scene is a float32, a count of
# pixels an int64: both are gone, and a client cannot tell them from a field without data.
# float(), int() and bool() around the values mend it.
#
# Seen with mapbox-vector-tile 2.2.0, numpy 2.4.6, Python 3.11; properties in, and out of the decoded tile:
#   float32 scene: in mean, pixels, water; out -
#   float64 scene: in mean, pixels, water; out mean
#   Python's own:  in mean, pixels, water; out mean, pixels, water
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check mapbox-vector-tile==2.2.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import mapbox_vector_tile, numpy as np

scene = np.random.default_rng(0).normal(-11, 3, (100, 100))


def statistics(scene):
    return {"mean": scene.mean(), "pixels": np.isfinite(scene).sum(), "water": scene.min() < -17}


cases = {
    "float32 scene": statistics(scene.astype(np.float32)),
    "float64 scene": statistics(scene),
    "Python's own": {name: value.item() for name, value in statistics(scene).items()},
}
seen = []
for name, properties in cases.items():
    feature = {"geometry": "POLYGON((0 0, 9 0, 9 9, 0 9, 0 0))", "properties": properties}
    tile = mapbox_vector_tile.encode({"name": "fields", "features": [feature]})
    (kept,) = [found["properties"] for found in mapbox_vector_tile.decode(tile)["fields"]["features"]]
    seen.append(list(kept))
    print(f"{name + ':':14} in {', '.join(properties)}; out {', '.join(kept) or '-'}")
sys.exit(seen != [[], ["mean"], ["mean", "pixels", "water"]])
PY
"$folder/venv/bin/python" "$folder/run.py"
