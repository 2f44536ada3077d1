"""Hand tasks to an engine, and find out which of them are at fault when workers die.

A worker that dies takes tasks with it that did nothing wrong, and some clusters blame tasks that
had not begun. So a task whose worker died is run again with the others, and one that has failed is
run once more alone before it is called bad.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from itertools import chain, islice
from typing import TypeVar

from backend.errors import ClusterUnreachable, GlueLinkError
from backend.features.many.engines import Engine
from backend.features.store.fill import OF_ONE_BLOCK

Task = TypeVar("Task")
Result = TypeVar("Result")
Entry = tuple[Task, int]
"""A task, and how often its worker has died."""

TICK_S = 0.2


def outcomes(
    tasks: Iterable[Task],
    work: Callable[[Task], Result],
    engine: Engine,
    tick: Callable[[], None],
) -> Iterator[tuple[Task, Result | Exception]]:
    """Yield each task with its result, or with the error that it has even when it is run alone.

    `work` and tasks are pickled. `tick` is called several times a second; what it raises ends the
    run, and what is at work meanwhile is left to itself.

    Raises:
        ClusterUnreachable: the engine was lost.
        GlueLinkError: one that is not of a single block.
    """
    suspects: list[Task] = []
    for task, outcome in _handed_out(tasks, work, engine, engine.at_once, tick):
        if isinstance(outcome, Exception):
            suspects.append(task)
        else:
            yield task, outcome
    if suspects:
        yield from _handed_out(suspects, work, engine, 1, tick)


def _handed_out(
    tasks: Iterable[Task],
    work: Callable[[Task], Result],
    engine: Engine,
    at_once: int,
    tick: Callable[[], None],
) -> Iterator[tuple[Task, Result | Exception]]:
    """Yield what became of tasks of which so many are handed out at once."""
    queue: Iterator[Entry[Task]] = ((task, 0) for task in tasks)
    while True:
        lost: list[Entry[Task]] = []
        with engine.open() as executor:
            yield from _until_broken(executor, queue, work, at_once, tick, lost)
        if not lost:
            return
        again = []
        for task, deaths in lost:
            if deaths:
                yield task, BrokenExecutor("its worker died")
            else:
                again.append((task, 1))
        queue = chain(again, queue)


def _until_broken(
    executor: Executor,
    queue: Iterator[Entry[Task]],
    work: Callable[[Task], Result],
    at_once: int,
    tick: Callable[[], None],
    lost: list[Entry[Task]],
) -> Iterator[tuple[Task, Result | Exception]]:
    """Yield what becomes of tasks until there are none left, or the executor takes no more.

    Tasks that were handed out then are added to `lost`.
    """
    pending: dict[Future[Result], Entry[Task]] = {}
    while True:
        if not lost:
            for entry in islice(queue, at_once - len(pending)):
                try:
                    pending[executor.submit(work, entry[0])] = entry
                except BrokenExecutor:
                    lost.append(entry)
                    break
        if not pending:
            return
        done = wait(pending, TICK_S, FIRST_COMPLETED).done
        tick()
        for future in done:
            entry = pending.pop(future)
            outcome = _outcome(future)
            if isinstance(outcome, BrokenExecutor):
                lost.append(entry)
            else:
                yield entry[0], outcome


def _outcome(future: Future[Result]) -> Result | Exception:
    try:
        return future.result()
    except CancelledError as error:  # not by us
        raise ClusterUnreachable(
            "The cluster was lost while it worked.",
            "What was finished is kept: start the cluster, and run it again to go on.",
        ) from error
    except OF_ONE_BLOCK as error:
        return error
    except GlueLinkError:
        raise
    except Exception as error:
        return error
