#!/usr/bin/env bash
# Guess: equal tensors and equal metadata are equal bytes, so the hash of a file tells one model from another. With two
# fields of metadata or more they are not: safetensors writes the fields in another order each time, in one process
# as in two. All of the content is equal, the hash is not, and whoever keeps features or phrases by the hash of
# the weights computes them again. transformers writes one field, {"format": "pt"}, and keeps clear of it.
# Sorting the metadata in the header, whose length stays, makes the files equal.
#
# Seen with safetensors 0.8.0, numpy 2.4.6: 64 files of one array
#   1 field  of metadata  1 kinds of file, of equal content
#   2 fields of metadata  2 kinds of file, of equal content
#   4 fields of metadata  21 kinds of file, of equal content
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check safetensors==0.8.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np
from safetensors import safe_open
from safetensors.numpy import save

kinds = {}
for fields in (1, 2, 4):
    metadata = {f"field {number}": "the same" for number in range(fields)}
    files = {save({"weight": np.zeros(3)}, metadata=metadata) for _ in range(64)}
    kinds[fields] = len(files)
    for number, content in enumerate(files):
        path = f"{sys.argv[1]}/{fields}-{number}"
        with open(path, "wb") as file:
            file.write(content)
        with safe_open(path, "np") as file:
            assert file.metadata() == metadata and not file.get_tensor("weight").any()
    print(f"{fields} field{'s' if fields > 1 else ' '} of metadata  {len(files)} kinds of file, of equal content")
sys.exit(not (kinds[1] == 1 and kinds[2] == 2 and kinds[4] > 4))
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
