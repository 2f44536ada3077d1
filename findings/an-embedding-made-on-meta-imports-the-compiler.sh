#!/usr/bin/env bash
# Two ways to load a small model quickly that load torch's compiler: making torch.nn.Embedding on the
# device "meta", which is said to cost nothing, and importing a model class of transformers (whose
# from_pretrained makes models on "meta", too). Both bring sympy, torch._dynamo and the distributed
# tensors: hundreds of modules, and seconds of a processor where the answer of a small BERT takes a tenth.
# A torch.nn.Linear on "meta" brings none of them: only what is drawn from a normal distribution does.
#
# Seen with torch 2.13.0 (CPU) and transformers 5.23.0:
#   import torch:                          none
#   Linear(2, 2, device="meta"):           none
#   Embedding(2, 2, device="meta"):        sympy, torch._dynamo, torch.distributed.tensor
#   from transformers import BertModel:    sympy, torch._dynamo, torch.distributed.tensor
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check transformers==5.23.0
cat > "$folder/run.py" <<'PY'
import sys

import torch

heavy = ("sympy", "torch._dynamo", "torch.distributed.tensor")
exec(sys.argv[1])
print(", ".join(name for name in heavy if name in sys.modules) or "none")
PY
all="sympy, torch._dynamo, torch.distributed.tensor"
check() { # WHAT CODE EXPECTED
    found=$("$folder/venv/bin/python" "$folder/run.py" "$2")
    printf '%-38s %s\n' "$1:" "$found"
    [ "$found" = "$3" ]
}
check "import torch" "pass" none
check 'Linear(2, 2, device="meta")' "torch.nn.Linear(2, 2, device='meta')" none
check 'Embedding(2, 2, device="meta")' "torch.nn.Embedding(2, 2, device='meta')" "$all"
check "from transformers import BertModel" "from transformers import BertModel" "$all"
