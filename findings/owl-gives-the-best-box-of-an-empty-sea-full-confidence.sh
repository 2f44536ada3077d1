#!/usr/bin/env bash
# post_process_image_guided_detection of OWL-ViT and OWLv2, which look for what a picture shows ("find more ships
# like this"), documents "scores" as the confidence of boxes and returns the opacity at which they would be drawn:
# the best box of each picture has 1, others what is left above a tenth of it. So a scene whose best box has a
# confidence of 0.02 scores as high as one of 0.98, and no threshold on the scores, nor an average precision over
# scenes, tells them apart. The argument "threshold" looks at the confidence, and is 0 unless given. Detection by text
# returns confidences.
#
# Seen with transformers 5.24.0 (without torchvision), torch 2.13.0 (CPU), Python 3.11; three boxes a scene:
#   confidence 0.982, 0.953, 0.731: scores 1.000, 0.967, 0.716
#   confidence 0.500, 0.269, 0.047: scores 1.000, 0.487
#   confidence 0.018, 0.007, 0.001: scores 1.000, 0.302
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check transformers==5.24.0 pillow==12.0.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import torch
from transformers import Owlv2ImageProcessorPil, OwlViTImageProcessorPil
from transformers.models.owlv2.modeling_owlv2 import Owlv2ImageGuidedObjectDetectionOutput as Output

boxes = torch.tensor([[[0.1, 0.1, 0.1, 0.1], [0.4, 0.4, 0.1, 0.1], [0.7, 0.7, 0.1, 0.1]]])


def scored(processor, logits):
    found = Output(logits=logits.clone(), target_pred_boxes=boxes)
    return processor.post_process_image_guided_detection(found)[0]["scores"]


def shown(numbers):
    return ", ".join(f"{number:.3f}" for number in numbers.flatten().tolist())


seen = []
for best in (4.0, 0.0, -4.0):
    logits = torch.tensor([[[best], [best - 1], [best - 3]]])
    scores = scored(Owlv2ImageProcessorPil(), logits)
    assert torch.equal(scores, scored(OwlViTImageProcessorPil(), logits))
    print(f"confidence {shown(logits.sigmoid())}: scores {shown(scores)}")
    seen.append(shown(scores))
sys.exit(seen != ["1.000, 0.967, 0.716", "1.000, 0.487", "1.000, 0.302"])
PY
"$folder/venv/bin/python" "$folder/run.py" 2> "$folder/log" || { cat "$folder/log"; exit 1; }
