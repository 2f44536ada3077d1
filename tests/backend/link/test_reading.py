"""A reading says whether anything like a phrase is there, and nothing that it cannot know."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backend.encoders import Encoder
from backend.errors import HeadInvalid
from backend.features.ask.norms import head_digest
from backend.link import LinkHead, Scorer, find_head, load_head, save_head
from backend.link.calibration import fit_posterior
from backend.link.reading import Reading, RunningReading, reading
from backend.text import TextEncoder

D, DIM = 5, 12
SHIPPED = "texture-s1_minilm"


@pytest.fixture(scope="module")
def shipped(texture: Encoder) -> LinkHead:
    return find_head(SHIPPED, texture.spec)


def read(
    head: LinkHead, text: TextEncoder, phrases: list[str], features: torch.Tensor
) -> list[Reading]:
    vectors = text.embed(phrases)
    asked = np.concatenate([vectors, head.calibration.vectors])
    return reading(Scorer(head, asked).score(features).numpy().T, head, vectors)


@given(st.integers(0, 1000))
def test_a_metric_is_folded_exactly(seed: int) -> None:
    rng = torch.Generator().manual_seed(seed)
    weight, bias = torch.randn(D, DIM, generator=rng), torch.randn(DIM, generator=rng)
    metric = torch.randn(DIM, DIM, generator=rng)
    features, phrases = torch.randn(20, D, generator=rng), torch.randn(3, DIM, generator=rng)
    scores = Scorer(LinkHead(weight, bias, metric=metric), phrases).score(features.double())
    linked = ((features @ weight + bias).double() @ metric.double())[:, None]
    expected = torch.cosine_similarity(linked, phrases.double() @ metric.double(), dim=-1)
    assert torch.allclose(scores, expected, atol=1e-6)


def test_norms_that_a_store_keeps_are_not_those_of_another_metric(shipped: LinkHead) -> None:
    assert head_digest(shipped) != head_digest(replace(shipped, metric=None))


def test_a_head_keeps_its_metric_and_its_calibration(shipped: LinkHead, tmp_path: Path) -> None:
    save_head(shipped, tmp_path / "h.safetensors")
    again = load_head(tmp_path / "h.safetensors")
    assert torch.equal(again.metric, shipped.metric)
    for name, value in vars(shipped.calibration).items():
        assert np.array_equal(getattr(again.calibration, name), value), name
    assert b"gluelink-head/2" in (tmp_path / "h.safetensors").read_bytes()[:20_000]


def test_a_metric_of_another_text_space_is_refused(shipped: LinkHead) -> None:
    with pytest.raises(HeadInvalid, match="has 384 dimensions"):
        replace(shipped, metric=torch.eye(3))
    with pytest.raises(HeadInvalid, match="other shapes"):
        replace(shipped.calibration, bias=shipped.calibration.bias[:-1])
    for wrong in ({"near": ("0.5",) * 8}, {"noise": float("nan")}, {"classes": (1,) * 8}):
        with pytest.raises(HeadInvalid, match="finite numbers"):
            replace(shipped.calibration, **wrong)


@pytest.mark.parametrize("phrase", ["qwertz uiop asdf", "hgjfk dlsowp", "the theory of relativity"])
def test_gibberish_is_nothing_like_that_whatever_the_cells(
    phrase: str, shipped: LinkHead, minilm: TextEncoder
) -> None:
    features = torch.randn(200, shipped.weight.shape[0], generator=torch.Generator().manual_seed(1))
    (found,) = read(shipped, minilm, [phrase], features)
    assert found.verdict == "nothing" and found.class_name is None and found.probability is None
    assert "nothing like that here" in found.sentence


def test_what_is_asked_in_parts_reads_as_the_whole(shipped: LinkHead, minilm: TextEncoder) -> None:
    phrases = ["open water", "sand", "qwertz uiop asdf"]
    features = torch.randn(300, shipped.weight.shape[0], generator=torch.Generator().manual_seed(2))
    vectors = minilm.embed(phrases)
    running = RunningReading(shipped, vectors)
    asked = np.concatenate([vectors, running.beside])
    for part in (features[:0], features[:7], features[7:]):
        running.add(Scorer(shipped, asked).score(part).numpy().T)
    for one, whole in zip(running.summary(), read(shipped, minilm, phrases, features), strict=True):
        assert one.verdict == whole.verdict
        assert one.probability == pytest.approx(whole.probability)
        assert one.share == pytest.approx(whole.share)
        assert one.percentile == pytest.approx(whole.percentile)


def test_cells_are_asked_for_classes_only_where_a_probability_is_shown(
    shipped: LinkHead, minilm: TextEncoder
) -> None:
    asked = {
        phrase: len(RunningReading(shipped, minilm.embed([phrase])).beside)
        for phrase in ("a lake", "a town", "sand")
    }
    assert asked == {"a lake": len(shipped.calibration.classes) + 1, "a town": 1, "sand": 1}


def test_a_head_without_a_calibration_says_so(shipped: LinkHead, minilm: TextEncoder) -> None:
    with pytest.raises(HeadInvalid, match="no calibration"):
        RunningReading(replace(shipped, calibration=None), minilm.embed(["water"]))


def test_a_posterior_gives_back_the_shares_that_were_planted() -> None:
    rng = np.random.default_rng(0)
    cosines = rng.uniform(-1, 1, (1_000, 3))
    logits = cosines @ np.array([[6.0, 0, 0], [0, 3, 0], [0, 0, 4]]) + np.array([-2, 0, 1])
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    weight, bias = fit_posterior(cosines, shares, l2=1e-5)
    found = np.exp(cosines @ weight + bias)
    assert np.abs(found / found.sum(axis=1, keepdims=True) - shares).max() < 0.01
