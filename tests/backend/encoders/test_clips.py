"""CLIPs of the user in the layouts of open_clip and OpenAI: both towers, and what is refused."""

import json
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPModel

from backend.encoders import encoder_spec, list_encoders, load_encoder
from backend.encoders.clip import ClipRgb
from backend.encoders.networks.open_clip import to_open_clip
from backend.errors import ConfigInvalid, HeadMismatch, WeightsInvalid, WeightsMissing
from backend.link import find_head
from backend.text import load_text_encoder
from scripts.samples.clip import OpenClip, write_tokenizer
from scripts.samples.weights import randomise

PHRASES = ["open water", "a forest by the lake"]


@pytest.fixture
def clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of CLIPs, with a tokenizer in it."""
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    folder = tmp_path / "clips"
    folder.mkdir()
    write_tokenizer(folder)
    return folder


def tokens_of(clips: Path, filled_with: int) -> torch.Tensor:
    tokenizer = Tokenizer.from_file(str(clips / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=filled_with, length=77)
    return torch.tensor([read.ids for read in tokenizer.encode_batch(PHRASES)])


def write_open_clip(clips: Path) -> OpenClip:
    """A checkpoint as open_clip's training leaves it on several GPUs."""
    size = Tokenizer.from_file(str(clips / "tokenizer.json")).get_vocab_size()
    network = OpenClip(size, bands=3).eval()
    network.load_state_dict(randomise(network, 0))
    state = {f"module.{name}": tensor for name, tensor in network.state_dict().items()}
    torch.save({"epoch": 9, "name": "sar", "state_dict": state}, clips / "sar.pt")
    config = {"embed_dim": 16, "vision_cfg": {"image_size": 224}, "text_cfg": {}}
    (clips / "sar.json").write_text(json.dumps({"model_cfg": config}))
    return network


def pictures(db: torch.Tensor) -> torch.Tensor:
    """VV from -25 to 0 dB as CLIP takes it."""
    mean, std = (torch.tensor(of)[:, None, None] for of in (ClipRgb.mean, ClipRgb.std))
    grey = (255 * (db[:, :1] + 25) / 25).clamp(0, 255)
    return (grey.expand(-1, 3, -1, -1) - mean) / std


def unit(vectors: torch.Tensor) -> np.ndarray:
    return torch.nn.functional.normalize(vectors, dim=1).numpy()


@torch.no_grad()
def test_a_checkpoint_of_open_clip_is_asked_without_a_head(clips: Path) -> None:
    network, db = write_open_clip(clips), torch.randn(2, 2, 224, 224) * 6 - 12
    encoder = load_encoder("sar", device="cpu")
    found = encoder.encode(db)
    assert found.shape == (2, 1, 1, 16) and encoder.spec.dim == 16
    wanted = network.visual(pictures(db))
    assert found[:, 0, 0].numpy() == pytest.approx(wanted.numpy(), abs=1e-5)
    text = load_text_encoder("sar", device="cpu", remember=False)
    asked = network.encode_text(tokens_of(clips, 0))
    assert text.embed(PHRASES) == pytest.approx(unit(asked), abs=1e-5)
    find_head(None, encoder.spec).check(encoder.spec, text.space)
    assert encoder_spec("sar").text == "sar" and not encoder_spec("sar").unavailable


@torch.no_grad()
@pytest.mark.parametrize("quick", [True, False])
def test_both_towers_give_what_transformers_gives(clips: Path, quick: bool) -> None:
    size = Tokenizer.from_file(str(clips / "tokenizer.json")).get_vocab_size()
    sizes = {"hidden_size": 128, "intermediate_size": 512, "num_hidden_layers": 2}
    sizes |= {"num_attention_heads": 2, "hidden_act": "quick_gelu" if quick else "gelu"}
    text = {"vocab_size": size, "bos_token_id": size - 2, "eos_token_id": size - 1}
    model = CLIPModel(
        CLIPConfig(
            text_config={**sizes, **text},
            vision_config={**sizes, "patch_size": 32, "image_size": 224},
            projection_dim=16,
        )
    ).eval()
    model.load_state_dict(randomise(model, 1))
    save_file(to_open_clip(model.state_dict()), clips / "theirs.safetensors")
    (clips / "theirs.json").write_text(json.dumps({"quick_gelu": quick}))
    db = torch.randn(2, 2, 224, 224) * 6 - 12
    wanted = model.get_image_features(pixel_values=pictures(db)).pooler_output
    found = load_encoder("theirs", device="cpu").encode(db)[:, 0, 0]
    assert found.numpy() == pytest.approx(wanted.numpy(), abs=1e-5)
    asked = model.get_text_features(input_ids=tokens_of(clips, 0)).pooler_output
    words = load_text_encoder("theirs", device="cpu", remember=False).embed(PHRASES)
    assert words == pytest.approx(unit(asked), abs=1e-5)


def test_the_settings_beside_a_file_count_as_its_weights_do(clips: Path) -> None:
    write_open_clip(clips)
    db = torch.randn(1, 2, 224, 224) * 6 - 12
    spec, space = encoder_spec("sar"), load_text_encoder("sar", device="cpu").space
    vectors = load_encoder("sar", device="cpu").encode(db)
    with pytest.raises(HeadMismatch, match="The text encoder sar is not of the encoder's own file"):
        find_head(None, replace(spec, weights_hash="0" * 64))
    (clips / "sar.json").write_text(json.dumps({"vision_cfg": {"head_width": 32}}))
    assert encoder_spec("sar").identity == f"{spec.identity}/32"
    assert not torch.allclose(load_encoder("sar", device="cpu").encode(db), vectors)
    (clips / "sar.json").write_text(json.dumps({"quick_gelu": True}))
    assert load_text_encoder("sar", device="cpu").space != space  # phrases are embedded anew


def test_what_does_not_fit_is_said_in_a_sentence_and_the_others_are_listed(clips: Path) -> None:
    write_open_clip(clips)
    state = torch.load(clips / "sar.pt", weights_only=True)["state_dict"]
    config = (clips / "sar.json").read_text()

    def write(name: str, tensors: dict[str, torch.Tensor], said: str = config) -> None:
        save_file({k: v.contiguous() for k, v in tensors.items()}, clips / f"{name}.safetensors")
        (clips / f"{name}.json").write_text(said)

    write("resnet", {**state, "module.visual.layer1.0.conv1.weight": torch.zeros(3)})
    write("lacking", {k: v for k, v in state.items() if "ln_final" not in k})
    write("wide", state, json.dumps({"embed_dim": 512, "vision_cfg": {}}))
    write("heads", state, json.dumps({"vision_cfg": {"head_width": 80}}))
    write("unclear", state, json.dumps({"quick_gelu": "yes"}))
    write("bands", {**state, "module.visual.conv1.weight": torch.zeros(128, 10, 32, 32)})
    (clips / "told.pt").write_bytes((clips / "sar.pt").read_bytes())
    for name, error, problem in (
        ("resnet", WeightsInvalid, r"has visual\.layer1\.0\.conv1\.weight, which this"),
        ("lacking", WeightsInvalid, r"lacks text_model\.final_layer_norm\.weight"),
        ("wide", WeightsInvalid, "has a space of 16 numbers; its configuration says 512"),
        ("unclear", WeightsInvalid, "has quick_gelu 'yes'; expected true or false"),
        ("bands", WeightsInvalid, "reads 10 bands; expected pictures of 3"),
        ("told", WeightsMissing, r"There is no told\.json beside told\.pt"),
    ):
        with pytest.raises(error, match=problem):
            load_text_encoder(name, device="cpu", remember=False).embed(["x"])
    with pytest.raises(WeightsInvalid, match="is 128 wide, which is not a multiple of its heads'"):
        load_encoder("heads", device="cpu")
    with pytest.raises(ConfigInvalid, match="was given the weights x; it has its own"):
        load_encoder("sar", "x", "cpu")
    listed = {spec.name: spec.unavailable for spec in list_encoders()}
    assert not listed["sar"] and "quick_gelu" in listed["unclear"] and listed["told"]
    (clips / "tokenizer.json").unlink()
    with pytest.raises(WeightsMissing, match=r"lacks tokenizer\.json"):
        load_text_encoder("sar", device="cpu")


def test_an_archive_with_a_program_is_named_and_its_tensors_alone_are_taken(clips: Path) -> None:
    network = write_open_clip(clips)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit is deprecated; OpenAI published so
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), clips / "sar.pt")
    with pytest.raises(WeightsInvalid, match=r"TorchScript archive.*state_dict\(\), 'NAME.pt'\)"):
        load_encoder("sar", device="cpu")
    torch.save(network.state_dict(), clips / "sar.pt")
    assert load_encoder("sar", device="cpu").spec.dim == 16


def test_a_phrase_is_cut_where_a_text_tower_ends(clips: Path) -> None:
    network = write_open_clip(clips)
    state = network.state_dict() | {"positional_embedding": network.positional_embedding[:8]}
    torch.save(state, clips / "sar.pt")
    text = load_text_encoder("sar", device="cpu", remember=False)
    long = " ".join(["open water"] * 20)
    assert text.embed([long]).shape == (1, 16)
