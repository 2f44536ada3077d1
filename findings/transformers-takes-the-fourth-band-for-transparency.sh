#!/usr/bin/env bash
# Since transformers 5 the image processors of CLIP, SigLIP, BLIP, Qwen-VL and others take an array of four bands,
# which version 4 refused, for a picture with transparency: the fourth is its opacity, and what it leaves free is
# painted white. Of red, green, blue and near infrared, water, dark in the infrared, becomes white. Processors
# that keep four bands (SigLIP 2, ConvNeXt, SegFormer) resize by Pillow, which weights by opacity: where
# the fourth band is 0, so are the others. Nothing warns, in whatever order the axes are.
#
# Seen with transformers 5.24.0 (without torchvision) and 4.57.1, Pillow 12.0.0, numpy 2.4.6, Python 3.11; red of 60,
# infrared of 0 to 255:
#   4.57.1, CLIP:      ValueError: Unable to infer channel dimension format
#   5.24.0, CLIP:      infrared 0: 255, 10: 247, 128: 157, 255: 60
#   5.24.0, SigLIP:    infrared 0: 255, 10: 247, 128: 157, 255: 60
#   5.24.0, BLIP:      infrared 0: 255, 10: 247, 128: 157, 255: 60
#   5.24.0, SigLIP 2:  infrared 0: 0, 10: 51, 128: 59, 255: 60
#   5.24.0, ConvNeXt:  infrared 0: 0, 10: 51, 128: 59, 255: 60
#   5.24.0, SegFormer: infrared 0: 0, 10: 51, 128: 59, 255: 60
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
pip() { "$folder/venv/bin/pip" install -q --disable-pip-version-check "$@"; }
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, transformers

names = {"CLIP": "CLIP", "SigLIP": "Siglip", "BLIP": "Blip"}
names |= {"SigLIP 2": "Siglip2", "ConvNeXt": "ConvNext", "SegFormer": "Segformer"}
old = transformers.__version__.startswith("4")
seen = []
for family in ["CLIP"] if old else names:
    processor = getattr(transformers, names[family] + "ImageProcessor" + ("" if old else "Pil"))(do_normalize=False)
    found = {}
    for infrared in (0, 10, 128, 255):
        scene = np.full((300, 300, 4), 60, np.uint8)
        scene[..., 3] = infrared
        try:
            pixels = processor(scene, return_tensors="np").pixel_values[0]
        except ValueError as error:
            found = f"ValueError: {error}"
            break
        found[infrared] = round(float(pixels.flat[0]) * 255)
    seen.append(found)
    shown = found if old else "infrared " + ", ".join(f"{infrared}: {red}" for infrared, red in found.items())
    print(f"{transformers.__version__ + ', ' + family + ':':18} {shown}")
white, black = {0: 255, 10: 247, 128: 157, 255: 60}, {0: 0, 10: 51, 128: 59, 255: 60}
refused = "ValueError: Unable to infer channel dimension format"
sys.exit(seen != ([refused] if old else 3 * [white] + 3 * [black]))
PY
for version in 4.57.1 5.24.0; do
    pip transformers==$version pillow==12.0.0 numpy==2.4.6
    "$folder/venv/bin/python" "$folder/run.py" 2> "$folder/log" || { cat "$folder/log"; exit 1; }
done
