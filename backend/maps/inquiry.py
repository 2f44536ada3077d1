"""Phrases that are asked of an area: what it takes to answer them, and the answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from backend.encoders import Encoder
from backend.errors import ConfigInvalid, PhraseInvalid
from backend.features.ask import Answer, CoarserCells, FoldedPhrases, LinkNorms, ask
from backend.features.lattice import CellBox, Quality
from backend.features.plan import Plan, for_encoder, make_plan
from backend.features.store import FeatureArray, FeatureStore, Filled, stored_blocks
from backend.features.store.fill import planned_blocks
from backend.features.store.pixels import PixelHashes
from backend.features.strips import Strip, blended_strips
from backend.link import LinkHead, Scorer
from backend.maps.examples import NO_EXAMPLES, Examples, LonLat, example_vectors, place_text
from backend.progress import Progress, silent
from backend.scenes import AnyScene
from backend.scenes.area import Area
from backend.text import TextEncoder

Measure = Literal["cosine", "rank"]
"""The cosine of a cell with a phrase, or the share of the head's words that fit the cell worse."""


@dataclass
class Inquiry:
    """Phrases that are asked of an area of a scene.

    Example:
        inquiry = Inquiry.of(scene, None, ["open water"], encoder, head, text)
        for answer in inquiry.answers(silent):
            show(answer.cells, answer.cosines[0])
    """

    scene: AnyScene
    """As the encoder takes it."""
    area: Area | None
    phrases: list[str]
    encoder: Encoder
    head: LinkHead
    text: TextEncoder
    plan: Plan
    store: FeatureStore | None = None
    coarser: int = 1
    """So many times so many cells are answered as one."""
    but_not: list[str] = field(default_factory=list)
    """Phrases whose mean cosine is subtracted from that with every phrase."""
    examples: Examples = NO_EXAMPLES
    """Cells that count as phrases do, for and against."""
    measure: Measure = "cosine"
    """What the values of a map are."""
    filled: Filled | None = None
    """What was found in the store and what was encoded, once answered; None without a store."""
    windows: int = 0
    """Number of windows that were encoded or had no data; 0 where a store held all."""
    spread: list[NDArray[np.float32]] = field(default_factory=list)
    """Of coarser cells that were answered: how far a single cell may be from their mean."""

    @classmethod
    def of(
        cls,
        scene: AnyScene,
        area: Area | None,
        phrases: Sequence[str],
        encoder: Encoder,
        head: LinkHead,
        text: TextEncoder,
        match_product_type: bool = True,
        quality: Quality = "fine",
        store: FeatureStore | None = None,
        coarser: int = 1,
        but_not: Sequence[str] = (),
        examples: Examples = NO_EXAMPLES,
        measure: Measure = "cosine",
    ) -> "Inquiry":
        """Check what is asked; see `align`.

        Raises:
            PhraseInvalid: a phrase is empty, or is asked and subtracted, or nothing is asked.
            HeadMismatch: the head belongs to another encoder or text encoder.
            DateMissing: the encoder needs the scene's date, which is not known.
            BandMissing: the scene lacks a band that the encoder reads.
            ConfigInvalid: the encoder reads another kind of scene; coarser cells without a store.
            AreaOutsideScene: the area and the scene do not overlap.
        """
        if coarser != 1 and store is None:
            raise ConfigInvalid(
                "Coarser cells are those of a feature store, and there is none.",
                "Give a folder for one: --store DIR.",
            )
        encoder = encoder.with_date(scene.info.date)
        scene = for_encoder(scene, encoder.spec, match_product_type)
        phrases, but_not = check_contrast(phrases, but_not, examples)
        check_measure(measure, head, but_not, examples, coarser)
        head.check(encoder.spec, text.space)
        plan = make_plan(scene, area, encoder.spec, quality)
        asked = (store, coarser, but_not, examples, measure)
        return cls(scene, area, phrases, encoder, head, text, plan, *asked)

    @property
    def labels(self) -> list[str]:
        """What each band of the map is called: ship but not pier."""
        own = self.but_not, self.examples, self.measure
        return [label_of(phrase, *own) for phrase in self.phrases or [""]]

    @property
    def is_contrast(self) -> bool:
        """Whether something is subtracted."""
        return bool(self.but_not or self.examples.unlike)

    @property
    def cells(self) -> CellBox:
        """The cells of the answer, coarser ones where they are asked."""
        n, cells = self.coarser, self.plan.cells
        return CellBox(cells.row0 // n, cells.col0 // n, -(-cells.row1 // n), -(-cells.col1 // n))

    @property
    def cell_m(self) -> float:
        """Side of an answered cell in metres."""
        return self.plan.lattice.cell_m * self.coarser

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """The phrases (q, D), unit vectors of the text space; none where examples stand alone."""
        return self._embedded(self.phrases)

    def _embedded(self, phrases: Sequence[str]) -> NDArray[np.float32]:
        if not phrases:
            return np.empty((0, self.text.space.dim), np.float32)
        return self.text.embed(phrases)

    def answers(
        self, progress: Progress = silent, beside: NDArray[np.float32] | None = None
    ) -> Iterator[Answer]:
        """Yield the answers of all cells that are asked for; NaN elsewhere.

        `beside` (k, D) are unit vectors of the text space whose cosines follow the phrases'.

        Raises:
            SceneUnreadable: the scene's file is damaged.
            OutOfMemory: the memory of the device is too small for a single window.
            StoreInvalid: the store cannot be read.
            ConfigInvalid: so many cells cannot be asked as one.
            AreaOutsideScene: the scene has no data at an example.
        """
        progress("Reading the phrases", 0, 1)
        scorer = self._scorer(beside, progress)
        if self.store is None:
            self.windows = self.plan.window_count
            strips = blended_strips(self.scene, self.plan, self.encoder, progress)
            yield from _encoded_answers(strips, scorer)
            return
        self.filled, self.windows = Filled(), 0
        array = self.store.array_for(self.scene, self.encoder.spec, self.plan.lattice)
        phrases = FoldedPhrases.of(scorer)
        if self.coarser == 1:
            blocks = stored_blocks(
                array, self.scene, self.plan, self.encoder, progress, self.filled
            )
            found = ask(blocks, phrases, LinkNorms(array, self.head, scorer))
        else:
            found = self._coarser(array, scorer, phrases, progress)
        for answer in found:
            cells: CellBox = answer.cells.intersection(self.cells)
            cosines = answer.cosines[:, *cells.within(answer.cells)]
            self.windows = self.filled.encoded * array.windows_per_block
            yield Answer(cells, np.where(self._requested(cells), cosines, np.float32(np.nan)))

    def _scorer(self, beside: NDArray[np.float32] | None, progress: Progress) -> Scorer:
        """Return a scorer of the phrases, mixed with examples and less what is subtracted.

        Each answer is the mean cosine with a phrase and what is liked, less the mean of the rest;
        what is asked `beside` follows as it is.
        """
        others = self._embedded(()) if beside is None else beside
        plain = np.concatenate([self.vectors, others])
        liked = self._linked(self.examples.like, progress)
        unlike = self._linked(self.examples.unlike, progress)
        subtracted = np.concatenate([self._embedded(self.but_not), unlike])
        if not len(liked) and not len(subtracted):
            return Scorer(self.head, plain)
        asked, bands = len(self.phrases), len(self.labels)
        mixing = np.zeros((bands + len(others), len(plain) + len(liked) + len(subtracted)))
        weight = 1 / (len(liked) + (asked > 0))
        mixing[:asked, :asked] = weight * np.eye(asked)
        mixing[bands:, asked : len(plain)] = np.eye(len(others))
        mixing[:bands, len(plain) : len(plain) + len(liked)] = weight
        mixing[:bands, len(plain) + len(liked) :] = -1 / max(1, len(subtracted))
        return Scorer(self.head, np.concatenate([plain, liked, subtracted]), mixing)

    def _linked(self, places: Sequence[LonLat], progress: Progress) -> NDArray[np.float32]:
        """Return example cells (n, D), unit vectors of the text space."""
        if not places:
            return self._embedded(())
        return example_vectors(
            self.scene, self.plan, places, self.encoder, self.head, self.store, progress
        )

    def _coarser(
        self, array: FeatureArray, scorer: Scorer, phrases: FoldedPhrases, progress: Progress
    ) -> Iterator[Answer]:
        """Yield the answers of coarser cells; blocks are read where those are not kept yet."""
        assert self.filled
        coarser = CoarserCells(array, self.head, scorer, self.coarser)
        hashes, rest = PixelHashes(array.info.digest, self.scene), []
        for index in planned_blocks(array, self.plan):
            kept = coarser.kept(index, hashes.get(index))
            if kept is None:
                rest.append(index)
                continue
            self.filled.found += 1
            self.spread.append(kept.spread * self._reach)
            yield kept.ask(phrases)
        blocks = stored_blocks(
            array, self.scene, self.plan, self.encoder, progress, self.filled, rest
        )
        for block in blocks:
            made = coarser.of(block)
            self.spread.append(made.spread * self._reach)
            yield made.ask(phrases)

    @property
    def _reach(self) -> int:
        """How many cosines an answer may sum up, each of which a single cell may differ in."""
        return 2 if self.is_contrast else 1

    def _requested(self, cells: CellBox) -> NDArray[np.bool_]:
        """Return which cells of the answer hold one that is asked for."""
        n = self.coarser
        inner = CellBox(cells.row0 * n, cells.col0 * n, cells.row1 * n, cells.col1 * n)
        requested = self.plan.requested(inner).reshape(cells.height, n, cells.width, n)
        return np.asarray(requested.any(axis=(1, 3)))


def check_phrases(phrases: Sequence[str]) -> list[str]:
    """Return phrases with single blanks.

    Raises:
        PhraseInvalid: there is none, or an empty one.
    """
    stripped = [" ".join(phrase.split()) for phrase in phrases]
    if not stripped or not all(stripped):
        raise PhraseInvalid("A phrase is empty.", "Type what to look for, such as open water.")
    return stripped


def check_contrast(
    phrases: Sequence[str], but_not: Sequence[str], examples: Examples = NO_EXAMPLES
) -> tuple[list[str], list[str]]:
    """Return phrases and what is subtracted from them, with single blanks.

    Raises:
        PhraseInvalid: one is empty, or is asked and subtracted, as an example may be; there is
            neither a phrase nor an example of what is looked for.
    """
    asked = check_phrases(phrases) if phrases or not examples.like else []
    subtracted = check_phrases(but_not) if but_not else []
    both = next((phrase for phrase in asked if phrase in subtracted), None)
    if both is not None:
        raise PhraseInvalid(
            f'"{both}" is asked for and subtracted, which leaves nothing.',
            "Subtract another phrase.",
        )
    twice = next((place for place in examples.like if place in examples.unlike), None)
    if twice is not None:
        raise PhraseInvalid(
            f"The cell at {place_text(twice)} is an example for and against, which leaves nothing.",
            "Take it for one of them.",
        )
    return asked, subtracted


def check_measure(
    measure: Measure, head: LinkHead, but_not: Sequence[str], examples: Examples, coarser: int = 1
) -> None:
    """Check that the values of a map can be what is wanted.

    Raises:
        ConfigInvalid: a rank among words is asked of a head that knows none, of a contrast, of
            examples or of coarser cells.
    """
    if measure == "cosine":
        return
    if head.calibration is None:
        raise ConfigInvalid(
            f"The head {head.meta.name} has no calibration, so no rank among words is known.",
            "Ask for cosines, or use a head that is calibrated, such as the demo head.",
        )
    if but_not or examples.like or examples.unlike or coarser > 1:
        raise ConfigInvalid(
            "A rank among words is that of single phrases in single cells.",
            "Leave out what is subtracted, examples and coarser cells, or ask for cosines.",
        )


def label_of(
    phrase: str,
    but_not: Sequence[str],
    examples: Examples = NO_EXAMPLES,
    measure: Measure = "cosine",
) -> str:
    """Return what a phrase is called with examples, less others: ship but not pier or crane.

    Example cells stand as the command takes them: ship like 11.5755,48.1372. A rank is that of a
    ship among words.
    """
    if measure == "rank":
        return f"{phrase} among words"
    liked = " and ".join(map(place_text, examples.like))
    unlike = [f"like {place_text(place)}" for place in examples.unlike]
    label = f"{phrase} like {liked}".strip() if liked else phrase
    subtracted = " or ".join([*but_not, *unlike])
    return f"{label} but not {subtracted}" if subtracted else label


def _encoded_answers(strips: Iterable[Strip], scorer: Scorer) -> Iterator[Answer]:
    """Yield the answers of cells that have just been encoded."""
    for strip in strips:
        answered = torch.from_numpy(strip.answered).to(strip.features.device)
        scores = scorer.score(strip.features[answered]).float().cpu().numpy()
        cosines = np.full((scores.shape[1], *strip.answered.shape), np.nan, np.float32)
        cosines[:, strip.answered] = scores.T
        yield Answer(strip.cells, cosines)
