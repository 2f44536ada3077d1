"""Pickles: no code runs from a file of weights, arrays, phrases or checkpoints.

The pickles here would make an empty folder, and nothing else.
"""

import ast
import io
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.encoders.networks.weights import read_tensors
from backend.errors import GlueLinkError
from backend.io.arrays import ArrayFile
from backend.io.ranges import LocalFile
from backend.link import load_head
from backend.text import TextSpace
from backend.text.base import TextEncoder

ROOT = Path(__file__).parents[2]


class Makes:
    """What makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def as_pickle(value: object, path: Path, protocol: int) -> None:
    path.write_bytes(pickle.dumps(value, protocol))


def as_checkpoint(value: object, path: Path, protocol: int) -> None:
    torch.save({"model": value}, path, pickle_protocol=max(2, protocol))


def as_old_checkpoint(value: object, path: Path, protocol: int) -> None:
    kept = {"model": value}
    torch.save(kept, path, pickle_protocol=max(2, protocol), _use_new_zipfile_serialization=False)


def as_array(value: object, path: Path, protocol: int) -> None:
    body = io.BytesIO()
    head = {"descr": "|O", "fortran_order": False, "shape": (1, 1)}
    np.lib.format.write_array_header_1_0(body, head)
    path.write_bytes(body.getvalue() + pickle.dumps(np.array([[value]], object), protocol))


WAYS = [as_pickle, as_checkpoint, as_old_checkpoint, as_array]


def read_array(path: Path) -> None:
    ArrayFile(LocalFile(path)).read(slice(0, 1), slice(0, 1))


READERS: list[tuple[str, Callable[[Path], object]]] = [
    ("a.safetensors", load_head),
    ("a.safetensors", read_tensors),
    ("a.pth", read_tensors),
    ("a.pt", read_tensors),
    ("a.npy", read_array),
]


def test_no_file_of_weights_or_arrays_runs_code(tmp_path: Path) -> None:
    made = tmp_path / "made"
    pickle.loads(pickle.dumps(Makes(made)))  # so would all of them
    made.rmdir()
    for way in WAYS:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            for name, read in READERS:
                way(Makes(made), tmp_path / name, protocol)
                with pytest.raises(GlueLinkError):
                    read(tmp_path / name)
                assert not made.exists(), (way, protocol, name)


def test_no_phrase_that_is_kept_runs_code(tmp_path: Path) -> None:
    made, cache = tmp_path / "made", tmp_path / "phrases"
    cache.mkdir()
    space = TextSpace("a", "b", 3)
    encoder = TextEncoder("own", space, lambda: lambda phrases: np.ones((len(phrases), 3)), cache)
    encoder.embed(["water"])
    (file,) = cache.rglob("*.npy")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        as_array(Makes(made), file, protocol)
        again = TextEncoder("own", space, lambda: lambda phrases: np.ones((len(phrases), 3)), cache)
        assert again.embed(["water"]).shape == (1, 3)
        assert not made.exists()


FILTERS: list[list[dict[str, str]] | None] = [
    None,
    [{"id": "pickle"}],
    [{"id": "vlen-utf8"}, {"id": "pickle"}],
]


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("kind", ["|O", "<i8"])
def test_no_array_of_an_older_zarr_runs_code(
    tmp_path: Path, filters: list[dict[str, str]] | None, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numcodecs.pickles

    monkeypatch.setattr(numcodecs.pickles, "ALLOW_UNSAFE_PICKLE_DECODE", True, raising=False)
    from backend.scenes.tiled.remote import Ranges
    from backend.scenes.tiled.stores import ZarrStore

    made, array = tmp_path / "made", tmp_path / "a.zarr" / "time"
    array.mkdir(parents=True)
    about = {"zarr_format": 2, "shape": [1], "chunks": [1], "dtype": kind, "order": "C"}
    about |= {"filters": filters, "compressor": None, "fill_value": None}
    (array / ".zarray").write_text(json.dumps(about))
    as_pickle(np.array([Makes(made)], object), array / "0", 4)
    store = ZarrStore(tmp_path / "a.zarr", Ranges())
    with pytest.raises(GlueLinkError):
        store.read(store.require("time"), ())
    assert not made.exists()


LOADERS = {"load", "loads", "full_load", "unsafe_load", "load_all", "read_pickle", "Unpickler"}
NEEDED = {"torch": ("weights_only", True), "np": ("allow_pickle", False)}
FORBIDDEN = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"}


def test_no_code_of_the_project_reads_what_could_run() -> None:
    looked_at = 0
    for folder in ("backend", "gluelink_plugin", "scripts"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                module, name = ast.unparse(node.func.value), node.func.attr
                assert (module, name) not in (("builtins", "eval"), ("builtins", "exec"))
                if name not in LOADERS or module in ("json", "tomllib"):
                    continue
                looked_at += 1
                assert module not in FORBIDDEN | {"yaml"}, f"{file}:{node.lineno}"
                if module in NEEDED:
                    keyword, value = NEEDED[module]
                    stated = {k.arg: ast.unparse(k.value) for k in node.keywords}
                    assert stated.get(keyword) == str(value), f"{file}:{node.lineno}"
    assert looked_at >= 3
