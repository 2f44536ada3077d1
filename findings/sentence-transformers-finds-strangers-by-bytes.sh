#!/usr/bin/env bash
# quantize_embeddings(precision="uint8") of sentence-transformers makes unsigned bytes of vectors, and its
# semantic_search_faiss(corpus_precision="uint8", exact=True) ranks them by their inner product. Each byte has its
# dimension's minimum taken off, so the product is no cosine any more: rows of large bytes win whatever the query
# is. Of 500 rows that are asked for with themselves 128 come first, and 162 with rescoring, the default, which
# has few candidates to sort. Eight bits are enough: with the minimum put back all 500 do.
#
# Seen with sentence-transformers 6.2.0, faiss-cpu 1.15.1, torch 2.13.0 (CPU), numpy 2.4.6, Python 3.11; rows of
# 64 dimensions, normally distributed, of length 1:
#   float32:                   500 of 500 find themselves
#   uint8:                     128 of 500 find themselves
#   uint8, rescored (default): 162 of 500 find themselves
#   uint8, minimum put back:   500 of 500 find themselves
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    sentence-transformers==6.2.0 faiss-cpu==1.15.1 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import logging, sys, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import numpy as np
from sentence_transformers.util.quantization import quantize_embeddings, semantic_search_faiss

rows = np.random.default_rng(0).normal(size=(500, 64)).astype(np.float32)
rows /= np.linalg.norm(rows, axis=1, keepdims=True)
ranges = np.vstack([rows.min(0), rows.max(0)])
bytes_ = quantize_embeddings(rows, precision="uint8", ranges=ranges)


def found(corpus, **options):
    answers, _ = semantic_search_faiss(rows, corpus_embeddings=corpus, top_k=1, exact=True, **options)
    return sum(answer[0]["corpus_id"] == row for row, answer in enumerate(answers))


restored = (bytes_ + 0.5) * (ranges[1] - ranges[0]) / 255 + ranges[0]
counts = {
    "float32": found(rows, rescore=False),
    "uint8": found(bytes_, corpus_precision="uint8", ranges=ranges, rescore=False),
    "uint8, rescored (default)": found(bytes_, corpus_precision="uint8", ranges=ranges),
    "uint8, minimum put back": found(restored.astype(np.float32), rescore=False),
}
for name, count in counts.items():
    print(f"{name + ':':26} {count} of 500 find themselves")
sys.exit(list(counts.values()) != [500, 128, 162, 500])
PY
"$folder/venv/bin/python" "$folder/run.py" 2>/dev/null
