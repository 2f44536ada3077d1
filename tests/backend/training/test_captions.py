"""Heads from captions, from photographs, and from both with a weight."""

from pathlib import Path

import numpy as np
import pytest
import torch

from backend.encoders import Encoder
from backend.errors import ConfigInvalid, SurveyInvalid
from backend.evaluation.comparison import open_candidates
from backend.link import WEDGES, Batch, Pooling, mask_means
from backend.survey import create_survey, open_survey
from backend.survey.points import Point, SurveyPoints, gather_points
from backend.training import read_config, train_head
from backend.training.linking.card import model_card
from backend.training.linking.source import mixed
from tests.support.split_survey import SPACE, plant_survey

MEAN = Pooling("mean")


def batches_of(first: int, count: int):  # type: ignore[no-untyped-def]
    """Pairs whose photographs are numbers from `first`, so that they can be told apart."""

    def batches(size: int, rng: np.random.Generator | None):  # type: ignore[no-untyped-def]
        numbers = torch.arange(first, first + count, dtype=torch.float32)
        if rng is not None:
            numbers = numbers[torch.from_numpy(rng.permutation(count))]
        for part in numbers.split(size):
            yield Batch(part[:, None], torch.ones(len(part)), part[:, None])

    return batches


@pytest.mark.parametrize("drawn", [3, 10, 47])
@pytest.mark.parametrize("rng", [None, 1])
def test_a_pass_has_every_photograph_once_and_captions_by_their_weight(
    drawn: int, rng: int | None
) -> None:
    both = mixed(batches_of(0, 20), batches_of(100, 10), 20, drawn)
    generator = None if rng is None else np.random.default_rng(rng)
    found = [float(one) for batch in both(4, generator) for one in batch.photos[:, 0]]
    photographs = sorted(one for one in found if one < 100)
    captions = [one for one in found if one >= 100]
    assert photographs == list(range(20)) and len(captions) == drawn
    times = np.bincount((np.array(captions) - 100).astype(int), minlength=10)
    assert times.max() - times.min() <= max(1, drawn // 10)
    halves = [sum(one >= 100 for one in part) for part in (found[: len(found) // 2], found)]
    assert halves[0] == pytest.approx(halves[1] / 2, abs=5)


def places(count: int) -> SurveyPoints:
    """Points in eight regions, the last two of which are held out."""
    return gather_points(
        Point(
            f"c{k:04}", k / 100, 50.0, None, f"r{k % 8}", -1, ("",) * 4, "a.tif", max(0, k % 8 - 5)
        )
        for k in range(count)
    )


@pytest.fixture(scope="module")
def surveys(tmp_path_factory: pytest.TempPathFactory, texture: Encoder) -> tuple[Path, Path]:
    """Few photographs, and many captions of the same truth."""
    folder = tmp_path_factory.mktemp("surveys")
    _, truth = plant_survey(folder / "photographs", texture.spec, 64)
    spec, rng = texture.spec, np.random.default_rng(7)
    captions = create_survey(folder / "captions", places(800), {"kind": "captions"})
    features = rng.standard_normal((800, 1, spec.dim)).repeat(4, axis=1)
    features[..., spec.dim - spec.surroundings :] = 0
    means = mask_means(spec.grid).numpy()[:, None]
    vectors = features @ truth.weight.numpy() + means * truth.bias.numpy()
    vectors += 0.5 * rng.standard_normal((800, 1, vectors.shape[2]))
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    valid = np.ones((800, 4), bool)
    for layer, values in (
        (captions.photo_layer("words", SPACE), vectors),
        (captions.feature_layer(spec, MEAN), features),
    ):
        for rows in layer.missing():
            layer.write(rows, values[rows], valid[rows])
    return folder / "photographs", folder / "captions"


def test_captions_help_where_photographs_are_few(
    surveys: tuple[Path, Path], tmp_path: Path
) -> None:
    photographs, captions = surveys
    fields = {"survey": photographs, "solver": "ridge", "device": "cpu"}
    alone = train_head(read_config(None, {**fields, "output": tmp_path / "alone"}))
    both = {"captions": captions, "captions_weight": 2.0, "output": tmp_path / "both"}
    head = train_head(read_config(None, fields | both))
    assert head.meta.scores["test_cosine"] > alone.meta.scores["test_cosine"]
    card = model_card(head.meta)
    assert "Captions: captions, 600 chips in train, 2 pairs for each" in card
    assert "Captions:" not in model_card(alone.meta)


def test_a_head_learns_from_captions_alone(surveys: tuple[Path, Path], tmp_path: Path) -> None:
    fields = {"survey": surveys[1], "pooling": "mean", "solver": "ridge", "device": "cpu"}
    head = train_head(read_config(None, {**fields, "output": tmp_path / "h"}))
    assert head.meta.scores["test_cosine"] > head.meta.scores["test_cosine_of_mean"]


def test_a_head_of_captions_is_measured_on_photographs_beside_theirs(
    surveys: tuple[Path, Path], tmp_path: Path
) -> None:
    photographs, captions = surveys
    fields = {"survey": captions, "pooling": "mean", "solver": "ridge", "device": "cpu"}
    train_head(read_config(None, {**fields, "output": tmp_path / "h"}))
    for survey, pooling in ((photographs, WEDGES), (captions, MEAN)):
        names = [str(tmp_path / "h.safetensors")]
        (found,) = open_candidates(names, [], open_survey(survey), "cpu").values()
        assert found.pooling == pooling


def test_captions_that_do_not_fit_are_refused(surveys: tuple[Path, Path], tmp_path: Path) -> None:
    photographs, _ = surveys
    fields = {"survey": photographs, "output": tmp_path / "h", "solver": "ridge"}
    with pytest.raises(SurveyInvalid, match="holds features of texture-s1, not of texture-s1@mean"):
        train_head(read_config(None, {**fields, "captions": photographs}))
    with pytest.raises(ConfigInvalid, match="captions_weight"):
        read_config(None, {**fields, "captions": photographs, "captions_weight": 0})
