"""Cosines of stored cells: off by quantisation alone, and the same bits from every kernel."""

from importlib.util import find_spec

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.features.ask import FoldedPhrases, kernels
from backend.features.ask.kernels import compiled_cosines, cosines, numpy_cosines
from backend.features.store.chunks import dequantise, quantise
from backend.link import LinkHead, Scorer


def made(seed: int, cells: int, dim: int, text_dim: int, phrases: int = 3):
    """Features (n, d), a head and a scorer of it."""
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((cells, dim)).astype(np.float32) * rng.uniform(0.01, 100)
    weight, bias = rng.standard_normal((dim, text_dim)), rng.standard_normal(text_dim)
    head = LinkHead(torch.tensor(weight).float(), torch.tensor(bias).float())
    unit = rng.standard_normal((phrases, text_dim))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    return features, head, Scorer(head, unit)


def stored(features: np.ndarray, precision: str) -> tuple[np.ndarray, np.ndarray]:
    values, scales = quantise(features[None], np.ones((1, len(features)), bool), precision)
    return values[0], scales[0]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 70),
    st.integers(1, 1100),
    st.sampled_from([3, 40, 384]),
)
@settings(max_examples=12, deadline=None)
def test_int8_cells_are_off_by_no_more_than_their_steps_allow(
    seed: int, cells: int, dim: int, text_dim: int
) -> None:
    features, head, scorer = made(seed, cells, dim, text_dim)
    values, scales = stored(features, "int8")
    norms = scorer.norms(dequantise(values, scales)).numpy()
    phrases = FoldedPhrases.of(scorer)
    found = cosines(values, scales, norms, phrases)

    exact = scorer.score(features).numpy().T
    # A feature is off by half a step, so a linked cell by that times the head's largest stretch.
    step = scales / 2 * np.sqrt(dim) * np.linalg.svd(head.weight.numpy(), compute_uv=False)[0]
    numerator = scales / 2 * np.abs(phrases.weights).sum(axis=1, keepdims=True)
    rounded = scales * np.abs(values).sum(axis=1, dtype=np.int64) * phrases.steps[:, None] / 2
    bound = (numerator + rounded + np.abs(exact) * step) / norms
    assert (np.abs(found - exact) <= bound + 1e-4).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 1100))
@settings(max_examples=10, deadline=None)
def test_sums_are_exact_so_that_no_order_changes_a_bit(seed: int, dim: int) -> None:
    _, _, scorer = made(seed, 1, dim, 20)
    rng = np.random.default_rng(seed)
    values = rng.choice(np.array([-127, 127], np.int8), (50, dim))
    phrases = FoldedPhrases.of(scorer)
    values[: len(phrases.numbers)] = np.where(phrases.numbers < 0, -127, 127)  # the largest sums
    scales, norms = rng.random((2, 50)).astype(np.float32)
    sums = phrases.numbers.astype(np.int64) @ values.T.astype(np.int64)
    assert np.abs(sums).max() <= 2**24
    expected = sums.astype(np.float32) * (scales * phrases.steps[:, None])
    expected = (expected + phrases.constants[:, None]) / norms
    assert np.array_equal(numpy_cosines(values, scales, norms, phrases), expected)


@pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: gluelink[fast]")
def test_the_compiled_loop_gives_the_same_bits() -> None:
    features, _, scorer = made(0, 150_000, 64, 384)
    values, scales = stored(features, "int8")
    norms = scorer.norms(dequantise(values, scales)).numpy()
    phrases = FoldedPhrases.of(scorer)
    expected = numpy_cosines(values, scales, norms, phrases)
    for array in (values, scales, norms):
        array.flags.writeable = False
    assert np.array_equal(compiled_cosines(values, scales, norms, phrases), expected)


@pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: gluelink[fast]")
@pytest.mark.parametrize("dim", [5, 16, 31, 115])
def test_cells_of_any_width_and_number_have_the_same_bits_compiled(dim: int) -> None:
    features, _, scorer = made(dim, 21, dim, 40)
    values, scales = stored(features, "int8")
    norms = scorer.norms(dequantise(values, scales)).numpy()
    phrases = FoldedPhrases.of(scorer)
    for count in (3, 8, 21):
        part = values[:count], scales[:count], norms[:count], phrases
        assert np.array_equal(compiled_cosines(*part), numpy_cosines(*part))


def test_float16_cells_are_asked_in_float32() -> None:
    features, _, scorer = made(1, 3000, 64, 384)
    values, scales = stored(features, "float16")
    norms = scorer.norms(dequantise(values, scales)).numpy()
    found = cosines(values, scales, norms, FoldedPhrases.of(scorer))
    exact = scorer.score(dequantise(values, scales)).numpy().T
    assert np.abs(found - exact).max() < 1e-5


def test_cells_without_data_are_nan_and_cells_linked_to_nothing_are_0() -> None:
    values = np.zeros((2, 4), np.int8)
    norms = np.array([np.nan, 0], np.float32)
    phrases = FoldedPhrases.of(Scorer(LinkHead(torch.zeros(4, 8), torch.zeros(8)), np.eye(8)[:1]))
    found = cosines(values, np.zeros(2, np.float32), norms, phrases)
    assert np.isnan(found[0, 0]) and found[0, 1] == 0


@pytest.mark.skipif(find_spec("numba") is None, reason="numba (gluelink[fast]) is not installed")
def test_a_loop_is_compiled_once_enough_was_asked_and_changes_no_bit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    features, _, scorer = made(5, 40, 24, 30)
    values, scales = stored(features, "int8")
    norms = scorer.norms(dequantise(values, scales)).numpy()
    asked = values, scales, norms, FoldedPhrases.of(scorer)
    compiler = kernels._Compiler()
    monkeypatch.setattr(kernels, "_compiler", compiler)
    first = cosines(*asked)
    assert not compiler._loops
    monkeypatch.setattr(kernels, "COMPILE_AFTER", 2 * values.size)
    assert np.array_equal(cosines(*asked), first)
    (loop,) = compiler._loops.values()
    loop.result()
    assert compiler.is_ready(values) and np.array_equal(cosines(*asked), first)
