"""Evaluating heads, and encoders that need none, on the tiles of a survey: Tables 1 and 2."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch

from backend.errors import SurveyInvalid
from backend.evaluation import agreement, metrics
from backend.evaluation.questions import Questions, read_questions
from backend.evaluation.results import Evaluation, Figure, PhraseAgreement, ZeroShot, resample
from backend.evaluation.scores import DEPTHS, Scores, TileScores, mean_cosine
from backend.evaluation.tiles import Tiles, as_predicted, read_tiles, require_fit
from backend.link import LinkHead, Views
from backend.link.views import Array
from backend.progress import Progress, silent
from backend.text.vocabulary import LUCAS_CLASSES


def evaluate_head(
    head: LinkHead | None,
    pooled: Array,
    photos: Array,
    valid: Array | None = None,
    classes: Array | None = None,
    *,
    vocabulary: Array,
    photographed: Array | None = None,
    categories: Sequence[str],
    prompts: Array | None = None,
    validation: Views | None = None,
    grid: tuple[int, int] | None = None,
    seed: int = 0,
    resamples: int = 200,
    progress: Progress = silent,
) -> Evaluation:
    """Measure a head, or an encoder that answers text by itself when `head` is None.

    Tiles have `pooled` (n, 4, d), `photos` (n, 4, D) and `valid` (n, 4); one without any photograph
    is left out. `classes` (n,) are rows of `prompts` (8, D), the class prompts, or -1 where
    unknown. `vocabulary` (q, D) are the vectors of its phrases, `categories` (q,) theirs.
    `validation` are the views of the validation split, `grid` the encoder's feature grid. The same
    `seed` draws the same phrases and the same resamples.

    Without a head there are two text spaces: `vocabulary` and `prompts` are in the encoder's own,
    that of `pooled`, and `photographed` (q, D) are the same phrases in that of `photos`. So
    predictions and photographs have no cosine, and that is NaN.

    Example:
        words, categories = text.embed(["a lake", "a forest"]), ["wet", "dry"]
        evaluation = evaluate_head(head, pooled, photos, vocabulary=words, categories=categories)
        print(evaluation["caption_rho"].value)

    Raises:
        SurveyInvalid: the arrays do not belong together, hold NaN or no photograph.
        HeadMismatch: head, photographs and phrases are not of the same dimensions.
        ConfigInvalid: phrases, categories or prompts differ in number.
    """
    views = Views.of(pooled, photos, valid, grid=grid)
    dims = views.dims if head is None else (head.weight.shape[1],) * 2
    pictured = vocabulary if photographed is None else photographed
    questions = read_questions(vocabulary, pictured, categories, prompts, seed, dims=dims)
    return evaluate_views(
        head,
        views,
        questions,
        classes,
        validation=validation,
        seed=seed,
        resamples=resamples,
        progress=progress,
    )


def evaluate_views(
    head: LinkHead | None,
    views: Views,
    questions: Questions,
    classes: Array | None = None,
    *,
    validation: Views | None = None,
    seed: int = 0,
    resamples: int = 200,
    progress: Progress = silent,
) -> Evaluation:
    """Measure a head, or a reference without one, by every metric.

    `classes` (n,) are numbers of LUCAS classes, -1 where none is known.

    Raises:
        SurveyInvalid: a vector holds NaN, or `classes` are not those of the tiles.
        HeadMismatch: the head links other features or photographs.
    """
    found = _tiles(head, views, progress)
    asked = _as_predicted(questions, head)
    parts = [_ask(tiles, asked) for tiles in found]
    tiles = TileScores(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    scores = Scores(
        tiles,
        resample(len(tiles.rows), resamples, seed),
        None if classes is None else _read_classes(classes, len(views)),
        None if validation is None else _cosine(head, validation, resamples, seed),
        progress,
    )
    figures = {metric.key: metric.figure(scores) for metric in metrics.METRICS}
    return Evaluation(
        tiles=len(tiles.rows),
        views=int(tiles.views.sum()),
        figures={key: figure for key, figure in figures.items() if figure is not None},
        zero_shot=_zero_shot(scores),
        by_category=dict(zip(questions.members, scores.caption_rho[1:], strict=True)),
        by_phrase=tuple(
            PhraseAgreement(phrase, dict(zip(DEPTHS, precision, strict=True)), rho)
            for phrase, (*precision, rho) in zip(
                questions.sampled.tolist(), scores.retrieval_by_phrase.tolist(), strict=True
            )
        ),
    )


def mean_head(parts: Iterable[Views]) -> LinkHead:
    """Return the head that answers every place with the mean photograph of the views in `parts`.

    A head that has learnt nothing about places comes to its figures.

    Raises:
        SurveyInvalid: there is no photograph.
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


def _tiles(head: LinkHead | None, views: Views, progress: Progress = silent) -> Iterable[Tiles]:
    if head is not None:
        require_fit(head, views)
    return read_tiles(head, views.checked("tile"), progress)


def _as_predicted(questions: Questions, head: LinkHead | None) -> Questions:
    """Return the questions with what predictions are asked in the head's metric."""
    vocabulary, prompts = questions.vocabulary, questions.prompts
    return replace(
        questions,
        vocabulary=as_predicted(vocabulary, head),
        prompts=None if prompts is None else as_predicted(prompts, head),
    )


def _ask(tiles: Tiles, questions: Questions) -> TileScores:
    """Return the scores of a chunk of tiles, so that never all tiles meet all phrases at once."""
    predicted = agreement.cosines(tiles.predicted, questions.vocabulary)
    photographed = agreement.cosines(tiles.reference, questions.photographed)
    groups = (np.arange(len(questions.vocabulary)), *questions.members.values())
    rho = [agreement.spearman(predicted[:, group], photographed[:, group]) for group in groups]
    answer = np.full(len(tiles.rows), -1)
    if questions.prompts is not None:
        answer = agreement.cosines(tiles.predicted, questions.prompts).argmax(axis=1)
    return TileScores(
        rows=tiles.rows,
        views=tiles.views,
        cosine=tiles.cosine,
        rho=np.stack(rho, axis=1),
        predicted=predicted[:, questions.sampled],
        photographed=photographed[:, questions.sampled],
        answer=answer,
    )


def _cosine(head: LinkHead | None, views: Views, resamples: int, seed: int) -> Figure:
    """Return the mean cosine of a head on another split."""
    parts = [(tiles.cosine, tiles.views) for tiles in _tiles(head, views)]
    cosine, present = (np.concatenate(part) for part in zip(*parts, strict=True))
    return mean_cosine(cosine, present, resample(len(cosine), resamples, seed))


def _zero_shot(scores: Scores) -> ZeroShot | None:
    if scores.true_classes is None:
        return None
    table = agreement.confusion(scores.true_classes, scores.tiles.answer, len(LUCAS_CLASSES))
    by_class = dict(zip(LUCAS_CLASSES, scores.accuracy[1:], strict=True))
    return ZeroShot(by_class, tuple(map(tuple, table.tolist())))


def _read_classes(classes: Array, tiles: int) -> np.ndarray:
    """Return classes (n,) as numbers; SurveyInvalid names the first that is not a class."""
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
