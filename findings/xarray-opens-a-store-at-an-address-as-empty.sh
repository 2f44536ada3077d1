#!/usr/bin/env bash
# xarray.open_zarr(address, consolidated=False) of a whole Zarr v3 store on a web server gives a dataset
# without a variable, without error or warning: it asks the server to list a folder, gets nothing, and
# takes that for an empty group. The same store opens with consolidated=True, and from the disk.
# `consolidated=False` is what guides to Icechunk and Zarr v3 recommend.
#
# Seen with xarray 2026.9.0, zarr 3.4.2, fsspec 2026.9.0, aiohttp 3.14.5, Python 3.13:
#   from the disk, consolidated=False: ['a']
#   from an address, consolidated=True: ['a']
#   from an address, consolidated=False: [] and 0 warnings
# Needs Python 3.12 or newer: PYTHON=python3.12 names one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    xarray==2026.9.0 zarr==3.4.2 fsspec==2026.9.0 aiohttp==3.14.5
cat > "$folder/run.py" <<'PY'
import functools, http.server, sys, threading, warnings
import numpy as np, xarray as xr, zarr

class Handler(http.server.SimpleHTTPRequestHandler):
    """A host of files: it lists no folder, as object stores and most sites do not."""

    def log_message(self, *about):
        pass

    def list_directory(self, path):
        self.send_error(404)

path = sys.argv[1] + "/s.zarr"
group = zarr.create_group(path)
group.create_array("a", data=np.arange(3), dimension_names=["x"])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    zarr.consolidate_metadata(path)
server = http.server.ThreadingHTTPServer(
    ("127.0.0.1", 0), functools.partial(Handler, directory=sys.argv[1])
)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/s.zarr"
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    empty = list(xr.open_zarr(address, consolidated=False, chunks=None).data_vars)
disk = list(xr.open_zarr(path, consolidated=False, chunks=None).data_vars)
whole = list(xr.open_zarr(address, consolidated=True, chunks=None).data_vars)
print("from the disk, consolidated=False:", disk)
print("from an address, consolidated=True:", whole)
print("from an address, consolidated=False:", empty, "and", len(warned), "warnings")
server.shutdown()
sys.exit(not (disk == whole == ["a"] and empty == [] and not warned))
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
