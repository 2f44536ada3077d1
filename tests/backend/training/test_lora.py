"""Towers and CLIPs that learn an adapter: nothing else changes, and its two files say it all."""

import json
import shutil
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from backend.adapters.files import CONFIG, WEIGHTS
from backend.encoders.networks.own import read_own
from backend.errors import (
    ConfigInvalid,
    GlueLinkError,
    SurveyInvalid,
    WeightsInvalid,
    WeightsMissing,
)
from backend.merge import app
from backend.resources import resource_path
from backend.towers.files import PREFIX, load_tower, read_card
from backend.training.clips import ClipConfig, Clips, read_clip_config, train_clip
from backend.training.clips.files import load_start, read_clip_card
from backend.training.folder import train
from backend.training.lora import LowRank, learnt
from backend.training.merging import merge_adapter
from backend.training.towers import TowerConfig, Towers, read_tower_config, train_tower
from backend.training.towers.config import Stage
from backend.training.towers.learner import Texts
from backend.training.towers.writers import WritingTowers
from scripts.samples import coca
from scripts.samples.small_clip import write_words
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_clip import plant
from tests.support.tiny_tower import SIDE, plant_corpus, tiny_config

CPU, RANK = torch.device("cpu"), 2
LORA = LowRank(rank=RANK, alpha=4)


@pytest.fixture(scope="module")
def tower(tmp_path_factory: pytest.TempPathFactory) -> TowerConfig:
    """How an adapter of a tower was trained, through all stages and with a decoder."""
    folder = tmp_path_factory.mktemp("towers")
    corpus = plant_corpus(folder / "corpus").folder
    start = tiny_config(corpus, folder / "start.safetensors", stages=(Stage(epochs=1),))
    train_tower(start)
    fields = {"start": start.output, "lora": LORA, "decoder": {"learns": "captions"}}
    config = tiny_config(corpus, folder / "harbours.safetensors", **fields)
    train_tower(config)
    return config


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ClipConfig:
    """How an adapter of a CLIP was trained, through two stages."""
    config = plant(tmp_path_factory.mktemp("clips")).model_copy(update={"lora": LORA})
    train_clip(config)
    return config


def changes(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> dict[str, int]:
    """Return the rank of what was added to each weight that is not as it was."""
    moved = {name: after[name] - old for name, old in before.items() if name in after}
    return {n: int(torch.linalg.matrix_rank(d, tol=1e-5)) for n, d in moved.items() if d.any()}


def of_network(path: Path) -> dict[str, torch.Tensor]:
    """Return the weights of a CLIP by the layers that it is made of."""
    return {k: v.detach() for k, v in load_start(path, CPU).model.state_dict().items()}


def of_tower(path: Path) -> dict[str, torch.Tensor]:
    return {k.removeprefix(PREFIX): v for k, v in load_file(path).items() if PREFIX in k}


def test_linear_layers_change_by_the_rank_and_nothing_else_does(
    tower: TowerConfig, clip: ClipConfig
) -> None:
    assert tower.start is not None
    for config, start, weights in (
        (tower, tower.start, of_tower),
        (clip, clip.start, of_network),
    ):
        before, after = weights(start), weights(config.output)
        found = changes(before, after)
        layers = {name for name, of in before.items() if name in found and of.ndim == 2}
        assert found and set(found) == layers and max(found.values()) <= RANK
        assert not [name for name in found if "embedding" in name or "norm" in name.lower()]
        state = load_file(config.output.with_suffix("") / WEIGHTS)
        assert {f"base_model.model.{n.removesuffix('.weight')}.lora_B.weight" for n in found} == {
            name for name in state if "lora_B" in name and "decoder." not in name
        }


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")  # peft's own
def test_the_library_makes_the_same_of_its_two_files(tower: TowerConfig, clip: ClipConfig) -> None:
    pixels, ids = torch.randn(2, 3, SIDE, SIDE), torch.tensor([[1, 2, 3, 4]])
    theirs = peft.PeftModel.from_pretrained(
        read_own(clip.start).both(CPU), clip.output.with_suffix("")
    ).eval()
    ours = read_own(clip.output).both(CPU)
    with torch.inference_mode():
        one, other = (of(input_ids=ids, pixel_values=pixels) for of in (theirs, ours))
    assert one.image_embeds == pytest.approx(other.image_embeds, abs=1e-5)
    assert one.text_embeds == pytest.approx(other.text_embeds, abs=1e-5)
    assert tower.start is not None
    bare, vocabulary, _ = load_tower(tower.start, CPU)
    bare.add_decoder()
    adapted = peft.PeftModel.from_pretrained(bare, tower.output.with_suffix("")).eval()
    whole, _, card = load_tower(tower.output, CPU)
    assert card.writes == ("caption",)
    words, db = vocabulary.tokenise([["North: a lake."]], 40), torch.randn(1, 2, SIDE, SIDE) - 12
    with torch.inference_mode():
        for of in (bare, whole):
            seen = of.see(db)
            read = of.read(words.ids, words.attended[:, : words.ids.shape[1]], seen)
            values = [of.image_vectors(seen), of.match(read), of.write(words.ids, seen)]
            if of is bare:
                expected = values
    assert adapted.peft_config["default"].base_model_name_or_path == "start"
    for one, other in zip(values, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


@pytest.mark.parametrize("kind", ["tower", "clip"])
def test_an_adapter_that_was_stopped_ends_as_one_that_was_not(
    kind: str, tower: TowerConfig, clip: ClipConfig, tmp_path: Path
) -> None:
    straight: Any = tower if kind == "tower" else clip
    config = straight.model_copy(update={"output": tmp_path / "on.safetensors"})
    if kind == "tower":
        for _ in range(2):
            train_for_an_epoch(WritingTowers(config))
        train(WritingTowers(config))
    else:
        for _ in range(3):
            train_for_an_epoch(Clips(config))
        train_clip(config)
    one, other = (load_file(of.output.with_suffix("") / WEIGHTS) for of in (straight, config))
    assert one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)
    checkpoint = tmp_path / "on" / "checkpoint"
    kept = torch.load(checkpoint, weights_only=True)["state"]["learner"]
    network = kept["tower" if kind == "tower" else "network"]
    assert network and all("lora_" in name for name in network)  # and not the start once more


def test_two_files_make_the_very_tower_or_clip_that_was_trained(
    tower: TowerConfig, clip: ClipConfig, tmp_path: Path
) -> None:
    assert tower.start is not None
    for config, start in ((tower, tower.start), (clip, clip.start)):
        folder, output = config.output.with_suffix(""), tmp_path / f"{start.stem}.safetensors"
        done = CliRunner().invoke(app, [str(start), str(folder), "-o", str(output)])
        assert done.exit_code == 0 and "no hash" not in done.output, done.output
        assert output.read_bytes() == config.output.read_bytes()
    assert read_card(tmp_path / "start.safetensors") == read_card(tower.output)
    assert read_clip_card(tmp_path / "small.safetensors") == read_clip_card(clip.output)
    beside = [path.with_suffix(".json").read_text() for path in (clip.output, output)]
    assert beside[0] == beside[1]


def test_what_is_there_is_not_written_over(clip: ClipConfig, tmp_path: Path) -> None:
    for name in ("made.safetensors", "made.json"):
        taken = tmp_path / name
        taken.write_text("mine")
        with pytest.raises(ConfigInvalid, match=f"There is .*{name} already"):
            merge_adapter(clip.start, clip.output.with_suffix(""), tmp_path / "made.safetensors")
        assert taken.read_text() == "mine"
        taken.unlink()


def test_a_card_says_what_was_learnt_and_what_the_start_comes_to(
    tower: TowerConfig, clip: ClipConfig
) -> None:
    assert tower.start is not None
    card, before = read_card(tower.output), read_card(tower.start)
    assert card.training["before"]["mR"] == before.scores["mR"]
    assert card.training["before"].keys() == card.scores.keys()
    adapter = load_file(tower.output.with_suffix("") / WEIGHTS)
    numbers = sum(of.numel() for of in adapter.values())
    assert card.training["lora"]["learnt"] == numbers
    assert card.training["start"] == "start"
    for config in (tower, clip):
        page = (config.output.with_suffix("") / "card.md").read_text()
        assert "rank 2, alpha 4" in page and "The start itself, on the same test chips: mR" in page
    assert f"{numbers:,} numbers" in (tower.output.with_suffix("") / "card.md").read_text()


def test_a_coca_learns_an_adapter_in_its_attention_too(clip: ClipConfig, tmp_path: Path) -> None:
    start = tmp_path / "coca.safetensors"
    said = ["north : a lake . south : a town .", "sizes : 0 1 2 3 fields . a forest bare soil"]
    coca.write_coca(start, write_words(tmp_path, said))
    stages = (clip.stages[1].model_copy(update={"epochs": 1}),)
    recipe = clip.recipe.model_copy(update={"checkpointing": True})
    own = {"start": start, "output": tmp_path / "on.safetensors"}
    train_clip(clip.model_copy(update={**own, "stages": stages, "recipe": recipe}))
    found = changes(of_network(start), of_network(own["output"]))
    parts = ("visual.transformer", "text.transformer", "text_decoder.resblocks", "cross_attn")
    for part in parts:
        for layer in ("attn.q_proj", "attn.v_proj", "attn.out_proj", "mlp.c_fc", "mlp.c_proj"):
            assert any(part in name and layer in name for name in found), (part, layer)
    assert max(found.values()) <= RANK
    assert not any("attn_pool" in name for name in found)
    merge_adapter(start, tmp_path / "on", tmp_path / "again.safetensors")
    one, other = (load_file(tmp_path / f"{of}.safetensors") for of in ("on", "again"))
    assert all(torch.equal(one[k], other[k]) for k in one)


def test_layers_computed_twice_learn_the_same(tower: TowerConfig, tmp_path: Path) -> None:
    def gradients(checkpointing: bool) -> dict[str, torch.Tensor]:
        recipe = tower.recipe.model_copy(update={"checkpointing": checkpointing})
        own = {"output": tmp_path / "x.safetensors", "recipe": recipe, "decoder": None}
        task = Towers(tower.model_copy(update=own))
        learner, part = task.learner, task.pairs.train
        learner.seed(0, 0)
        texts = [["North: a lake.", "South: a town."], ["North: a forest.", "South: a lake."]]
        learner.add(next(part.batches([[0, 1]])), Texts(texts, texts), 0.4)
        return {name: of.grad for name, of in learnt(learner.tower).items() if of.grad is not None}

    once, twice = gradients(False), gradients(True)
    assert once and once.keys() == twice.keys()
    assert all(torch.allclose(once[name], twice[name], atol=1e-6) for name in once)


def foreign(source: Path, target: Path, without: str = "nothing", **fields: object) -> Path:
    """Write an adapter as others do: its tensors and settings, and no word about its model."""
    target.mkdir()
    tensors = {name: of for name, of in load_file(source / WEIGHTS).items() if without not in name}
    save_file(tensors, target / WEIGHTS, {"format": "pt"})
    stated = json.loads((source / CONFIG).read_text())
    (target / CONFIG).write_text(json.dumps({**stated, **fields}))
    return target


def test_an_adapter_from_elsewhere_makes_an_encoder_of_its_own(
    tower: TowerConfig, clip: ClipConfig, tmp_path: Path
) -> None:
    assert tower.start is not None
    for config, start in ((tower, tower.start), (clip, clip.start)):
        ours, theirs = config.output.with_suffix(""), tmp_path / f"their {start.stem}"
        output = tmp_path / f"{start.stem}.safetensors"
        foreign(ours, theirs, without=".decoder.")  # which would not say what it writes
        done = CliRunner().invoke(app, [str(start), str(theirs), "-o", str(output)])
        assert done.exit_code == 0 and "has no hash of the weights" in done.output, done.output
        one, other = load_file(config.output), load_file(output)
        assert other and all(torch.equal(one[name], other[name]) for name in other)
    _, _, card = load_tower(tmp_path / "start.safetensors", CPU)
    assert card.name == "start" and "with the adapter their start" in card.title
    assert read_own(tmp_path / "small.safetensors").both(CPU)
    with pytest.raises(WeightsInvalid, match="was not trained here"):
        read_clip_card(tmp_path / "small.safetensors")


def test_what_does_not_belong_together_is_refused_in_one_sentence(
    tower: TowerConfig, clip: ClipConfig, tmp_path: Path
) -> None:
    def refused(start: Path, folder: Path, sentence: str) -> None:
        with pytest.raises(GlueLinkError, match=sentence) as raised:
            merge_adapter(start, folder, tmp_path / "never.safetensors")
        assert "\n" not in str(raised.value) and not list(tmp_path.glob("never*"))

    assert tower.start is not None
    ours, theirs = (config.output.with_suffix("") for config in (tower, clip))
    refused(tower.output, ours, "is an adapter of start; .* holds another model")
    refused(clip.start, ours, "is an adapter of start; .* holds another model")
    refused(clip.start, foreign(ours, tmp_path / "a"), "has the layer bert.encoder.layer.0")
    refused(tower.start, foreign(theirs, tmp_path / "b"), "has the layer text_model.encoder")
    refused(tower.start, foreign(ours, tmp_path / "d"), "has the layer decoder.layers.0")
    refused(tower.start, tmp_path, f"lacks {CONFIG}")
    shutil.copytree(ours, tmp_path / "c")
    save_file(load_file(ours / WEIGHTS), tmp_path / "c" / WEIGHTS, {"card": "{}"})
    refused(tower.start, tmp_path / "c", "The card in the weights of .* is not that of a tower")


def test_the_examples_learn_an_adapter_of_a_start_that_is_named(
    tower: TowerConfig, clip: ClipConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    fields = {"corpus": tower.corpus, "output": tmp_path / "x"}
    for kind, name, start, read in (
        ("tower", "tower-demo", tower.start, read_tower_config),
        ("clip", "remoteclip", clip.start, read_clip_config),
    ):
        example = resource_path("configs", f"{kind}-lora.yaml")
        with pytest.raises(WeightsMissing, match=f"(?i)no {kind} {name} to begin with"):
            read(example, fields)
        (tmp_path / f"{kind}s").mkdir()
        shutil.copy(start, tmp_path / f"{kind}s" / f"{name}.safetensors")
        config = read(example, fields)
        assert config.lora == LowRank(rank=8, alpha=16)
        assert config.start == tmp_path / f"{kind}s" / f"{name}.safetensors"
    other = tmp_path / "towers" / "tower-demo.safetensors"
    with pytest.raises(ConfigInvalid, match=f"{other} is a tower; expected a CLIP to begin with"):
        read_clip_config(resource_path("configs", "clip-lora.yaml"), {**fields, "start": other})


def test_an_adapter_needs_a_start_that_stays(tower: TowerConfig, tmp_path: Path) -> None:
    path = tmp_path / "tower.yaml"
    path.write_text("kind: tower\nlora: {rank: 4}\n")
    fields = {"corpus": tower.corpus, "output": tmp_path / "x"}
    with pytest.raises(ConfigInvalid, match="no tower that it belongs to"):
        read_tower_config(path, fields)
    path.write_text("kind: tower\nlora: {rank: 0}\n")
    with pytest.raises(ConfigInvalid, match=r"lora\.rank of .* is 0; expected greater"):
        read_tower_config(path, fields)
    assert tower.start is not None
    own = shutil.copy(tower.start, tmp_path / "own.safetensors")
    config = tower.model_copy(
        update={"start": Path(own), "output": tmp_path / "on.safetensors", "decoder": None}
    )
    train_for_an_epoch(Towers(config))
    shutil.copy(tower.output, own)
    with pytest.raises(SurveyInvalid, match="in its start weights"):
        train_tower(config)
