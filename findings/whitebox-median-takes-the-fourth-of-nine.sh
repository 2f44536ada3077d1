#!/usr/bin/env bash
# median_filter() of whitebox_workflows gives the value one rank below the middle: the fourth of the nine pixels of a
# window of 3, the twelfth of 25. A scene in dB with the speckle of one look comes out 1.4 dB darker with 3 pixels
# and half a dB with 5. Before that all values are cut to two decimals, which stands behind a parameter
# called significant digits: power of calm water, -26 dB or 0.0025, has a median of 0, and minus infinity
# in dB; sig_digits=6 mends only that. Its mean, largest and least are right.
#
# Seen with whitebox_workflows 2.0.6, rasterio 1.4.4, scipy 1.17.1, numpy 2.4.6, Python 3.11; means of the results:
#   land in dB, 3 pixels:      scipy -11.81, whitebox -13.23 (rank 4 of 9)
#   land in dB, 5 pixels:      scipy -11.73, whitebox -12.24 (rank 12 of 25)
#   water, power, 5 pixels:    scipy 0.002459, whitebox 0.002397 (rank 12 of 25)
#   the same, two decimals:    scipy 0.002459, whitebox 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    whitebox-workflows==2.0.6 rasterio==1.4.4 scipy==1.17.1 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, rasterio, whitebox_workflows
from scipy.ndimage import median_filter

random = np.random.default_rng(0)
land = random.exponential(0.1, (100, 100)).astype(np.float32)
water = random.gamma(16, 0.0025 / 16, (100, 100)).astype(np.float32)
tools = whitebox_workflows.WbEnvironment()


def by_whitebox(values, size, **options):
    path = f"{sys.argv[1]}/scene.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=100, width=100, dtype="float32", crs="EPSG:32633",
        transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
    ) as file:
        file.write(values, 1)
    made = tools.remote_sensing.filters.median_filter(
        input=tools.read_raster(path), filter_size_x=size, filter_size_y=size, **options
    )
    return np.squeeze(made.to_numpy())


seen = []
for name, values, size, options in (
    ("land in dB, 3 pixels", 10 * np.log10(land), 3, {"sig_digits": 6}),
    ("land in dB, 5 pixels", 10 * np.log10(land), 5, {"sig_digits": 6}),
    ("water, power, 5 pixels", water, 5, {"sig_digits": 6}),
    ("the same, two decimals", water, 5, {}),
):
    right, found = median_filter(values, size), by_whitebox(values, size, **options)
    near = slice(50 - size // 2, 51 + size // 2)
    rank = int(np.abs(np.sort(values[near, near].ravel()) - found[50, 50]).argmin()) + 1
    said = f"{found.mean():.4g}" + f" (rank {rank} of {size**2})" * bool(options)
    print(f"{name + ':':26} scipy {right.mean():.4g}, whitebox {said}")
    seen.append(said)
sys.exit(seen != ["-13.23 (rank 4 of 9)", "-12.24 (rank 12 of 25)", "0.002397 (rank 12 of 25)", "0"])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
