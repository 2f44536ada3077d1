"""Models are loaded once, one at a time, whatever becomes of the jobs that ask for them."""

import gc
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.encoders import encoder_spec
from backend.errors import HeadUnknown
from backend.link import load_head, save_head
from backend.progress import Cancelled, silent
from backend.service import model_cache
from backend.service.capabilities import head_infos
from backend.service.model_cache import ModelCache
from backend.text import TextEncoder, TextSpace
from tests.protocol.made import write_head

DIM = 4
Ones = Callable[[Sequence[str]], np.ndarray]


class SlowModels:
    """Text encoders whose loading waits for the test, and fails when two load at once.

    So do libraries that import their parts when they are needed.
    """

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self.loaded: list[str] = []
        self._importing = threading.Lock()

    def text_encoder(self, name: str) -> TextEncoder:
        return TextEncoder(name, TextSpace(name, "1", DIM), lambda: self._load(name))

    def _load(self, name: str) -> Ones:
        if not self._importing.acquire(blocking=False):
            raise ImportError("cannot import name 'AutoModel' from partially initialized module")
        self.began.set()
        self.go_on.wait(10)
        self._importing.release()
        self.loaded.append(name)
        return lambda phrases: np.ones((len(phrases), DIM), np.float32)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowModels:
    models = SlowModels()
    monkeypatch.setattr(model_cache, "load_text_encoder", models.text_encoder)
    return models


def cancel_while_loading(cache: ModelCache, slow: SlowModels, name: str) -> None:
    """Ask for a text encoder, as a job does that is cancelled before the model is loaded."""

    def progress(stage: str, done: int, total: int) -> None:
        if slow.began.is_set():
            raise Cancelled

    with pytest.raises(Cancelled):
        cache.text_encoder(name, ["open water"], progress)


@pytest.mark.parametrize("second", ["minilm", "siglip2-base"])
def test_a_load_goes_on_after_a_cancel_and_the_next_one_waits_for_it(
    slow: SlowModels, second: str
) -> None:
    cache = ModelCache()
    cancel_while_loading(cache, slow, "minilm")
    threading.Timer(0.3, slow.go_on.set).start()
    encoder = cache.text_encoder(second, ["a forest"], silent)
    assert encoder.embed(["a forest"]).shape == (1, DIM)
    assert slow.loaded == [*dict.fromkeys(["minilm", second])]


def test_a_load_that_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    models, failures = SlowModels(), [OSError("the disk is away")]
    models.go_on.set()

    def load(name: str) -> TextEncoder:
        if failures:
            raise failures.pop()
        return models.text_encoder(name)

    monkeypatch.setattr(model_cache, "load_text_encoder", load)
    cache = ModelCache()
    with pytest.raises(OSError, match="the disk is away"):
        cache.text_encoder("minilm", ["open water"], silent)
    assert cache.text_encoder("minilm", ["open water"], silent).name == "minilm"
    assert models.loaded == ["minilm"]


def test_the_expected_seconds_follow_all_windows_so_far() -> None:
    cache = ModelCache()
    assert cache.expected_seconds("texture-s1", 10) is None
    cache.record_speed("texture-s1", 10, 1.0)
    cache.record_speed("texture-s1", 30, 5.0)
    assert cache.expected_seconds("texture-s1", 80) == 12.0
    assert cache.expected_seconds("dinov2-s1", 80) is None


def test_a_head_that_is_added_replaced_or_removed_is_seen_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    cache, spec = ModelCache(), encoder_spec("texture-s1")
    with pytest.raises(HeadUnknown):
        cache.head("own", spec)
    path = write_head(tmp_path, "own")
    os.utime(path, ns=(10**18, 10**18))  # long ago, so it is kept
    first = cache.head("own", spec)
    assert cache.head("own", spec) is first
    save_head(replace(first, weight=-first.weight), path)
    os.utime(path, ns=(10**18, 10**18))
    second = cache.head("own", spec)
    assert (second.weight == -first.weight).all()
    assert second.sha256 == load_head(path).sha256 != first.sha256
    assert "own" in {one.name for one in head_infos()}
    path.unlink()
    assert "own" not in {one.name for one in head_infos()}
    with pytest.raises(HeadUnknown):
        cache.head("own", spec)


def test_the_garbage_collector_leaves_a_loaded_model_alone() -> None:
    before = gc.get_freeze_count()
    encoder = ModelCache().encoder("texture-s1", silent)
    assert gc.get_freeze_count() > before
    assert not any(one is encoder for one in gc.get_objects())
