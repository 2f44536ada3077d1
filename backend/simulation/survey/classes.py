"""The few classes that a head's cosines are read by, and what their words have in common."""

import string

import numpy as np
import torch

from backend.link import LinkHead, Scorer
from backend.link.calibration import Calibration, fit_posterior
from backend.link.score import in_metric
from backend.simulation import CLASSES
from backend.simulation.cover import Ground as G
from backend.simulation.survey.cells import SingleCells, class_vectors
from backend.simulation.survey.translations import LANGUAGES, TRANSLATIONS
from backend.simulation.survey.words import WORDS
from backend.text.base import TextEncoder

READ_AS: dict[str, tuple[G, ...]] = {
    "water": (G.LAKE, G.RIVER, G.SEA, G.FLOOD),
    "wetland": (G.FLOODED_VEGETATION, G.MARSH, G.MUDFLAT),
    "forest": (G.BROADLEAVED_FOREST, G.CONIFEROUS_FOREST, G.RAINFOREST),
    "shrubs": (G.SHRUBLAND, G.SAVANNA),
    "fields": (G.GRASSLAND, G.CEREALS, G.TALL_CROPS, G.RICE, G.ORCHARD),
    "bare ground": (G.BARE_SOIL, G.SPARSE, G.SAND, G.ROCK),
    "snow and ice": (G.SNOW_ICE,),
    "built-up land": (G.VILLAGE, G.TOWN, G.INDUSTRY, G.ASPHALT),
}
HOLDS = ("water",)  # docs/truth.md: on real scenes the others' probabilities do not

FORMS = (
    "{}",
    "a photograph of {}",
    "a view of {}",
    "a landscape with {}",
    "looking at {}",
)
BETWEEN = 10.0  # weight of what sets languages apart: docs/truth.md
SHRINK = 0.5  # of the metric, by the mean variance of a dimension
MEANT = 0.9  # share of a class's words that mean it
LETTERS, BELOW = 400, 0.99  # random words, and the share of them that mean nothing
THINNED = 4  # every fourth cell is enough for so small a posterior


def paraphrase_metric(text: TextEncoder, translated: bool = False) -> torch.Tensor:
    """Return the metric M (D, D) in which phrases that mean the same lie close to each other.

    M = chol((S + tr(S) / 2D)^-1): S is the mean over the cover classes of the covariance of their
    words in five forms of a sentence. So a direction counts the less the more it tells synonyms
    apart (a Mahalanobis metric within classes; Shental et al., Adjustment Learning and Relevant
    Component Analysis, 2002).

    For a text encoder of several languages S has `BETWEEN` times the mean covariance of a class's
    name in eight languages as well, if `translated`.
    """
    covariances = []
    for cover in CLASSES:
        words = sorted(set(WORDS[cover.ground].phrases))
        vectors = text.embed([form.format(word) for word in words for form in FORMS])
        covariances.append(np.cov(vectors.T.astype(np.float64), bias=True))
    within = np.mean(covariances, axis=0)
    if translated:
        within = within + BETWEEN * _between_languages(text)
    within += SHRINK * np.trace(within) / len(within) * np.eye(len(within))
    return torch.from_numpy(np.linalg.cholesky(np.linalg.inv(within)))


def _between_languages(text: TextEncoder) -> np.ndarray:
    """Return the mean over the classes of the covariance (D, D) of their names in each language."""
    covariances = []
    for english, ground in zip(class_vectors(text), TRANSLATIONS, strict=True):
        names = text.embed(TRANSLATIONS[ground]).reshape(len(LANGUAGES), -1, len(english))
        languages = np.concatenate([names.mean(axis=1), english[None]])
        covariances.append(np.cov(languages.T.astype(np.float64), bias=True))
    return np.mean(covariances, axis=0)


def calibrate(head: LinkHead, cells: SingleCells, text: TextEncoder) -> Calibration:
    """Return what a head's cosines are read by, from simulated cells and from words alone."""
    words = [
        text.embed(sorted({word for ground in grounds for word in WORDS[ground].phrases}))
        for grounds in READ_AS.values()
    ]
    classes = np.stack([of_class.mean(axis=0) for of_class in words])
    classes /= np.linalg.norm(classes, axis=1, keepdims=True)
    like = in_metric(head, classes).T.numpy()
    letters = (in_metric(head, text.embed(_random_words())).numpy() @ like).max(axis=1)
    every = np.concatenate(words)
    direction, length = _mean_direction(head, every)
    features = cells.features[::THINNED]
    cosines = Scorer(head, classes).score(features).numpy()
    shares = [cells.shares[::THINNED, list(grounds)].sum(axis=1) for grounds in READ_AS.values()]
    weight, bias = fit_posterior(cosines, np.stack(shares, axis=1))
    spread = Scorer(head, every).score(features[::THINNED]).std(dim=1).mean()
    return Calibration(
        classes=tuple(READ_AS),
        holds=HOLDS,
        vectors=np.concatenate([classes, direction[None]]).astype(np.float32),
        weight=weight,
        bias=bias,
        near=tuple(
            float(np.quantile(in_metric(head, of_class).numpy() @ like[:, k], 1 - MEANT))
            for k, of_class in enumerate(words)
        ),
        noise=float(np.quantile(letters, BELOW)),
        words=(length, float(spread)),
    )


def _mean_direction(head: LinkHead, phrases: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the unit vector that is, in the metric, the mean of phrases, and the mean's length."""
    metric = np.eye(phrases.shape[1]) if head.metric is None else head.metric.double().numpy()
    lengths = np.linalg.norm(phrases @ metric, axis=1, keepdims=True)
    mean = (phrases / lengths).mean(axis=0)
    return mean / np.linalg.norm(mean), float(np.linalg.norm(mean @ metric))


def _random_words() -> list[str]:
    """Return random letters in one to three words of three to eight, the same each time."""
    rng = np.random.default_rng(0)
    letters = np.array(list(string.ascii_lowercase))

    def word() -> str:
        return "".join(rng.choice(letters, rng.integers(3, 9)))

    return [" ".join(word() for _ in range(rng.integers(1, 4))) for _ in range(LETTERS)]
