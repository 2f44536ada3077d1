#!/usr/bin/env bash
# Image processors of transformers that work by Pillow make bytes of every float picture of 0 to 1 before they resize
# it, cut down to the next 255th, and floats again after. That happens when the picture has the right size already,
# and do_rescale=False, which promises to leave the scale alone, does not stop it; nothing warns. Radar
# power lies at the dark end: of a field at -20 dB in VH a third of the pixels become 0 and the mean falls by 0.9 dB,
# of water at -25 dB 71 % and 3.0 dB. Only a brighter target than 1 has the chip refused. do_resize=False
# keeps all values.
#
# Seen with transformers 5.24.0 (without torchvision), Pillow 12.0.0, numpy 2.4.6, Python 3.11; 224 x 224 pixels of
# speckle, one look:
#   -15 dB: -15.0 in, -15.3 out, 12 % of pixels 0; do_resize=False -15.0 out, 0 % of pixels 0
#   -20 dB: -20.0 in, -20.9 out, 33 % of pixels 0; do_resize=False -20.0 out, 0 % of pixels 0
#   -25 dB: -25.0 in, -28.0 out, 71 % of pixels 0; do_resize=False -25.0 out, 0 % of pixels 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check transformers==5.24.0 pillow==12.0.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from transformers import CLIPImageProcessorPil


def described(power):
    return f"{10 * np.log10(power.mean()):.1f}", f"{100 * np.mean(power == 0):.0f} % of pixels 0"


processor = CLIPImageProcessorPil(do_rescale=False, do_normalize=False)
seen = []
for level in (-15, -20, -25):
    speckle = np.random.default_rng(0).exponential(10 ** (level / 10), (224, 224, 3)).astype(np.float32)
    resized, kept = (processor(speckle, do_resize=do, return_tensors="np").pixel_values for do in (True, False))
    seen.append((described(speckle), described(resized), described(kept)))
    into, (out, zero), (out_kept, zero_kept) = seen[-1]
    print(f"{level} dB: {into[0]} in, {out} out, {zero}; do_resize=False {out_kept} out, {zero_kept}")
sys.exit([out for _, out, _ in seen] != [("-15.3", "12 % of pixels 0"), ("-20.9", "33 % of pixels 0"),
                                         ("-28.0", "71 % of pixels 0")])
PY
"$folder/venv/bin/python" "$folder/run.py" 2> "$folder/log" || { cat "$folder/log"; exit 1; }
