"""A task in one module, logistic regression: python -m tests.support.tiny_task OUTPUT."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from backend.io.atomic import atomic
from backend.training import Finished, train
from backend.training.curve import Chart
from backend.training.fields import TaskConfig

EPOCHS, BATCH, RATE, POINTS = 12, 32, 0.5, 256


@dataclass(frozen=True)
class Epoch:
    """A row of the curve."""

    epoch: int
    loss: float
    accuracy: float


class Settings(TaskConfig):
    """What can be set."""

    seed: int
    momentum: float = 0.9


class Logistic:
    """Which side of a plane points lie on, by stochastic gradient descent with momentum."""

    def __init__(self, output: Path, seed: int = 0, wait_s: float = 0.0) -> None:
        self.output, self.config = output, Settings(seed=seed)
        self._seed, self._wait_s = seed, wait_s
        rng = torch.Generator().manual_seed(seed)
        self._x = torch.randn(2 * POINTS, 5, generator=rng, dtype=torch.float64)
        self._y = (self._x @ torch.arange(-2.0, 3.0).double() > 0.5).double()
        self._weights = torch.zeros(6, dtype=torch.float64, requires_grad=True)
        self._optimiser = torch.optim.SGD([self._weights], RATE, self.config.momentum)
        self.curve: list[Epoch] = []
        self.facts = {"points": POINTS}

    def _batches(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        rng = torch.Generator().manual_seed(1000 * self._seed + len(self.curve))
        for rows in torch.randperm(POINTS, generator=rng).split(BATCH):
            yield self._x[rows], self._y[rows]

    def _answer(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self._weights[:5] + self._weights[5]

    def _accuracy(self) -> float:
        held_out = slice(POINTS, None)
        right = (self._answer(self._x[held_out]) > 0) == (self._y[held_out] > 0)
        return float(right.double().mean())

    def epochs(self) -> Iterator[Epoch]:
        while len(self.curve) < EPOCHS:
            losses = []
            for x, y in self._batches():
                loss = torch.nn.functional.binary_cross_entropy_with_logits(self._answer(x), y)
                self._optimiser.zero_grad()
                loss.backward()
                self._optimiser.step()
                losses.append(loss.detach())
            time.sleep(self._wait_s)
            mean = float(torch.stack(losses).mean())
            self.curve.append(Epoch(len(self.curve) + 1, mean, self._accuracy()))
            yield self.curve[-1]

    def state(self) -> dict[str, Any]:
        return {
            "weights": self._weights.detach(),
            "optimiser": self._optimiser.state_dict(),
            "curve": [vars(epoch) for epoch in self.curve],
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._weights.data.copy_(state["weights"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.curve = [Epoch(**epoch) for epoch in state["curve"]]

    def finish(self) -> Finished:
        accuracy = self.curve[-1].accuracy
        card = f"# A plane\n\nAccuracy on {POINTS} points held out: {accuracy:.3f}.\n"
        lines = {"held out": [epoch.accuracy for epoch in self.curve]}
        chart = Chart("A plane", "accuracy", lines, [RATE] * len(self.curve), level=("guess", 0.5))
        return Finished(self._save, card, chart)

    def _save(self, path: Path) -> None:
        with atomic(path) as partial:
            partial.write_text(json.dumps(self._weights.tolist()))

    def load(self) -> list[float]:
        return json.loads(self.output.read_text())


if __name__ == "__main__":
    train(Logistic(Path(sys.argv[1]), wait_s=0.1))
