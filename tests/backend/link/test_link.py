"""The method's mathematics: wedges, the three identities, the head's file."""

import dataclasses
import os

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backend.encoders import list_encoders
from backend.errors import ConfigInvalid, HeadInvalid, HeadMismatch, HeadUnknown
from backend.link import (
    HeadMeta,
    LinkHead,
    Pooling,
    Scorer,
    choose_pooling,
    directional_masks,
    find_head,
    load_head,
    mask_means,
    save_head,
    wedge_pool,
)
from backend.text import TextSpace

seeds = st.integers(0, 2**32 - 1)
sides = st.integers(1, 17)
dims = st.integers(1, 24)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def head_of(rng: np.random.Generator, dim: int, text_dim: int) -> LinkHead:
    weight, bias = rng.standard_normal((dim, text_dim)), rng.standard_normal(text_dim)
    return LinkHead(torch.from_numpy(weight), torch.from_numpy(bias))


@given(sides, sides)
def test_masks_equal_the_definition_cell_by_cell(height: int, width: int) -> None:
    masks = directional_masks(height, width, torch.float64).numpy()
    for i in range(height):
        for j in range(width):
            north, east = (height - 1) / 2 - i, j - (width - 1) / 2
            azimuth = np.arctan2(east, north)
            for view, angle in enumerate((0, 90, 180, 270)):
                there = (north, east) != (0, 0)
                wanted = max(0.0, np.cos(azimuth - np.radians(angle))) if there else 0.0
                assert masks[view, i, j] == pytest.approx(wanted, abs=1e-12)


def test_the_north_view_sees_the_first_rows() -> None:
    features = torch.zeros(1, 14, 14, 1)
    features[:, :7] = 1
    north, east, south, west = wedge_pool(features)[0, :, 0].tolist()
    assert north == pytest.approx(float(mask_means((14, 14))[0]))
    assert south == 0
    assert east == pytest.approx(west)


@given(seeds, sides, sides, dims, dims)
def test_pooling_commutes_with_the_head(
    seed: int, height: int, width: int, dim: int, text_dim: int
) -> None:
    rng = np.random.default_rng(seed)
    head = head_of(rng, dim, text_dim)
    features = torch.from_numpy(rng.standard_normal((2, height, width, dim)))
    masks = directional_masks(height, width, torch.float64)
    linked = features @ head.weight + head.bias
    late = (masks[None, ..., None] * linked[:, None]).mean(dim=(2, 3))
    early = wedge_pool(features) @ head.weight + masks.mean(dim=(1, 2))[:, None] * head.bias
    assert (late - early).abs().max() < 1e-6


@given(seeds, dims, dims, st.integers(1, 5))
def test_folded_scores_equal_projected_cosines(
    seed: int, dim: int, text_dim: int, phrases: int
) -> None:
    rng = np.random.default_rng(seed)
    head = head_of(rng, dim, text_dim)
    vectors = unit(rng.standard_normal((phrases, text_dim)))
    features = torch.from_numpy(rng.standard_normal((3, 4, dim)))
    linked = unit((features @ head.weight + head.bias).numpy())
    scores = Scorer(head, vectors).score(features)
    assert np.abs(scores.numpy() - linked @ vectors.T).max() < 1e-6


@given(seeds)
def test_norms_serve_every_phrase(seed: int) -> None:
    rng = np.random.default_rng(seed)
    head = head_of(rng, 6, 9)
    features = torch.from_numpy(rng.standard_normal((50, 6)))
    first, second = (Scorer(head, unit(rng.standard_normal((1, 9)))) for _ in range(2))
    kept = first.norms(features)
    assert torch.allclose(second.score(features, kept), second.score(features), atol=1e-12)


def test_scores_in_single_precision_agree_with_projection_to_1e_6() -> None:
    rng = np.random.default_rng(3)
    head = head_of(rng, 64, 384)
    vectors = unit(rng.standard_normal((4, 384)))
    features = rng.standard_normal((1000, 64))
    linked = unit(features @ head.weight.numpy() + head.bias.numpy())
    scores = Scorer(head, vectors).score(features.astype(np.float32))
    assert scores.dtype == torch.float32
    assert np.abs(scores.numpy() - linked @ vectors.T).max() < 1e-6


def saved_head(tmp_path, **changes: object):
    spec = list_encoders()[0]
    space = TextSpace("a-model", "r1", 12)
    meta = HeadMeta("a-head", "A head", spec.name, spec.identity, "minilm", space, {"test": 0.5})
    head = head_of(np.random.default_rng(0), spec.dim, 12)
    head = LinkHead(head.weight.float(), head.bias.float(), dataclasses.replace(meta, **changes))
    save_head(head, tmp_path / "a-head.safetensors")
    return head, tmp_path / "a-head.safetensors"


def test_a_head_comes_back_from_its_file_as_it_was(tmp_path) -> None:
    head, path = saved_head(tmp_path)
    read = load_head(path)
    assert torch.equal(read.weight, head.weight) and torch.equal(read.bias, head.bias)
    assert read.meta == head.meta
    assert len(read.sha256) == 64
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_a_head_may_be_read_by_whom_any_new_file_may(tmp_path) -> None:
    (tmp_path / "any").touch()
    save_head(LinkHead(torch.ones(2, 3), torch.ones(3)), tmp_path / "head")
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


@pytest.mark.parametrize("keep", [0, 7, 100, -1])
def test_a_truncated_head_is_refused(tmp_path, keep: int) -> None:
    _, path = saved_head(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(HeadInvalid, match=r"a-head\.safetensors"):
        load_head(path)


def test_a_pickle_is_refused_and_not_run(tmp_path) -> None:
    path = tmp_path / "evil.safetensors"
    torch.save({"weight": torch.zeros(2, 3)}, path)
    with pytest.raises(HeadInvalid):
        load_head(path)


def test_a_head_with_nan_is_refused() -> None:
    with pytest.raises(HeadInvalid, match="NaN"):
        LinkHead(torch.full((2, 3), torch.nan), torch.zeros(3))


def test_a_head_for_another_encoder_or_text_space_is_refused(tmp_path) -> None:
    spec = list_encoders()[0]
    head, path = saved_head(tmp_path)
    find_head(str(path), spec).check(spec, head.meta.text_space)
    with pytest.raises(HeadMismatch, match="other-model"):
        head.check(spec, TextSpace("other-model", "r1", 12))
    with pytest.raises(HeadMismatch, match="other-encoder/3"):
        find_head(str(path), dataclasses.replace(spec, identity="other-encoder/3"))


def test_a_head_of_the_encoder_before_this_one_is_refused(tmp_path) -> None:
    spec = list_encoders()[0]
    assert spec.identity == "texture-s1/4"
    _, path = saved_head(tmp_path, encoder_identity="texture-s1/3")
    with pytest.raises(HeadMismatch, match=r"fitted on texture-s1/3 .* is texture-s1/4"):
        find_head(str(path), spec)


def test_an_unknown_head_names_the_known_ones() -> None:
    with pytest.raises(HeadUnknown, match="no head 'nowhere'"):
        find_head("nowhere", list_encoders()[0])


def test_a_window_of_one_cell_is_whole_in_every_view_and_has_no_wedges() -> None:
    vectors = torch.randn(3, 1, 1, 5)
    assert choose_pooling((1, 1)) == Pooling("mean") and choose_pooling((2, 2)) == Pooling("wedge")
    pooled = Pooling("mean").pool(vectors, 2240.0)
    assert torch.equal(pooled, vectors[:, 0].expand(3, 4, 5))
    with pytest.raises(ConfigInvalid, match="One cell of 2240 m has no wedges") as caught:
        Pooling("wedge").pool(vectors, 2240.0)
    assert "pooling mean" in caught.value.remedy
