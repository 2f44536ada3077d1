#!/usr/bin/env bash
# xvec's zonal statistics take exactextract where it is installed and rasterio otherwise. With rasterio all fields are
# burnt into one raster, so where two overlap, as plots with a buffer and footprints do, the pixels count for the
# later one alone: of two plots of 25 pixels the first has 16, and with the order reversed it has 25. Its mean
# is -77.1 for -72.0 here. method="iterate" and exactextract count all. So the same line of code gives
# other numbers on a computer that lacks an optional package, and nothing says which way was taken.
#
# Seen with xvec 0.5.2, exactextract 0.3.0, rasterio 1.4.4, xarray 2026.9.0, Python 3.11:
#   without exactextract:                pixels [16, 25], means [-77.1, -54.0]
#   without it, plots in reverse order:  pixels [25, 16], means [-72.0, -48.9]
#   without it, method="iterate":        pixels [25, 25], means [-72.0, -54.0]
#   with exactextract:                   pixels [25, 25], means [-72.0, -54.0]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
pip() { "$folder/venv/bin/pip" install -q --disable-pip-version-check "$@"; }
pip xvec==0.5.2 rioxarray==0.19.0 rasterio==1.4.4 xarray==2026.9.0 geopandas==1.2.0 numpy==2.4.6 joblib==1.5.2
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import geopandas, numpy as np, rioxarray, xarray as xr, xvec
from shapely.geometry import box

axis, values = np.arange(10) * 10.0 + 5, -np.arange(100, dtype=float).reshape(10, 10)
scene = xr.DataArray(values, dims=("y", "x"), coords={"y": axis[::-1], "x": axis}).rio.write_crs("EPSG:32633")
plots = geopandas.GeoSeries([box(0, 0, 50, 50), box(20, 20, 70, 70)], crs="EPSG:32633")
place = {"x_coords": "x", "y_coords": "y", **{"method": way for way in sys.argv[2:]}}
if sys.argv[1] == "reversed":
    plots = plots[::-1]
pixels, means = (
    scene.xvec.zonal_stats(plots, stats=name, **place).values.round(1).tolist() for name in ("count", "mean")
)
if sys.argv[1] == "reversed":
    pixels, means = pixels[::-1], means[::-1]
print(f"pixels {[int(n) for n in pixels]}, means {means}")
PY
run() { "$folder/venv/bin/python" "$folder/run.py" "$@"; }
without=$(run as-given)
reversed=$(run reversed)
iterate=$(run as-given iterate)
pip exactextract==0.3.0
with=$(run as-given)
echo "without exactextract:                $without"
echo "without it, plots in reverse order:  $reversed"
echo "without it, method=\"iterate\":        $iterate"
echo "with exactextract:                   $with"
right="pixels [25, 25], means [-72.0, -54.0]"
[[ $without == "pixels [16, 25], means [-77.1, -54.0]" && $reversed == "pixels [25, 16], means [-72.0, -48.9]" ]]
[[ $iterate == "$right" && $with == "$right" ]]
