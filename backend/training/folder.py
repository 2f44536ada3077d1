"""The folder of a run, beside its head: where it is begun, left, taken up again and finished.

NAME.safetensors     the head
NAME/config.yaml     the configuration, every field of it
NAME/curve.csv       the learning curve, a row for every epoch; of adamw
NAME/curve.png       the same as a picture
NAME/card.md         the model card; written last, it marks a finished run
NAME/checkpoint      the state of the trainer after the last whole epoch
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
import yaml
from filelock import FileLock, Timeout

from backend.errors import ConfigInvalid, OutputUnwritable, SurveyInvalid
from backend.evaluation.figures.style import save_figure
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.link import LinkHead, save_head
from backend.link.adamw import AdamWTrainer, Epoch
from backend.training.card import model_card
from backend.training.config import TrainConfig, read_fields
from backend.training.curve import curve_as_csv, draw_curve

ELSEWHERE = "Choose another output, or train it anew with --fresh."
FREE_TO_DIFFER = ("device", "output")  # neither changes what is learnt


class RunFolder:
    """The files of one run; each is written whole or not at all."""

    def __init__(self, config: TrainConfig) -> None:
        """The folder of the run that `config` describes."""
        self.config = config
        self.head = config.output
        self.path = config.output.with_suffix("")
        self.card = self.path / "card.md"
        self._fields = self.path / "config.yaml"
        self._curve = self.path / "curve.csv"
        self._picture = self.path / "curve.png"
        self._checkpoint = self.path / "checkpoint"

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end."""
        return self.card.exists() and self.head.exists()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder against other runs; nothing is left of a run that fails at once."""
        lock = FileLock(self.path / ".lock", timeout=0)
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire()
            except Timeout:
                raise OutputUnwritable(
                    f"Another run is training {self.head}.", "Wait for it or stop it."
                ) from None
        try:
            yield
        finally:
            lock.release()
            if not self._fields.exists():
                with suppress(OSError):  # there is something else in it
                    Path(lock.lock_file).unlink(missing_ok=True)
                    self.path.rmdir()

    def begin(self, fresh: bool) -> None:
        """Forget what is there if `fresh`; otherwise it must be this very run's. ConfigInvalid."""
        if fresh:
            for path in (self.card, self._fields, self._curve, self._picture, self._checkpoint):
                path.unlink(missing_ok=True)
        elif self._fields.exists():
            self._require_same(yaml.safe_load(self.config.as_yaml()))
        elif self.head.exists():
            raise ConfigInvalid(f"There is a head at {self.head} already.", ELSEWHERE)

    def _require_same(self, wanted: dict[str, Any]) -> None:
        begun = _flat(read_fields(self._fields))
        for name, value in _flat(wanted).items():
            if name not in FREE_TO_DIFFER and begun.get(name) != value:
                raise ConfigInvalid(
                    f"The run {self.path} was begun with another configuration: its {name} is "
                    f"{begun.get(name)!r}, not {value!r}.",
                    ELSEWHERE,
                )

    def save(self, trainer: AdamWTrainer, facts: dict[str, Any]) -> None:
        """Keep the state of the trainer, and its curve."""
        self._write(self._fields, self.config.as_yaml().encode())
        checkpoint = io.BytesIO()  # to a full disk torch itself would raise a RuntimeError
        torch.save({"facts": facts, "trainer": trainer.state()}, checkpoint)
        self._write(self._checkpoint, checkpoint.getvalue())
        self._write(self._curve, curve_as_csv(trainer.curve).encode())

    def restore(self, trainer: AdamWTrainer, facts: dict[str, Any]) -> bool:
        """Put the trainer where the run was left; False when it is new.

        SurveyInvalid when the survey has changed meanwhile, ConfigInvalid when the checkpoint is
        damaged.
        """
        if not self._checkpoint.exists():
            return False
        try:
            kept = torch.load(self._checkpoint, map_location="cpu", weights_only=True)
            self.require_same_survey(kept["facts"], facts)
            trainer.restore(kept["trainer"])
        except (RuntimeError, ValueError, KeyError, OSError, EOFError, UnpicklingError) as error:
            raise ConfigInvalid(f"{self._checkpoint} is damaged.", ELSEWHERE) from error
        return True

    def require_same_survey(self, begun: dict[str, Any], facts: dict[str, Any]) -> None:
        """SurveyInvalid unless all `facts` of the survey are those that the run was begun with."""
        for name, fact in facts.items():
            if begun.get(name) != fact:
                raise SurveyInvalid(
                    f"The survey has changed since the run {self.path} was begun, in its "
                    f"{name.replace('_', ' ')}: {begun.get(name)} became {fact}.",
                    ELSEWHERE,
                )

    def finish(self, head: LinkHead, curve: Sequence[Epoch]) -> None:
        """Write the picture of the curve, the head and, last, its card."""
        self._write(self._fields, self.config.as_yaml().encode())
        if curve:
            save_figure(draw_curve(head.meta, curve), self._picture)
        save_head(head, self.head)
        self._write(self.card, model_card(head.meta).encode())

    def _write(self, path: Path, content: bytes) -> None:
        with writing(path), atomic(path) as partial:
            partial.write_bytes(content)


def _flat(fields: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Fields within fields by names such as recipe.epochs."""
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        of_value = _flat(value, f"{above}{name}.") if isinstance(value, dict) else None
        flat |= of_value if of_value is not None else {above + name: value}
    return flat
