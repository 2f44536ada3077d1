"""What a tower's captions of simulated chips name, and how varied they are: for docs/towers.md.

    python -m scripts.tower_words CORPUS measures/answers.jsonl

A caption names water, built-up ground or woods where it has a word of the simulation for them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from backend.corpus import open_corpus
from backend.corpus.lines import read_lines
from backend.evaluation.words.tokens import unicode_words
from backend.simulation.cover import BUILT, CLASSES, FOREST, WATER
from backend.simulation.survey.words import MIXTURES, WORDS

FAMILIES = {"water": WATER, "built-up ground": BUILT, "woods": FOREST}
PARTS = ((0.0, "none"), (1e-9, "up to a third"), (1 / 3, "up to 70 %"), (0.7, "more"))
ARTICLES = ("a", "an", "the")


def names_of(family: tuple[int, ...]) -> set[tuple[str, ...]]:
    """Return what a family of classes is called, as words without their article."""
    called = [WORDS[ground] for ground in WORDS if ground in family]
    called += [words for grounds, words in MIXTURES.items() if set(grounds) == set(family)]
    phrases = [unicode_words(phrase) for words in called for phrase in words.phrases]
    return {tuple(one[one[0] in ARTICLES :]) for one in phrases}


def is_named(caption: list[str], names: set[tuple[str, ...]]) -> bool:
    """Return whether a caption has one of the names, word by word."""
    return any(
        tuple(caption[k : k + len(name)]) == name for name in names for k in range(len(caption))
    )


def repeats(caption: list[str]) -> bool:
    """Return whether a word follows itself."""
    return any(one == other for one, other in zip(caption, caption[1:], strict=False))


def main() -> None:
    """Print how captions are worded, and how often each family is named by what covers the chip."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("answers", type=Path)
    given = parser.parse_args()
    corpus = open_corpus(given.corpus)
    written = {row.text("chip"): row.text("caption") for row in read_lines(given.answers)}
    words = {chip: unicode_words(caption) for chip, caption in written.items()}
    shares = {
        one.chip: one.cover.shares for one in corpus.facts() if one.chip in written and one.cover
    }
    wanted = {t.chip: t.plain for t in corpus.texts() if t.task == "concise" and t.chip in written}
    exact = sum(unicode_words(wanted[chip]) == own for chip, own in words.items())
    different = len(set(written.values()))
    print(f"{len(written):,} captions, {different:,} different, {exact:,} the reference's")
    print(f"a word follows itself: {sum(map(repeats, words.values())):,}")
    print("; ".join(f"{text}: {n:,}" for text, n in Counter(written.values()).most_common(5)))
    print("| named | share of the chip | chips | named of them |\n|---|---|---|---|")
    for family, grounds in FAMILIES.items():
        names, keys = names_of(grounds), [CLASSES[ground].name for ground in grounds]
        found: dict[str, list[bool]] = {}
        for chip, own in words.items():
            share = sum(shares[chip].get(key, 0.0) for key in keys)
            part = [name for least, name in PARTS if share >= least][-1]
            found.setdefault(part, []).append(is_named(own, names))
        for _, part in PARTS:
            hits = found.get(part, [])
            print(f"| {family} | {part} | {len(hits):,} | {sum(hits) / max(1, len(hits)):.0%} |")


if __name__ == "__main__":
    main()
