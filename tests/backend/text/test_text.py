"""minilm gives unit vectors that mean something, offline, and remembers phrases."""

import numpy as np
import pytest

from backend.errors import PhraseInvalid, TextEncoderUnknown
from backend.text import TextEncoder, TextSpace, list_text_encoders, load_text_encoder


@pytest.fixture(scope="module")
def minilm() -> TextEncoder:
    return load_text_encoder("minilm", device="cpu", remember=False)


def test_vectors_have_unit_length_and_the_space_s_dimension(minilm) -> None:
    vectors = minilm.embed(["open water", "a forest"])
    assert vectors.shape == (2, minilm.space.dim) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_like_phrases_lie_close(minilm) -> None:
    water, lake, forest = minilm.embed(["open water", "a calm lake", "a pine forest"])
    assert water @ lake > water @ forest + 0.1


def test_a_phrase_means_the_same_alone_and_in_a_batch_of_long_ones(minilm) -> None:
    alone = minilm.embed(["open water"])[0]
    batch = minilm.embed(["a village " * 40, "open water", "open  water "])
    assert np.abs(batch[1:] - alone).max() < 1e-5


def test_a_remembered_phrase_never_loads_the_model(tmp_path) -> None:
    space = TextSpace("model", "r1", 3)
    calls = []

    def load():
        calls.append("load")
        return lambda phrases: np.eye(3)[: len(phrases)]

    first = TextEncoder("t", space, load, tmp_path)
    wanted = first.embed(["a", "b"])
    assert np.array_equal(TextEncoder("t", space, load, tmp_path).embed(["b", "a"]), wanted[::-1])
    assert calls == ["load"]
    TextEncoder("t", TextSpace("model", "r2", 3), load, tmp_path).embed(["a"])
    assert calls == ["load", "load"]


def test_a_damaged_memory_is_computed_anew(tmp_path) -> None:
    space = TextSpace("model", "r1", 3)
    encoder = TextEncoder("t", space, lambda: lambda phrases: np.eye(3)[: len(phrases)], tmp_path)
    wanted = encoder.embed(["a"])
    (file,) = tmp_path.rglob("*.npy")
    file.write_bytes(b"damaged")
    assert np.array_equal(encoder.embed(["a"]), wanted)


@pytest.mark.parametrize("phrases", [[], [""], ["water", "   "]])
def test_an_empty_phrase_is_refused(minilm, phrases: list[str]) -> None:
    with pytest.raises(PhraseInvalid, match="empty"):
        minilm.embed(phrases)


def test_an_unknown_text_encoder_names_the_known_ones() -> None:
    with pytest.raises(TextEncoderUnknown, match=r"'clip'.*minilm"):
        load_text_encoder("clip")
    assert "minilm" in list_text_encoders()
