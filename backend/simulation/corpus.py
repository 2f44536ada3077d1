"""A simulated corpus: chips of landscapes whose cover is known, with captions that follow from it.

Each chip has a caption of eight fragments, each about its own subject, and a concise one of a few
words. A landscape is in one split. Some fragments may be planted: replaced by those of another
chip that says something else, so that a screen can be measured against the truth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from backend.corpus.files import CHIPS, FACTS, TEXTS, About, Corpus, create_corpus
from backend.corpus.ground import locate_chip
from backend.corpus.records import Chip, Fragment, Text, plain_values
from backend.corpus.segments import write_segment_classes, write_segments
from backend.corpus.slicing import POLARISATIONS, first_record, write_geotiff
from backend.errors import ConfigInvalid
from backend.io.atomic import stored_together
from backend.io.processes import map_in_processes, usual_workers
from backend.language import Record, cover_of, to_json
from backend.language.regions import REGION_NAMES
from backend.progress import Progress, silent
from backend.scenes import PIXEL_M
from backend.scenes.sentinel1.picture import Cut, Picture
from backend.simulation.backscatter import render_backscatter
from backend.simulation.colours import render_colours
from backend.simulation.cover import BUILT, CLASSES, WATER, Ground
from backend.simulation.demo import DATES, EPSG, NORTH_M, WEST_M
from backend.simulation.landscape import simulate_landscape
from backend.simulation.survey.captions import topics, with_adjective
from backend.simulation.survey.points import landscape_seed
from backend.simulation.survey.words import WORDS, Words

PLANTED = "__planted__"
"""The field of a text's `more` that numbers the fragments which another chip's have replaced."""
CHIPS_PER_LANDSCAPE = 64
TENTHS = ("train",) * 8 + ("validation", "test")
"""The splits of landscapes, in turn."""
SIDES = {"North": 1, "West": 3, "Centre": 4, "East": 5, "South": 7}
SUBJECTS = ("Terrain", *SIDES, "Water", "Buildings")
COLOUR_BANDS = ("red", "green", "blue")
PICTURE = Picture(("VV", "VH", "VV-VH"))
_GAP_M = 100_000.0  # from one landscape to the next

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class SimulatedChips:
    """How a simulated corpus is made."""

    chips: int = 4000
    """How many chips."""
    side_px: int = 64
    """Side of a chip in pixels of 10 m."""
    landscape_px: int = 512
    """Side of a landscape in pixels."""
    wrong: float = 0.0
    """Share of the fragments of captions in training that are replaced by another chip's."""
    seed: int = 0
    """The same seed gives the same corpus."""
    optical: bool = False
    """Whether chips are pictures in optical colours instead of radar, with the same captions."""

    def __post_init__(self) -> None:
        """Raise ConfigInvalid unless a landscape holds a chip, and shares and seed are usable."""
        if self.seed < 0:
            raise ConfigInvalid(f"The seed {self.seed} cannot be used.", "Give one from 0 on.")
        if not 8 <= self.side_px <= self.landscape_px or not 0 <= self.wrong < 1 or self.chips < 1:
            raise ConfigInvalid(
                f"{self.chips} chips of {self.side_px} px with {self.wrong:g} of their fragments "
                "wrong cannot be simulated.",
                f"Give sides of 8 to {self.landscape_px} px, and a share below 1.",
            )

    @property
    def made(self) -> dict[str, Any]:
        """What the corpus says of how it was made; of radar as it was before there were colours."""
        fields = {"by": "simulate", **vars(self)}
        return fields if self.optical else {k: v for k, v in fields.items() if k != "optical"}

    @property
    def per_landscape(self) -> int:
        """Chips of one landscape, side by side."""
        return min(CHIPS_PER_LANDSCAPE, (self.landscape_px // self.side_px) ** 2)

    @property
    def landscapes(self) -> int:
        """Landscapes that are drawn: at least one for each split."""
        return max(len(set(TENTHS)), -(-self.chips // self.per_landscape))


@dataclass(frozen=True)
class _Drawn:
    """The chips of one landscape."""

    pixels: list[NDArray[Any]]
    """dB, or colours of 8 bits."""
    corners: list[tuple[int, int]]
    cover: list[NDArray[np.uint8]]
    cut: Cut
    """Empty for colours."""
    date: str


def simulate_corpus(
    folder: Path, simulation: SimulatedChips, progress: Progress = silent
) -> Corpus:
    """Write a simulated corpus, and return it; one that is finished stays as it is.

    Raises:
        CorpusInvalid: the folder holds another corpus.
        DiskFull: the disk has no room for it.
    """
    made = simulation.made
    corpus = create_corpus(folder, About(folder.name, "simulated, CC0", made))
    if corpus.splits():
        return corpus
    for name in (CHIPS, FACTS, TEXTS):  # of a run that was stopped
        (folder / name).unlink(missing_ok=True)
    corpus.images.mkdir(exist_ok=True)
    write_segment_classes(corpus, [cover.name for cover in CLASSES])
    splits: dict[str, list[str]] = {name: [] for name in dict.fromkeys(TENTHS)}
    texts: list[list[Text]] = []
    write = partial(_write_landscape, corpus=corpus, simulation=simulation)
    written = map_in_processes(write, range(simulation.landscapes), usual_workers())
    with corpus.adding(CHIPS) as chips, corpus.adding(FACTS) as facts:
        for number, described in enumerate(written):
            progress("simulating landscapes", number, simulation.landscapes)
            split = _split_of(number, simulation.landscapes)
            for chip, record, captions in described:
                facts.add(to_json(record))
                chips.add(plain_values(chip))
                splits[split].append(chip.name)
                texts.append(captions)
    training = set(splits["train"])
    planted = _plant([own[0] for own in texts], training, simulation)
    corpus.write_texts(
        text for own, first in zip(texts, planted, strict=True) for text in (first, *own[1:])
    )
    corpus.write_splits(splits, made)
    return corpus


def _split_of(number: int, landscapes: int) -> str:
    """Return the split of a landscape; of few, the last two are validation and test."""
    if landscapes < len(TENTHS):
        return TENTHS[max(0, number - landscapes + len(TENTHS))] if number else TENTHS[0]
    return TENTHS[number % len(TENTHS)]


def _write_landscape(
    number: int, corpus: Corpus, simulation: SimulatedChips
) -> list[tuple[Chip, Record, list[Text]]]:
    """Draw a landscape, and return its chips, whose files are written, with records and captions.

    No file counts before the corpus has its splits.
    """
    with stored_together():
        return list(_described(corpus, number, _draw(number, simulation), simulation))


def _draw(number: int, simulation: SimulatedChips) -> _Drawn:
    """Draw a landscape, and cut it into chips."""
    seed, side = landscape_seed(number, simulation.seed), simulation.side_px
    landscape = simulate_landscape(seed, simulation.landscape_px)
    cut: Cut = {}
    if simulation.optical:
        pixels: NDArray[Any] = render_colours(landscape, seed)
    else:
        pixels = render_backscatter(landscape, seed)
        cut = PICTURE.cut_of(pixels)
    along = simulation.landscape_px // side
    places = np.random.default_rng([seed, 6]).permutation(along**2)[: simulation.per_landscape]
    corners = [(int(place // along) * side, int(place % along) * side) for place in places]
    boxes = [(slice(row, row + side), slice(col, col + side)) for row, col in corners]
    return _Drawn(
        [pixels[:, rows, columns] for rows, columns in boxes],
        corners,
        [landscape.cover[box] for box in boxes],
        cut,
        DATES[landscape.conditions.season],
    )


def _described(
    corpus: Corpus, number: int, drawn: _Drawn, simulation: SimulatedChips
) -> Iterator[tuple[Chip, Record, list[Text]]]:
    """Yield the chips of a landscape with their files written, their records and captions."""
    names = {int(cover.ground): cover.name for cover in CLASSES}
    crs = f"EPSG:{EPSG}"
    first = number * simulation.per_landscape
    for k, (row, column) in enumerate(drawn.corners[: max(1, simulation.chips - first)]):
        name = f"landscape_{number:05d}_{row:04d}_{column:04d}"
        # Landscapes lie apart, so that no ground is in two splits.
        north = NORTH_M + number % 20 * _GAP_M - row * PIXEL_M
        west = WEST_M - number // 20 * 1000.0 + column * PIXEL_M
        transform = Affine(PIXEL_M, 0, west, 0, -PIXEL_M, north)
        bands = COLOUR_BANDS if simulation.optical else POLARISATIONS
        file = corpus.images / f"{name}.tif"
        write_geotiff(file, drawn.pixels[k], crs, transform, drawn.date, bands)
        write_segments(corpus, name, drawn.cover[k])
        side = simulation.side_px
        chip = Chip(
            name,
            f"{name}.tif",
            side,
            side,
            ground=locate_chip(crs, transform, side, side),
            metres_per_pixel=PIXEL_M,
            sensor="optical, simulated" if simulation.optical else "Sentinel-1, simulated",
            polarisations=() if simulation.optical else POLARISATIONS,
            date=drawn.date,
            scene=f"landscape {number}",
            cut_db=drawn.cut,
        )
        record = replace(first_record(chip), cover=cover_of(drawn.cover[k], names))
        rng = np.random.default_rng([simulation.seed, 7, number, k])
        yield chip, record, _captions(name, drawn.cover[k], rng)


def _captions(chip: str, cover: NDArray[np.uint8], rng: np.random.Generator) -> list[Text]:
    """Return a caption of eight fragments and a concise one."""
    whole = _shares(cover)
    thirds = [_shares(part) for part in _regions(cover)]
    stated = {"Terrain": _name(topics(whole)[0], rng)}
    stated |= {side: _name(topics(thirds[region])[0], rng) for side, region in SIDES.items()}
    for subject, family in (("Water", WATER), ("Buildings", BUILT)):
        there = [(whole[ground], ground) for ground in family if whole[ground] > 0.02]
        stated[subject] = _name(WORDS[Ground(max(there)[1])], rng) if there else "none"
    fragments = [Fragment(f"{name}: {words}.", name, "seen") for name, words in stated.items()]
    few = " and ".join(_name(words, rng) for words in topics(whole)[:2])
    return [
        Text(chip, tuple(fragments), task="complex", source="segmentation"),
        Text(chip, (Fragment(few, evidence="seen"),), task="concise", source="segmentation"),
    ]


def _regions(cover: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return the nine regions, row by row from the upper left."""
    assert len(REGION_NAMES) == 9
    rows = np.array_split(cover, 3, axis=0)
    return [part for row in rows for part in np.array_split(row, 3, axis=1)]


def _shares(cover: NDArray[np.uint8]) -> Shares:
    counts = np.bincount(cover.ravel(), minlength=len(CLASSES))[: len(CLASSES)]
    return counts / max(1, counts.sum())


def _name(words: Words, rng: np.random.Generator) -> str:
    phrase = words.phrases[int(rng.integers(len(words.phrases)))]
    if not words.adjectives or rng.random() > 0.3:
        return phrase
    return with_adjective(words.adjectives[int(rng.integers(len(words.adjectives)))], phrase)


def _plant(texts: Sequence[Text], training: set[str], simulation: SimulatedChips) -> list[Text]:
    """Return texts of which a share of the fragments in training are another chip's.

    The other chip says something else about the same subject, in other words of another thing.
    """
    rng = np.random.default_rng([simulation.seed, 8])
    planted = []
    for text in texts:
        fragments, wrong = list(text.fragments), list[int]()
        for n in range(len(fragments)):
            if text.chip not in training or rng.random() >= simulation.wrong:
                continue
            other = _another(texts, text, n, rng)
            if other is not None:
                fragments[n], wrong = other, [*wrong, n]
        more = {PLANTED: wrong} if wrong else {}
        planted.append(replace(text, fragments=tuple(fragments), more=more))
    return planted


def _another(
    texts: Sequence[Text], text: Text, number: int, rng: np.random.Generator
) -> Fragment | None:
    """Return another chip's fragment about the same, of another meaning, if some draws find one."""
    own = _meaning(text.fragments[number])
    for _ in range(20):
        found = texts[int(rng.integers(len(texts)))].fragments[number]
        if not own & _meaning(found):
            return found
    return None


def _meaning(fragment: Fragment) -> frozenset[str]:
    """Return which classes a fragment may speak of."""
    words = fragment.text.partition(": ")[2].rstrip(".")
    of = {ground.name for ground, known in WORDS.items() if any(p in words for p in known.phrases)}
    return frozenset(of or {words})
