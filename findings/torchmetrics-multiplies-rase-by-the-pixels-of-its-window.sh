#!/usr/bin/env bash
# The relative average spectral error (RASE), a score of fused and despeckled images, is 100 / mean * RMSE: 10 where
# every band is off by a tenth of its mean. torchmetrics divides the mean by the number of pixels of its sliding
# window once more than it should: 640 with the default of 8 pixels a side, 2560 with 16. sewar, which
# slides the same window, has 10. The example in torchmetrics' own documentation has 5326 (percent) for noise
# against noise, so a number of this size is what users expect to see.
#
# Seen with torchmetrics 1.9.0, torch 2.13.0 (CPU), sewar 0.4.10, numpy 2.4.6:
#   by definition 10.0, sewar 10.0
#   torchmetrics, windows of 4, 8, 16: 160.0, 640.0, 2560.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check torchmetrics==1.9.0 sewar==0.4.10 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, sewar, torch
from torchmetrics.functional.image import relative_average_spectral_error

truth = np.ones((64, 64, 3), np.float32)
other = truth + np.float32(0.1)
tensors = [torch.tensor(image).permute(2, 0, 1)[None] for image in (other, truth)]
definition = 100 / truth.mean() * np.sqrt(np.mean((other - truth) ** 2))
theirs = [relative_average_spectral_error(*tensors, window_size=size) for size in (4, 8, 16)]
both = [round(float(value), 1) for value in (definition, sewar.rase(truth, other))]
theirs = [round(float(value), 1) for value in theirs]
print("by definition {}, sewar {}".format(*both))
print("torchmetrics, windows of 4, 8, 16: {}, {}, {}".format(*theirs))
sys.exit((both, theirs) != ([10, 10], [160, 640, 2560]))
PY
"$folder/venv/bin/python" "$folder/run.py"
