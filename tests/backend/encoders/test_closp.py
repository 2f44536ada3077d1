"""CLOSP: the radar tower and the text tower from the published layout, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from backend.encoders import load_encoder
from backend.errors import WeightsInvalid, WeightsMissing
from backend.text import load_text_encoder
from backend.text.minilm import model_folder
from scripts.samples.closp import DIM, write_closp

PHRASES = ["Open  WATER", "a flooded village " * 40, "x"]

THEIRS = [
    [0.4127374291419983, 0.5854743719100952, -0.4553883671760559, 0.17379942536354065],
    [0.4027896523475647, 0.5794125199317932, -0.44919294118881226, 0.17411278188228607],
]
"""The first numbers for `windows` with the weights of `closp` as CLOSP's authors compute them.

By kornia's Resize(224), the VisionTransformer of timm 1.0.31 and a linear layer.
"""


@pytest.fixture(scope="module")
def closp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_closp(tmp_path_factory.mktemp("closp"))


def windows() -> torch.Tensor:
    """Windows (2, 2, 120, 120) of speckle in dB."""
    rng = torch.Generator().manual_seed(5)
    noise = torch.randn(2, 2, 120, 120, generator=rng)
    return noise * 3 - torch.tensor([12.0, 19.0])[:, None, None]


def test_the_radar_tower_gives_what_its_authors_network_gives(closp: Path) -> None:
    encoder = load_encoder("closp-s1", closp, "cpu")
    found = encoder.encode(windows())
    assert found.shape == (2, 1, 1, DIM) and encoder.spec.dim == DIM
    assert found[:, 0, 0, :4].numpy() == pytest.approx(np.array(THEIRS), abs=1e-5)


@torch.no_grad()
def test_the_text_tower_gives_the_class_token_of_transformers(closp: Path) -> None:
    tower = {
        name.removeprefix("text_model."): tensor
        for name, tensor in load_file(closp).items()
        if name.startswith("text_model.")
    }
    sizes = {"num_hidden_layers": 2, "num_attention_heads": 12, "intermediate_size": 2 * DIM}
    theirs = BertModel(BertConfig(vocab_size=30_522, hidden_size=DIM, **sizes)).eval()
    theirs.load_state_dict(tower)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(model_folder() / "tokenizer.json"), pad_token="[PAD]"
    )
    tokens = tokenizer(
        [" ".join(phrase.split()) for phrase in PHRASES],
        padding="max_length",
        truncation=True,
        max_length=64,
        return_tensors="pt",
    )
    asked = {"input_ids": tokens.input_ids, "attention_mask": tokens.attention_mask}
    wanted = torch.nn.functional.normalize(theirs(**asked).last_hidden_state[:, 0], dim=1)
    encoder = load_text_encoder("closp-vs", closp.parent, "cpu", remember=False)
    assert encoder.embed(PHRASES) == pytest.approx(wanted.numpy(), abs=1e-5)
    assert encoder.space.name == "DarthReca/CLOSP-VS" and encoder.space.dim == DIM


def test_both_towers_are_of_one_file(closp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = load_encoder("closp-s1", closp, "cpu")
    text = load_text_encoder("closp-vs", closp.parent, "cpu", remember=False)
    assert encoder.spec.text == "closp-vs"
    assert encoder.spec.weights_hash == text.space.revision


def test_a_window_without_data_has_the_mean_of_its_band(closp: Path) -> None:
    encoder = load_encoder("closp-s1", closp, "cpu")
    flat = torch.full((1, 2, 120, 120), -15.0)
    whole = encoder.encode(flat)
    flat[..., :50] = torch.nan
    assert torch.allclose(encoder.encode(flat), whole, atol=1e-5)


@pytest.mark.parametrize(
    ("dropped", "words"),
    [("s1_projection.", "cannot be read"), ("s1_encoder.blocks.", "no radar tower")],
)
def test_a_file_without_the_tower_is_refused(
    closp: Path, tmp_path: Path, dropped: str, words: str
) -> None:
    kept = {k: v for k, v in load_file(closp).items() if not k.startswith(dropped)}
    save_file(kept, tmp_path / "model.safetensors")
    with pytest.raises(WeightsInvalid, match=words):
        load_encoder("closp-s1", tmp_path / "model.safetensors", "cpu")


def test_absent_weights_and_another_text_tower_are_said(closp: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"closp-vs.*pull closp-vs"):
        load_text_encoder("closp-vs", tmp_path, "cpu", remember=False)
    kept = {k: v for k, v in load_file(closp).items() if not k.startswith("text_model.enc")}
    save_file(kept, tmp_path / "model.safetensors")
    broken = load_text_encoder("closp-vs", tmp_path, "cpu", remember=False)
    kept.pop("text_model.embeddings.word_embeddings.weight")
    save_file(kept, tmp_path / "model.safetensors")
    with pytest.raises(WeightsInvalid, match="no text tower"):
        broken.embed(["a lake"])
