#!/usr/bin/env bash
# BlockReduce, BlockMean and block_split of verde have a "region", the boundaries of the blocks, and use all
# points whatever it is: each goes to the block whose centre is nearest, however far outside it lies. So blocks at
# the border of an area, and most of all its corners, count and average the country around it; the blocks inside
# are right. The result has no block outside and nothing warns. GMT's blockmean, whose work this is, drops
# such points, and so does verde.inside() when it is asked first.
#
# Seen with verde 1.9.0, numpy 2.4.6, Python 3.11; photographs on a grid of 20 m, at -12 dB in an area of 300 m x
# 300 m and -3 dB for 600 m around it, in 9 blocks:
#   region given:         5625 of 5625 points; corner 1225 of -3.2 dB, side 175 of -4.3 dB, middle 25 of -12.0 dB
#   inside() asked first: 225 of 5625 points; corner 25 of -12.0 dB, side 25 of -12.0 dB, middle 25 of -12.0 dB
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check verde==1.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, verde

area = (0, 300, 0, 300)
axis = np.arange(-590, 900, 20.0)
places = tuple(side.ravel() for side in np.meshgrid(axis, axis))
inside = verde.inside(places, area)
level = np.where(inside, -12.0, -3.0)
seen = []
for name, chosen in (("region given", slice(None)), ("inside() asked first", inside)):
    points = tuple(side[chosen] for side in places), level[chosen]
    means, counts = (
        verde.BlockReduce(of, spacing=100, region=area).filter(*points)[1] for of in (np.mean, np.size)
    )
    blocks = {
        where: f"{counts[number]:.0f} of {means[number]:.1f} dB"
        for where, number in (("corner", 0), ("side", 1), ("middle", 4))
    }
    shown = ", ".join(f"{where} {what}" for where, what in blocks.items())
    print(f"{name + ':':21} {counts.sum():.0f} of {len(level)} points; {shown}")
    seen.append([counts.sum(), *blocks.values()])
within = "25 of -12.0 dB"
sys.exit(seen != [[5625, "1225 of -3.2 dB", "175 of -4.3 dB", within], [225, within, within, within]])
PY
"$folder/venv/bin/python" "$folder/run.py"
