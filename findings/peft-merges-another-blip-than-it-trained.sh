#!/usr/bin/env bash
# target_modules="all-linear" takes "all linear modules, excluding the output layer" in peft. It knows
# that layer by the model's get_output_embeddings(), which is None for BLIP in transformers 5: so the
# layer that gives words gets an adapter, too. Its weight is that of the word embeddings. As long as the
# adapter stands beside it, only the output changes; merged, the sum is written into the shared tensor,
# and every word is read otherwise from then on. Neither step warns, and the merged model writes other
# texts than the one that was trained and measured. What helps: name the layers and leave
# text_decoder.cls.predictions.decoder out.
#
# Seen with peft 0.21.2, transformers 5.23.0, torch 2.13.0:
#   adapter on: ['text_decoder.cls.predictions.decoder'], output embeddings: None
#   largest change of a logit by merging: 5.7, warnings about tied weights: 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check peft==0.21.2 transformers==5.23.0 torch==2.13.0
cat > "$folder/run.py" <<'PY'
import sys, warnings

import torch
from peft import LoraConfig, get_peft_model
from transformers import BlipConfig, BlipForConditionalGeneration

small = dict(hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2)
special = dict(pad_token_id=0, bos_token_id=1, sep_token_id=2, eos_token_id=2)
text = dict(small, **special, vocab_size=50, encoder_hidden_size=16, projection_dim=8)
vision = dict(small, image_size=16, patch_size=8)
torch.manual_seed(0)
bare = BlipForConditionalGeneration(BlipConfig(text_config=text, vision_config=vision, projection_dim=8))
head = bare.get_output_embeddings()

with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    model = get_peft_model(bare, LoraConfig(target_modules="all-linear")).eval()
    adapted = [
        name.removeprefix("base_model.model.").removesuffix(".lora_A.default.weight")
        for name, _ in model.named_parameters()
        if "predictions.decoder.lora_A" in name
    ]
    for name, of in model.named_parameters():
        if "predictions.decoder.lora_B" in name:  # what training would make of it
            torch.nn.init.normal_(of)
    asked = dict(input_ids=torch.tensor([[1, 7, 9]]), pixel_values=torch.zeros(1, 3, 16, 16))
    with torch.no_grad():
        trained = model(**asked).logits
        merged = model.merge_and_unload()(**asked).logits
change = float((trained - merged).abs().max())
tied = [one for one in told if "tie" in str(one.message).lower()]
print(f"adapter on: {adapted}, output embeddings: {head}")
print(f"largest change of a logit by merging: {change:.1f}, warnings about tied weights: {len(tied)}")
sys.exit(not (adapted and head is None and change > 1 and not tied))
PY
"$folder/venv/bin/python" "$folder/run.py"
