"""The life of a run, and its folder beside its model: begun, left, taken up again, finished.

NAME.safetensors     the model; one of several files, such as an adapter, lies in the folder itself
NAME/config.yaml     the configuration, every field of it
NAME/curve.csv       the learning curve, a row for every epoch; of a task that has epochs
NAME/curve.png       the same as a picture
NAME/card.md         the model card; written last, it marks a finished run
NAME/checkpoint      the state of the task after the last whole epoch
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import torch

from backend.errors import (
    ConfigInvalid,
    GlueLinkError,
    OutOfMemory,
    OutputUnwritable,
    SurveyInvalid,
)
from backend.io.disk import held, write_file
from backend.training.curve import curve_as_csv
from backend.training.fields import TaskConfig, read_fields
from backend.training.task import Model, Task

ELSEWHERE = "Choose another output, or train it anew with --fresh."
FREE_TO_DIFFER = ("device", "output")  # neither changes what is learnt
ONE_FILE = (".safetensors", ".json")
LOCK = ".lock"
_HASH = re.compile("[0-9a-f]{32,}")
NO_MEMORY = "can't allocate memory"


class RunFolder:
    """The files of one run; each is written whole or not at all."""

    def __init__(self, output: Path) -> None:
        """Name the files of the run whose model is `output`; nothing is made yet."""
        self.output = output
        self.path = output.with_suffix("") if output.suffix in ONE_FILE else output
        self.card = self.path / "card.md"
        self._fields = self.path / "config.yaml"
        self._curve = self.path / "curve.csv"
        self._picture = self.path / "curve.png"
        self._checkpoint = self.path / "checkpoint"

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end."""
        return self.card.exists() and self.output.exists()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder against other runs; remove it if the run ends before its first file."""
        lock, message = self.path / LOCK, f"Another run is training {self.output}."
        with held(lock, OutputUnwritable(message, "Wait for it or stop it.")):
            try:
                yield
            finally:
                if not self._fields.exists():
                    with suppress(OSError):  # there is something else in it
                        lock.unlink(missing_ok=True)
                        self.path.rmdir()

    def begin(self, config: TaskConfig, fresh: bool) -> None:
        """Forget what is there if `fresh`; otherwise require that it is this very run's.

        Raises:
            ConfigInvalid: the run there has another configuration, or no run wrote the model.
        """
        if fresh:
            # In this order, so that what a killed run leaves is still that of one run.
            for path in (self._checkpoint, self.card, self._curve, self._picture, self._fields):
                path.unlink(missing_ok=True)
        elif self._fields.exists():
            begun = config.settings_in(_begun(self._fields))
            for name, value in config.settings().items():
                if name not in FREE_TO_DIFFER and begun.get(name) != value:
                    raise ConfigInvalid(
                        f"The run {self.path} was begun with another configuration: its {name} is "
                        f"{begun.get(name)!r}, not {value!r}.",
                        ELSEWHERE,
                    )
        elif self._is_taken:
            raise ConfigInvalid(f"There is a model at {self.output} already.", ELSEWHERE)

    @property
    def _is_taken(self) -> bool:
        """Whether there is something that no run has begun."""
        if self.output == self.path:
            return any(file.name != LOCK for file in self.path.iterdir())
        return self.output.exists()

    def keep(self, task: Task[object]) -> None:
        """Write the state of a task, and its curve."""
        write_file(self._fields, task.config.as_yaml().encode())
        checkpoint = io.BytesIO()  # to a full disk torch itself would raise a RuntimeError
        torch.save({"facts": task.facts, "state": task.state()}, checkpoint)
        write_file(self._checkpoint, checkpoint.getvalue())
        write_file(self._curve, curve_as_csv(task.curve).encode())

    def resume(self, task: Task[object]) -> None:
        """Put a task where the run was left; leave a new one as it is.

        Raises:
            SurveyInvalid: what it learns from has changed meanwhile.
            ConfigInvalid: the checkpoint is damaged.
        """
        if not self._checkpoint.exists():
            return
        try:
            kept = torch.load(self._checkpoint, map_location="cpu", weights_only=True)
            require_same(self.path, kept["facts"], task.facts)
            # Runs that were begun before tasks came kept the state as `descent`.
            task.restore(kept["state"] if "state" in kept else kept["descent"])
        except (GlueLinkError, torch.OutOfMemoryError):
            raise
        except Exception as error:  # what is not as it was written makes a task raise anything
            raise ConfigInvalid(
                f"{self._checkpoint} is damaged, or of another version.", ELSEWHERE
            ) from error

    def finish(self, task: Task[object]) -> None:
        """Write the picture of the curve, the model and, last, its card."""
        finished = task.finish()
        write_file(self._fields, task.config.as_yaml().encode())
        if finished.chart:
            # Imported by none but who draws: it takes seconds.
            from backend.evaluation.figures.style import save_figure
            from backend.training.picture import draw_curve

            save_figure(draw_curve(finished.chart), self._picture)
        finished.save(self.output)
        write_file(self.card, finished.card.encode())


def train(task: Task[Model], *, fresh: bool = False) -> Model:
    """Train a task to its end and return its model, or the model that a finished run left.

    A run that was stopped, killed even, goes on after its last whole epoch; `fresh` forgets it.

    Example:
        head = train(Linking(read_config(Path("paper.yaml"), {"survey": survey})))

    Raises:
        ConfigInvalid: the output belongs to another run, or the checkpoint is damaged.
        SurveyInvalid: what the run learns from has changed since it was begun.
        DiskFull: the disk of the output is full.
        OutputUnwritable: the output cannot be written, or another run is writing it.
        OutOfMemory: the memory of the device is too small for it.
    """
    folder = RunFolder(task.output)
    with folder.held(), _memory():
        folder.begin(task.config, fresh)
        if not folder.finished:
            folder.resume(task)
            for _ in task.epochs():
                folder.keep(task)
            folder.finish(task)
        return task.load()


@contextmanager
def _memory() -> Iterator[None]:
    """Raise OutOfMemory where torch finds no memory, on a GPU or on the CPU."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # On the CPU it is a RuntimeError like any other.
        if not isinstance(error, MemoryError | torch.OutOfMemoryError) and NO_MEMORY not in str(
            error
        ):
            raise
        raise OutOfMemory(
            "The memory of the device is too small for this training.",
            "Give a smaller batch_size with accumulate, checkpointing, or a smaller size.",
        ) from error


def _begun(path: Path) -> dict[str, Any]:
    """Return the fields that a run was begun with.

    Raises:
        ConfigInvalid: they cannot be read.
    """
    try:
        return read_fields(path)
    except ConfigInvalid as error:
        raise ConfigInvalid(error.message, ELSEWHERE) from error


def require_same(run: Path, begun: dict[str, Any], facts: dict[str, Any]) -> None:
    """Raise SurveyInvalid unless `facts` are those that the run was begun with."""
    for name, fact in facts.items():
        if begun.get(name) != fact:
            # A hash tells that it is another one, and nothing more.
            both = "" if _HASH.fullmatch(str(fact)) else f": {begun.get(name)} became {fact}"
            raise SurveyInvalid(
                f"What the run {run} learns from has changed since it was begun, in its "
                f"{name.replace('_', ' ')}{both}.",
                ELSEWHERE,
            )
