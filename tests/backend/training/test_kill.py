"""Training, killed with SIGKILL at random moments and run again, ends with the same model."""

import random
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file

from backend.encoders import Encoder
from backend.link import load_head
from tests.support.killing import finish, kill
from tests.support.split_survey import plant_survey
from tests.support.tiny_tower import plant_corpus, tiny_config


@pytest.mark.long(
    "test_a_second_task_killed_after_an_epoch_ends_with_the_same_bytes and test_run.py"
)
def test_a_killed_run_goes_on_to_the_same_head(
    tmp_path: Path, texture: Encoder, kills: int
) -> None:
    survey, _ = plant_survey(tmp_path / "s.zarr", texture.spec, 800)
    config = tmp_path / "c.yaml"
    # Small batches, so that there is time to be killed in.
    epochs_in_all = 8 + 4 * kills
    recipe = {"epochs": epochs_in_all, "batch_size": 16, "warm_start": True}
    config.write_text(yaml.safe_dump({"survey": str(survey.path), "recipe": recipe}))
    command = ("-m", "backend.train", "--config", config, "--device", "cpu", "-o")

    whole, killed = tmp_path / "whole.safetensors", tmp_path / "killed.safetensors"
    finish(*command, whole)
    moments = random.Random(7)

    def epochs() -> int:
        curve = tmp_path / "killed" / "curve.csv"
        return len(curve.read_text().splitlines()) - 1 if curve.exists() else 0

    done = 0
    for _ in range(kills):
        wanted = done + moments.randint(1, 3)
        assert kill(*command, killed, when=lambda: epochs() >= wanted, after_s=moments.random() / 5)  # noqa: B023
        assert not killed.exists() and epochs() >= wanted
        done = epochs()
    finish(*command, killed)

    one, other = load_head(whole), load_head(killed)
    assert torch.equal(one.weight, other.weight) and torch.equal(one.bias, other.bias)
    assert one.meta.scores == other.meta.scores
    curves = [path.with_suffix("") / "curve.csv" for path in (whole, killed)]
    first, second = ([line.split(",")[:4] for line in c.read_text().split()] for c in curves)
    assert first == second and len(first) == epochs_in_all + 1


@pytest.mark.long("test_a_run_that_is_stopped_again_and_again_ends_with_the_same_tower")
def test_a_killed_run_goes_on_to_the_same_tower(tmp_path: Path) -> None:
    """Killed once in each stage: in the middle of learning, of filtering and of rebuilding."""
    corpora = [plant_corpus(tmp_path / name).folder for name in ("whole", "killed")]
    towers = [tmp_path / f"{name}.safetensors" for name in ("one", "other")]
    stages = [{"kind": kind, "epochs": 8} for kind in ("learn", "filter", "rebuild")]
    for corpus, output in zip(corpora, towers, strict=True):
        config = tiny_config(corpus, output).model_dump(mode="json") | {"stages": stages}
        output.with_suffix(".yaml").write_text(yaml.safe_dump(config))
    whole, killed = (
        ("-m", "backend.train", "--config", one.with_suffix(".yaml"), "-o", one) for one in towers
    )
    finish(*whole)
    curve, moments = towers[1].with_suffix("") / "curve.csv", random.Random(7)
    for wanted in (3, 11, 19):
        assert kill(
            *killed,
            when=lambda: curve.exists() and len(curve.read_text().splitlines()) > wanted,  # noqa: B023
            after_s=moments.random() / 10,
        )
        assert not towers[1].exists()
    finish(*killed)
    one, other = (load_file(path) for path in towers)
    assert one.keys() == other.keys()
    assert all(torch.allclose(one[k].float(), other[k].float(), atol=1e-6) for k in one)
    curves = [path.with_suffix("") / "curve.csv" for path in towers]
    assert curves[0].read_text() == curves[1].read_text()  # the same batches and decisions
