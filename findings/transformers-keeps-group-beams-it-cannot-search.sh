#!/usr/bin/env bash
# Group beam search, by which published captioners write (CoCa: 6 beams in 3 groups), has left transformers.
# Asked for in the call, generate() refuses to run unless it may download code from the hub and run it. A
# model whose own generation_config.json asks for groups, as it was saved for earlier versions, is loaded
# without a word and then cannot generate at all, until num_beam_groups=1 is given in every call.
#
# Seen with torch 2.13.0 (CPU) and transformers 5.23.0:
#   6 beams:                              6 texts
#   6 beams in 3 groups:                  ValueError: Group Beam Search requires `trust_remote_code=True`
#   groups in generation_config.json:     ValueError: Group Beam Search requires `trust_remote_code=True`
#   the same, num_beam_groups=1 given:    6 texts
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check transformers==5.23.0
cat > "$folder/run.py" <<'PY'
import json
import sys
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

torch.manual_seed(0)
sizes = {"vocab_size": 40, "n_positions": 32, "n_embd": 16, "n_layer": 1, "n_head": 2}
model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=1, eos_token_id=2, pad_token_id=0))
folder = Path(sys.argv[1])
model.save_pretrained(folder)
settings = {"num_beams": 6, "num_beam_groups": 3, "diversity_penalty": 1.0}
file = folder / "generation_config.json"
kept = json.loads(file.read_text())
file.write_text(json.dumps(kept | settings))
loaded = GPT2LMHeadModel.from_pretrained(folder)


def ask(what, which, **options):
    options |= {"max_new_tokens": 5, "num_return_sequences": 6, "do_sample": False}
    try:
        said = f"{len(which.generate(torch.tensor([[1]]), **options))} texts"
    except Exception as error:
        said = f"{type(error).__name__}: {str(error).partition(' in your')[0]}"
    print(f"{what}: {said}")


ask("6 beams", model, num_beams=6)
ask("6 beams in 3 groups", model, **settings)
ask("groups in generation_config.json", loaded)
ask("the same, num_beam_groups=1 given", loaded, num_beam_groups=1)
PY
HF_HUB_OFFLINE=1 "$folder/venv/bin/python" "$folder/run.py" "$folder/model" 2>/dev/null | tee "$folder/seen"
expected='6 beams: 6 texts
6 beams in 3 groups: ValueError: Group Beam Search requires `trust_remote_code=True`
groups in generation_config.json: ValueError: Group Beam Search requires `trust_remote_code=True`
the same, num_beam_groups=1 given: 6 texts'
[ "$(cat "$folder/seen")" = "$expected" ]
