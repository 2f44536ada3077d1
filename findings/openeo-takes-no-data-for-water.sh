#!/usr/bin/env bash
# The openEO process "if" returns `accept` for true and `reject` otherwise; the specification has an example for no
# data: rejected. In openeo-processes-dask, which is made for back-ends and does the local processing of openEO's
# Python client, NaN is true: a comparison keeps no data as NaN, and "if" accepts it. So `if(lt(vv, -15), 1, 0)`, the
# plainest map of water, marks the border of a scene as water, and the result has no NaN left that
# would tell. The package ships the specification with that example beside it.
#
# Seen with openeo-processes-dask 2026.9.1, openeo-pg-parser-networkx 2026.3.3, xarray 2026.9.0, Python 3.11:
#   VV in dB:              [-20.0, -8.0, nan]
#   lt(vv, -15):           [1.0, 0.0, nan]
#   if(lt(vv, -15), 1, 0): [1, 0, 1]
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
from openeo_processes_dask.process_implementations.logic import _if

registry = ProcessRegistry(wrap_funcs=[process])
for name, function in inspect.getmembers(implementations, inspect.isfunction):
    registry[name.strip("_")] = Process(spec={"id": name.strip("_")}, implementation=function)
registry["if"] = Process(spec={"id": "if"}, implementation=_if)


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


below = {"process_id": "lt", "arguments": {"x": {"from_parameter": "x"}, "y": -15}}
choice = {"process_id": "if", "arguments": {"value": {"from_node": "below"}, "accept": 1, "reject": 0}}
scene = xr.DataArray([[-20.0, -8.0, np.nan]], dims=("y", "x"), coords={"y": [5.0], "x": [5.0, 15.0, 25.0]})
compared = answer(scene, "apply", process={"process_graph": {"below": {**below, "result": True}}})
mapped = answer(
    scene, "apply", process={"process_graph": {"below": below, "choice": {**choice, "result": True}}}
)
print(f"VV in dB:              {scene.values[0].tolist()}")
print(f"lt(vv, -15):           {compared[0].tolist()}")
print(f"if(lt(vv, -15), 1, 0): {mapped[0].tolist()}")
sys.exit(not np.isnan(compared[0, 2]) or mapped[0].tolist() != [1, 0, 1])
PY
"$folder/venv/bin/python" "$folder/run.py"
