"""Training, killed with SIGKILL at random moments and run again, ends with the same head."""

import random
from pathlib import Path

import torch
import yaml

from backend.encoders import Encoder
from backend.link import load_head
from tests.support.killing import finish, kill
from tests.support.split_survey import plant_survey


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
