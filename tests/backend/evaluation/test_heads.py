"""Every figure against a plain reading of its definition: loops, float64, scipy."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from backend.errors import ConfigInvalid, HeadMismatch, SurveyInvalid
from backend.evaluation import agreement, evaluate_head, results
from backend.evaluation.metrics import metric
from backend.evaluation.tiles import as_predicted, read_tiles
from backend.link import LinkHead, Scorer, Views, mask_means

pytestmark = pytest.mark.filterwarnings("ignore::scipy.stats.ConstantInputWarning")

seeds = st.integers(0, 2**32 - 1)
GRID = (5, 5)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


class Made:
    """A random survey with ties and missing views, and a head that has learnt something."""

    def __init__(self, seed: int, tiles: int = 130, phrases: int = 14) -> None:
        rng = np.random.default_rng(seed)
        dim, text_dim = 5, 7
        self.weight = rng.standard_normal((dim, text_dim))
        self.bias = rng.standard_normal(text_dim)
        self.pooled = rng.standard_normal((tiles, 4, dim))
        noise = rng.standard_normal((tiles, 4, text_dim))
        self.photos = unit(self.pooled @ self.weight + noise)
        self.pooled[tiles // 2 : tiles // 2 + 20] = self.pooled[:20]  # equal tiles tie
        self.photos[tiles // 2 : tiles // 2 + 20] = self.photos[:20]
        self.valid = rng.random((tiles, 4)) < 0.7
        self.valid[tiles // 2 : tiles // 2 + 20] = self.valid[:20]
        self.valid[[3, 9]] = False  # no photograph at all
        self.photos[~self.valid] = np.nan
        self.vocabulary = unit(rng.standard_normal((phrases, text_dim)))
        self.vocabulary[5] = self.vocabulary[2]  # equal phrases tie
        self.categories = ["wet", "dry"] * (phrases // 2)
        self.prompts = unit(rng.standard_normal((8, text_dim)))
        self.classes = rng.integers(-1, 7, tiles)  # nothing is a wetland
        self.head = LinkHead(torch.from_numpy(self.weight), torch.from_numpy(self.bias))

    def evaluate(self, **changes: object):
        arguments = {
            "vocabulary": self.vocabulary,
            "categories": self.categories,
            "prompts": self.prompts,
            "grid": GRID,
            "resamples": 3,
        }
        arrays = (self.pooled, self.photos, self.valid, self.classes)
        return evaluate_head(self.head, *arrays, **(arguments | changes))

    def tiles(self):
        """Row, four predicted views, the photographs there, for each tile that has one."""
        means = mask_means(GRID).numpy()
        for row in range(len(self.pooled)):
            if self.valid[row].any():
                views = [
                    unit(self.pooled[row, v] @ self.weight + means[v] * self.bias) for v in range(4)
                ]
                there = [v for v in range(4) if self.valid[row, v]]
                yield row, views, {v: self.photos[row, v] for v in there}


def plain_scores(made: Made, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Predicted and photographed cosines (n, q), each summed without error."""
    tiles = [
        (unit(np.mean(views, axis=0)), unit(np.mean(list(photos.values()), axis=0)))
        for _, views, photos in made.tiles()
    ]
    scores = np.array([[[math.fsum(t * v) for v in vectors] for t in pair] for pair in tiles])
    return np.round(scores[:, 0], 12), np.round(scores[:, 1], 12)


def plain_precision(a: np.ndarray, b: np.ndarray, depth: int) -> float:
    """Expected overlap of the first `depth`, each tie at the border drawn by lot."""

    def chances(scores: np.ndarray) -> list[float]:
        found = []
        for score in scores:
            better, level = sum(scores > score), sum(scores == score)
            found.append(min(1.0, max(0.0, (depth - better) / level)))
        return found

    return sum(x * y for x, y in zip(chances(a), chances(b), strict=True)) / depth


@settings(max_examples=8)
@given(seeds)
def test_cosines_are_the_mean_over_the_views_present(seed: int) -> None:
    made = Made(seed)
    wanted = [
        float(views[v] @ photo) for _, views, photos in made.tiles() for v, photo in photos.items()
    ]
    views = Views.of(made.pooled, made.photos, made.valid, grid=GRID)
    found = made.evaluate(validation=views)
    assert found["test_cosine"].value == pytest.approx(np.mean(wanted), abs=1e-9)
    assert found["validation_cosine"] == found["test_cosine"]
    assert found.views == len(wanted) == made.valid.sum()
    assert found.tiles == made.valid.any(axis=1).sum()


@settings(max_examples=8)
@given(seeds)
def test_zero_shot_counts_the_highest_prompt(seed: int) -> None:
    made = Made(seed)
    table = np.zeros((8, 8), int)
    for row, views, _ in made.tiles():
        scores = [float(unit(np.mean(views, axis=0)) @ prompt) for prompt in made.prompts]
        if made.classes[row] >= 0:
            table[made.classes[row], scores.index(max(scores))] += 1
    evaluation = made.evaluate()
    found = evaluation.zero_shot
    assert np.array_equal(found.confusion, table)
    assert evaluation["top1"].value == pytest.approx(np.trace(table) / table.sum(), abs=1e-12)
    for letter, row in zip("ABCDEFG", range(7), strict=True):
        accuracy = table[row, row] / table[row].sum()
        assert found.by_class[letter].value == pytest.approx(accuracy, abs=1e-12)
    assert math.isnan(found.by_class["H"].value)


@settings(max_examples=8)
@given(seeds)
def test_caption_agreement_is_scipys_spearman_tile_by_tile(seed: int) -> None:
    made = Made(seed)
    predicted, photographed = plain_scores(made, made.vocabulary)
    found = made.evaluate()
    rho = [spearmanr(a, b).statistic for a, b in zip(predicted, photographed, strict=True)]
    assert found["caption_rho"].value == pytest.approx(np.mean(rho), abs=1e-9)
    assert list(found.by_category) == ["wet", "dry"]
    for start, name in enumerate(("wet", "dry")):
        pairs = zip(predicted[:, start::2], photographed[:, start::2], strict=True)
        rho = [spearmanr(a, b).statistic for a, b in pairs]
        assert found.by_category[name].value == pytest.approx(np.nanmean(rho), abs=1e-9)


@settings(max_examples=6)
@given(seeds)
def test_retrieval_agreement_is_overlap_and_scipys_spearman(seed: int) -> None:
    made = Made(seed)
    predicted, photographed = plain_scores(made, made.vocabulary)
    found = made.evaluate()
    pairs = list(zip(predicted.T, photographed.T, strict=True))
    rho = [spearmanr(a, b).statistic for a, b in pairs]
    precision = [plain_precision(a, b, 100) for a, b in pairs]
    assert found["retrieval_rho"].value == pytest.approx(np.mean(rho), abs=1e-9)
    assert found["precision_at_100"].value == pytest.approx(np.mean(precision), abs=1e-9)
    assert math.isnan(found["precision_at_500"].value)
    assert metric("precision_at_100").chance(found.tiles) == 100 / len(predicted)
    assert [phrase.phrase for phrase in found.by_phrase] == list(range(len(made.vocabulary)))
    assert [phrase.rho for phrase in found.by_phrase] == pytest.approx(rho, abs=1e-9)


levels = st.integers(0, 4)


@given(st.integers(2, 9).flatmap(lambda n: st.lists(st.tuples(levels, levels), min_size=n)))
def test_spearman_is_scipys_whatever_ties(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array([column], float) for column in zip(*pairs, strict=True))
    found = agreement.spearman(a, b)[0]
    assert found == pytest.approx(spearmanr(a[0], b[0]).statistic, abs=1e-12, nan_ok=True)


@given(seeds, st.integers(3, 30), st.integers(1, 5))
def test_a_drawn_tile_counts_as_often_as_it_was_drawn(seed: int, n: int, depth: int) -> None:
    """Counting tiles and writing them out as often give the same figures."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 6, (2, n)).astype(float)
    drawn = rng.integers(n, size=n)
    counts = np.bincount(drawn, minlength=n).astype(float)
    depth = min(depth, n)
    counted = agreement.Rankings(a[:, None], b[:, None]).agreement(counts, (depth,))[:, 0]
    rho = spearmanr(a[drawn], b[drawn]).statistic
    wanted = [plain_precision(a[drawn], b[drawn], depth), rho]
    assert counted == pytest.approx(wanted, abs=1e-9, nan_ok=True)


@given(seeds, st.integers(2, 20))
def test_ties_at_the_border_are_worth_their_chance(seed: int, n: int) -> None:
    """A ranking of one tie only finds K/N, whatever the other is."""
    other = np.random.default_rng(seed).standard_normal((n, 1))
    rankings = agreement.Rankings(np.zeros((n, 1)), other)
    for depth in range(1, n + 1):
        precision, rho = rankings.agreement(np.ones(n), (depth,))[:, 0]
        assert precision == pytest.approx(depth / n)
        assert math.isnan(rho)


@pytest.mark.parametrize(("tiles", "phrases"), [(13, 5), (511, 101), (1, 757)])
def test_equal_tiles_and_equal_phrases_tie(tiles: int, phrases: int) -> None:
    """A matrix product sums the odd rows at its edge in another order."""
    rng = np.random.default_rng(0)
    one, others = unit(rng.standard_normal((1, 384))), unit(rng.standard_normal((tiles, 384)))
    assert (np.ptp(agreement.cosines(others, np.tile(one, (phrases, 1))), axis=1) == 0).all()
    assert (np.ptp(agreement.cosines(np.tile(one, (phrases, 1)), others), axis=0) == 0).all()


def test_the_same_ranking_agrees_wholly() -> None:
    scores = np.random.default_rng(0).standard_normal((50, 3))
    found = agreement.Rankings(scores, np.exp(scores)).agreement(np.ones(50), (1, 7, 50, 51))
    assert found[[0, 1, 2, 4]] == pytest.approx(np.ones((4, 3)))
    assert np.isnan(found[3]).all()


def test_means_leave_out_what_is_not_known() -> None:
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    first, second = results.mean_figures(values, results.resample(3, 20, 0))
    assert first.value == 2 and 1 <= first.low <= first.high <= 3
    assert math.isnan(second.value) and math.isnan(second.low)


def test_an_interval_is_as_wide_as_statistics_says() -> None:
    values = np.random.default_rng(1).standard_normal((2000, 1))
    found = results.mean_figures(values, results.resample(2000, 600, 0))[0]
    error = values.std() / 2000**0.5
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.25 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.25 * error)


def test_the_same_seed_gives_the_same_figures_and_another_draws_other_phrases() -> None:
    made = Made(4, phrases=120)
    first, again, other = (made.evaluate(seed=seed, resamples=9) for seed in (1, 1, 2))
    assert repr(first) == repr(again)
    chosen = [[phrase.phrase for phrase in found.by_phrase] for found in (first, other)]
    assert chosen[0] != chosen[1] and len(set(chosen[0])) == 100
    assert first["caption_rho"].value == other["caption_rho"].value


def test_half_precision_tensors_do_as_well_as_doubles() -> None:
    made = Made(5)
    wanted = made.evaluate()
    half = [torch.from_numpy(a).half() for a in (made.pooled, made.photos)]
    found = evaluate_head(
        made.head,
        *half,
        torch.from_numpy(made.valid),
        torch.from_numpy(made.classes),
        vocabulary=made.vocabulary,
        categories=made.categories,
        prompts=made.prompts,
        grid=GRID,
    )
    assert found["test_cosine"].value == pytest.approx(wanted["test_cosine"].value, abs=1e-3)
    assert found["caption_rho"].value == pytest.approx(wanted["caption_rho"].value, abs=1e-2)


def test_a_view_without_imagery_says_nothing_of_its_tile() -> None:
    """A survey holds zeros there, and the bias alone would speak for the view."""
    made = Made(9)
    made.pooled[:, 1], made.valid[:, 1] = 0, False
    (found,) = read_tiles(made.head, Views.of(made.pooled, made.photos, made.valid, grid=GRID))
    wanted = {
        row: unit(np.mean([views[v] for v in (0, 2, 3)], axis=0)) for row, views, _ in made.tiles()
    }
    assert found.rows.tolist() == list(wanted)
    assert found.predicted == pytest.approx(np.array(list(wanted.values())), abs=1e-12)


def with_metric(made: Made) -> LinkHead:
    rng = np.random.default_rng(10)
    return replace(made.head, metric=torch.from_numpy(rng.standard_normal((7, 7))))


def test_phrases_are_asked_in_the_metric_of_the_head_as_a_map_asks_them() -> None:
    """A wedge's mean p with the mask's mean m is the cell p / m, which a map would score."""
    made = Made(10)
    made.pooled[:, 1:], made.valid[:, 1:] = 0, False  # so that a tile is its first view
    head, mean = with_metric(made), float(mask_means(GRID)[0])
    (tiles,) = read_tiles(head, Views.of(made.pooled, made.photos, made.valid, grid=GRID))
    on_map = Scorer(head, made.vocabulary).score(made.pooled[tiles.rows, 0] / mean)
    found = agreement.cosines(tiles.predicted, as_predicted(made.vocabulary, head))
    assert found == pytest.approx(on_map.numpy(), abs=1e-9)


def test_a_metric_changes_what_phrases_find_and_not_how_near_photographs_are() -> None:
    made, plain = Made(11), Made(11).evaluate()
    head = made.head = with_metric(made)
    found, metric = made.evaluate(), head.metric.numpy()
    vocabulary, prompts = (unit(words @ metric) for words in (made.vocabulary, made.prompts))
    linked = made.pooled @ made.weight + mask_means(GRID).numpy()[:, None] * made.bias
    wanted = evaluate_head(  # a reference whose own space is the metric's
        None,
        linked @ metric,
        made.photos,
        made.valid,
        made.classes,
        vocabulary=vocabulary,
        photographed=made.vocabulary,
        categories=made.categories,
        prompts=prompts,
        grid=GRID,
    )
    for key in ("caption_rho", "retrieval_rho", "top1"):
        assert found[key].value == pytest.approx(wanted[key].value, abs=1e-9)
    assert found["caption_rho"].value != pytest.approx(plain["caption_rho"].value, abs=1e-3)
    assert found["test_cosine"] == plain["test_cosine"]


def test_chunks_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(6)
    wanted = made.evaluate()
    monkeypatch.setattr("backend.evaluation.tiles.CHUNK", 7)
    found = made.evaluate()
    assert found["caption_rho"].value == pytest.approx(wanted["caption_rho"].value, abs=1e-12)
    assert found["retrieval_rho"].value == pytest.approx(wanted["retrieval_rho"].value, abs=1e-12)
    assert found.zero_shot.confusion == wanted.zero_shot.confusion


def test_without_classes_there_is_no_zero_shot() -> None:
    assert Made(7).evaluate(prompts=None).zero_shot is None


def test_what_is_wrong_is_said_in_one_sentence() -> None:
    made = Made(8)
    made.pooled[17, 2, 0] = np.nan
    made.valid[17, 0] = True
    made.photos[17, 0] = made.vocabulary[0]
    with pytest.raises(
        SurveyInvalid, match="Tile 17 of the survey, view south: its features hold NaN"
    ):
        made.evaluate()
    made = Made(8)
    with pytest.raises(HeadMismatch, match=r"\(14, 6\).*\(q, 7\)"):
        made.evaluate(vocabulary=made.vocabulary[:, :6])
    with pytest.raises(ConfigInvalid, match="14 phrases and 13 categories"):
        made.evaluate(categories=made.categories[1:])
    with pytest.raises(ConfigInvalid, match="3 class prompts; expected 8"):
        made.evaluate(prompts=made.prompts[:3])
    made.classes[5] = 8
    with pytest.raises(SurveyInvalid, match="Tile 5 has the class 8; expected 0 to 7"):
        made.evaluate()
    made.valid[:] = False
    with pytest.raises(SurveyInvalid, match="no view with a photograph"):
        made.evaluate()
    made = Made(8)
    made.photos = made.photos[:, :, :6]
    with pytest.raises(HeadMismatch, match=r"5 dimensions to 7.*photographs of 6"):
        made.evaluate()
    made.photos = made.photos[1:]
    with pytest.raises(SurveyInvalid, match=r"\(130, 4, 5\).*\(129, 4, 6\)"):
        made.evaluate()
