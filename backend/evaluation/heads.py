"""Evaluating heads, and encoders that need none, on the tiles of a survey: Tables 1 and 2."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch

from backend.errors import SurveyInvalid
from backend.evaluation import metrics
from backend.evaluation.bootstrap import Figure, figure, mean_figures, resample
from backend.evaluation.questions import Questions, read_questions
from backend.evaluation.results import (
    CaptionAgreement,
    Evaluation,
    PhraseAgreement,
    RetrievalAgreement,
    ZeroShot,
)
from backend.evaluation.tiles import Tiles, read_tiles, require_fit
from backend.link import LinkHead, Views
from backend.link.views import Array
from backend.progress import Progress, silent
from backend.text.vocabulary import LUCAS_CLASSES

DEPTHS = (100, 500)


def evaluate_head(
    head: LinkHead,
    pooled: Array,
    photos: Array,
    valid: Array | None = None,
    classes: Array | None = None,
    *,
    vocabulary: Array,
    categories: Sequence[str],
    prompts: Array | None = None,
    validation: Views | None = None,
    grid: tuple[int, int] | None = None,
    seed: int = 0,
    resamples: int = 200,
    progress: Progress = silent,
) -> Evaluation:
    """Figures of `head` on tiles with `pooled` (n, 4, d), `photos` (n, 4, D) and `valid` (n, 4).

    `classes` (n,) are rows of `prompts` (8, D), the class prompts, or -1 where unknown.
    `vocabulary` (q, D) are the vectors of its phrases, `categories` (q,) theirs. `validation` are
    the views of the validation split, `grid` the encoder's feature grid. A tile without any
    photograph is left out. The same `seed` draws the same phrases and the same resamples.
    Raises SurveyInvalid, HeadMismatch, ConfigInvalid.
    """
    views = Views.of(pooled, photos, valid, grid=grid)
    require_fit(head, views)
    dims = (head.weight.shape[1],) * 2
    questions = read_questions(vocabulary, vocabulary, categories, prompts, seed, dims=dims)
    scores = _scores(read_tiles(head, views.checked("tile"), progress), questions)
    cosine = None
    if validation is not None:
        cosine = _validation_cosine(head, validation, resamples, seed)
    known = _classes(classes, len(views))
    return _figures(scores, questions, known, cosine, seed, resamples, progress)


def evaluate_reference(
    pooled: Array,
    photos: Array,
    valid: Array | None = None,
    classes: Array | None = None,
    *,
    vocabulary: Array,
    photographed: Array,
    categories: Sequence[str],
    prompts: Array | None = None,
    seed: int = 0,
    resamples: int = 200,
    progress: Progress = silent,
) -> Evaluation:
    """Figures of an encoder that answers text by itself, without a head.

    The arguments are those of `evaluate_head`, but for two text spaces: `vocabulary` (q, d) and
    `prompts` (8, d) are in the encoder's own, that of `pooled` (n, 4, d), and `photographed` (q, D)
    are the same phrases in that of `photos` (n, 4, D). So predictions and photographs have no
    cosine, and that is NaN. Raises SurveyInvalid, HeadMismatch, ConfigInvalid.
    """
    views = Views.of(pooled, photos, valid)
    questions = read_questions(vocabulary, photographed, categories, prompts, seed, dims=views.dims)
    scores = _scores(read_tiles(None, views.checked("tile"), progress), questions)
    known = _classes(classes, len(views))
    return _figures(scores, questions, known, None, seed, resamples, progress)


def mean_head(parts: Iterable[Views]) -> LinkHead:
    """The head that answers every place with the mean photograph of the views in `parts`.

    A head that has learnt nothing about places comes to its figures. SurveyInvalid without any.
    """
    total: torch.Tensor | None = None
    dim = 0
    for part in parts:
        photos = torch.where(part.valid[..., None], part.photos, 0)
        added = photos.sum((0, 1), dtype=torch.float64)
        total, dim = added if total is None else total + added, part.dims[0]
    if total is None or not total.any():
        raise SurveyInvalid("The survey has no view with a photograph.", "Add photographs.")
    return LinkHead(
        torch.zeros(dim, len(total)), torch.nn.functional.normalize(total, dim=0).float()
    )


class _Scores(NamedTuple):
    """Per tile: its row, its views, their mean cosine; rho over all phrases, then by category.

    `predicted` and `photographed` (k, p) are scores of the phrases that rank all tiles, `answer`
    the class of the highest prompt, -1 without prompts.
    """

    rows: np.ndarray
    views: np.ndarray
    cosine: np.ndarray
    rho: np.ndarray
    predicted: np.ndarray
    photographed: np.ndarray
    answer: np.ndarray


def _scores(tiles: Iterable[Tiles], questions: Questions) -> _Scores:
    parts = [_ask(chunk, questions) for chunk in tiles]
    return _Scores(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _figures(
    scores: _Scores,
    questions: Questions,
    classes: np.ndarray | None,
    validation_cosine: Figure | None,
    seed: int,
    resamples: int,
    progress: Progress,
) -> Evaluation:
    """Every figure of these scores, with intervals over tiles."""
    counts = resample(len(scores.rows), resamples, seed)
    caption, *by_category = mean_figures(scores.rho, counts)
    return Evaluation(
        tiles=len(scores.rows),
        views=int(scores.views.sum()),
        validation_cosine=validation_cosine,
        test_cosine=_cosine(scores.cosine, scores.views, counts),
        zero_shot=_zero_shot(scores, classes, counts),
        caption=CaptionAgreement(caption, dict(zip(questions.members, by_category, strict=True))),
        retrieval=_retrieval(scores, questions.sampled, counts, progress),
    )


def _ask(tiles: Tiles, questions: Questions) -> _Scores:
    """Scores of a chunk of tiles, so that never all tiles meet all phrases at once."""
    predicted = metrics.cosines(tiles.predicted, questions.vocabulary)
    photographed = metrics.cosines(tiles.reference, questions.photographed)
    everything = np.arange(len(questions.vocabulary))
    groups = (everything, *questions.members.values())
    rho = [metrics.spearman(predicted[:, group], photographed[:, group]) for group in groups]
    answer = np.full(len(tiles.rows), -1)
    if questions.prompts is not None:
        answer = metrics.cosines(tiles.predicted, questions.prompts).argmax(axis=1)
    return _Scores(
        rows=tiles.rows,
        views=tiles.views,
        cosine=tiles.cosine,
        rho=np.stack(rho, axis=1),
        predicted=predicted[:, questions.sampled],
        photographed=photographed[:, questions.sampled],
        answer=answer,
    )


def _classes(classes: Array | None, tiles: int) -> np.ndarray | None:
    """Classes (n,) as numbers. SurveyInvalid names the first that is none."""
    if classes is None:
        return None
    numbers = np.asarray(classes).astype(int)
    if numbers.shape != (tiles,):
        raise SurveyInvalid(
            f"There are {tiles} tiles and classes of shape {numbers.shape}.",
            "Give every tile one class, -1 where it is unknown.",
        )
    wrong = np.flatnonzero((numbers < -1) | (numbers >= len(LUCAS_CLASSES)))
    if len(wrong):
        raise SurveyInvalid(
            f"Tile {wrong[0]} has the class {numbers[wrong[0]]}; expected 0 to "
            f"{len(LUCAS_CLASSES) - 1}, or -1 where it is unknown.",
            "Build the survey anew: python -m backend.survey.",
        )
    return numbers


def _cosine(cosine: np.ndarray, views: np.ndarray, counts: np.ndarray) -> Figure:
    """The mean over views; intervals draw tiles, since the views of one tile are alike."""
    return mean_figures(cosine[:, None], counts, views[:, None])[0]


def _validation_cosine(head: LinkHead, views: Views, resamples: int, seed: int) -> Figure:
    require_fit(head, views)
    parts = [(tiles.cosine, tiles.views) for tiles in read_tiles(head, views.checked("tile"))]
    cosine, present = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _cosine(cosine, present, resample(len(cosine), resamples, seed))


def _zero_shot(scores: _Scores, classes: np.ndarray | None, counts: np.ndarray) -> ZeroShot | None:
    if classes is None or (scores.answer < 0).any():
        return None
    true = classes[scores.rows]
    right = np.where(true >= 0, (true == scores.answer).astype(float), np.nan)
    of_class = true[:, None] == np.arange(len(LUCAS_CLASSES))
    accuracy = np.where(of_class, right[:, None], np.nan)
    top1, *by_class = mean_figures(np.column_stack([right, accuracy]), counts)
    table = metrics.confusion(true, scores.answer, len(LUCAS_CLASSES))
    return ZeroShot(
        top1,
        dict(zip(LUCAS_CLASSES, by_class, strict=True)),
        tuple(tuple(map(int, row)) for row in table),
    )


def _retrieval(
    scores: _Scores, sampled: np.ndarray, counts: np.ndarray, progress: Progress
) -> RetrievalAgreement:
    rankings = metrics.Rankings(scores.predicted, scores.photographed)
    means = np.empty((len(counts), len(DEPTHS) + 1))
    for row, drawn in enumerate(counts):
        progress("ranking tiles", row, len(counts))
        means[row] = metrics.mean_of_known(rankings.agreement(drawn, DEPTHS))
    progress("ranking tiles", len(counts), len(counts))
    *precision, rho = (figure(column) for column in means.T)
    tiles = len(scores.rows)
    return RetrievalAgreement(
        precision=dict(zip(DEPTHS, precision, strict=True)),
        rho=rho,
        chance={depth: depth / tiles if depth <= tiles else float("nan") for depth in DEPTHS},
        by_phrase=tuple(
            PhraseAgreement(int(phrase), dict(zip(DEPTHS, map(float, of), strict=True)), float(rho))
            for phrase, (*of, rho) in zip(
                sampled, rankings.agreement(counts[0], DEPTHS).T, strict=True
            )
        ),
    )
