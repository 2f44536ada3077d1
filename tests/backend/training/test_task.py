"""A second task is one module: the shared life of a run leaves it, takes it up and finishes it."""

import csv
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from backend.errors import ConfigInvalid, OutOfMemory, SurveyInvalid
from backend.training import RunFolder, train
from tests.support.killing import finish, kill
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_task import EPOCHS, Logistic


def test_a_second_task_killed_after_an_epoch_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.json", tmp_path / "killed.json"
    train(Logistic(whole))
    curve = tmp_path / "killed" / "curve.csv"
    command = ("-m", "tests.support.tiny_task", killed)
    assert kill(*command, when=curve.exists)
    assert not killed.exists() and 2 <= len(curve.read_text().splitlines()) < EPOCHS + 1
    finish(*command)
    assert killed.read_bytes() == whole.read_bytes()
    assert curve.read_bytes() == (tmp_path / "whole" / "curve.csv").read_bytes()


def test_a_second_task_leaves_a_curve_and_a_card(tmp_path: Path) -> None:
    weights = train(Logistic(tmp_path / "plane.json"))
    assert len(weights) == 6
    folder = tmp_path / "plane"
    assert {path.name for path in folder.iterdir()} - {".lock"} == {
        "card.md", "checkpoint", "config.yaml", "curve.csv", "curve.png"
    }  # fmt: skip
    rows = list(csv.DictReader((folder / "curve.csv").open()))
    assert [row["epoch"] for row in rows] == [str(epoch + 1) for epoch in range(EPOCHS)]
    assert float(rows[-1]["accuracy"]) > 0.95 > float(rows[0]["loss"])
    assert "Accuracy on 256 points held out" in (folder / "card.md").read_text()
    with Image.open(folder / "curve.png") as picture:
        assert picture.width > 800
    assert RunFolder(tmp_path / "plane.json").finished


def test_a_second_task_is_guarded_like_the_first(tmp_path: Path) -> None:
    output = tmp_path / "plane.json"
    train_for_an_epoch(Logistic(output))
    with pytest.raises(ConfigInvalid, match="its seed is 0, not 1"):
        train(Logistic(output, seed=1))
    changed = Logistic(output)
    changed.facts = {"points": 3}
    with pytest.raises(SurveyInvalid, match="in its points: 256 became 3"):
        train(changed)
    first = train(Logistic(output))
    assert train(Logistic(output, seed=1), fresh=True) != first


def test_a_run_goes_on_that_was_begun_before_a_field_came(tmp_path: Path) -> None:
    output, settings = tmp_path / "plane.json", tmp_path / "plane" / "config.yaml"
    train_for_an_epoch(Logistic(output))
    settings.write_text("seed: 0\n")  # without its momentum
    assert train(Logistic(output)) == train(Logistic(tmp_path / "straight.json"))
    settings.write_text("seed: 0\nmomentum: 0.5\n")
    with pytest.raises(ConfigInvalid, match=r"its momentum is 0\.5, not 0\.9"):
        train(Logistic(output))
    settings.write_text("seed: 0\nheavy: true\n")
    with pytest.raises(ConfigInvalid, match=r"its momentum is None, not 0\.9"):
        train(Logistic(output))


def test_a_run_begun_before_there_were_tasks_goes_on(tmp_path: Path) -> None:
    """Its checkpoint has the state as `descent`."""
    straight = train(Logistic(tmp_path / "straight.json"))
    output = tmp_path / "old.json"
    train_for_an_epoch(Logistic(output))
    checkpoint = tmp_path / "old" / "checkpoint"
    kept = torch.load(checkpoint, weights_only=True)
    torch.save({"facts": kept["facts"], "descent": kept["state"]}, checkpoint)
    assert train(Logistic(output)) == straight


class Hungry(Logistic):
    """A task that needs more memory than there is, before its first epoch or after it."""

    def state(self) -> dict[str, Any]:
        torch.empty(2**50)
        return {}


def test_a_training_that_memory_is_too_small_for_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutOfMemory, match=r"too small for this training.*smaller batch_size"):
        train(Hungry(tmp_path / "plane.json"))


@pytest.mark.parametrize("killed_at", range(6))
def test_a_run_killed_while_it_forgets_another_never_takes_up_what_that_left(
    killed_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, straight = tmp_path / "plane.json", tmp_path / "straight.json"
    train_for_an_epoch(Logistic(output, seed=1))
    removed = count()
    unlink = Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        if path.parent == tmp_path / "plane" and next(removed) == killed_at:
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(Path, "unlink", killed)
        train(Logistic(output), fresh=True)
    try:
        train(Logistic(output))
    except ConfigInvalid:  # the other run is still there
        return
    train(Logistic(straight))
    assert output.read_bytes() == straight.read_bytes()


@pytest.mark.parametrize(
    "kept",
    [
        [],
        None,
        {"facts": {"points": 256}, "state": []},
        {"facts": {"points": 256}, "state": {"weights": 3}},
    ],
)
def test_a_checkpoint_of_another_shape_is_one_sentence(kept: object, tmp_path: Path) -> None:
    output = tmp_path / "plane.json"
    train_for_an_epoch(Logistic(output))
    torch.save(kept, tmp_path / "plane" / "checkpoint")
    with pytest.raises(ConfigInvalid, match=r"checkpoint is damaged, or of another.*--fresh"):
        train(Logistic(output))


def test_a_hash_that_changed_is_not_shown(tmp_path: Path) -> None:
    task = Logistic(tmp_path / "plane.json")
    task.facts = {"texts": "a" * 64}
    train_for_an_epoch(task)
    task = Logistic(tmp_path / "plane.json")
    task.facts = {"texts": "b" * 64}
    with pytest.raises(SurveyInvalid, match=r"has changed since it was begun, in its texts\. "):
        train(task)


def test_settings_of_a_run_that_cannot_be_read_say_how_to_go_on(tmp_path: Path) -> None:
    output = tmp_path / "plane.json"
    train_for_an_epoch(Logistic(output))
    (tmp_path / "plane" / "config.yaml").write_text("")
    with pytest.raises(ConfigInvalid, match=r"holds no fields.*--fresh"):
        train(Logistic(output))
    train(Logistic(output), fresh=True)
