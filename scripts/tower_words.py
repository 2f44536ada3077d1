"""What a tower says of simulated chips, and what of it is right: figures of docs/towers.md.

    python -m scripts.tower_words CORPUS measures/answers.jsonl

A caption names water, built-up ground or woods where it has a word of the simulation for them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from backend.corpus import Corpus, open_corpus
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


def show_captions(corpus: Corpus, written: dict[str, str]) -> None:
    """Print how captions are worded, and how often each family is named by what covers the chip."""
    words = {chip: unicode_words(caption) for chip, caption in written.items()}
    covers = {one.chip: one.cover for one in corpus.facts() if one.chip in written}
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
            cover = covers[chip]
            share = sum(cover.shares.get(key, 0.0) for key in keys) if cover else 0.0
            part = [name for least, name in PARTS if share >= least][-1]
            found.setdefault(part, []).append(is_named(own, names))
        for _, part in PARTS:
            print(f"| {family} | {part} | {share_of(found.get(part, []))} |")


def show_answers(corpus: Corpus, answers: dict[tuple[str, str], str]) -> None:
    """Print how often each main class is found, and whether corners are told from the whole."""
    asked = [one for one in corpus.texts() if (one.chip, one.question) in answers]
    right = {(t.chip, t.question): is_same(answers[t.chip, t.question], t.plain) for t in asked}
    mains = {t.chip: t for t in asked if t.task == "main_landform"}
    corners = [t for t in asked if t.task == "regional_landform" and t.chip in mains]
    of_main = {chip: answers[chip, t.question] for chip, t in mains.items()}
    print("| main landform | questions | right |\n|---|---|---|")
    for name, _ in Counter(t.plain for t in mains.values()).most_common():
        hits = [right[t.chip, t.question] for t in mains.values() if t.plain == name]
        print(f"| {name} | {share_of(hits)} |")
    differ = [not is_same(answers[t.chip, t.question], of_main[t.chip]) for t in corners]
    print(f"| corners answered other than the whole | {share_of(differ)} |")
    for name, same in (("as the whole", True), ("other than the whole", False)):
        those = [t for t in corners if is_same(t.plain, mains[t.chip].plain) == same]
        print(f"| corners that are {name} | {share_of(right[t.chip, t.question] for t in those)} |")
    repeated = share_of(is_same(of_main[t.chip], t.plain) for t in corners)
    print(f"| corners, if its answer for the whole were repeated | {repeated} |")


def share_of(hits: Iterable[bool]) -> str:
    """Return how many there are, and the share that is true, as two cells."""
    found = list(hits)
    return f"{len(found):,} | {sum(found) / max(1, len(found)):.1%}"


def is_same(one: str, other: str) -> bool:
    """Return whether two answers have the same words."""
    return unicode_words(one) == unicode_words(other)


def main() -> None:
    """Print what a file of answers names: of its captions, and of its answers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("answers", type=Path)
    given = parser.parse_args()
    corpus, rows = open_corpus(given.corpus), list(read_lines(given.answers))
    captions = {r.text("chip"): r.text("caption") for r in rows if r.get("caption")}
    answers = {
        (r.text("chip"), r.text("question")): r.text("answer") for r in rows if r.get("answer")
    }
    if captions:
        show_captions(corpus, captions)
    if answers:
        show_answers(corpus, answers)


if __name__ == "__main__":
    main()
