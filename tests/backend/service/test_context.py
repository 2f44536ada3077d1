"""The store of a service: made where it is missing, and missed where it cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest

from backend.encoders import encoder_spec
from backend.features.store import FeatureStore
from backend.service.context import Context, open_store
from backend.service.model_cache import ModelCache
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings
from backend.service.table import JobTable


def settings(**stated: object) -> Settings:
    return Settings(token="a" * 20, **stated)


def context(folder: Path, **stated: object) -> Context:
    table = JobTable(folder / "jobs.sqlite3")
    return Context(settings(**stated), ModelCache(), SceneRegistry(table), folder, table)


def test_a_new_store_lies_in_the_users_folder_and_may_hold_so_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    monkeypatch.setenv("GLUELINK_STORE_BYTES", "1000000")
    store = open_store(settings())
    assert store and store.home.name == str(tmp_path / "features")
    assert FeatureStore.open(tmp_path / "features").cap == 1_000_000


def test_the_cap_of_a_store_that_is_there_stays(tmp_path: Path) -> None:
    FeatureStore.open(tmp_path / "own").set_cap(5)
    store = open_store(settings(store=tmp_path / "own"))
    assert store and store.cap == 5


def test_nothing_is_kept_where_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_STORE", "none")
    assert open_store(settings()) is None


def test_all_is_kept_but_embeddings_which_are_there_already(tmp_path: Path) -> None:
    running, texture = context(tmp_path, store=tmp_path / "own"), encoder_spec("texture-s1")
    tower_of_whole_chips = replace(texture, reach_px=0)
    for spec in (texture, tower_of_whole_chips, replace(texture, reach_px=None)):
        assert running.store_for(spec) is not None
    assert running.store_for(encoder_spec("alphaearth")) is None


def test_a_folder_of_something_else_costs_time_and_no_map(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert open_store(settings(store=tmp_path)) is None
    assert "Nothing is kept" in caplog.text
