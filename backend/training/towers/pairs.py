"""The chips and captions of a corpus as a tower reads them: texts in memory, pixels as a stream."""

import hashlib
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import torch

from backend.corpus import Chip, Corpus, Text
from backend.corpus.decisions import original_words
from backend.corpus.pixels import read_db
from backend.errors import CorpusInvalid
from backend.progress import Progress, silent
from backend.scenes import PIXEL_M
from backend.survey import SPLITS
from backend.training.towers.config import Writing

READERS, AHEAD = 4, 2
BANDS = ("VV", "VH")
MOST_UNKNOWN = 0.99
"""A chip with a larger share of pixels without data is refused."""


@dataclass(frozen=True, slots=True)
class Caption:
    """One text of a chip, as it was before any decision."""

    place: int
    """Its line in the corpus, from 0 on."""
    fragments: tuple[str, ...]
    """Its statements."""
    question: str = field(default="", repr=False)  # runs that know none keep their hash
    """What it answers; empty for a caption."""


@dataclass(frozen=True)
class Part:
    """The chips of one split, each with its captions."""

    corpus: Corpus
    chips: Sequence[Chip]
    """By name, in the order of the alphabet."""
    captions: Sequence[Sequence[Caption]]
    """Of each chip, at least one."""
    side_px: int
    """What the side of a chip must be."""
    questions: Sequence[Sequence[Caption]] = ()
    """Of each chip the answers that are learnt beside its captions; empty where none are."""

    def __len__(self) -> int:
        return len(self.chips)

    @property
    def pixel_m(self) -> float:
        """Side of a pixel of most chips, in metres; that of scenes where no chip states it."""
        sides = Counter(chip.metres_per_pixel for chip in self.chips if chip.metres_per_pixel)
        return sides.most_common(1)[0][0] if sides else PIXEL_M

    def questions_of(self, rows: Sequence[int]) -> list[Sequence[Caption]]:
        """Return the answers of chips that are learnt beside their captions."""
        return [self.questions[number] if self.questions else () for number in rows]

    def pixels(self, number: int) -> torch.Tensor:
        """Return a chip (2, side, side) in dB, NaN without data.

        Raises:
            CorpusInvalid: it is of another size, has other bands, or no data.
        """
        chip = self.chips[number]
        db = read_db(self.corpus, chip)
        if db.shape != (len(BANDS), self.side_px, self.side_px):
            bands, height, width = db.shape
            raise CorpusInvalid(
                f"The chip {chip.name} has {bands} bands of {width} × {height} pixels; the tower "
                f"takes VV and VH of {self.side_px} × {self.side_px}.",
                f"Train one with side_px: {width}, or cut other chips: python -m backend.corpus "
                "slice.",
            )
        if np.isnan(db).mean() > MOST_UNKNOWN:
            raise CorpusInvalid(
                f"The chip {chip.name} has no data.",
                "Leave it out: python -m backend.corpus screen, then split.",
            )
        return torch.from_numpy(db)

    def batches(self, rows: Sequence[Sequence[int]]) -> Iterator[torch.Tensor]:
        """Yield the chips of each batch (n, 2, side, side); the next two are read meanwhile."""
        with ThreadPoolExecutor(READERS) as threads:
            ahead: deque[list[Future[torch.Tensor]]] = deque()
            for batch in rows:
                ahead.append([threads.submit(self.pixels, number) for number in batch])
                if len(ahead) > AHEAD:
                    yield _stacked(ahead.popleft())
            while ahead:
                yield _stacked(ahead.popleft())


def read_once(parts: Iterable[Part], progress: Progress = silent) -> None:
    """Read all chips, so that one which is not fit is found before the training, not after it.

    Raises:
        CorpusInvalid: names the first of them.
    """
    for part in parts:
        for number, _ in enumerate(part.batches([[one] for one in range(len(part))]), 1):
            progress("reading chips", number, len(part))


def _stacked(chips: list[Future[torch.Tensor]]) -> torch.Tensor:
    return torch.stack([chip.result() for chip in chips])


@dataclass(frozen=True)
class Pairs:
    """All that a tower learns from, and is measured on."""

    train: Part
    validation: Part
    test: Part
    facts: Mapping[str, str | int]
    """What a run depends on: numbers of chips, and a hash of the texts."""


def open_pairs(
    corpus: Corpus, tasks: Sequence[str], side_px: int, writing: Writing | None = None
) -> Pairs:
    """Return the chips with captions of each split; pixels are read when they are asked for.

    With `tasks` only captions of these types count. With `writing` there are questions as well:
    among the captions, or in their place, where nothing else is learnt.

    Raises:
        CorpusInvalid: a split or its captions are missing.
    """
    splits = {name: _split(corpus, name) for name in SPLITS}
    texts, asked = _texts(corpus, tasks, writing)
    if writing and writing.learns != "captions" and not writing.alone:
        _require_questions(corpus, asked, splits["train"])
    known, parts = hashlib.sha256(), {}
    cuts: dict[str, Mapping[str, tuple[float, float]]] = {}
    chips = {chip.name: _readable(chip, cuts) for chip in corpus.chips()}
    for name in SPLITS:
        inside = splits[name] & texts.keys() & chips.keys()
        names = _captioned(corpus, name, inside, _wanted(tasks, writing))
        captions = [texts[one] for one in names]
        questions = [asked.get(one, []) for one in names] if asked else []
        known.update(repr([name, names, captions]).encode())
        spoken = [one.question for of in (*captions, *questions) for one in of]
        if any(spoken):
            known.update(repr([spoken, questions]).encode())
        parts[name] = Part(corpus, [chips[one] for one in names], captions, side_px, questions)
    facts: dict[str, str | int] = {f"{name}_chips": len(part) for name, part in parts.items()}
    facts = facts | {"texts": known.hexdigest()}
    return Pairs(parts["train"], parts["validation"], parts["test"], facts)


def _readable(chip: Chip, cuts: dict[str, Mapping[str, tuple[float, float]]]) -> Chip:
    """Return what its pixels are read by: of a million chips all else would take gigabytes.

    Chips of one scene share its cut, which is kept in `cuts`.
    """
    cut = cuts.setdefault(repr(chip.cut_db), chip.cut_db)
    return Chip(chip.name, chip.file, metres_per_pixel=chip.metres_per_pixel, cut_db=cut)


def open_part(corpus: Corpus, split: str, tasks: Sequence[str], side_px: int) -> Part:
    """Return the chips with captions of one split, to measure on; the corpus needs no other one.

    With `tasks` only captions of these types count.

    Raises:
        CorpusInvalid: the split or its captions are missing.
    """
    inside, (texts, _) = _split(corpus, split), _texts(corpus, tasks, None)
    cuts: dict[str, Mapping[str, tuple[float, float]]] = {}
    chips = {chip.name: _readable(chip, cuts) for chip in corpus.chips()}
    names = _captioned(corpus, split, inside & texts.keys() & chips.keys(), _wanted(tasks, None))
    return Part(corpus, [chips[one] for one in names], [texts[one] for one in names], side_px)


def _split(corpus: Corpus, name: str) -> set[str]:
    """Return the names of the chips of a split."""
    splits = corpus.splits()
    if not splits.get(name):
        known = ", ".join(one for one, names in splits.items() if names)
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no {name} split{known and f'; it has {known}'}.",
            "Make one: python -m backend.corpus split.",
        )
    return set(splits[name])


def _captioned(corpus: Corpus, split: str, names: Collection[str], wanted: str) -> list[str]:
    """Return the names of the chips of a split that have texts, in the order of the alphabet."""
    if len(names) < 2:
        raise CorpusInvalid(
            f"The {split} split of {corpus.folder} has {len(names)} chip{'s' * (len(names) != 1)} "
            f"with {wanted}; at least 2 are needed.",
            "Write texts: python -m backend.corpus text; or read them.",
        )
    return sorted(names)


Texts = dict[str, list[Caption]]


def _texts(corpus: Corpus, tasks: Sequence[str], writing: Writing | None) -> tuple[Texts, Texts]:
    """Return the texts of each chip that count as its captions, and questions beside them."""
    alone = writing is not None and writing.alone
    captions: Texts = {}
    questions: Texts = captions if alone else {}
    for place, text in enumerate(corpus.texts()):
        chosen = _is_learnt(text, tasks, writing)
        words = tuple(one for one in original_words(text) if one.strip()) if chosen else ()
        if len(words) == len(text.fragments) > 0:
            own = questions if text.question else captions
            own.setdefault(text.chip, []).append(Caption(place, words, text.question))
    return captions, {} if alone else questions


def _is_learnt(text: Text, tasks: Sequence[str], writing: Writing | None) -> bool:
    if text.kind == "question":
        if writing is None or text.kind not in writing.writes:
            return False
        return not writing.types or text.task in writing.types
    left_out = writing is not None and writing.alone and text.kind not in writing.writes
    return not left_out and (not tasks or text.task in tasks)


def _require_questions(corpus: Corpus, asked: Texts, train: Collection[str]) -> None:
    if not any(one in asked for one in train):
        raise CorpusInvalid(
            f"The train split of {corpus.folder} has no questions of the types that are learnt.",
            "Write some: python -m backend.corpus text; or let the decoder learn captions.",
        )


def _wanted(tasks: Sequence[str], writing: Writing | None) -> str:
    """Return what a chip must have."""
    types = {"caption": tasks, "question": writing.types if writing else ()}
    kinds = writing.writes if writing and writing.alone else ("caption",)
    wanted = [f"{type_} {kind}s" for kind in kinds for type_ in types[kind]]
    wanted += [f"{kind}s" for kind in kinds if not types[kind]]
    return " or ".join(wanted)


@dataclass(frozen=True)
class Draw:
    """What one epoch reads: every chip once, each with one of its captions."""

    rows: list[list[int]]
    """Chips of each batch."""
    captions: list[list[int]]
    """The caption of each of them."""

    @classmethod
    def of(cls, part: Part, batch_size: int, seed: int, epoch: int) -> "Draw":
        """Return the batches of an epoch: the same for the same seed and epoch.

        Chips that do not fill a batch wait for another epoch.
        """
        rng = np.random.default_rng([seed, epoch])
        order = rng.permutation(len(part))
        size = min(batch_size, len(part))
        whole = len(part) // size * size
        rows = [order[start : start + size].tolist() for start in range(0, whole, size)]
        captions = [
            [int(rng.integers(len(part.captions[number]))) for number in batch] for batch in rows
        ]
        return cls(rows, captions)
