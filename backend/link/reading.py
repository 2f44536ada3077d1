"""What the cosines of a phrase say: is anything like that there.

A cosine ranks cells and has no scale of its own: what is best in an area may still be wrong. A head
that carries a `Calibration` reads a phrase in one of three ways:

| the phrase | is read as |
|---|---|
| is as far from every class as random letters are | nothing like that |
| means one class whose posterior holds on real scenes | probabilities of that class |
| means anything else | how many of the words for all classes fit its best cell worse |
"""

from dataclasses import dataclass
from math import erf, sqrt
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from backend.errors import HeadInvalid
from backend.link.calibration import Calibration
from backend.link.head import LinkHead
from backend.link.score import in_metric

PRESENT = 0.5  # probability from which on a cell is said to hold a class


@dataclass(frozen=True)
class Reading:
    """What a map says of its phrase."""

    verdict: Literal["found", "nothing", "unsure"]
    """Whether anything like that is there; unsure where no probability is known."""
    class_name: str | None
    """The class that the phrase means; null where it means none, or several."""
    probability: float | None
    """Of that class in the cell where it is highest; null where it has not held on real scenes."""
    share: float | None
    """Mean probability over all cells, which estimates the share of the area; null likewise."""
    percentile: float
    """Per cent of the words for all classes that fit the best cell worse than the phrase does."""
    sentence: str
    """The same in words."""


class RunningReading:
    """Readings of phrases while the cosines of cells come in.

    Example:
        phrases = text.embed(["open water"])
        running = RunningReading(head, phrases)
        asked = np.concatenate([phrases, running.beside])
        running.add(Scorer(head, asked).score(features).numpy().T)
        print(running.summary()[0].sentence)
    """

    beside: NDArray[np.float32]
    """(k, D): what cells must be asked beside the phrases; fewer where no phrase needs them all."""

    def __init__(self, head: LinkHead, phrases: NDArray[np.floating]) -> None:
        """Read phrases (q, D), unit vectors of the head's text space.

        Raises:
            HeadInvalid: the head has no calibration.
        """
        if head.calibration is None:
            raise HeadInvalid(
                f"The head {head.meta.name} has no calibration, so its cosines cannot be read.",
                "Use a head whose configuration has `cells`, such as the demo head.",
            )
        self._calibration = calibration = head.calibration
        count = len(calibration.classes)
        classes = in_metric(head, calibration.vectors[:count])
        self._meanings = [
            _Meaning.of(likeness, calibration)
            for likeness in (in_metric(head, phrases) @ classes.T).tolist()
        ]
        needed = any(each.probable for each in self._meanings)
        self.beside = calibration.vectors if needed else calibration.vectors[-1:]
        self._count, self._sums, self._most = 0, np.zeros(count), np.zeros(count)
        self._best = np.full(len(phrases), -np.inf)

    def add(self, cosines: NDArray[np.floating]) -> None:
        """Add cosines (q + k, n) of cells: those with the phrases, then those with `beside`."""
        asked = len(self._meanings)
        if not cosines.shape[1]:
            return
        of_phrases, beside = cosines[:asked], cosines[asked:]
        self._best = np.maximum(self._best, self._ahead(of_phrases, beside).max(axis=1))
        self._count += cosines.shape[1]
        if len(beside) > 1:
            posterior = self._calibration.posterior(beside)
            self._most = np.maximum(self._most, posterior.max(axis=1))
            self._sums += posterior.sum(axis=1, dtype=np.float64)

    def ranks(self, cosines: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the share of the words for all classes that fit each cell worse (q, …).

        `cosines` (q + k, …) are as `add` takes them. It is 0.5 where a phrase fits a cell as well
        as any word does, and compares between phrases, cells and scenes, which a cosine does not.
        """
        asked = len(self._meanings)
        ahead = torch.from_numpy(self._ahead(cosines[:asked], cosines[asked:]))
        return np.asarray(torch.special.ndtr(ahead).numpy(), np.float32)

    def _ahead(
        self, of_phrases: NDArray[np.floating], beside: NDArray[np.floating]
    ) -> NDArray[np.floating]:
        """Return by how many deviations cosines exceed the mean of all words' with the cell."""
        length, spread = self._calibration.words
        ahead: NDArray[np.floating] = (of_phrases - length * beside[-1]) / spread
        return ahead

    def summary(self) -> list[Reading]:
        """Return the reading of each phrase, from at least one cell."""
        # The cosines of so many words with a cell are spread as a normal distribution is.
        percentiles = [50 * (1 + erf(best / sqrt(2))) for best in self._best]
        return [self._read(*each) for each in zip(self._meanings, percentiles, strict=True)]

    def _read(self, meaning: "_Meaning", percentile: float) -> Reading:
        name = meaning.name
        if meaning.familiar and not meaning.probable:
            rank = "over 99" if percentile > 99 else f"about {percentile:.0f}"
            sentence = f"no probability is known; it fits its best cell better than {rank} % of "
            return Reading("unsure", name, None, None, percentile, sentence + "other words do")
        if not meaning.familiar:
            sentence = "nothing like that here: it is like nothing that the head has a word for"
            return Reading("nothing", None, None, None, percentile, sentence)
        most, share = float(self._most[meaning.k]), float(self._sums[meaning.k] / self._count)
        if most < PRESENT:
            sentence = f"nothing like that here: the probability of {name} is {most:.2f} at most"
            return Reading("nothing", name, most, share, percentile, sentence)
        sentence = f"{name}, about {100 * share:.1f} % of the cells; probability up to {most:.2f}"
        return Reading("found", name, most, share, percentile, sentence)


@dataclass(frozen=True)
class _Meaning:
    """What a phrase means, by its words alone."""

    k: int
    """The nearest class."""
    name: str | None
    """Its name, if the phrase means it."""
    familiar: bool
    """Whether it is nearer to a class than random letters are."""
    probable: bool
    """Whether it means a class whose probability holds."""

    @classmethod
    def of(cls, likeness: list[float], calibration: Calibration) -> "_Meaning":
        """Return the meaning of a phrase of this likeness to each class."""
        k = int(np.argmax(likeness))
        name = calibration.classes[k] if likeness[k] >= calibration.near[k] else None
        return cls(k, name, likeness[k] >= calibration.noise, name in calibration.holds)


def reading(
    cosines: NDArray[np.floating], head: LinkHead, phrases: NDArray[np.floating]
) -> list[Reading]:
    """Return what the cosines (q + K + 1, n) of n cells say of phrases (q, D).

    They are those with the phrases, then those with the K + 1 `head.calibration.vectors`.

    Raises:
        HeadInvalid: the head has no calibration.
    """
    running = RunningReading(head, phrases)
    running.add(cosines)
    return running.summary()
