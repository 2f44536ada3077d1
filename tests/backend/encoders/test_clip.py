"""CLIP and MS-CLIP: both towers from the published layouts, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer
from transformers import CLIPImageProcessor, CLIPModel, PreTrainedTokenizerFast

from backend.encoders import list_encoders, load_encoder
from backend.encoders.clip import MS_MEAN, MS_STD, ClipRgb, MsClip
from backend.encoders.networks.clip import MODEL
from backend.errors import ConfigInvalid, WeightsInvalid, WeightsMissing
from backend.models.disk import look
from backend.models.table import find_weights
from backend.text import TextEncoder, load_image_encoder, load_text_encoder
from scripts.samples.clip import BEGIN, END, OpenClip, write_clip, write_ms_clip

PHRASES = ["Open  WATER", "a pine forest, 3 lakes & Ärger", "a village " * 90, "x"]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def ms_clip(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, OpenClip]:
    folder = tmp_path_factory.mktemp("ms")
    return folder, write_ms_clip(folder)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def text_of(name: str, folder: Path) -> TextEncoder:
    return load_text_encoder(name, folder, "cpu", remember=False)


def unit(vectors: torch.Tensor) -> np.ndarray:
    return torch.nn.functional.normalize(vectors, dim=1).numpy()


# CLIP


@torch.no_grad()
def test_the_image_tower_gives_what_transformers_gives_for_the_same_picture(clip: Path) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), np.uint8)
    processor = CLIPImageProcessor(size={"shortest_edge": 224}, crop_size=224)
    pixels = processor([Image.fromarray(one) for one in pictures], return_tensors="pt")
    wanted = CLIPModel.from_pretrained(clip).get_image_features(**pixels).pooler_output
    encoder = load_encoder("clip-rgb", clip, "cpu")
    found = encoder.encode(pictures.transpose(0, 3, 1, 2))
    assert found.shape == (3, 1, 1, 16) and encoder.spec.dim == 16
    assert found[:, 0, 0].numpy() == pytest.approx(wanted.numpy(), abs=1e-5)
    assert wanted.norm() > 0.1


@torch.no_grad()
def test_the_text_tower_gives_what_transformers_gives(clip: Path) -> None:
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(clip / "tokenizer.json"), bos_token=BEGIN, eos_token=END, pad_token=END
    )
    tokens = tokenizer(
        PHRASES, padding="max_length", truncation=True, max_length=77, return_tensors="pt"
    )
    asked = {"input_ids": tokens.input_ids, "attention_mask": tokens.attention_mask}
    wanted = CLIPModel.from_pretrained(clip).get_text_features(**asked).pooler_output
    encoder = text_of("clip-vitb16", clip)
    assert encoder.embed(PHRASES) == pytest.approx(unit(wanted), abs=1e-5)
    alone = np.concatenate([encoder.embed([phrase]) for phrase in PHRASES])
    assert alone == pytest.approx(unit(wanted), abs=1e-5)
    assert encoder.space.name == "openai/clip-vit-base-patch16" and encoder.space.dim == 16


def test_letters_are_lowered_and_spaces_do_not_count(clip: Path) -> None:
    one, other, third = text_of("clip-vitb16", clip).embed(["A Lake", "a  lake", "a sea"])
    assert np.array_equal(one, other) and not np.allclose(one, third)


def test_the_file_that_openai_published_is_read_as_tensors_and_nothing_else(tmp_path: Path) -> None:
    written, old = write_clip(tmp_path / "new"), write_clip(tmp_path / "old", pickled=True)
    window = torch.rand(1, 3, 224, 224) * 255
    vectors = [load_encoder("clip-rgb", where, "cpu").encode(window) for where in (written, old)]
    assert torch.equal(*vectors)
    said = [text_of("clip-vitb16", where).embed(["a lake"]) for where in (written, old)]
    assert np.array_equal(*said)


def test_a_picture_without_data_has_the_mean_colour(clip: Path) -> None:
    encoder = load_encoder("clip-rgb", clip, "cpu")
    empty = torch.full((1, 3, 224, 224), torch.nan)
    grey = torch.tensor(ClipRgb.mean)[:, None, None].expand(1, 3, 224, 224)
    assert torch.allclose(encoder.encode(empty), encoder.encode(grey), atol=1e-5)
    half = torch.full((1, 3, 224, 224), 90.0)
    whole = encoder.encode(half)
    half[..., :100] = torch.nan
    assert torch.allclose(encoder.encode(half), whole, atol=1e-5)


# MS-CLIP


@torch.no_grad()
def test_ms_clip_is_what_open_clips_own_network_gives(ms_clip: tuple[Path, OpenClip]) -> None:
    folder, network = ms_clip
    reflectance = 4000 * torch.rand(2, 10, 224, 224)
    mean, std = (torch.tensor(v)[:, None, None] for v in (MS_MEAN, MS_STD))
    wanted = network.visual((reflectance - (mean - 1000)) / std)
    encoder = load_encoder("ms-clip", folder / "Llama3_MS_CLIP_weights.pt", "cpu")
    found = encoder.encode(reflectance)[:, 0, 0]
    assert found.numpy() == pytest.approx(wanted.numpy(), abs=1e-5)
    assert encoder.spec.bands[:3] == ("B02", "B03", "B04") and encoder.spec.dim == 16

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(77)
    tokenizer.enable_padding(pad_id=0, length=77)
    tokens = torch.tensor([read.ids for read in tokenizer.encode_batch(PHRASES)])
    found_text = text_of("ms-clip", folder).embed(PHRASES)
    assert found_text == pytest.approx(unit(network.encode_text(tokens)), abs=1e-5)


def test_ms_clip_takes_the_tokenizer_of_clip(ms_clip: tuple[Path, OpenClip], home: Path) -> None:
    folder, _ = ms_clip
    weights = (folder / "Llama3_MS_CLIP_weights.pt").read_bytes()
    (home / "models" / "ms-clip").mkdir(parents=True)
    (home / "models" / "ms-clip" / "Llama3_MS_CLIP_weights.pt").write_bytes(weights)
    with pytest.raises(WeightsMissing, match=r"lacks tokenizer\.json") as caught:
        load_text_encoder("ms-clip", device="cpu")
    assert "models pull clip-vitb16" in caught.value.remedy
    write_clip(home / "models" / "clip-vitb16")
    ours = load_text_encoder("ms-clip", device="cpu").embed(["a lake"])
    assert np.array_equal(ours, text_of("ms-clip", folder).embed(["a lake"]))


# What is refused


def test_without_weights_both_name_the_command_that_brings_them() -> None:
    for name, weights in (("clip-rgb", "clip-vitb16"), ("ms-clip", "ms-clip")):
        with pytest.raises(WeightsMissing, match=f"models pull {weights}"):
            load_encoder(name, device="cpu")
        with pytest.raises(WeightsMissing, match=f"models pull {weights}"):
            load_text_encoder(weights, device="cpu")
        assert {spec.name: spec.unavailable for spec in list_encoders()}[name]
        assert look(find_weights(weights)).state == "absent"


def test_weights_by_hand_are_whole_for_the_list(home: Path) -> None:
    write_clip(home / "models" / "clip-vitb16", pickled=True)
    write_ms_clip(home / "models" / "ms-clip")
    assert {look(find_weights(name)).state for name in ("clip-vitb16", "ms-clip")} == {"present"}
    spec = {spec.name: spec for spec in list_encoders()}["clip-rgb"]
    space = load_text_encoder("clip-vitb16", device="cpu").space
    assert (
        not spec.unavailable and space.revision == spec.weights_hash and spec.text == "clip-vitb16"
    )


def test_photographs_are_left_to_other_models() -> None:
    with pytest.raises(ConfigInvalid, match="clip-vitb16 reads text only"):
        load_image_encoder("clip-vitb16")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model.visual.conv1.weight": torch.zeros(3)}, "has model.visual.conv1.weight; expected"),
        ({f"{MODEL}visual.attnpool.k": torch.zeros(3)}, f"has {MODEL}visual.attnpool.k, which"),
        ({f"{MODEL}visual.proj": None}, "lacks visual_projection.weight"),
        ({f"{MODEL}text_projection": None}, "lacks text_projection.weight"),
        ({f"{MODEL}visual.conv1.weight": torch.zeros(128, 3, 32, 32)}, "reads 3 bands; expected"),
        ({f"{MODEL}visual.proj": torch.full((128, 16), torch.nan)}, "NaN or infinite values in"),
    ],
)  # fmt: skip
def test_another_layout_is_refused_by_its_first_key(
    change: dict[str, torch.Tensor | None], said: str, ms_clip: tuple[Path, OpenClip],
    tmp_path: Path,
) -> None:  # fmt: skip
    state = torch.load(ms_clip[0] / "Llama3_MS_CLIP_weights.pt", weights_only=True) | change
    path = tmp_path / "other.pt"
    torch.save({key: tensor for key, tensor in state.items() if tensor is not None}, path)
    with pytest.raises(WeightsInvalid, match=said.replace(".", r"\.")):
        load_encoder("ms-clip", path, "cpu")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model_type": "siglip"}, "holds a siglip; expected a clip"),
        ({"projection_dim": "many"}, "projection_dim 'many'"),
        ({"vision_config": {"image_size": 336}}, "pictures of 336 px; expected 224 px"),
        ({"vision_config": {"image_size": 224, "hidden_size": "x"}}, "config.json cannot be read"),
    ],
)
def test_another_model_is_refused(
    change: dict[str, object], said: str, clip: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    config = json.loads((clip / "config.json").read_text()) | change
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes((clip / "model.safetensors").read_bytes())
    with pytest.raises(WeightsInvalid, match=said):
        load_encoder("clip-rgb", folder, "cpu")


def test_damaged_files_are_named(clip: Path, tmp_path: Path) -> None:
    for name in ("model.safetensors", "tokenizer.json"):
        folder = tmp_path / name
        folder.mkdir()
        for file in clip.iterdir():
            whole = file.read_bytes()
            (folder / file.name).write_bytes(
                whole[: len(whole) // 2] if file.name == name else whole
            )
        with pytest.raises(WeightsInvalid, match=name):
            text_of("clip-vitb16", folder).embed(["a lake"])
    other = MsClip.spec.name
    with pytest.raises(WeightsInvalid, match="cannot be read as weights"):
        load_encoder(other, clip / "tokenizer.json", "cpu")
