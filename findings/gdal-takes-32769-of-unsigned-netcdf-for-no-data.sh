#!/usr/bin/env bash
# A netCDF variable of 16-bit numbers that is marked _Unsigned and states no _FillValue, as openEO
# writes the digital numbers of Sentinel-1: GDAL (in rasterio) takes the library's default fill of signed
# numbers, -32767, for one that the file states, reads it as unsigned, and reports 32769 as no data.
# A pixel of 32769 (+7.3 dB where dB = 20 log10(DN) - 83) is masked. xarray and netCDF4 read it.
#
# Seen with rasterio 1.4.3 (GDAL 3.9.3), netCDF4 1.7.2, xarray 2025.6.1:
#   rasterio: no data 32769.0, [4500, None, 32770]
#   xarray:   [4500, 32769, 32770]
#   netCDF4:  [4500, 32769, 32770], attributes ['_Unsigned']
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    rasterio==1.4.3 netCDF4==1.7.2 xarray==2025.6.1 numpy==2.2.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import netCDF4, numpy as np, rasterio, xarray

path, numbers = sys.argv[1] + "/s1.nc", [4500, 32769, 32770]
with netCDF4.Dataset(path, "w") as file:
    file.createDimension("y", 1)
    file.createDimension("x", 3)
    variable = file.createVariable("VV", "i2", ("y", "x"))
    variable.set_auto_maskandscale(False)
    variable.setncattr("_Unsigned", "true")
    variable[:] = np.array([numbers], np.uint16).view(np.int16)
with rasterio.open(f"netcdf:{path}:VV") as file:
    by_gdal = file.nodata, file.read(1, masked=True)[0].tolist()
by_xarray = xarray.open_dataset(path).VV.values[0].tolist()
with netCDF4.Dataset(path) as file:
    by_netcdf4 = file["VV"][0].tolist(), file["VV"].ncattrs()
print(f"rasterio: no data {by_gdal[0]}, {by_gdal[1]}")
print(f"xarray:   {by_xarray}")
print(f"netCDF4:  {by_netcdf4[0]}, attributes {by_netcdf4[1]}")
expected = (32769.0, [4500, None, 32770]), numbers, (numbers, ["_Unsigned"])
sys.exit((by_gdal, by_xarray, by_netcdf4) != expected)
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
