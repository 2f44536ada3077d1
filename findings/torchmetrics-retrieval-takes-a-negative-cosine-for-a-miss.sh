#!/usr/bin/env bash
# torchmetrics orders documents by any floats, but its mean reciprocal rank, mean average precision, recall and
# precision count a right document as wrong if its score is 0 or less. Cosines between captions and pictures
# often are: 0.5 less for every score, which changes no rank, and the recall of all documents there are is
# 0.48 and no longer 1. nDCG and hit rate do not change, so one table holds both. It is done on
# purpose (a score of 0 is "no prediction"), but the documentation says only "estimated probabilities", and
# nothing refuses other scores. Adding 1 to cosines mends it.
#
# Seen with torchmetrics 1.9.0, torch 2.13.0 (CPU), numpy 2.4.6, Python 3.11; 200 queries of 8 documents, 2 right:
#   scores of 0 to 1:      MRR 0.446, MAP 0.406, recall 1.000, precision@2 0.218, nDCG 0.583, hit rate@2 0.415
#   the same, all - 0.5:   MRR 0.389, MAP 0.380, recall 0.480, precision@2 0.218, nDCG 0.583, hit rate@2 0.415
#   the same, all - 1:     MRR 0.000, MAP 0.000, recall 0.000, precision@2 0.000, nDCG 0.583, hit rate@2 0.415
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check torch==2.13.0
"$folder/venv/bin/pip" install -q --disable-pip-version-check torchmetrics==1.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import torch
from torchmetrics import retrieval

torch.manual_seed(0)
scores = torch.rand(200, 8, dtype=torch.float64)
right = torch.zeros(200, 8, dtype=torch.bool)
right[:, :2] = True
queries = torch.arange(200)[:, None].expand(200, 8)
metrics = {
    "MRR": retrieval.RetrievalMRR(),
    "MAP": retrieval.RetrievalMAP(),
    "recall": retrieval.RetrievalRecall(),
    "precision@2": retrieval.RetrievalPrecision(top_k=2),
    "nDCG": retrieval.RetrievalNormalizedDCG(),
    "hit rate@2": retrieval.RetrievalHitRate(top_k=2),
}
seen = []
for name, less in (("scores of 0 to 1", 0), ("the same, all - 0.5", 0.5), ("the same, all - 1", 1)):
    arguments = [x.flatten() for x in (scores - less, right)]
    seen.append([round(float(m(*arguments, indexes=queries.flatten())), 3) for m in metrics.values()])
    print(f"{name + ':':22} " + ", ".join(f"{metric} {value:.3f}" for metric, value in zip(metrics, seen[-1])))
same = [0.583, 0.415]
sys.exit(seen != [[0.446, 0.406, 1, 0.218, *same], [0.389, 0.38, 0.48, 0.218, *same], [0, 0, 0, 0, *same]])
PY
"$folder/venv/bin/python" "$folder/run.py"
