"""DINOv2-S1 is transformers' model on the composite that its page describes."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Dinov2Model

from backend.encoders import Encoder, load_encoder
from backend.encoders.dinov2 import composite
from backend.errors import WeightsInvalid, WeightsMissing
from scripts.samples.weights import write_dinov2
from tests.support.rasters import speckled


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dinov2(tmp_path_factory.mktemp("dinov2"))


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return load_encoder("dinov2-s1", folder, "cpu", "float32")


def colours(vv: float, vh: float) -> np.ndarray:
    """The composite (3,) of one backscatter, third_party back to 0 ... 1."""
    db = torch.tensor([vv, vh]).reshape(1, 2, 1, 1)
    pixel = composite(db)[0, :, 0, 0].numpy()
    return pixel * [0.229, 0.224, 0.225] + [0.485, 0.456, 0.406]


def test_it_equals_transformers(encoder: Encoder, folder: Path) -> None:
    windows = torch.from_numpy(np.stack([speckled(224, 224, seed) for seed in range(2)]))
    network = Dinov2Model.from_pretrained(folder, local_files_only=True)
    with torch.no_grad():
        states = network(composite(windows)).last_hidden_state
    features = encoder.encode(windows)
    assert features.shape == (2, 16, 16, 64) and features.dtype == torch.float32
    assert torch.allclose(features.flatten(1, 2), states[:, 1:], atol=1e-5)
    # Rows run south, columns east: the last token is the south-eastern corner.
    assert torch.equal(features[0, -1, -1], encoder.encode(windows[:1])[0, 15, 15])


@pytest.mark.parametrize(
    ("vv", "vh", "red", "green", "blue"),
    [(-25, -32, 0, 0, 7 / 15), (0, -7, 1, 1, 7 / 15), (-12.5, -19.5, 0.5, 0.5, 7 / 15)],
)
def test_the_composite_is_what_its_page_says(
    vv: float, vh: float, red: float, green: float, blue: float
) -> None:
    assert colours(vv, vh) == pytest.approx([red, green, blue], abs=1e-6)


def test_the_composite_is_cut_off_at_its_ends() -> None:
    assert colours(9, -60) == pytest.approx([1, 0, 1], abs=1e-6)
    assert colours(-60, 9) == pytest.approx([0, 1, 0], abs=1e-6)


def test_the_composite_is_part_of_the_identity(encoder: Encoder) -> None:
    assert encoder.spec.weights_hash is not None
    assert encoder.spec.identity == f"dinov2-s1/{encoder.spec.weights_hash[:16]}/composite-1"
    assert encoder.spec.dim == 64 and encoder.spec.cell_m == 140


def test_gaps_leave_the_features_finite(encoder: Encoder) -> None:
    window = speckled(224, 224)[None]
    window[:, :, 60:] = np.nan
    assert torch.isfinite(encoder.encode(window)).all()
    assert torch.isfinite(encoder.encode(np.full((1, 2, 224, 224), np.nan))).all()


def changed(folder: Path, copy: Path, **tensors: torch.Tensor | None) -> Path:
    """A copy of the model with some of its tensors replaced, or left out where None."""
    state = load_file(folder / "model.safetensors") | tensors
    copy.mkdir()
    save_file(
        {key: tensor for key, tensor in state.items() if tensor is not None},
        copy / "model.safetensors",
        metadata={"format": "pt"},
    )
    (copy / "config.json").write_text((folder / "config.json").read_text())
    return copy


KEY = "embeddings.cls_token"


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({KEY: None}, f"lacks {KEY}"),
        ({"classifier.weight": torch.ones(2, 2)}, "has classifier.weight, which"),
        ({KEY: torch.ones(1, 1, 32)}, rf"has {KEY} of shape \(1, 1, 32\); expected \(1, 1, 64\)"),
        ({KEY: torch.full((1, 1, 64), torch.nan)}, f"has NaN or infinite values in {KEY}"),
    ],
)
def test_other_weights_are_refused_by_their_first_key(
    folder: Path, tmp_path: Path, tensors: dict[str, torch.Tensor | None], said: str
) -> None:
    with pytest.raises(WeightsInvalid, match=said):
        load_encoder("dinov2-s1", changed(folder, tmp_path / "copy", **tensors), "cpu", "float32")


def test_other_models_and_damaged_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="are not at"):
        load_encoder("dinov2-s1", tmp_path / "nowhere", "cpu", "float32")
    copy = changed(folder, tmp_path / "copy")
    config = json.loads((copy / "config.json").read_text())
    for content, said in (
        (json.dumps({**config, "model_type": "vit"}), "holds a vit"),
        (json.dumps({**config, "patch_size": 16}), "patches of 16 px"),
        ("{", "config.json cannot be read"),
        ("[]", "config.json cannot be read"),
        (json.dumps({**config, "num_attention_heads": 0}), "cannot be read"),
    ):
        (copy / "config.json").write_text(content)
        with pytest.raises(WeightsInvalid, match=said):
            load_encoder("dinov2-s1", copy, "cpu", "float32")
    (copy / "config.json").write_text(json.dumps(config))
    whole = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsInvalid, match="cut short"):
        load_encoder("dinov2-s1", copy, "cpu", "float32")
    (copy / "model.safetensors").unlink()
    with pytest.raises(WeightsInvalid, match=r"model\.safetensors cannot be read"):
        load_encoder("dinov2-s1", copy, "cpu", "float32")
