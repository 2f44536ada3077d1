"""A CLIP that is trained on: begun with whole, stage by stage, stopped and gone on with, asked."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
import yaml
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import CLIPConfig, CLIPModel

from backend.corpus import open_corpus
from backend.encoders import encoder_spec, load_encoder
from backend.encoders.networks.open_clip import to_open_clip
from backend.encoders.networks.pictures import draw_picture, scale_picture
from backend.errors import (
    ConfigInvalid,
    CorpusInvalid,
    SurveyInvalid,
    WeightsInvalid,
    WeightsMissing,
)
from backend.link import find_head
from backend.text import load_text_encoder
from backend.training.clips import ClipConfig, Clips, read_clip_config, train_clip
from backend.training.clips.config import ClipRecipe
from backend.training.clips.files import load_start
from backend.training.clips.learner import ClipLearner
from scripts.samples import coca
from scripts.samples.clip import OpenClip, write_tokenizer
from scripts.samples.small_clip import write_words
from scripts.samples.weights import randomise
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_clip import plant
from tests.support.tiny_tower import SIDE

CPU = torch.device("cpu")
WORDS = ["a lake", "a forest by a town"]


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> ClipConfig:
    """How a CLIP was trained on without a stop, into the user's folder."""
    config = plant(tmp_path_factory.mktemp("clips"))
    train_clip(config)
    return config


def test_a_run_that_is_stopped_in_every_stage_ends_with_the_same_clip(
    straight: ClipConfig, tmp_path: Path
) -> None:
    config = straight.model_copy(update={"output": tmp_path / "on.safetensors"})
    for _ in range(3):  # within the first stage, between them, and within the second
        train_for_an_epoch(Clips(config))
    train_clip(config)
    one, other = load_file(straight.output), load_file(config.output)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[key], other[key]) for key in one)
    curves = [of.output.with_suffix("") / "curve.csv" for of in (straight, config)]
    rows = [curve.read_text() for curve in curves]
    assert rows[0] == rows[1]
    assert [row.split(",")[1] for row in rows[0].split()[1:]] == ["optical"] * 2 + ["radar"] * 2


def test_each_stage_has_its_own_corpus_pairs_and_rate(straight: ClipConfig) -> None:
    task = Clips(straight)
    assert [len(one.train) for one in task.pairs] == [16, 12]
    fewer = straight.stages[1].model_copy(update={"pairs": 5})
    some = Clips(straight.model_copy(update={"stages": (fewer,)})).pairs[0].train
    assert {one.name for one in some.chips} < {one.name for one in task.pairs[1].train.chips}
    assert task.pairs[0].train.pixels(3).shape == (3, SIDE, SIDE)  # a picture of 23 × 24
    curve = (straight.output.with_suffix("") / "curve.csv").read_text().split()[1:]
    rates = [float(row.split(",")[2]) for row in curve]
    assert max(rates[:2]) <= 1e-3 < max(rates[2:]) <= 2e-3


def test_the_start_is_the_published_network_bit_by_bit(tmp_path: Path) -> None:
    size = write_words(tmp_path, WORDS)
    text = {"vocab_size": size, "bos_token_id": size - 2, "eos_token_id": size - 1}
    sizes = {"hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": 2}
    sizes |= {"num_attention_heads": 2, "hidden_act": "quick_gelu"}
    model = CLIPModel(
        CLIPConfig(
            text_config={**sizes, **text},
            vision_config={**sizes, "patch_size": 8, "image_size": 24},
            projection_dim=16,
        )
    ).eval()
    model.load_state_dict(randomise(model, 1))
    model.logit_scale.data.fill_(3.0)
    save_file(to_open_clip(model.state_dict()), tmp_path / "theirs.safetensors")
    (tmp_path / "theirs.json").write_text('{"quick_gelu": true}')
    network = load_start(tmp_path / "theirs.safetensors", CPU)
    pictures, tokens = torch.randn(2, 3, 24, 24), network.tokenise(WORDS)
    with torch.no_grad():
        wanted = model(input_ids=tokens, pixel_values=pictures, return_loss=True)
        assert network.see(pictures) == pytest.approx(wanted.image_embeds, abs=1e-5)
        assert network.read(tokens) == pytest.approx(wanted.text_embeds, abs=1e-5)
    # Without a slow copy the loss is CLIP's own, and every weight of both towers learns by it.
    learner = ClipLearner(network.requires_grad_(True), ClipRecipe(), CPU)
    learner.begin(ClipRecipe(), 10)
    assert learner.add(pictures, WORDS)[0] == pytest.approx(float(wanted.loss), abs=1e-4)
    assert all(one.grad is not None for one in network.parameters())


@torch.no_grad()
def test_what_was_trained_is_an_encoder_with_its_own_texts(
    straight: ClipConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(straight.output.parent.parent))
    network = load_start(straight.output, CPU)
    encoder, spec = load_encoder("on", device="cpu"), encoder_spec("on")
    db = torch.randn(2, 2, SIDE, SIDE) * 6 - 14
    db[..., :3] = torch.nan
    found = encoder.encode(db)
    assert found.shape == (2, 1, 1, 64) and (spec.window_px, spec.dim) == (SIDE, 64)
    assert spec.identity.endswith("/dual-1/exact/16px") and not spec.unavailable
    wanted = network.see(scale_picture(draw_picture(db, "dual"), SIDE))
    unit = torch.nn.functional.normalize(found[:, 0, 0], dim=1)
    assert unit == pytest.approx(wanted, abs=1e-5)
    text = load_text_encoder("on", device="cpu", remember=False)
    assert text.embed(WORDS) == pytest.approx(network.read(network.tokenise(WORDS)), abs=1e-5)
    find_head(None, spec).check(spec, text.space)


def test_what_was_trained_loads_into_open_clips_network_as_it_is(
    straight: ClipConfig, tmp_path: Path
) -> None:
    """From a checkpoint of several GPUs, at 224 px, with chips enlarged."""
    size = write_tokenizer(tmp_path).get_vocab_size()
    theirs = OpenClip(size, bands=3).eval()
    theirs.load_state_dict(randomise(theirs, 0))
    state = {f"module.{name}": tensor.clone() for name, tensor in theirs.state_dict().items()}
    torch.save({"state_dict": state}, tmp_path / "sar.pt")
    (tmp_path / "sar.json").write_text('{"quick_gelu": false}')
    stages = (straight.stages[1].model_copy(update={"epochs": 1}),)
    output = tmp_path / "on.safetensors"
    own = {"start": tmp_path / "sar.pt", "stages": stages, "output": output}
    train_clip(straight.model_copy(update=own))
    theirs.load_state_dict(load_file(output))  # strict
    assert not torch.equal(theirs.visual.proj, state["module.visual.proj"])
    network, pictures = load_start(output, CPU), torch.randn(2, 3, 224, 224)
    with torch.no_grad():
        wanted = torch.nn.functional.normalize(theirs.visual(pictures), dim=1)
        assert network.see(pictures) == pytest.approx(wanted, abs=1e-5)
    config = json.loads((tmp_path / "on.json").read_text())["model_cfg"]
    assert config["vision_cfg"]["mlp_ratio"] == 2 and config["vision_cfg"]["image_size"] == 224


def test_a_start_that_does_not_fit_is_refused_in_a_sentence(
    straight: ClipConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "clips"
    shutil.copytree(straight.start.parent, folder)
    state = load_file(straight.start)

    def refused(tensors: dict[str, torch.Tensor], problem: str) -> None:
        save_file(tensors, folder / "other.safetensors")
        shutil.copy(folder / "small.json", folder / "other.json")
        own = {"start": folder / "other.safetensors", "output": tmp_path / "o.safetensors"}
        with pytest.raises(WeightsInvalid, match=problem):
            train_clip(straight.model_copy(update=own))

    refused({**state, "visual.layer1.0.conv1.weight": torch.zeros(3)}, "has visual.layer1.0.conv1")
    refused({k: v for k, v in state.items() if k != "logit_scale"}, "lacks logit_scale")
    wide = state["visual.positional_embedding"][:, :32].contiguous()
    refused({**state, "visual.positional_embedding": wide}, r"position_embedding\S+ of shape \(5, ")
    words = {**state, "token_embedding.weight": state["token_embedding.weight"][:9].contiguous()}
    refused(words, "knows 20 tokens; the model 9")
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    path = tmp_path / "clip.yaml"
    path.write_text(yaml.safe_dump({"start": "small", "corpus": "c", "output": "o"}))
    assert read_clip_config(path, {}).start == folder / "small.safetensors"
    with pytest.raises(WeightsMissing, match=r"There is no CLIP remoteclip"):
        read_clip_config(path, {"start": "remoteclip"})


def test_a_configuration_that_cannot_be_trained_is_refused_in_a_sentence(
    straight: ClipConfig, tmp_path: Path
) -> None:
    path = tmp_path / "clip.yaml"
    own = {"start": str(straight.start), "output": str(tmp_path / "on"), "stages": [{}]}
    path.write_text(yaml.safe_dump(own))
    with pytest.raises(ConfigInvalid, match=r"A stage of .* has no corpus"):
        read_clip_config(path, {})
    path.write_text(yaml.safe_dump({**own, "corpus": "c", "recipe": {"queue": 64}}))
    with pytest.raises(ConfigInvalid, match="has a queue or an alpha, but no momentum"):
        read_clip_config(path, {})
    write_words(tmp_path, ["other words"])
    with pytest.raises(ConfigInvalid, match="is another tokenizer than"):
        train_clip(straight.model_copy(update={"output": tmp_path / "on.safetensors"}))


def test_a_chip_of_a_later_stage_that_has_no_data_is_named_at_once(
    straight: ClipConfig, tmp_path: Path
) -> None:
    shutil.copytree(straight.corpus, tmp_path / "radar")
    own = {"corpus": tmp_path / "radar", "output": tmp_path / "on.safetensors"}
    config = straight.model_copy(update=own)
    chip = Clips(config).pairs[1].train.chips[0]
    with rasterio.open(open_corpus(config.corpus).images / chip.file, "r+") as file:
        file.write(np.full((2, SIDE, SIDE), np.nan, np.float32))
    with pytest.raises(CorpusInvalid, match=f"{chip.name} has no data"):
        train_clip(config)
    assert not (tmp_path / "on").exists()


def test_a_start_that_changed_stops_the_run(straight: ClipConfig, tmp_path: Path) -> None:
    shutil.copytree(straight.start.parent, tmp_path / "start")
    start = tmp_path / "start" / "small.safetensors"
    own = {"start": start, "output": tmp_path / "on.safetensors"}
    config = straight.model_copy(update=own)
    train_for_an_epoch(Clips(config))
    with safe_open(start, "pt") as file:
        state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    save_file({**state, "logit_scale": torch.tensor(1.0)}, start)
    with pytest.raises(SurveyInvalid, match="in its start"):
        train_clip(config)


def test_a_coca_is_what_open_clip_makes_of_it_and_learns_to_write(
    straight: ClipConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    clips = tmp_path / "clips"
    clips.mkdir()
    said = ["north : a lake . south : a town .", "sizes : 0 1 2 3 fields . a forest bare soil"]
    state = coca.write_coca(clips / "coca.safetensors", write_words(clips, said))
    network = load_start(clips / "coca.safetensors", CPU)
    pictures, tokens = torch.randn(2, 3, 32, 32), network.tokenise(WORDS)
    filled = torch.nn.functional.pad(tokens, (0, 12 - tokens.shape[1]))
    with torch.no_grad():
        vectors, seen = coca.see(state, pictures)
        words, states = coca.read(state, filled)
        logits = coca.write_next(state, seen, states[:, :-1])
        learnt = network.learn(pictures, tokens)
        unit = torch.nn.functional.normalize
        assert learnt.images == pytest.approx(unit(vectors, dim=1), abs=1e-5)
        assert learnt.texts == pytest.approx(unit(words, dim=1), abs=1e-5)
        wanted = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), filled[:, 1:].flatten(), ignore_index=0
        )
        assert float(learnt.caption) == pytest.approx(float(wanted), abs=1e-5)
        db = torch.randn(1, 2, 224, 224) - 12
        drawn = scale_picture(draw_picture(db, "grey"), 32)
        found = load_encoder("coca", device="cpu").encode(db)[:, 0, 0]
        assert found == pytest.approx(coca.see(state, drawn)[0], abs=1e-5)
    text = load_text_encoder("coca", device="cpu", remember=False)
    assert text.embed(WORDS) == pytest.approx(unit(words, dim=1), abs=1e-5)

    stages = (straight.stages[1].model_copy(update={"epochs": 3}),)
    own = {"start": clips / "coca.safetensors", "output": clips / "on.safetensors"}
    recipe = straight.recipe.model_copy(update={"checkpointing": True, "accumulate": 1})
    train_clip(straight.model_copy(update={**own, "stages": stages, "recipe": recipe}))
    rows = (clips / "on" / "curve.csv").read_text().split()
    losses = [float(row.split(",")[rows[0].split(",").index("caption")]) for row in rows[1:]]
    assert losses[-1] < losses[0]
    left = load_file(clips / "on.safetensors")
    assert left.keys() == state.keys() and all(left[k].shape == state[k].shape for k in left)
    lacking = {k: v for k, v in state.items() if k != "text_decoder.ln_final.bias"}
    save_file(lacking, clips / "coca.safetensors")
    with pytest.raises(WeightsInvalid, match=r"lacks text_decoder\.ln_final\.bias"):
        load_encoder("coca", device="cpu")
