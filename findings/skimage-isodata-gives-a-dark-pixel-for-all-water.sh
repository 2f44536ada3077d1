#!/usr/bin/env bash
# threshold_isodata of scikit-image takes the lowest threshold that lies midway between the means below
# and above it. A single pixel far darker than the rest, such as a scene in dB has at its border or in a
# shadow, fulfils that by itself: of 10,000 pixels, 4,000 of them water, one is below the threshold. Otsu
# and Li move by some tenths of a dB. return_all=True has the other one as well.
#
# Seen with scikit-image 0.26.0, Python 3.11; water -18 dB, land -9 dB, thresholds in dB, pixels below:
#   plain:             isodata -13.5, 4005; otsu -13.5, 4005; li -14.2, 3980
#   a pixel at -40 dB: isodata -26.3, 1; otsu -13.6, 4004; li -13.8, 4000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check scikit-image==0.26.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np
from skimage.filters import threshold_isodata, threshold_li, threshold_otsu

random = np.random.default_rng(0)
scene = np.concatenate([random.normal(-18, 1.5, 4000), random.normal(-9, 1.5, 6000)]).reshape(100, 100)
dark = scene.copy()
dark[0, 0] = -40
seen = {}
for name, image in (("plain", scene), ("a pixel at -40 dB", dark)):
    at = [float(threshold(image)) for threshold in (threshold_isodata, threshold_otsu, threshold_li)]
    below = [int((image < one).sum()) for one in at]
    words = (f"{kind} {one:.1f}, {count}" for kind, one, count in zip(("isodata", "otsu", "li"), at, below))
    print(f"{name + ':':18} {'; '.join(words)}")
    seen[name] = below
usual = seen["plain"] + seen["a pixel at -40 dB"][1:]
sys.exit(not (all(3900 < count < 4100 for count in usual) and seen["a pixel at -40 dB"][0] == 1))
PY
"$folder/venv/bin/python" "$folder/run.py"
