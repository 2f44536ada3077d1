#!/usr/bin/env bash
# The tokenizer of SigLIP takes all ASCII punctuation out of a text before it looks words up, the decimal point and
# the minus sign too, and puts nothing in its place. So "3.5 ha" and "35 ha", or "below -15 dB" and "below 15 dB",
# are one phrase with one vector, whatever the weights have learned, and "built-up" and "land/water" are words
# nobody writes. A minus sign of its own (U+2212) stays. SentencePiece by itself keeps the ones apart, but its default
# normalisation makes 102 of 10² for all tokenizers that are trained with it. SigLIP 2 only lowers capitals.
#
# Seen with transformers 5.24.0, sentencepiece 0.2.3, Python 3.11, vocabularies of single letters; same tokens for:
#   3.5 ha         35 ha         SigLIP True, SentencePiece False, SigLIP 2 False
#   below -15 dB   below 15 dB   SigLIP True, SentencePiece False, SigLIP 2 False
#   10-20 m        1020 m        SigLIP True, SentencePiece False, SigLIP 2 False
#   1:50,000       150000        SigLIP True, SentencePiece False, SigLIP 2 False
#   built-up area  builtup area  SigLIP True, SentencePiece False, SigLIP 2 False
#   land/water     landwater     SigLIP True, SentencePiece False, SigLIP 2 False
#   10² m          102 m         SigLIP True, SentencePiece True, SigLIP 2 False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check transformers==5.24.0 sentencepiece==0.2.3 protobuf
cat > "$folder/run.py" <<'PY'
import string, sys, warnings
warnings.simplefilter("ignore")
import sentencepiece
from transformers import Siglip2Tokenizer, SiglipTokenizer

letters = [letter for letter in string.printable if letter.strip()]
sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter([" ".join(letters)] * 5), model_prefix=sys.argv[1] + "/letters", vocab_size=200,
    hard_vocab_limit=False, character_coverage=1.0, model_type="char", minloglevel=2,
)
vocabulary = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *letters]
siglip = SiglipTokenizer(sys.argv[1] + "/letters.model")
siglip2 = Siglip2Tokenizer({letter: number for number, letter in enumerate(vocabulary)})
readers = {
    "SigLIP": lambda text: siglip(text).input_ids,
    "SentencePiece": sentencepiece.SentencePieceProcessor(model_file=sys.argv[1] + "/letters.model").encode,
    "SigLIP 2": lambda text: siglip2(text).input_ids,
}
pairs = [("3.5 ha", "35 ha"), ("below -15 dB", "below 15 dB"), ("10-20 m", "1020 m"), ("1:50,000", "150000"),
         ("built-up area", "builtup area"), ("land/water", "landwater"), ("10² m", "102 m")]
seen = []
for first, second in pairs:
    same = {name: read(first) == read(second) for name, read in readers.items()}
    print(f"{first:14} {second:13} " + ", ".join(f"{name} {value}" for name, value in same.items()))
    seen.append([*same.values()])
sys.exit(seen != 6 * [[True, False, False]] + [[True, True, False]])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder" 2> "$folder/log" || { cat "$folder/log"; exit 1; }
