#!/usr/bin/env bash
# pycocoevalcap splits captions in two ways: BLEU and CIDEr at any white space, ROUGE-L at each single
# space. So a caption without a word has one word for ROUGE-L, the empty one: against a reference without
# a word it gets 1.0, where BLEU and CIDEr get 0. (Its tokenizer makes such captions of "..." and "?!", since it
# drops punctuation.) And a doubled space, as files with spaces around punctuation leave behind,
# costs a perfect caption ROUGE-L and nothing else.
#
# Seen with pycocoevalcap 1.2, numpy 2.2.6:
#   nothing for nothing: BLEU-1 0.000, CIDEr 0.0, ROUGE-L 1.000
#   a doubled space:     BLEU-1 1.000, CIDEr 10.0, ROUGE-L 0.924
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pycocoevalcap==1.2 numpy==2.2.6
cat > "$folder/run.py" <<'PY'
import sys
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge

other = "a forest lies on the left"
cases = {
    "nothing for nothing": ("", ""),
    "a doubled space": ("two ships  lie at sea", "two ships lie at sea"),
}
expected = {"nothing for nothing": ("0.000", "0.0", "1.000"), "a doubled space": ("1.000", "10.0", "0.924")}
found = {}
for name, (caption, reference) in cases.items():
    true, given = {0: [reference], 1: [other]}, {0: [caption], 1: [other]}
    bleu = Bleu(4).compute_score(true, given, verbose=0)[1][0][0]
    cider, rouge = (kind.compute_score(true, given)[1][0] for kind in (Cider(), Rouge()))
    found[name] = f"{bleu:.3f}", f"{cider:.1f}", f"{rouge:.3f}"
    print(f"{name + ':':20} BLEU-1 {found[name][0]}, CIDEr {found[name][1]}, ROUGE-L {found[name][2]}")
sys.exit(found != expected)
PY
"$folder/venv/bin/python" "$folder/run.py"
