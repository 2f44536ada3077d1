#!/usr/bin/env bash
# open_clip's CoCa writes captions by transformers' beam search, whose classes left transformers with
# version 5. The newest release then says that transformers is not installed, though it is; its own extra
# asks for any version. The vectors and the logits of a CoCa are not concerned.
#
# Seen with open_clip_torch 3.3.0, torch 2.13.0 (CPU) and transformers 5.23.0:
#   logits of two pictures: (2, 5, 40)
#   transformers 5.23.0, generate: AssertionError: Please install transformers for generate functionality.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check transformers==5.23.0 ftfy pillow
"$folder/venv/bin/pip" install -q --disable-pip-version-check --no-deps \
  torchvision==0.28.0 timm==1.0.31 open_clip_torch==3.3.0
cat > "$folder/run.py" <<'PY'
import torch
import transformers

# Those of torchvision's build for another torch do not load, and are not used.
boxes = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    boxes.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from open_clip.coca_model import CoCa

torch.manual_seed(0)
words = {"vocab_size": 40, "width": 64, "heads": 1, "layers": 1}
text = {**words, "context_length": 12, "embed_cls": True, "output_tokens": True}
seen = {"image_size": 32, "patch_size": 8, "width": 64, "layers": 1, "attentional_pool": True,
        "output_tokens": True}
model = CoCa(64, {**words, "context_length": 12}, text, seen).eval()
pictures = torch.randn(2, 3, 32, 32)
with torch.no_grad():
    found = model(pictures, torch.tensor([[38, 5, 6, 7, 8, 39]] * 2))
print(f"logits of two pictures: {tuple(found['logits'].shape)}")
try:
    model.generate(pictures, seq_len=10, sot_token_id=38, eos_token_id=39)
    said = "captions"
except Exception as error:
    said = f"{type(error).__name__}: {str(error).partition(' `')[0]}"
print(f"transformers {transformers.__version__}, generate: {said}")
PY
"$folder/venv/bin/python" "$folder/run.py" 2>/dev/null | tee "$folder/seen"
expected='logits of two pictures: (2, 5, 40)
transformers 5.23.0, generate: AssertionError: Please install transformers for generate functionality.'
[ "$(cat "$folder/seen")" = "$expected" ]
