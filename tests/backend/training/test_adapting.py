"""Adapters, trained on small models of random weights in the layout of the published ones."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file

from backend.adapters.files import CONFIG, WEIGHTS
from backend.corpus import open_corpus
from backend.describers import load_describer
from backend.describers.corpora import write_answers
from backend.errors import ConfigInvalid, CorpusInvalid, DescriberUnknown, SurveyInvalid
from backend.evaluation.words.joined import join_answers
from backend.evaluation.words.report import measure_texts
from backend.training import train
from backend.training.adapting import Adapting, read_adapter_config
from scripts.samples.describers import (
    write_blip,
    write_internvl,
    write_qwen,
    write_qwen3,
    write_smolvlm,
)
from tests.support.stopping import train_for_an_epoch
from tests.support.toy_corpus import louder, write_toy_corpus

WRITERS: dict[str, Callable[..., Path]] = {
    "captions": write_blip,
    "answers": lambda folder: write_blip(folder, question=True),
    "qwen": write_qwen,
    "qwen3": write_qwen3,
    "internvl": write_internvl,
    "smolvlm": write_smolvlm,
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name, write in WRITERS.items():
        louder(write(folder / name))
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_corpus(tmp_path_factory.mktemp("toy") / "corpus", 6, held_out=2).folder


def task_of(
    model: Path, corpus: Path, output: Path, *, rank: int = 4, **recipe: object
) -> Adapting:
    fields = {
        "model": str(model),
        "corpus": corpus,
        "output": output,
        "device": "cpu",
        "texts": "questions" if model.name == "answers" else "captions",
        "lora": {"rank": rank, "alpha": 2 * rank, "dropout": 0.0 if rank > 4 else 0.1},
        "validate_on": 4,
        "recipe": {"batch_size": 2, "learning_rate": 0.01, **recipe},
    }
    return Adapting(read_adapter_config(None, fields))


def logits(describer, task: Adapting) -> torch.Tensor:  # type: ignore[no-untyped-def]
    """What a model gives for the first text, in evaluation."""
    one = task.lessons.by_split["train"][0]
    inputs = describer.lesson(task.lessons.picture(one.chip, describer), one.question, one.text)
    model = describer.parts.model.eval()
    with torch.inference_mode():
        if "decoder_input_ids" not in inputs:
            return model(**inputs).logits
        seen = model(**inputs)
        return torch.cat([seen.loss.flatten(), seen.last_hidden_state.flatten()])


@pytest.mark.parametrize("name", WRITERS)
def test_a_step_changes_the_adapter_alone_and_it_opens_with_equal_logits(
    name: str, models: Path, corpus: Path, tmp_path: Path
) -> None:
    task = task_of(models / name, corpus, tmp_path / "run", epochs=1)
    model, learnt = task.adapted, task._learnt
    before = {key: of.clone() for key, of in model.state_dict().items()}
    untouched = logits(task.describer, task)
    task._step(list(task.lessons.by_split["train"][:2]), 0.01)
    changed = {k for k, of in model.state_dict().items() if not torch.equal(of, before[k])}
    assert {key for key in changed if ".lora_" not in key} == set()
    # B of every layer: with B still zero, A has no gradient in the first step.
    assert changed == {key for key in learnt if "lora_B" in key}
    trained = logits(task.describer, task)
    assert not torch.equal(trained, untouched)
    task._save(tmp_path / "run")
    assert {file.name for file in (tmp_path / "run").iterdir()} == {CONFIG, WEIGHTS}
    opened = load_describer(str(tmp_path / "run"), "cpu")
    assert torch.equal(logits(opened, task), trained)
    assert opened.name == f"{name} + run@{opened.parts.facts['sha256'][:8]}"
    assert opened.parts.facts["adapter"] == "run"
    assert torch.equal(logits(load_describer(str(models / name), "cpu"), task), untouched)


def test_a_run_that_was_stopped_ends_with_the_adapter_of_a_straight_one(
    models: Path, corpus: Path, tmp_path: Path
) -> None:
    straight = train(task_of(models / "captions", corpus, tmp_path / "straight.v1"))
    torch.manual_seed(99)  # whatever was drawn before
    train_for_an_epoch(task_of(models / "captions", corpus, tmp_path / "left"))
    assert not (tmp_path / "left" / WEIGHTS).exists()
    resumed = train(task_of(models / "captions", corpus, tmp_path / "left"))
    one, other = (load_file(folder / WEIGHTS) for folder in (straight, resumed))
    assert (
        all(torch.equal(one[name], of) for name, of in other.items()) and one.keys() == other.keys()
    )
    assert (straight / "curve.csv").read_bytes() == (resumed / "curve.csv").read_bytes()
    assert len((straight / "curve.csv").read_text().splitlines()) == 4
    card = (straight / "card.md").read_text()
    assert "| validation |" in card and "refused beside another" in card
    assert (straight / "curve.png").exists()
    assert train(task_of(models / "captions", corpus, tmp_path / "left")) == resumed
    with pytest.raises(ConfigInvalid, match=r"its recipe\.learning_rate is 0\.01, not 0\.5"):
        train(task_of(models / "captions", corpus, tmp_path / "left", learning_rate=0.5))
    with pytest.raises(ConfigInvalid, match="There is a model at"):
        train(task_of(models / "captions", corpus, models / "captions"))
    changed = shutil.copytree(corpus, tmp_path / "corpus")
    texts = open_corpus(changed).folder / "texts.jsonl"
    fields = yaml.safe_load((tmp_path / "left" / "config.yaml").read_text())
    (tmp_path / "left" / "config.yaml").write_text(
        yaml.safe_dump({**fields, "corpus": str(changed.resolve())})
    )
    texts.write_text(texts.read_text().replace("forest", "harbour"))
    with pytest.raises(SurveyInvalid, match=r"in its texts\.jsonl"):
        train(task_of(models / "captions", changed, tmp_path / "left"))


def bleu(task: Adapting, corpus: Path, folder: Path) -> float:
    """BLEU-4 of what a finished adapter writes of the chips that it learnt from."""
    describer = load_describer(str(train(task)), "cpu")
    opened, said = open_corpus(corpus), folder / "answers.jsonl"
    write_answers(describer, opened, "train", said)
    report = measure_texts(join_answers(opened, said, "train"))
    return next(row.figures["bleu_4"].value for row in report.captions)


def test_a_few_chips_are_learnt_by_heart(models: Path, tmp_path: Path) -> None:
    few = write_toy_corpus(tmp_path / "few", 3).folder
    how = {"rank": 16, "epochs": 25, "batch_size": 3, "learning_rate": 0.01}
    task = task_of(models / "internvl", few, tmp_path / "run", **how)
    assert bleu(task, few, tmp_path) > 0.9


@pytest.mark.long("test_a_few_chips_are_learnt_by_heart")
@pytest.mark.parametrize("name", ["captions", "qwen", "qwen3", "internvl", "smolvlm"])
def test_16_chips_are_learnt_by_heart(name: str, models: Path, tmp_path: Path) -> None:
    corpus = write_toy_corpus(tmp_path / "corpus").folder
    how = {"rank": 16, "epochs": 250, "batch_size": 16, "learning_rate": 0.01}
    task = task_of(models / name, corpus, tmp_path / "run", **how)
    found = bleu(task, corpus, tmp_path)
    print(f"BLEU-4 {name} {found:.3f}")
    assert found > 0.9


def test_what_cannot_be_learnt_gets_one_sentence(
    models: Path, corpus: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("kind: adapter\nmodel: none\nlora: {rank: 0}\n")
    with pytest.raises(ConfigInvalid, match=r"field lora\.rank of .* is 0; .*adapter-sarlang"):
        read_adapter_config(config, {"corpus": corpus, "output": tmp_path / "run"})
    with pytest.raises(ConfigInvalid, match=r"There is no corpus in .*Give one: --corpus"):
        read_adapter_config(config, {"output": tmp_path / "run"})
    config.write_text("kind: adapter\nmodel: none\n")
    with pytest.raises(ConfigInvalid, match=r"An adapter is a folder; .*run\.safetensors is the"):
        read_adapter_config(config, {"corpus": corpus, "output": tmp_path / "run.safetensors"})
    with pytest.raises(ConfigInvalid, match="writes no answers"):
        answers = task_of(models / "captions", corpus, tmp_path / "a").config
        train(Adapting(answers.model_copy(update={"texts": "questions"})))
    with pytest.raises(ConfigInvalid, match="take more than 3 tokens"):
        train(task_of(models / "qwen", corpus, tmp_path / "b", longest=3))
    with pytest.raises(CorpusInvalid, match="no caption of the types complex in its train split"):
        config_ = task_of(models / "qwen", corpus, tmp_path / "c").config
        train(Adapting(config_.model_copy(update={"types": ("complex",)})))
    with pytest.raises(DescriberUnknown, match='no describer "nowhere"'):
        train(task_of(Path("nowhere"), corpus, tmp_path / "d"))
    assert not (tmp_path / "a").exists() and not (tmp_path / "d").exists()


@pytest.mark.parametrize("name", ["adapter-sarlang", "adapter-sarchat"])
def test_the_settings_of_the_papers_are_configurations(name: str, tmp_path: Path) -> None:
    path = Path(__file__).parents[3] / "resources" / "configs" / f"{name}.yaml"
    config = read_adapter_config(path, {"corpus": tmp_path, "output": tmp_path / "run"})
    recipe = config.recipe
    assert (config.lora.rank, recipe.learning_rate, recipe.warm_up) == (8, 1e-4, 0.1)
    step = recipe.batch_size * recipe.accumulate
    assert (recipe.epochs, step) == ((3, 1) if name.endswith("sarlang") else (1, 32))
