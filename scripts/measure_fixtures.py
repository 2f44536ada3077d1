"""Write what pycocoevalcap and lexicalrichness measure of random captions, for tests.

python scripts/measure_fixtures.py    in an environment with
pip install pycocoevalcap==1.2 lexicalrichness==0.5.1

The captions are words and spaces, so that no tokenizer is needed; pycocoevalcap's own is a program
in Java.
"""

import json
import random
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

FILE = Path(__file__).parent.parent / "tests" / "backend" / "evaluation" / "words" / "peers.json"
PEERS = ("pycocoevalcap", "lexicalrichness")
PAIRS, TEXTS, MOST_REFERENCES = 200, 12, 3
WORDS = [
    "a", "the", "2", "3", "12", "ships", "ship", "lie", "in", "harbour", "at", "on", "left",
    "right", "bright", "dark", "water", "fields", "forest", "of", "and", "πλοία", "λιμάνι",
    "船", "large", "small", "near", "two", "built", "up", "land", "covers", "most", "runs",
    "road", "river",
]  # fmt: skip


def sentence(rng: random.Random, most: int = 12) -> str:
    """Return a few words, the first ones of the list more often than others."""
    return " ".join(WORDS[int(len(WORDS) * rng.random() ** 2)] for _ in range(rng.randint(1, most)))


def changed(rng: random.Random, text: str) -> str:
    """Return a text with words left out and replaced."""
    kept = [word for word in text.split() if rng.random() < 0.85]
    return " ".join(w if rng.random() < 0.85 else rng.choice([*WORDS, "new"]) for w in kept) or "a"


def main() -> None:
    """Write the file."""
    rng = random.Random(0)
    references = [
        [sentence(rng) for _ in range(rng.randint(1, MOST_REFERENCES))] for _ in range(PAIRS)
    ]
    candidates = [changed(rng, rng.choice(texts)) for texts in references]
    true, given = dict(enumerate(references)), {k: [text] for k, text in enumerate(candidates)}
    bleu = import_module("pycocoevalcap.bleu.bleu").Bleu(4)
    cider = import_module("pycocoevalcap.cider.cider").Cider()
    rouge = import_module("pycocoevalcap.rouge.rouge").Rouge()
    rich = import_module("lexicalrichness").LexicalRichness
    texts = [sentence(rng, most=20 * k + 1) for k in range(TEXTS)]
    values = {
        "versions": {name: version(name) for name in PEERS},
        "candidates": candidates,
        "references": references,
        "bleu": bleu.compute_score(true, given, verbose=0)[0],
        "cider": cider.compute_score(true, given)[1].tolist(),
        "rouge_l": rouge.compute_score(true, given)[1].tolist(),
        "texts": texts,
        "mtld": [rich(text, preprocessor=None, tokenizer=str.split).mtld() for text in texts],
    }
    FILE.write_text(json.dumps(values, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
