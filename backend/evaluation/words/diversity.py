"""MTLD: how many words a text goes on for before it repeats itself.

Source: McCarthy and Jarvis, MTLD, vocd-D, and HD-D (Behavior Research Methods 2010).
"""

from collections.abc import Sequence

THRESHOLD = 0.72


def mtld(words: Sequence[str]) -> float:
    """Return MTLD of a text, from its words in both directions; NaN of a text without words.

    A factor ends when the share of different words falls to 0.72; what is left counts as a part of
    one. No factor has a least length, which some packages set to 10 words. A text in which no word
    comes twice has one factor.
    """
    if not words:
        return float("nan")
    return (len(words) / _factors(words) + len(words) / _factors(words[::-1])) / 2


def _factors(words: Sequence[str]) -> float:
    factors, length = 0.0, 0
    different: set[str] = set()
    for word in words:
        length += 1
        different.add(word)
        if len(different) / length <= THRESHOLD:
            factors, length = factors + 1, 0
            different.clear()
    if length:
        factors += (1 - len(different) / length) / (1 - THRESHOLD)
    return factors or 1.0
