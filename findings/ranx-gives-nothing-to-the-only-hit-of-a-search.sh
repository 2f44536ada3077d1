#!/usr/bin/env bash
# fuse() of ranx joins two searches, such as one by words and one by vectors, and brings the scores of each query to
# 0 to 1 first (norm="min-max", the default): its least is 0 and its best is 1. A search that found one document,
# or several with one score, has no least apart from the best, and all its hits get 0, as if it had not found
# them. So a search by words that finds the right document and no other, for every query, adds nothing to a
# search by vectors. norm="zmuv" does the same; with "max" and "rank" it counts.
#
# Seen with ranx 0.3.21, numba 0.68.1, numpy 2.4.6, Python 3.11; 200 queries, 10 documents, one of them right, which the
# words find alone and the vectors rank at random; mean reciprocal rank:
#   words alone:    1.00
#   vectors alone:  0.29
#   both, min-max:  0.29
#   both, zmuv:     0.29
#   both, max:      1.00
#   both, rank:     1.00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check ranx==0.3.21 numba==0.68.1 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from ranx import Qrels, Run, evaluate, fuse

random = np.random.default_rng(0)
queries = [f"query {number}" for number in range(200)]
documents = ["right", *"abcdefghi"]
judged = Qrels({query: {"right": 1} for query in queries})
words = Run({query: {"right": 0.98} for query in queries})
vectors = Run({query: dict(zip(documents, random.random(10))) for query in queries})
lists = {"words alone": words, "vectors alone": vectors}
lists["both, min-max"] = fuse([words, vectors], method="sum")
for norm in ("zmuv", "max", "rank"):
    lists[f"both, {norm}"] = fuse([words, vectors], norm=norm, method="sum")
seen = {name: round(float(evaluate(judged, found, "mrr")), 2) for name, found in lists.items()}
for name, rank in seen.items():
    print(f"{name + ':':15} {rank:.2f}")
sys.exit([*seen.values()] != [1, 0.29, 0.29, 0.29, 1, 1])
PY
"$folder/venv/bin/python" "$folder/run.py" 2> "$folder/log" || { cat "$folder/log"; exit 1; }
