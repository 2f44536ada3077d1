#!/usr/bin/env bash
# PiSSA and OLoRA, two ways in which peft starts LoRA, take a part out of each weight and put it into the adapter, so
# that the model is the same before the first step. SigLIP pools its patches with torch's MultiheadAttention,
# which reads the weight of its output layer and never calls that layer: it sees the rest without the
# adapter. With "all-linear", or "out_proj" by name, the image vector starts elsewhere (cosine 0.53 and
# 0.03 here), and that adapter gets no gradient in training; merged without a step, the model is right again.
# No warning. Naming q_proj and v_proj keeps clear of it.
#
# Seen with peft 0.21.2, transformers 5.24.0, torch 2.13.0 (CPU), cosines to the vectors of the model itself:
#   pissa, q_proj and v_proj: before the first step 1.00, merged 1.00, adapters without gradient 0
#   pissa, all-linear:        before the first step 0.53, merged 1.00, adapters without gradient 1
#   olora, all-linear:        before the first step 0.03, merged 1.00, adapters without gradient 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check peft==0.21.2 transformers==5.24.0
cat > "$folder/run.py" <<'PY'
import sys, warnings
import torch
from peft import LoraConfig, get_peft_model
from transformers import SiglipVisionConfig, SiglipVisionModel

warnings.simplefilter("ignore", FutureWarning)  # of transformers about itself
config = SiglipVisionConfig(
    hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=4, image_size=32, patch_size=8
)
torch.manual_seed(0)
pictures, seen = torch.randn(2, 3, 32, 32), []
cases = ("pissa", ["q_proj", "v_proj"]), ("pissa", "all-linear"), ("olora", "all-linear")
for start, layers in cases:
    torch.manual_seed(0)
    model = SiglipVisionModel(config).eval()
    own = model(pixel_values=pictures).pooler_output.detach()
    adapted = get_peft_model(model, LoraConfig(r=4, init_lora_weights=start, target_modules=layers)).eval()
    begun = adapted(pixel_values=pictures).pooler_output
    begun.square().sum().backward()
    idle = sum(weight.grad is None for name, weight in adapted.named_parameters() if "lora_B" in name)
    merged = adapted.merge_and_unload()(pixel_values=pictures).pooler_output
    cosines = [torch.cosine_similarity(vectors, own).min().item() for vectors in (begun, merged)]
    name = layers if isinstance(layers, str) else " and ".join(layers)
    print(
        f"{start}, {name + ':':18} before the first step {cosines[0]:.2f}, merged {cosines[1]:.2f}, "
        f"adapters without gradient {idle}"
    )
    seen.append((cosines[0] > 0.999, cosines[1] > 0.999, idle))
sys.exit(seen != [(True, True, 0), (False, True, 1), (False, True, 1)])
PY
"$folder/venv/bin/python" "$folder/run.py"
