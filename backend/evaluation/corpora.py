"""What a corpus holds, in numbers: counts, how its texts vary, how alike they are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from backend.corpus import Corpus
from backend.corpus.decisions import STATUS, count_decisions, judge_of
from backend.evaluation.words.diversity import mtld
from backend.evaluation.words.similarity import Similarity, pairwise_similarity
from backend.evaluation.words.tokens import unicode_words
from backend.progress import Progress, silent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from backend.text import TextEncoder

SHORT = 4
"""Words below which a caption has no 4-gram, so that BLEU-4 and CIDEr say little of it."""
BLOCK = 512
REPORT_TEXTS = 2000


@dataclass
class CorpusStatistics:
    """A corpus in numbers."""

    chips: int = 0
    """How many chips there are."""
    splits: dict[str, int] = field(default_factory=dict)
    """Chips by split."""
    captions: Counter[str] = field(default_factory=Counter)
    """Captions by what they were made from."""
    questions: Counter[str] = field(default_factory=Counter)
    """Questions by type."""
    objects: Counter[str] = field(default_factory=Counter)
    """Boxes by category."""
    words: int = 0
    """Words of all captions."""
    distinct: int = 0
    """Different words among them."""
    short: int = 0
    """Captions of fewer than four words."""
    mtld: float = float("nan")
    """Of all captions as one text, in their order."""
    mtld_of_captions: float = float("nan")
    """Mean over captions."""
    judged: Counter[str] = field(default_factory=Counter)
    """Fragments that a tower has judged, by what became of them."""
    judges: set[str] = field(default_factory=set)
    """Who judged them, and when: a tower, and the stage before which it did."""
    similarity: Similarity | None = None
    """Of the captions' vectors, where a text encoder was given."""

    def sentences(self) -> Iterator[str]:
        """Yield the numbers in words, each with what it was counted over."""
        captions, questions = self.captions.total(), self.questions.total()
        yield f"{self.chips:,} chips" + _listed(self.splits)
        yield f"{captions:,} captions" + _listed(self.captions)
        yield f"{questions:,} questions" + _listed(self.questions)
        yield f"{self.objects.total():,} boxes" + _listed(self.objects)
        if self.judged:
            counts = ", ".join(f"{name} {self.judged[name]:,}" for name in STATUS)
            yield (
                f"{self.judged.total():,} fragments were judged by {', '.join(sorted(self.judges))}"
                f": {counts}"
            )
        if not captions:
            return
        yield f"{self.words:,} words in captions, {self.distinct:,} different (Unicode words)"
        yield f"{self.short:,} of {captions:,} captions have fewer than {SHORT} words"
        yield (
            f"MTLD (0.72, both directions): {self.mtld:.1f} as one text, "
            f"{self.mtld_of_captions:.1f} as the mean of {captions:,} captions"
        )
        if self.similarity:
            of = self.similarity
            yield (
                f"Similarity of captions: mean {of.mean:.3f}, variance {of.variance:.4f}, over all "
                f"pairs of {of.vectors:,}"
            )


def measure_corpus(
    corpus: Corpus, text: "TextEncoder | None" = None, progress: Progress = silent
) -> CorpusStatistics:
    """Return a corpus in numbers; with a text encoder how alike its captions are, too.

    Raises:
        CorpusInvalid: a line is damaged.
    """
    found = CorpusStatistics()
    found.chips = sum(1 for _ in corpus.chips())
    found.splits = {name: len(chips) for name, chips in corpus.splits().items()}
    for record in corpus.facts():
        found.objects.update(one.category for one in record.objects or ())
    words, by_caption = [], 0.0
    for done, one in enumerate(corpus.texts()):
        if done % REPORT_TEXTS == 0:
            progress("counting texts", done, 0)
        if one.kind == "question":
            found.questions[one.task or "other"] += 1
            continue
        found.captions[one.source] += 1
        found.judged.update(count_decisions(one))
        if judge := judge_of(one):
            found.judges.add(judge)
        own = unicode_words(one.plain)
        found.short += len(own) < SHORT
        by_caption += mtld(own) if own else 0.0
        words += own
    found.words, found.distinct = len(words), len(set(words))
    if words:
        found.mtld, found.mtld_of_captions = mtld(words), by_caption / found.captions.total()
        if text is not None and found.captions.total() > 1:
            found.similarity = pairwise_similarity(_vectors(corpus, text, progress))
    return found


def _vectors(
    corpus: Corpus, text: "TextEncoder", progress: Progress
) -> Iterator["NDArray[np.floating]"]:
    """Yield vectors of the captions, a block in memory at a time."""
    captions = (one.plain for one in corpus.texts() if one.kind == "caption")
    done = 0
    while block := list(islice(captions, BLOCK)):
        progress("embedding captions", done, 0)
        yield text.embed(block)
        done += len(block)


def _listed(counts: dict[str, int]) -> str:
    parts = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    return f": {parts}" if parts else ""
