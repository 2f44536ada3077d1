"""A tower that several processes train together is the one that a single process trains."""

import csv
import os
import socket
from pathlib import Path

import pytest
from safetensors.torch import load_file

from backend.corpus import open_corpus
from backend.errors import ConfigInvalid
from backend.train import app
from backend.training.towers import TowerConfig, Towers, train_tower
from backend.training.towers.config import Recipe, Writing
from backend.training.towers.together import Together
from tests.support.forked import ForkedPython
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_tower import plant_corpus, tiny_config

RECIPE = Recipe(batch_size=8, queue=16, warmup_steps=2, learning_rate=5e-4, momentum=0.9)
LIMIT = 1e-5


def train_by_two(config: TowerConfig, folder: Path, patch: pytest.MonkeyPatch) -> str:
    """Run the command here and beside it, with what torchrun gives each; what the other prints."""
    path = folder / "config.yaml"
    path.write_text(config.as_yaml())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    both = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    second = {**os.environ, **both, "RANK": "1", "LOCAL_RANK": "1"}
    out, err = folder / "printed", folder / "said"
    other = ForkedPython("-m", "backend.train", path, out=out, err=err, env=second)
    with patch.context() as first:
        for name, value in {**both, "RANK": "0", "LOCAL_RANK": "0"}.items():
            first.setenv(name, value)
        app([str(path)], standalone_mode=False)
    assert other.wait(300) == 0, err.read_text()[-2000:]
    return out.read_text()


def curve_of(config: TowerConfig) -> list[list[str]]:
    with (config.output.with_suffix("") / "curve.csv").open() as file:
        return list(csv.reader(file))[1:]


def test_two_processes_go_on_where_one_was_stopped_and_end_with_the_tower_of_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Losses, weights and decisions of a stage that filters and one that rebuilds."""
    one, two = (
        tiny_config(
            plant_corpus(tmp_path / name / "corpus").folder,
            tmp_path / name / "tiny.safetensors",
            recipe=RECIPE,
        )
        for name in ("one", "two")
    )
    train_tower(one)
    train_for_an_epoch(Towers(two))
    assert not train_by_two(two, tmp_path, monkeypatch)
    assert "tiny: mR " in capsys.readouterr().out
    for row, other in zip(curve_of(one), curve_of(two), strict=True):
        assert row[1] == other[1]
        numbers = ([float(value) for value in of[2:]] for of in (row, other))
        assert next(numbers) == pytest.approx(next(numbers), abs=LIMIT)
    own, theirs = load_file(one.output), load_file(two.output)
    # A bias of keys changes no attention: its gradient is rounding, which AdamW makes steps of.
    apart = {
        name: float((own[name].float() - theirs[name].float()).abs().max())
        for name in own
        if not name.endswith(("key.bias", "k_proj.bias"))
    }
    assert max(apart.values()) < LIMIT, sorted(apart.items(), key=lambda one: -one[1])[:5]
    said, again = (open_corpus(of.corpus).texts() for of in (one, two))
    statuses = [[f.status for text in of for f in text.fragments] for of in (said, again)]
    assert statuses[0] == statuses[1]


def test_a_batch_that_does_not_divide_is_refused_in_a_sentence() -> None:
    Together(0, 4).require_equal_shares(8)
    with pytest.raises(ConfigInvalid, match="Batches of 10 pairs do not divide among 4 processes"):
        Together(0, 4).require_equal_shares(10)


def test_what_several_processes_cannot_share_is_refused_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    writing = tiny_config(tmp_path, tmp_path / "tiny.safetensors", decoder=Writing())
    with pytest.raises(ConfigInvalid, match="A decoder learns in one process; torchrun has start"):
        train_tower(writing)
    (tmp_path / "clip.yaml").write_text("kind: clip\n")
    with pytest.raises(ConfigInvalid, match="the kind clip is trained in one process; torchrun"):
        app([str(tmp_path / "clip.yaml")], standalone_mode=False)


@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_shares_are_the_whole_once(count: int) -> None:
    every = list(range(count))
    assert [n for rank in range(3) for n in every[Together(rank, 3).share(count)]] == every
