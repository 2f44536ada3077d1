#!/usr/bin/env bash
# Guess: what an adapter has learnt in training, it does in evaluation. In torch's TransformerEncoderLayer it does not:
# in eval mode the layer takes a fast path where no weight that it reads itself needs a gradient, and those are
# the frozen ones. It reads linear1 and linear2 and calls neither, so the model is the bare one, bit for bit, with
# gradients as in torch.no_grad(). A loss that is measured in train mode shows the adapter. No warning. Merged, or
# with torch.backends.mha.set_fastpath_enabled(False), it does in evaluation what it has learnt.
#
# Seen with peft 0.21.2, torch 2.13.0 (CPU), after 20 steps towards a target:
#   loss at the start        1.93
#   train mode               1.27
#   eval mode                1.93
#   eval mode, no_grad       1.93
#   no_grad, no fast path    1.27
#   no_grad, merged          1.27
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check peft==0.21.2
cat > "$folder/run.py" <<'PY'
import sys
import torch
from peft import LoraConfig, get_peft_model
from torch import nn

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True)
x, target = torch.randn(4, 10, 32), torch.randn(4, 10, 32)
model = get_peft_model(nn.TransformerEncoder(layer, 2), LoraConfig(r=4, target_modules=["linear1", "linear2"]))


def loss():
    return (model(x) - target).square().mean()


optimiser = torch.optim.AdamW((one for one in model.parameters() if one.requires_grad), 1e-2)
begun = loss().item()
for _ in range(20):
    loss().backward()
    optimiser.step()
    optimiser.zero_grad()
seen = {"train mode": loss().item()}
model.eval()
seen["eval mode"] = loss().item()
with torch.no_grad():
    seen["eval mode, no_grad"] = loss().item()
    torch.backends.mha.set_fastpath_enabled(False)
    seen["no_grad, no fast path"] = loss().item()
    torch.backends.mha.set_fastpath_enabled(True)
    model = model.merge_and_unload()
    seen["no_grad, merged"] = loss().item()
print(f"loss at the start {begun:.2f}")
for name, value in seen.items():
    print(f"{name:24} {value:.2f}")
learnt = [abs(value - seen["train mode"]) < 1e-3 for value in seen.values()]
bare = [abs(seen[name] - begun) < 1e-6 for name in ("eval mode", "eval mode, no_grad")]
sys.exit(learnt != [True, False, False, True, True] or not all(bare))
PY
"$folder/venv/bin/python" "$folder/run.py"
