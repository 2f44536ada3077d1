"""SSL4EO-S1 gives what its authors' code gives, from whichever of their files."""

import argparse
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from torch import nn

from backend.encoders import Encoder, load_encoder
from backend.encoders.networks.vit import VisionTransformer
from backend.encoders.ssl4eo import MEAN, STD
from backend.errors import ConfigInvalid, WeightsInvalid
from scripts.samples.weights import MAE_EXTRAS, randomise, vit_state, write_vit
from tests.support.golden import golden, stand_ins
from tests.support.rasters import speckled


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_vit(tmp_path_factory.mktemp("vit") / "enc.pth", width=128, depth=2)


@pytest.fixture(scope="module")
def encoder(file: Path) -> Encoder:
    return load_encoder("ssl4eo-s1", file, "cpu", "float32")


@pytest.fixture(scope="module")
def windows() -> np.ndarray:
    return np.stack([speckled(224, 224, seed) for seed in range(2)])


def test_it_equals_the_reference(real: Path, tmp_path: Path) -> None:
    torch.save(stand_ins("ssl4eo_vits16"), tmp_path / "B2_vits16_mae_ep99_enc.pth")
    encoder = load_encoder("ssl4eo-s1", tmp_path / "B2_vits16_mae_ep99_enc.pth", "cpu", "float32")
    with rasterio.open(real / "denmark_2017" / "s1_rtc_db.tif") as scene:
        features = encoder.encode(scene.read()[None])
    wanted = golden("ssl4eo_vits16_637U_59R_1_3")["features"]
    assert features.dtype == torch.float32
    assert np.abs(features[0].numpy() - wanted).max() < 1e-4


def test_its_blocks_are_those_of_torch() -> None:
    """An independent implementation of pre-norm blocks, with as many heads as the width says."""
    network = VisionTransformer(2, 16, 14, width=192, depth=2)
    state = randomise(network)
    tokens = torch.randn(2, 197, 192)
    ours = network.blocks(tokens)
    for i in range(2):
        layer = nn.TransformerEncoderLayer(
            192, 3, 768, 0, "gelu", layer_norm_eps=1e-6, batch_first=True, norm_first=True
        )
        names = {
            "self_attn.in_proj_": "attn.qkv.",
            "self_attn.out_proj.": "attn.proj.",
            "linear1.": "mlp.fc1.",
            "linear2.": "mlp.fc2.",
            "norm1.": "norm1.",
            "norm2.": "norm2.",
        }
        layer.load_state_dict(
            {
                f"{theirs}{part}": state[f"blocks.{i}.{ours_}{part}"]
                for theirs, ours_ in names.items()
                for part in ("weight", "bias")
            }
        )
        tokens = layer(tokens)
    assert torch.allclose(ours, tokens, atol=1e-4)


@pytest.mark.parametrize(("width", "letter"), [(384, "S"), (768, "B"), (1024, "L")])
def test_sizes_are_told_apart_by_their_shapes(width: int, letter: str, tmp_path: Path) -> None:
    encoder = load_encoder("ssl4eo-s1", write_vit(tmp_path / "vit.pth", width), "cpu", "float32")
    assert encoder.spec.dim == width
    assert f"ViT-{letter}/16" in encoder.spec.title
    assert encoder.encode(speckled(224, 224)[None]).shape == (1, 14, 14, width)


def test_the_whole_training_checkpoint_gives_the_same(
    encoder: Encoder, windows: np.ndarray, tmp_path: Path
) -> None:
    extras = {key: torch.ones(shape) for key, shape in MAE_EXTRAS.items()}
    checkpoint = {
        "model": {**vit_state(128, 2), **extras},
        "optimizer": {"state": {0: {"exp_avg": torch.ones(3)}}, "param_groups": [{"lr": 1e-3}]},
        "epoch": 99,
        "args": argparse.Namespace(model="mae_vit_large_patch16", mask_ratio=0.7),
    }
    torch.save(checkpoint, tmp_path / "B2_vitl16_mae_ep99.pth")
    whole = load_encoder("ssl4eo-s1", tmp_path / "B2_vitl16_mae_ep99.pth", "cpu", "float32")
    assert torch.equal(whole.encode(windows), encoder.encode(windows))
    assert whole.spec.identity != encoder.spec.identity  # another file


def test_published_scaling_cuts_off_beyond_two_deviations(
    encoder: Encoder, windows: np.ndarray
) -> None:
    mean, std = (np.array(values)[:, None, None] for values in (MEAN, STD))
    cut = windows.clip(mean - 2 * std, mean + 2 * std).astype(np.float32)
    strange = windows.copy()
    strange[0, :, 5:9, 5:9] = [[[-90]], [[60]]]
    cut[0, :, 5:9, 5:9] = [mean[0] - 2 * std[0], mean[1] + 2 * std[1]]
    assert torch.allclose(encoder.encode(strange), encoder.encode(cut), atol=1e-4)


def test_the_z_score_is_another_identity(encoder: Encoder, file: Path, windows: np.ndarray) -> None:
    other = load_encoder("ssl4eo-s1-zscore", file, "cpu", "float32")
    assert encoder.spec.identity.endswith("/published")
    assert other.spec.identity == encoder.spec.identity.replace("published", "z-score")
    # z = 4 p - 2 where nothing is cut off, so the same features come from other dB.
    mean, std = (np.array(values, np.float32)[:, None, None] for values in (MEAN, STD))
    inside = windows.clip(mean - 0.4 * std, mean + 0.4 * std)
    z = (inside - mean) / std
    as_published = mean + std * (4 * (z + 0.5) - 2)
    assert torch.allclose(other.encode(inside + 0.5 * std), encoder.encode(as_published), atol=1e-3)


def test_pixels_without_data_take_the_mean_of_the_window(
    encoder: Encoder, windows: np.ndarray
) -> None:
    holed, filled = windows.copy(), windows.copy()
    holed[:, :, 40:90, 100:] = np.nan
    holed[1, 0, 0, 0] = -np.inf
    means = np.nanmean(np.where(np.isfinite(holed), holed, np.nan), axis=(2, 3), keepdims=True)
    filled = np.where(np.isfinite(holed), holed, means).astype(np.float32)
    assert torch.allclose(encoder.encode(holed), encoder.encode(filled), atol=1e-4)


def test_a_window_without_any_data_is_an_average_one(encoder: Encoder) -> None:
    nothing = encoder.encode(np.full((1, 2, 224, 224), np.nan))
    average = np.broadcast_to(np.array(MEAN)[:, None, None], (1, 2, 224, 224))
    assert torch.allclose(nothing, encoder.encode(average.copy()), atol=1e-5)


def test_a_window_means_the_same_in_any_batch(encoder: Encoder, windows: np.ndarray) -> None:
    alone = torch.cat([encoder.encode(window[None]) for window in windows])
    assert torch.allclose(encoder.encode(windows), alone, atol=1e-4)


@pytest.mark.parametrize("shape", [(1, 2, 224, 208), (1, 3, 224, 224), (2, 224, 224)])
def test_other_windows_are_refused(encoder: Encoder, shape: tuple[int, ...]) -> None:
    with pytest.raises(ConfigInvalid, match=r"ssl4eo-s1 got windows.*sides of 224"):
        encoder.encode(np.zeros(shape))


def test_a_width_that_is_no_number_of_heads_is_refused(tmp_path: Path) -> None:
    state = vit_state()
    state["norm.bias"] = torch.zeros(80)
    torch.save(state, tmp_path / "vit.pth")
    with pytest.raises(WeightsInvalid, match="heads 64 wide"):
        load_encoder("ssl4eo-s1", tmp_path / "vit.pth", "cpu", "float32")
