"""A file of weights is tensors or it is refused; nothing in it is ever run."""

import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from backend.encoders import load_encoder
from backend.errors import WeightsInvalid, WeightsMissing
from scripts.samples.weights import vit_state, write_vit

STATE = vit_state()
QKV = "blocks.0.attn.qkv.weight"


class Opens:
    """Makes a folder where it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("protocol", ["zip", "legacy", "pickle", "safetensors"])
def test_code_in_a_file_is_not_run(protocol: str, tmp_path: Path) -> None:
    marker = tmp_path / "run"
    held = {**STATE, "more": Opens(marker)}
    path = tmp_path / f"weights.{protocol if protocol == 'safetensors' else 'pth'}"
    if protocol in ("zip", "legacy"):
        torch.save(held, path, _use_new_zipfile_serialization=protocol == "zip")
    else:
        path.write_bytes(pickle.dumps(held, protocol=2))
    with pytest.raises(WeightsInvalid, match="Nothing in it was run"):
        load_encoder("ssl4eo-s1", path, "cpu")
    assert not marker.exists()


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.999])
def test_files_cut_short_are_refused(suffix: str, share: float, tmp_path: Path) -> None:
    path = tmp_path / f"weights.{suffix}"
    save_file(STATE, path) if suffix == "safetensors" else torch.save(STATE, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(WeightsInvalid, match="cannot be read as weights") as refusal:
        load_encoder("ssl4eo-s1", path, "cpu")
    assert str(path) in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.fixture(scope="module")
def pickled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The members of a torch file."""
    path = write_vit(tmp_path_factory.mktemp("pickled") / "vit.pth")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_damaged_is_refused_in_a_sentence(
    pickled: dict[str, bytes], tmp_path: Path, data: st.DataObject
) -> None:
    """Bytes of the pickle inside the file are changed: it loads all the same, or is refused."""
    (name,) = (name for name in pickled if name.endswith("data.pkl"))
    damaged = bytearray(pickled[name])
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=6)):
        damaged[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "weights.pth"
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in pickled.items():
            archive.writestr(member, bytes(damaged) if member == name else content)
    try:
        load_encoder("ssl4eo-s1", path, "cpu")
    except WeightsInvalid as refusal:
        assert refusal.message.endswith(".") and refusal.remedy


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({key: t for key, t in STATE.items() if key != QKV}, f"lacks {QKV}"),
        ({**STATE, "head.weight": torch.ones(3)}, "has head.weight, which this encoder does not"),
        (
            {**STATE, QKV: torch.ones(64, 64)},
            rf"has {QKV} of shape \(64, 64\); expected \(192, 64\)",
        ),
        ({**STATE, QKV: torch.full((192, 64), torch.inf)}, f"NaN or infinite values in {QKV}"),
        ({**STATE, QKV: torch.ones(192, 64, dtype=torch.int8)}, f"has {QKV} as torch.int8"),
        ({"epoch": 3}, "holds no state dict"),
        (torch.ones(3), "holds no state dict"),
        ({}, "holds no vision transformer"),
        ({"norm.bias": torch.tensor(1.0), "blocks.0.x": torch.ones(1)}, "holds no vision"),
        ({**STATE, "norm.bias": torch.ones(1).expand(2**40)}, "holds no vision"),
    ],
)
def test_another_models_weights_are_refused_by_their_first_key(
    state: object, said: str, tmp_path: Path
) -> None:
    torch.save(state, tmp_path / "weights.pth")
    with pytest.raises(WeightsInvalid, match=said):
        load_encoder("ssl4eo-s1", tmp_path / "weights.pth", "cpu")


def test_half_precision_is_read_as_what_it_stands_for(tmp_path: Path) -> None:
    halves = {key: tensor.half() for key, tensor in STATE.items()}
    torch.save(halves, tmp_path / "half.pth")
    torch.save({key: tensor.float() for key, tensor in halves.items()}, tmp_path / "whole.pth")
    window = torch.full((1, 2, 224, 224), -12.0)
    half, whole = (
        load_encoder("ssl4eo-s1", tmp_path / name, "cpu").encode(window)
        for name in ("half.pth", "whole.pth")
    )
    assert half.dtype == torch.float32 and torch.equal(half, whole)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"not at .*none\.pth.*backend\.models pull ssl4eo-s1"):
        load_encoder("ssl4eo-s1", tmp_path / "none.pth")
    with pytest.raises(WeightsInvalid, match="cannot be read as weights"):
        load_encoder("ssl4eo-s1", tmp_path)
