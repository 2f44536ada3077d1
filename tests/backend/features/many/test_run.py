"""Tasks in real processes, some of which die."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.errors import SceneUnreadable, WeightsMissing
from backend.features.many.engines import LocalProcesses
from backend.features.many.run import outcomes
from backend.io.processes import worker_processes
from tests.support.tasks import task

Order = tuple[str, int, Path]


class Processes(LocalProcesses):
    """Workers that need no torch."""

    def open(self):  # type: ignore[no-untyped-def]
        return worker_processes(self.workers)


def run(orders: list[Order], tick: Callable[[], None] = lambda: None) -> dict[int, object]:
    """What became of each, by its number."""
    found = outcomes(orders, task, Processes(2), tick)
    return {order[1]: outcome for order, outcome in found}


def begun(folder: Path) -> list[int]:
    return [int(line) for line in (folder / "begun").read_text().split()]


def test_two_workers_share_the_tasks(tmp_path: Path) -> None:
    found = run([("", n, tmp_path) for n in range(20)])
    assert [found[n][0] for n in range(20)] == list(range(20))  # type: ignore[index]
    assert os.getpid() not in {outcome[1] for outcome in found.values()}  # type: ignore[index]
    assert sorted(begun(tmp_path)) == list(range(20))


def test_a_worker_that_dies_loses_nothing(tmp_path: Path) -> None:
    found = run([("die once" if n == 7 else "", n, tmp_path) for n in range(20)])
    assert [found[n][0] for n in range(20)] == list(range(20))  # type: ignore[index]
    assert begun(tmp_path).count(7) == 2


def test_who_kills_its_workers_is_found_and_nobody_else_is_blamed(tmp_path: Path) -> None:
    found = run([("die" if n == 3 else "", n, tmp_path) for n in range(20)])
    wrong = {n: outcome for n, outcome in found.items() if isinstance(outcome, Exception)}
    assert {n: str(error) for n, error in wrong.items()} == {3: "its worker died"}
    assert len(found) == 20


def test_who_fails_is_run_once_more_alone_and_then_named(tmp_path: Path) -> None:
    kinds = {4: "unreadable", 5: "unforeseen"}
    found = run([(kinds.get(n, ""), n, tmp_path) for n in range(9)])
    assert {n: type(x) for n, x in found.items() if isinstance(x, Exception)} == {
        4: SceneUnreadable,
        5: ZeroDivisionError,
    }
    assert str(found[4]) == "A strip is damaged. Copy it again."
    assert sorted(begun(tmp_path)[-2:]) == [4, 5] and len(begun(tmp_path)) == 11


def test_what_is_wrong_with_all_ends_the_run(tmp_path: Path) -> None:
    orders = [("no weights" if n == 2 else "", n, tmp_path) for n in range(1000)]
    with pytest.raises(WeightsMissing, match=r"The weights are missing\. Fetch them\."):
        run(orders)
    assert len(begun(tmp_path)) < 100


def test_a_cancel_ends_the_run(tmp_path: Path) -> None:
    def tick() -> None:
        if (tmp_path / "begun").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([("", n, tmp_path) for n in range(1000)], tick)
    assert len(begun(tmp_path)) < 100
