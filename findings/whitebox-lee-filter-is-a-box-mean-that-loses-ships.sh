#!/usr/bin/env bash
# The lee_filter() of whitebox_workflows is said to do "SAR speckle reduction using Lee's multiplicative model" and to
# preserve point targets and edges. It is another filter of Lee's: the mean of those pixels of the window that differ by
# at most "sigma", and sigma is 10 in the raster's own numbers, as suits bytes. Power of land and water differs by
# less than 1, so the result is the plain mean of 11 pixels, blurred at the shore as well. A ship, which
# differs by more from all, has too few like it and becomes the mean of the others: it is gone. In dB, the 10
# are dB. The kuan and gamma map filters keep the ship, and know of looks.
#
# Seen with whitebox_workflows 2.0.6, rasterio 1.4.4, numpy 2.4.6, Python 3.11; water 0.01 and land 0.2 in power, four
# looks, and a ship of 30; greatest difference from the mean filter far from the ship:
#   mean_filter:       ship 0.258, water 3 pixels off the shore 0.0585, difference 0
#   lee_filter:        ship 0.0104, water 3 pixels off the shore 0.0585, difference 0
#   kuan_filter:       ship 24, water 3 pixels off the shore 0.0241, difference 0.32
#   gamma_map_filter:  ship 30, water 3 pixels off the shore 0.0107, difference 0.55
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    whitebox-workflows==2.0.6 rasterio==1.4.4 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, rasterio, whitebox_workflows

truth = np.where(np.arange(120) < 60, 0.01, 0.2) * np.ones((120, 1))
power = (truth * np.random.default_rng(1).gamma(4, 1 / 4, truth.shape)).astype(np.float32)
power[30, 30] = 30
path = f"{sys.argv[1]}/power.tif"
with rasterio.open(
    path, "w", driver="GTiff", count=1, height=120, width=120, dtype="float32", crs="EPSG:32633",
    transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
) as file:
    file.write(power, 1)
tools = whitebox_workflows.WbEnvironment()
scene = tools.read_raster(path)
filters, sar = tools.remote_sensing.filters, tools.remote_sensing.sar
found = {
    "mean_filter": filters.mean_filter(input=scene),
    "lee_filter": filters.lee_filter(input=scene),
    "kuan_filter": sar.kuan_filter(input=scene, radius=5, enl=4.0),
    "gamma_map_filter": sar.gamma_map_filter(input=scene, radius=5, enl=4.0),
}
values = {name: np.squeeze(made.to_numpy()) for name, made in found.items()}
seen = {}
for name, made in values.items():
    shore = made[60:110, 57].mean()
    apart = np.abs(made - values["mean_filter"])[50:110, 10:110].max()
    seen[name] = made[30, 30], shore, apart
    print(f"{name + ':':18} ship {made[30, 30]:.3g}, water 3 pixels off the shore {shore:.3g}, difference {apart:.2g}")
assert "Lee's multiplicative model" in filters.lee_filter.__doc__
ship, shore, apart = seen["lee_filter"]
sys.exit(not (ship < 0.02 and apart == 0 and shore == seen["mean_filter"][1] and seen["gamma_map_filter"][0] > 29))
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
