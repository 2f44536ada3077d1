"""A corpus that was cut from a simulated scene, once for all tests of the room."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.corpus import Corpus, open_corpus
from backend.corpus.slicing import Slicing, begin_corpus, slice_scene
from backend.scenes import open_any
from backend.simulation import write_demo_scene

SLICING = Slicing((640.0, 1280.0))


@pytest.fixture(scope="session")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo_scene(tmp_path_factory.mktemp("scene"), seed=3, size_px=512)[0]


@pytest.fixture(scope="session")
def cut(scene_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """80 chips: 64 of 640 m, and 16 of 1,280 m that hold four of them each."""
    folder = tmp_path_factory.mktemp("corpus") / "cut"
    corpus = begin_corpus(folder, "cut", "simulated, free", SLICING)
    with open_any(scene_file) as scene:
        slice_scene(corpus, scene, "demo", SLICING)
    return folder


@pytest.fixture
def corpus(cut: Path, tmp_path: Path) -> Corpus:
    """A copy of it, to change."""
    return open_corpus(shutil.copytree(cut, tmp_path / "corpus"))


Spoil = Callable[[str, int, str, str], None]


@pytest.fixture
def spoil(corpus: Corpus) -> Spoil:
    """Change a line of one of the corpus' files."""

    def change(name: str, line: int, right: str, wrong: str) -> None:
        path = corpus.folder / name
        lines = path.read_text("utf-8").splitlines(keepends=True)
        assert right in lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(right, wrong, 1)
        path.write_text("".join(lines), encoding="utf-8")

    return change
