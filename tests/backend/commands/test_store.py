"""Looking after a store from the command line."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend import store as command
from backend.features.store import FeatureStore
from tests.backend.features.store.conftest import write_scene
from tests.backend.features.store.test_damage import embed
from tests.support.in_process import exit_code
from tests.support.small_encoder import WindowEncoder

Run = Callable[..., tuple[object, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two scenes."""
    folder = tmp_path_factory.mktemp("made")
    for day in (1, 2):
        path = write_scene(folder / f"S1_2024050{day}.tif", seed=day)
        embed(path, FeatureStore.open(folder / "store"), WindowEncoder(cell_px=16))
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    return Path(shutil.copytree(made / "store", tmp_path / "store"))


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command_line(*arguments: object) -> tuple[object, str]:
        code = exit_code(command.app, [*arguments, "--store", home], monkeypatch)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return command_line


def names(home: Path) -> list[str]:
    return [array.info.scene for array in FeatureStore.open(home).arrays()]


def test_the_list_says_how_much_of_each_scene_is_encoded(run: Run) -> None:
    code, printed = run("list")
    assert code == 0
    first, second, *_ = printed.splitlines()[1:]
    assert first.startswith("S1_20240501-window-") and "  2024-05-01  window   fine" in first
    assert "  192    100%     4.9  " in first and "S1_20240502" in second
    assert "2 arrays" in printed and "no cap" in printed


def test_damage_is_told_and_put_right(run: Run, home: Path) -> None:
    assert run("check") == (0, "All is well.\n")
    chunk = next(home.glob("S1_20240501-*/features/c/0/0/0"))
    chunk.write_bytes(b"")
    (home / "S1_20240501.0123.partial").touch()
    code, printed = run("check")
    assert code == 1
    assert "block 0.0: has a chunk that is missing or damaged" in printed
    assert f"Put it right: python -m backend.store repair --store {home}" in printed
    code, printed = run("repair")
    assert (code, printed.splitlines()[0]) == (
        0,
        "1 problems put right; what is lacking is encoded when asked for.",
    )
    assert run("check")[0] == 0


def test_other_pixels_are_found_when_a_scene_is_read_anew(
    made: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.features.store.check import check_pixels
    from backend.scenes import open_scene

    encoder = WindowEncoder(cell_px=16)
    monkeypatch.setattr("backend.features.store.check.find_encoder", lambda name: encoder)
    same = made / "S1_20240501.tif"
    other = write_scene(tmp_path / "S1_20240501.tif", seed=1, change=1.0)
    store = FeatureStore.open(home)
    found = []
    for path in (same, other):
        with open_scene(path) as scene:
            found.append([problem.block for problem in check_pixels(store, scene)])
    assert found == [[], [(0, 0)]]


def test_arrays_are_dropped_by_name_by_age_or_all(run: Run, home: Path) -> None:
    first, second = FeatureStore.open(home).arrays()
    assert run("drop")[0] == 2
    assert 'no array "other"' in run("drop", "other")[1]
    assert "0 arrays dropped, 2 kept" in run("drop", "--older-than", "1")[1]
    assert "1 arrays dropped, 1 kept" in run("drop", first.info.name)[1]
    assert names(home) == [second.info.scene]
    assert "1 arrays dropped, 0 kept" in run("drop", "--older-than", "0")[1]
    assert [path.name for path in home.iterdir()] == ["zarr.json"]


def test_what_was_not_used_for_longest_makes_room(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FeatureStore.open(home)
    first, second = store.arrays()
    now = time.time()
    for array, age in ((first, 3000), (second, 4000)):
        monkeypatch.setattr(time, "time", lambda age=age: now - age)
        array.touch()
    monkeypatch.setattr(time, "time", lambda: now)
    assert run("cap", "a lot")[0] == 2
    assert run("cap", "1.2.3GB")[0] == 2
    assert run("cap", f"{(first.bytes + second.bytes) / 1e9}GB")[0] == 0
    store = FeatureStore.open(home)
    store.make_room(second, 1)  # the one in use stays, though it was idle for longest
    assert names(home) == [second.info.scene]
    assert "at most 0.00 GB" in run("list")[1]


def test_a_folder_that_is_no_store_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, message in ((tmp_path / "none", "There is no"), (tmp_path, "is empty")):
        arguments = ["list", "--store", folder]
        assert exit_code(command.app, arguments, monkeypatch) == 2
        assert message in capsys.readouterr().err
