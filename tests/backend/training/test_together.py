"""A tower or CLIP that several processes train together is that of a single process."""

import csv
import os
import socket
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from backend.corpus import open_corpus
from backend.errors import ConfigInvalid
from backend.train import app
from backend.training.clips import ClipConfig, train_clip
from backend.training.clips.config import ClipStage
from backend.training.towers import TowerConfig, train_tower
from backend.training.towers.config import Recipe, Writing
from backend.training.towers.together import Together, joined
from backend.training.towers.writers import WritingTowers
from scripts.samples.coca import write_coca
from scripts.samples.small_clip import write_words
from tests.support.forked import ForkedPython
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_clip import plant
from tests.support.tiny_tower import plant_corpus, tiny_config

RECIPE = Recipe(batch_size=8, queue=16, warmup_steps=2, learning_rate=5e-4, momentum=0.9)
LIMIT = 1e-5


def environments() -> list[dict[str, str]]:
    """What torchrun gives each of two processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    both = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    return [{**both, "RANK": rank, "LOCAL_RANK": rank} for rank in "01"]


def train_by_two(config: TowerConfig | ClipConfig, folder: Path, patch: pytest.MonkeyPatch) -> str:
    """Run the command here and beside it, with what torchrun gives each; what the other prints."""
    path = folder / "config.yaml"
    path.write_text(config.as_yaml())
    own, others = environments()
    second = {**os.environ, **others}
    out, err = folder / "printed", folder / "said"
    other = ForkedPython("-m", "backend.train", path, out=out, err=err, env=second)
    with patch.context() as first:
        for name, value in own.items():
            first.setenv(name, value)
        app([str(path)], standalone_mode=False)
    assert other.wait(300) == 0, err.read_text()[-2000:]
    return out.read_text()


def require_alike(one: TowerConfig | ClipConfig, two: TowerConfig | ClipConfig) -> None:
    """Require that two runs have nearly the same losses and weights."""
    rows, others = (
        list(csv.reader((of.output.with_suffix("") / "curve.csv").read_text().splitlines()))[1:]
        for of in (one, two)
    )
    for row, other in zip(rows, others, strict=True):
        assert row[1] == other[1]
        losses = [[float(value) for value in of[2:]] for of in (row, other)]
        # The curve has six figures.
        assert losses[0] == pytest.approx(losses[1], rel=2 * LIMIT, abs=LIMIT, nan_ok=True)
    own, theirs = load_file(one.output), load_file(two.output)
    # A bias of keys changes no attention: its gradient is rounding, which AdamW makes steps of.
    apart = {
        name: float((_told(name, own) - _told(name, theirs)).abs().max())
        for name in own
        if not name.endswith(("key.bias", "k_proj.bias"))
    }
    assert max(apart.values()) < LIMIT, sorted(apart.items(), key=lambda one: -one[1])[:5]


def _told(name: str, weights: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return a weight, of an attention's joint bias without that of its keys."""
    weight = weights[name].float()
    return weight if not name.endswith("in_proj_bias") else weight.reshape(3, -1)[[0, 2]]


def test_two_processes_go_on_where_one_was_stopped_and_end_with_the_tower_of_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Losses, weights and decisions of a stage that filters and one that rebuilds; captions."""
    one, two = (
        tiny_config(
            plant_corpus(tmp_path / name / "corpus").folder,
            tmp_path / name / "tiny.safetensors",
            recipe=RECIPE,
            decoder=Writing(),
        )
        for name in ("one", "two")
    )
    train_tower(one)
    train_for_an_epoch(WritingTowers(two))
    assert not train_by_two(two, tmp_path, monkeypatch)
    assert "tiny: mR " in capsys.readouterr().out
    require_alike(one, two)
    said, again = (open_corpus(of.corpus).texts() for of in (one, two))
    statuses = [[f.status for text in of for f in text.fragments] for of in (said, again)]
    assert statuses[0] == statuses[1]


@pytest.mark.parametrize("momentum", [None, 0.9])
def test_two_processes_train_the_coca_of_one(
    momentum: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contrast across both with gradients of both, or with a slow copy and a queue; captions."""
    usual, start = plant(tmp_path), tmp_path / "coca" / "coca.safetensors"
    start.parent.mkdir()
    words = "north : a lake . south town sizes 0 1 2 3 fields forest bare soil"
    write_coca(start, write_words(start.parent, [words]))
    queue = 16 if momentum else 0
    fields = {"momentum": momentum, "queue": queue, "alpha": 0.4 if momentum else 0.0}
    recipe = usual.recipe.model_copy(update={**fields, "learning_rate": 5e-4})
    shared = {"start": start, "recipe": recipe, "stages": (ClipStage(epochs=2),)}
    one, two = (
        usual.model_copy(update={**shared, "output": tmp_path / name / "on.safetensors"})
        for name in ("one", "two")
    )
    train_clip(one)
    train_by_two(two, tmp_path, monkeypatch)
    require_alike(one, two)


def test_a_gradient_that_one_process_lacks_counts_as_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both, neither = (torch.nn.Parameter(torch.ones(2)) for _ in range(2))
    both.grad = None  # the other process has one, of 2
    shares = iter([torch.tensor([0.5, 0.0]), torch.tensor([1.0, 1.0])])
    monkeypatch.setattr(Together, "mean", lambda self, own: next(shares))
    Together(0, 2).average_gradients([both, neither])
    assert both.grad is not None and both.grad.tolist() == [1, 1]
    assert neither.grad is None


def test_a_process_says_that_another_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, others = environments()
    code = "from backend.training.towers.together import joined\nwith joined(): pass"
    out, err = tmp_path / "out", tmp_path / "err"
    other = ForkedPython("-c", code, out=out, err=err, env={**os.environ, **others})
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    ended = pytest.raises(ConfigInvalid, match="Another process of this training has ended")
    with ended, joined() as together:
        assert other.wait(300) == 0
        together.mean(torch.ones(3))


def test_a_batch_that_does_not_divide_is_refused_in_a_sentence() -> None:
    Together(0, 4).require_equal_shares(8)
    with pytest.raises(ConfigInvalid, match="Batches of 10 pairs do not divide among 4 processes"):
        Together(0, 4).require_equal_shares(10)


def test_what_several_processes_cannot_share_is_refused_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    (tmp_path / "adapter.yaml").write_text("kind: adapter\n")
    with pytest.raises(ConfigInvalid, match="the kind adapter is trained in one process; torchrun"):
        app([str(tmp_path / "adapter.yaml")], standalone_mode=False)


@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_shares_are_the_whole_once(count: int) -> None:
    every = list(range(count))
    assert [n for rank in range(3) for n in every[Together(rank, 3).share(count)]] == every
