#!/usr/bin/env bash
# Two libraries that filter rasters in Dask chunks give other pixels for other chunks. dask-image's filters accept
# mode="wrap", for grids around the globe, and all but convolve and correlate wrap each outer chunk into itself: left
# of longitude -180 lies the end of the first chunk and not of the last, so the mean of 0, 1 and 11 is 4.0 in one
# chunk and 2.33 in two. The other modes are right. odc-algo's mask_cleanup closes holes with neighbours of one
# radius where closing needs two (it grows, then shrinks), so masks of cloud or water change along the
# chunks' borders.
#
# Seen with dask-image 2026.5.0, odc-algo 1.2.2, dask 2026.8.0, scipy 1.17.1, scikit-image 0.26.0, Python 3.11:
#   first of 0 to 11, mean of 3, wrap: scipy 4.0, one chunk 4.0, two 2.33, three 1.67
#   the same, reflect:                 scipy 0.33, one chunk 0.33, two 0.33, three 0.33
#   closing by 2, pixels that differ from one chunk: 30 a side 4, 20 a side 20, 13 a side 31 of 3600
#   opening by 2, pixels that differ from one chunk: 30 a side 0, 20 a side 0, 13 a side 0 of 3600
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    dask-image==2026.5.0 odc-algo==1.2.2 dask==2026.8.0 xarray==2026.9.0 scikit-image==0.26.0 scipy==1.17.1 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import dask.array, numpy as np, xarray as xr
from dask_image.ndfilters import uniform_filter
from odc.algo import mask_cleanup
from scipy import ndimage

line, means = np.arange(12.0)[None].repeat(3, 0), []
for mode, words in (("wrap", "first of 0 to 11, mean of 3, wrap:"), ("reflect", "the same, reflect:")):
    means.append([ndimage.uniform_filter(line, (1, 3), mode=mode)[0, 0]])
    for size in (12, 6, 4):
        chunked = dask.array.from_array(line, chunks=(3, size))
        means[-1].append(uniform_filter(chunked, (1, 3), mode=mode)[0, 0].compute())
    means[-1] = [round(float(mean), 2) for mean in means[-1]]
    print("{:34} scipy {}, one chunk {}, two {}, three {}".format(words, *means[-1]))
mask = xr.DataArray(np.random.default_rng(0).random((60, 60)) > 0.85, dims=("y", "x"))
counts = []
for operation in ("closing", "opening"):
    whole, *cut = (
        mask_cleanup(mask.chunk(y=size, x=size), [(operation, 2)]).compute() for size in (60, 30, 20, 13)
    )
    counts.append([int((part != whole).sum()) for part in cut])
    line = "{} by 2, pixels that differ from one chunk: 30 a side {}, 20 a side {}, 13 a side {} of 3600"
    print(line.format(operation, *counts[-1]))
sys.exit(means != [[4.0, 4.0, 2.33, 1.67], [0.33] * 4] or counts != [[4, 20, 31], [0, 0, 0]])
PY
"$folder/venv/bin/python" "$folder/run.py"
