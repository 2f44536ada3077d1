"""Generated captions and their references as numbers, so that measures need no loop over words.

Words become numbers of a vocabulary, and n-grams become numbers, too: an n-gram is its first n - 1
words, which have a number already, and one word more. How often an n-gram stands in a text is then
a matter of sorting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid

LONGEST = 4
"""Words of the longest n-gram."""

Words = Sequence[str]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """How often n-grams stand in texts, sorted by text and then by n-gram."""

    texts: Integers
    """(m,): number of the text."""
    grams: Integers
    """(m,): number of the n-gram."""
    counts: Integers
    """(m,): how often it stands there, at least 1."""


@dataclass(frozen=True)
class NGrams:
    """All n-grams of one length."""

    number: int
    """How many different ones there are."""
    candidates: Counts
    """Those of generated captions."""
    references: Counts
    """Those of references."""


class CaptionPairs:
    """Generated captions, each with its references.

    Example:
        pairs = CaptionPairs([["two", "ships"]], [[["two", "ships"], ["ships", "at", "sea"]]])
        print(bleu(pairs), cider(pairs).mean())
    """

    def __init__(self, candidates: Sequence[Words], references: Sequence[Sequence[Words]]) -> None:
        """Number the words of captions, and of one or more references of each.

        Raises:
            ConfigInvalid: there are no captions, or one has no reference.
        """
        if not candidates or len(candidates) != len(references) or not all(references):
            missing = sum(not of_one for of_one in references)
            raise ConfigInvalid(
                f"There are {len(candidates)} generated captions, and {len(references)} with "
                f"references, {missing} of which are empty lists.",
                "Give at least one caption, and one reference for each.",
            )
        flat = list(chain(candidates, *references))
        self.items = len(candidates)
        """How many generated captions there are."""
        self.owners = np.repeat(np.arange(self.items), [len(of_one) for of_one in references])
        """(r,): the generated caption that each reference belongs to, in order."""
        lengths = np.array([len(words) for words in flat])
        self.candidate_lengths, self.reference_lengths = np.split(lengths, [self.items])
        """(items,) and (r,): numbers of words."""
        vocabulary = {word: number for number, word in enumerate(dict.fromkeys(chain(*flat)))}
        self._lengths, self._words = lengths, len(vocabulary)
        numbers = map(vocabulary.__getitem__, chain(*flat))
        self._numbers = np.fromiter(numbers, np.int64, int(lengths.sum()))

    @property
    def first_references(self) -> Integers:
        """(items,): the first reference of each caption."""
        return np.searchsorted(self.owners, np.arange(self.items))

    def numbers(self) -> tuple[list[list[int]], list[list[int]]]:
        """Return the words of captions and of references as numbers of one vocabulary."""
        flat, ends = self._numbers.tolist(), np.cumsum(self._lengths).tolist()
        texts = [flat[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
        return texts[: self.items], texts[self.items :]

    @cached_property
    def ngrams(self) -> tuple[NGrams, ...]:
        """The n-grams of 1 to 4 words."""
        texts = np.repeat(np.arange(len(self._lengths)), self._lengths)
        ended = np.append(texts, np.full(LONGEST, -1))  # no n-gram runs on beyond the last text
        starts, grams, number = np.arange(len(texts)), self._numbers, self._words
        found = [self._counted(texts, grams, number)]
        for size in range(2, LONGEST + 1):
            inside = texts[starts] == ended[starts + size - 1]
            starts = starts[inside]
            longer = grams[inside] * self._words + self._numbers[starts + size - 1]
            different, grams = np.unique(longer, return_inverse=True)
            number = len(different)
            found.append(self._counted(texts[starts], grams, number))
        return tuple(found)

    def _counted(self, texts: Integers, grams: Integers, number: int) -> NGrams:
        keys, counts = np.unique(texts * max(number, 1) + grams, return_counts=True)
        places, grams = np.divmod(keys, max(number, 1))
        cut = int(np.searchsorted(places, self.items))
        return NGrams(
            number,
            Counts(places[:cut], grams[:cut], counts[:cut]),
            Counts(places[cut:] - self.items, grams[cut:], counts[cut:]),
        )


def look_up(keys: Integers, values: NDArray[np.generic], wanted: Integers) -> Floats:
    """Return the values of wanted keys (w,), 0 where there is none; keys (n,) ascend."""
    if not len(keys):
        return np.zeros(len(wanted))
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], 0).astype(float)
