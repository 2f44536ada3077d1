"""What heads make of phrases in seven languages, on real scenes: a table of docs/truth.md.

    python -m scripts.truth_languages HEAD … [--data ../shared/data/s1]

Two phrases of each class in each language, which no word list of the simulator holds, and the
five English ones of `scripts.truth` beside them. A figure is the AUC of single cells, as the mean
over the scenes that know the class: the mean of a language's two phrases, and the worst of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from backend.accuracy.measures import area_under_curve
from backend.encoders import load_encoder
from backend.link import LinkHead, Scorer, find_head
from backend.text import load_text_encoder
from scripts.truth import PHRASES, PLACES, Bench

ASKED = {
    "English": {kind: phrases[:2] for kind, phrases in PHRASES.items()},
    "German": {
        "water": ("offenes Wasser", "ein See"), "forest": ("ein Wald", "Bäume"),
        "bare": ("nackter Boden", "Sand"), "built": ("eine Stadt", "Häuser"),
        "fields": ("Ackerland", "eine Wiese"),
    },
    "French": {
        "water": ("eau libre", "un lac"), "forest": ("une forêt", "des arbres"),
        "bare": ("sol nu", "du sable"), "built": ("une ville", "des maisons"),
        "fields": ("terres agricoles", "une prairie"),
    },
    "Spanish": {
        "water": ("agua abierta", "un lago"), "forest": ("un bosque", "árboles"),
        "bare": ("suelo desnudo", "arena"), "built": ("una ciudad", "casas"),
        "fields": ("tierras de cultivo", "un prado"),
    },
    "Portuguese": {
        "water": ("água aberta", "um lago"), "forest": ("uma floresta", "árvores"),
        "bare": ("solo nu", "areia"), "built": ("uma cidade", "casas"),
        "fields": ("terras agrícolas", "um prado"),
    },
    "Polish": {
        "water": ("otwarta woda", "jezioro"), "forest": ("las", "drzewa"),
        "bare": ("goła ziemia", "piasek"), "built": ("miasto", "domy"),
        "fields": ("pola uprawne", "łąka"),
    },
    "Danish": {
        "water": ("åbent vand", "en sø"), "forest": ("en skov", "træer"),
        "bare": ("bar jord", "sand"), "built": ("en by", "huse"),
        "fields": ("marker", "en eng"),
    },
    "Ukrainian": {
        "water": ("відкрита вода", "озеро"), "forest": ("ліс", "дерева"),
        "bare": ("гола земля", "пісок"), "built": ("місто", "будинки"),
        "fields": ("поля", "луг"),
    },
}  # fmt: skip


def measure(head: LinkHead, bench: Bench) -> dict[str, dict[str, np.ndarray]]:
    """Return the AUC (scenes, phrases) of every class in every language."""
    text = load_text_encoder(head.meta.text, device="cpu", remember=False)
    cells = [(place, *bench.cells(place)[:2]) for place in PLACES]
    found: dict[str, dict[str, np.ndarray]] = {}
    for language, classes in ASKED.items():
        found[language] = {}
        for kind, phrases in classes.items():
            scorer = Scorer(head, text.embed(phrases))
            aucs = [
                [area_under_curve(one, kinds == kind) for one in scorer.score(of).numpy().T]
                for place, of, kinds in cells
                if kind in bench.kinds(place, kinds)
            ]
            found[language][kind] = np.array(aucs)
    return found


def main() -> None:
    """Print a table for each head."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("heads", nargs="+", help="names or files of heads")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    arguments = parser.parse_args()
    spec = load_encoder("texture-s1", device="cpu").spec
    bench = Bench(arguments.data)
    for name in arguments.heads:
        head = find_head(name, spec)
        print(f"\n{head.meta.text}\n\n| language | {' | '.join(PHRASES)} |")
        print(f"|---|{'---|' * len(PHRASES)}")
        for language, classes in measure(head, bench).items():
            means = [aucs.mean(axis=0) for aucs in classes.values()]
            shown = " | ".join(f"{mean.mean():.3f}, {mean.min():.3f}" for mean in means)
            print(f"| {language} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
