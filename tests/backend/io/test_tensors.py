"""Files of safetensors: the same bytes for the same content, and readable as before."""

from pathlib import Path

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file

from backend.io.tensors import write_tensors


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=30), max_size=6))
def test_equal_content_is_equal_bytes_whatever_the_order(
    tmp_path_factory, metadata: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("tensors")
    tensors = {"b": torch.arange(6.0, dtype=torch.float64).reshape(2, 3).T, "a": torch.ones(3)}
    tensors["words"] = torch.arange(5, dtype=torch.uint8)
    for name, own in (("one", metadata), ("other", dict(reversed(metadata.items())))):
        write_tensors(folder / name, tensors, own)
    assert (folder / "one").read_bytes() == (folder / "other").read_bytes()
    with safe_open(folder / "one", "pt") as file:
        assert (file.metadata() or {}) == metadata
    found = load_file(folder / "one")
    assert found["b"].dtype == torch.float32 and found["words"].dtype == torch.uint8
    assert np.array_equal(found["b"], tensors["b"]) and torch.equal(found["a"], tensors["a"])


def test_everybody_may_read_it(tmp_path: Path) -> None:
    write_tensors(tmp_path / "a", {"a": torch.ones(1)}, {})
    (tmp_path / "b").write_bytes(b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode
