"""A corpus as a survey, from which heads learn as they do from ground photographs.

A chip is a point, and its captions stand for its photograph: one view without a direction. So its
features are the plain mean of its cells, the same in all four views, and scaled like the wedges of
photographs: the two can be learnt from together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.corpus.files import Corpus
from backend.corpus.pixels import read_db
from backend.corpus.records import Chip
from backend.corpus.splitting import SQUARE_KM, chip_points
from backend.encoders import Encoder, EncoderSpec
from backend.errors import CorpusInvalid
from backend.link import VIEWS, Pooling
from backend.progress import Progress, silent
from backend.scenes import PIXEL_M
from backend.survey import SPLITS, Survey, create_survey
from backend.survey.layers import Layer
from backend.text import TextEncoder

MEAN = Pooling("mean")
BATCH = 8


@dataclass(frozen=True)
class SurveyReport:
    """What became of the chips."""

    survey: Survey
    """The survey, complete."""
    points: int
    """Chips that are points of it."""
    without: int
    """Chips of the splits that have no caption."""


def build_caption_survey(
    corpus: Corpus,
    path: Path,
    encoder: Encoder,
    text: TextEncoder,
    tasks: Sequence[str] = (),
    progress: Progress = silent,
) -> SurveyReport:
    """Write a survey of the chips that are in a split and have captions, or what it lacks.

    With `tasks` only captions of these types count, such as concise. It may be killed at any
    moment; a later call goes on.

    Raises:
        CorpusInvalid: the corpus has no split or no captions, or chips are smaller than a window.
        SurveyInvalid: the path holds another survey.
    """
    split = {name: n for n, of in enumerate(SPLITS) for name in corpus.splits().get(of, ())}
    if not split:
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no split.", "Make one: python -m backend.corpus split."
        )
    captions = _captions(corpus, split, tasks)
    chips = sorted(
        (chip for chip in corpus.chips() if chip.name in captions), key=lambda chip: chip.name
    )
    if not chips:
        raise CorpusInvalid(
            f"No chip of {corpus.folder} has a caption.",
            "Write some: python -m backend.corpus text.",
        )
    for chip in chips:
        _require_window(chip, encoder.spec)
    points = chip_points(chips, SQUARE_KM, [split[chip.name] for chip in chips])
    source = {"kind": "captions", "corpus": corpus.about.name, "licence": corpus.about.licence}
    survey = create_survey(path, points, source | {"tasks": list(tasks)})
    words = survey.photo_layer(text.name, text.space)
    for rows in words.missing():
        progress("embedding captions", rows.start, len(chips))
        vectors = [_unit(text.embed(captions[chip.name]).mean(axis=0)) for chip in chips[rows]]
        _write(words, rows, np.stack(vectors))
    features = survey.feature_layer(encoder.spec, MEAN)
    for rows in features.missing():
        progress("encoding chips", rows.start, len(chips))
        _write(features, rows, np.concatenate(list(_pooled(corpus, chips[rows], encoder))))
    return SurveyReport(survey, len(chips), len(split) - len(chips))


def _captions(corpus: Corpus, chips: dict[str, int], tasks: Sequence[str]) -> dict[str, list[str]]:
    """Return the captions of each chip that has some."""
    found: dict[str, list[str]] = {}
    for one in corpus.texts():
        fits = one.kind == "caption" and (not tasks or one.task in tasks)
        if fits and one.chip in chips and one.plain:
            found.setdefault(one.chip, []).append(one.plain)
    return found


def _pooled(
    corpus: Corpus, chips: Sequence[Chip], encoder: Encoder
) -> Iterator[NDArray[np.float32]]:
    """Yield pooled views (k, 4, d) of chips, some at a time."""
    spec = encoder.spec
    for start in range(0, len(chips), BATCH):
        batch = chips[start : start + BATCH]
        windows = np.stack([_window(corpus, chip, encoder) for chip in batch])
        dated = encoder.with_date([chip.date for chip in batch])
        yield MEAN.pool(dated.encode_within(windows), spec.cell_m).cpu().numpy()


def _require_window(chip: Chip, spec: EncoderSpec) -> None:
    """Raise CorpusInvalid if a chip is smaller than a window, or has pixels of another size."""
    metres = chip.metres_per_pixel
    if metres != PIXEL_M or min(chip.height or 0, chip.width or 0) < spec.window_px:
        size = "an unknown size" if metres is None else f"{metres:g} m"
        raise CorpusInvalid(
            f"The chip {chip.name} has {chip.width or '?'} × {chip.height or '?'} pixels of "
            f"{size}; {spec.name} takes {spec.window_px} of {PIXEL_M:g} m.",
            f"Cut chips of {spec.window_px * PIXEL_M:g} m: python -m backend.corpus slice.",
        )


def _window(corpus: Corpus, chip: Chip, encoder: Encoder) -> NDArray[np.float32]:
    """Return the middle of a chip as a window with its margin; beyond the chip it is mirrored."""
    spec = encoder.spec
    db, margin = read_db(corpus, chip), spec.margin_px
    top, left = ((side - spec.window_px) // 2 for side in db.shape[1:])
    middle = db[:, top : top + spec.window_px, left : left + spec.window_px]
    return np.pad(middle, ((0, 0), (margin, margin), (margin, margin)), mode="symmetric")


def _write(layer: Layer, rows: slice, vectors: NDArray[np.floating]) -> None:
    """Write a block of vectors (k, d) for all views, or (k, 4, d)."""
    views = vectors if vectors.ndim == 3 else np.repeat(vectors[:, None], len(VIEWS), axis=1)
    layer.write(rows, views, np.ones(views.shape[:2], bool))


def _unit(vector: NDArray[np.floating]) -> NDArray[np.floating]:
    return vector / np.linalg.norm(vector)
