#!/usr/bin/env bash
# A netCDF variable that states no _FillValue and of which a date was never written: netCDF4 and xarray read
# that date as the library's default fill, which nobody takes for a measurement. References to the same file
# have three other answers: kerchunk's give 0, a plausible value of dB or power, and virtualizarr's, written
# for kerchunk, give NaN, where whole numbers become floats. virtualizarr's own store gives the fill.
# With a _FillValue that the file states all of them agree.
#
# Seen with kerchunk 0.2.10, virtualizarr 2.5.1, zarr 3.1.6, xarray 2026.9.0, Python 3.11:
#   xarray:                    dB 9.969209968386869e+36, hundredths int16 -32767
#   virtualizarr's store:      dB 9.969209968386869e+36, hundredths int16 -32767
#   kerchunk:                  dB 0.0, hundredths int16 0
#   virtualizarr to kerchunk:  dB nan, hundredths float32 nan
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check kerchunk==0.2.10 virtualizarr==2.5.1 \
    zarr==3.1.6 xarray==2026.9.0 netCDF4==1.7.5.1.post1 h5netcdf==1.8.2 h5py==3.16.0 obstore==0.12.1 \
    obspec-utils==0.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import json, sys, warnings
warnings.simplefilter("ignore")
import netCDF4, xarray as xr
from kerchunk.hdf import SingleHdf5ToZarr
from obspec_utils.registry import ObjectStoreRegistry
from obstore.store import LocalStore
from virtualizarr import open_virtual_dataset
from virtualizarr.parsers import HDFParser

path = sys.argv[1] + "/dates.nc"
with netCDF4.Dataset(path, "w") as file:
    for name, size in (("time", 2), ("y", 8), ("x", 8)):
        file.createDimension(name, size)
    for name, kind, value in (("dB", "f4", -11), ("hundredths", "i2", -1100)):
        variable = file.createVariable(name, kind, ("time", "y", "x"), chunksizes=(1, 8, 8), zlib=True)
        variable[0] = value  # the second date is not there yet
with open(f"{sys.argv[1]}/kerchunk.json", "w") as file:
    json.dump(SingleHdf5ToZarr(path).translate(), file)
host = ObjectStoreRegistry({"file://": LocalStore()})
virtual = open_virtual_dataset(f"file://{path}", registry=host, parser=HDFParser())
virtual.vz.to_kerchunk(f"{sys.argv[1]}/virtual.json", format="json")
opened = {
    "xarray": xr.open_dataset(path, engine="netcdf4"),
    "virtualizarr's store": xr.open_zarr(
        HDFParser()(url=f"file://{path}", registry=host), consolidated=False, zarr_format=3
    ),
    "kerchunk": xr.open_dataset(f"{sys.argv[1]}/kerchunk.json", engine="kerchunk"),
    "virtualizarr to kerchunk": xr.open_dataset(f"{sys.argv[1]}/virtual.json", engine="kerchunk"),
}
seen = []
for name, data in opened.items():
    assert data.dB.values[0, 0, 0] == -11 and data.hundredths.values[0, 0, 0] == -1100
    decibels, hundredths = data.dB.values[1, 0, 0], data.hundredths.values[1, 0, 0]
    seen.append(f"dB {float(decibels)}, hundredths {hundredths.dtype} {hundredths}")
    print(f"{name + ':':26} {seen[-1]}")
fill = "dB 9.969209968386869e+36, hundredths int16 -32767"
sys.exit(seen != [fill, fill, "dB 0.0, hundredths int16 0", "dB nan, hundredths float32 nan"])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
