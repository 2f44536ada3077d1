"""Captions of what lies in one direction, near before far.

The words are many and the sentences vary, so that a head learns what things are and not how they
are put. Everything a caption names lies in the view.
"""

from dataclasses import dataclass

import numpy as np

from backend.simulation.cover import BUILT, FOREST, WATER, Ground, Season
from backend.simulation.survey.words import (
    ANY_WORDS,
    HILLS,
    MEETINGS,
    MIXTURES,
    MOUNTAINS,
    SEASON_WORDS,
    WORDS,
    Words,
)

SALIENT = (*BUILT, *WATER)  # people name houses and water even when they are small
SEEN_SHARE = 0.22
SALIENT_SHARE = 0.12

ALONE = (
    "{a}", "{a}", "a photograph of {a}", "a photo of {a}", "a view of {a}", "looking at {a}",
    "a picture showing {a}", "a landscape with {a}", "a ground photograph of {a}",
    "a view over {a}", "a photograph showing {a}",
)  # fmt: skip
PAIR_NEAR = (
    "{a} and {b}", "{a} beside {b}", "a photograph of {a} next to {b}", "{a} with {b}",
    "a view of {a} and {b}", "a photo showing {a} and {b}", "{a} bordered by {b}",
)  # fmt: skip
PAIR_FAR = (
    "{a} with {b} behind", "looking across {a} towards {b}", "{a} in front of {b}",
    "a photograph of {a} with {b} in the distance", "{a} and beyond it {b}", "{a}, then {b}",
    "a view over {a} to {b}", "{a} with {b} in the background", "a photo of {a}, {b} far behind",
)  # fmt: skip
TRIPLE = (
    "{a} and {b} with {c} behind", "{a} beside {b}, with {c} in the distance",
    "a photograph of {a} and {b}, {c} in the background", "looking over {a} and {b} towards {c}",
)  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """What one view shows."""

    near: np.ndarray
    """(n_classes,): shares of every class near by; they sum to 1."""

    far: np.ndarray
    """(n_classes,): shares of every class farther off; they sum to 1."""

    season: Season
    """The season, which some captions name."""

    relief_m: float = 0.0
    """From low to high ground around, in metres."""


def caption(sight: Sight, rng: np.random.Generator) -> str:
    """Return a caption of a view; the same generator state gives the same words."""
    near = topics(sight.near)[: 1 if rng.random() < 0.45 else 2]
    together = _meeting(near)
    if together and rng.random() < 0.4:
        near = [together]
    far = _far_topics(sight, near, rng)
    names, behind = _names(near, far, rng)
    if len(names) == 1:
        form = _pick(ALONE, rng)
    elif len(names) == 3:
        form = _pick(TRIPLE, rng)
    else:
        form = _pick(PAIR_FAR if behind else PAIR_NEAR, rng)
    text = form.format(**dict(zip("abc", names, strict=False)))
    return text + _circumstance(sight.season, rng)


def topics(shares: np.ndarray) -> list[Words]:
    """Return what is worth naming among class shares (n_classes,), the largest first; never empty.

    Classes of one family are named together when none of them dominates.
    """
    left = shares.astype(float).copy()
    named: list[tuple[float, Words]] = []
    for family, words in MIXTURES.items():
        members = list(family)
        total, most = left[members].sum(), left[members].max()
        if total >= SEEN_SHARE and most < 0.6 * total:
            named.append((total, words))
            left[members] = 0
    for ground in Ground:
        least = SALIENT_SHARE if ground in SALIENT else SEEN_SHARE
        if left[ground] >= least:
            named.append((left[ground], WORDS[ground]))
    if not named:
        return [WORDS[Ground(int(np.argmax(shares)))]]
    named.sort(key=lambda item: -item[0])
    return [words for _, words in named]


def _meeting(near: list[Words]) -> Words | None:
    """Return the name that two topics have together, if they have one."""
    for (one, other), words in MEETINGS.items():
        if WORDS[one] in near and WORDS[other] in near:
            return words
    return None


def _far_topics(sight: Sight, near: list[Words], rng: np.random.Generator) -> list[Words]:
    """Return at most one topic behind; trees and walls close by hide it."""
    hidden = sight.near[[*FOREST, *BUILT]].sum()
    if rng.random() < 0.25 + 0.7 * hidden:
        return []
    if sight.relief_m > 80 and rng.random() < 0.35:
        return [MOUNTAINS if sight.relief_m > 300 else HILLS]
    behind = [words for words in topics(sight.far) if words not in near]
    return behind[:1]


def _names(near: list[Words], far: list[Words], rng: np.random.Generator) -> tuple[list[str], bool]:
    """Return noun phrases that do not end alike, and whether the last one lies behind."""
    names: dict[str, str] = {}
    for words in near:
        name = _name(words, rng)
        names.setdefault(name.split()[-1], name)
    count = len(names)
    for words in far:
        name = _name(words, rng)
        names.setdefault(name.split()[-1], name)
    return list(names.values()), len(names) > count


def _name(words: Words, rng: np.random.Generator) -> str:
    """Return a noun phrase, sometimes with an adjective behind its article."""
    phrase = _pick(words.phrases, rng)
    if not words.adjectives or rng.random() > 0.3:
        return phrase
    return with_adjective(_pick(words.adjectives, rng), phrase)


def with_adjective(adjective: str, phrase: str) -> str:
    """Return `phrase` with an adjective, and the article that then fits."""
    article, _, noun = phrase.partition(" ")
    if adjective in phrase.replace("-", " ").split():
        return phrase
    if article in ("a", "an"):
        return f"{'an' if adjective[0] in 'aeiou' else 'a'} {adjective} {noun}"
    if article == "the":
        return f"the {adjective} {noun}"
    return f"{adjective} {phrase}"


def _circumstance(season: Season, rng: np.random.Generator) -> str:
    draw = rng.random()
    if draw < 0.1:
        return " " + _pick(SEASON_WORDS[season], rng)
    if draw < 0.15:
        return " " + _pick(ANY_WORDS, rng)
    return ""


def _pick(options: tuple[str, ...], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]
