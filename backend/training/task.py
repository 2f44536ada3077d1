"""What a run trains. A task is one module; the life of its run is shared."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from backend.training.curve import Chart
from backend.training.fields import TaskConfig

Model = TypeVar("Model", covariant=True)


@dataclass(frozen=True)
class Finished:
    """What a trained task leaves."""

    save: Callable[[Path], None]
    """Writes the model to a file, whole or not at all."""
    card: str
    """The model card in Markdown."""
    chart: Chart | None = None
    """The learning curve as a picture; None for a task without epochs."""


class Task(Protocol[Model]):
    """A model, the batches and the loss that it learns by, its evaluation, and its state.

    A task opens its data when it is first asked for them, so that a run that cannot begin says so
    at once.

    Example:
        from backend.training import train

        train(Linking(config))  # the first task, in backend/training/linking
        train(Logistic(Path("plane.json")))  # the smallest, in tests/support/tiny_task.py
    """

    @property
    def output(self) -> Path:
        """The file of the model; the folder of the run lies beside it."""

    @property
    def config(self) -> TaskConfig:
        """All settings; a run goes on only with those it was begun with."""

    @property
    def facts(self) -> dict[str, Any]:
        """What the model depends on beside the settings, in plain numbers and words."""

    @property
    def curve(self) -> Sequence[Any]:
        """A dataclass of numbers for every epoch so far: a row of curve.csv."""

    def epochs(self) -> Iterator[object]:
        """Train on from where the task is: go through the batches, yield after each epoch."""

    def state(self) -> dict[str, Any]:
        """Return all that `restore` needs, as tensors and plain values."""

    def restore(self, state: dict[str, Any]) -> None:
        """Put the task where it was when this `state` was taken."""

    def finish(self) -> Finished:
        """Evaluate the trained model and describe it."""

    def load(self) -> Model:
        """Return the finished model; raise if its training data have changed since."""
