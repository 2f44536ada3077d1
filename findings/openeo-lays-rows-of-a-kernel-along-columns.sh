#!/usr/bin/env bash
# A kernel of the openEO process "apply_kernel" is a list of rows: its inner lists run along x, its outer one along y.
# openeo-processes-dask, which is made for openEO back-ends, moves the dimensions into the order x, y before it
# applies the kernel, so that rows work along y: a kernel that smooths along the flight smooths across it, and
# a Sobel kernel for edges between east and west finds those between north and south. Symmetric
# kernels do not show it. The order of the data's own dimensions changes nothing.
#
# Seen with openeo-processes-dask 2026.9.1, openeo-pg-parser-networkx 2026.3.3, scipy 1.17.1, Python 3.11:
#   dimensions y, x: [[1, 1, 1]] spreads a pixel over 3 rows and 1 column
#   dimensions x, y: [[1, 1, 1]] spreads a pixel over 3 rows and 1 column
#   scipy, rows y:   [[1, 1, 1]] spreads a pixel over 1 row and 3 columns
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    openeo-processes-dask==2026.9.1 openeo-pg-parser-networkx==2026.3.3 dask-geopandas==0.5.0 dask==2026.8.0 \
    odc-geo==0.5.3 odc-stac==0.5.3 rioxarray==0.19.0 xvec==0.5.2 planetary-computer==1.0.0 \
    stac-validator==4.1.2 xarray==2026.9.0 numpy==2.4.6 scipy==1.17.1
cat > "$folder/run.py" <<'PY'
import inspect, logging, sys, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import numpy as np, openeo_processes_dask.process_implementations as implementations, xarray as xr
from openeo_pg_parser_networkx import OpenEOProcessGraph, ProcessRegistry
from openeo_pg_parser_networkx.process_registry import Process
from openeo_processes_dask.process_implementations.core import process
from scipy.ndimage import convolve

registry = ProcessRegistry(wrap_funcs=[process])
for name, function in inspect.getmembers(implementations, inspect.isfunction):
    registry[name.strip("_")] = Process(spec={"id": name.strip("_")}, implementation=function)


def answer(array, name, **arguments):
    """Run one process of a process graph over a raster."""
    registry["load_collection"] = Process(spec={"id": "load_collection"}, implementation=lambda **_: array)
    graph = {
        "scene": {"process_id": "load_collection", "arguments": {"id": "scene"}},
        "answer": {
            "process_id": name, "arguments": {"data": {"from_node": "scene"}, **arguments}, "result": True
        },
    }
    return OpenEOProcessGraph(pg_data={"process_graph": graph}).to_callable(registry)().values


axis, kernel = np.arange(5) * 10.0 + 5, [[1, 1, 1]]
scene = xr.DataArray(np.zeros((5, 5)), dims=("y", "x"), coords={"y": axis[::-1], "x": axis})
scene[2, 2] = 1
spread = {
    "dimensions y, x": answer(scene, "apply_kernel", kernel=kernel),
    "dimensions x, y": answer(scene.transpose("x", "y"), "apply_kernel", kernel=kernel).T,
    "scipy, rows y": convolve(scene.values, kernel),
}
seen = []
for name, rows in spread.items():
    counts = int(rows.any(1).sum()), int(rows.any(0).sum())
    words = [f"{count} {word}{'s' * (count > 1)}" for count, word in zip(counts, ("row", "column"))]
    print(f"{name + ':':16} {kernel} spreads a pixel over {' and '.join(words)}")
    seen.append(counts)
sys.exit(seen != [(3, 1), (3, 1), (1, 3)])
PY
"$folder/venv/bin/python" "$folder/run.py"
