#!/usr/bin/env bash
# The documentation of pysteps' categorical scores says of forecasts and observations "NaNs are ignored". They are
# taken for no rain instead: a forecast that equals the radar wherever the radar saw something, and has rain
# as well where it saw nothing, has false alarms there. With a radar that covers half of the grid a perfect
# forecast scores a false alarm ratio of 0.49 and a critical success index of 0.51; the fractions skill score,
# which says nothing about NaN, falls to 0.68. Continuous scores do ignore NaN, but the correlation takes
# the forecast's spread from all pixels: 1.006. Cutting both arrays to what the radar saw mends all.
#
# Seen with pysteps 1.21.5, numpy 2.4.6, Python 3.11; forecast equals observation wherever that is a number:
#   radar sees all:  FAR 0.000, CSI 1.000, FSS 1.000, correlation 1.000
#   radar sees half: FAR 0.491, CSI 0.509, FSS 0.681, correlation 1.006
#   cut to the half: FAR 0.000, CSI 1.000, FSS 1.000, correlation 1.000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pysteps==1.21.5 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from pysteps.verification.detcatscores import det_cat_fct
from pysteps.verification.detcontscores import det_cont_fct
from pysteps.verification.spatialscores import fss

assert det_cat_fct.__doc__.count("NaNs are ignored") == 2
rain = np.random.default_rng(0).gamma(1, 2, (64, 64))
half = rain.copy()
half[:32] = np.nan
cases = {"sees all": (rain, rain), "sees half": (rain, half), "the half": (rain[32:], half[32:])}
seen = []
for name, pair in cases.items():
    scores = det_cat_fct(*pair, thr=2, scores=["FAR", "CSI"])
    correlation = det_cont_fct(*pair, scores=["corr_p"])["corr_p"]
    seen.append([round(float(x), 3) for x in (scores["FAR"], scores["CSI"], fss(*pair, thr=2, scale=5), correlation)])
    begin = "cut to " if name == "the half" else "radar "
    print("{:16} FAR {:.3f}, CSI {:.3f}, FSS {:.3f}, correlation {:.3f}".format(begin + name + ":", *seen[-1]))
perfect = [0.0, 1.0, 1.0, 1.0]
sys.exit(seen != [perfect, [0.491, 0.509, 0.681, 1.006], perfect])
PY
"$folder/venv/bin/python" "$folder/run.py" 2>/dev/null | sed '/configuration file/d; /^$/d'
