"""Processes that train one tower or CLIP together, each on a share of every batch.

`torchrun --nproc-per-node 2 -m backend.train …` starts them, one for each device. Every process
holds the whole tower and all texts, and reads the pixels of its own chips alone. What one pair
needs of the others, slow vectors and the chips that do not belong to it, is gathered, with the
gradients that flow back, so the gradients are those of one process with the whole batch.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import torch
from torch import distributed
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from backend.device import choose_device, processes
from backend.errors import ConfigInvalid
from backend.training.folder import RunFolder, train
from backend.training.task import Model, Task

Item = TypeVar("Item")
CLOSED = "Connection closed by peer"
"""What gloo says, in an error like any other, where another process has ended."""


@dataclass(frozen=True)
class Together:
    """Which of how many processes this one is; alone unless torchrun has started it.

    Example:
        with joined() as together:
            mine = together.share(64)  # slice(32, 64) in the second of two
    """

    rank: int = 0
    """The number of this process; 0 keeps the run's folder."""
    size: int = 1
    """How many there are."""

    def device(self, name: str | None) -> torch.device:
        """Return where this process computes: on CUDA each has a device of its own.

        Raises:
            ConfigInvalid: the device cannot be used.
        """
        device = choose_device(name)
        if self.size == 1 or device.type != "cuda":
            return device
        own = choose_device(f"cuda:{os.environ.get('LOCAL_RANK', self.rank)}")
        torch.cuda.set_device(own)
        return own

    def share(self, count: int) -> slice:
        """Return which of so many this process takes; all shares are equal but for the last."""
        each = -(-count // self.size)
        return slice(min(count, self.rank * each), min(count, (self.rank + 1) * each))

    def require_equal_shares(self, count: int) -> None:
        """Raise ConfigInvalid unless a batch of so many pairs has equal shares."""
        if count % self.size:
            raise ConfigInvalid(
                f"Batches of {count} pairs do not divide among {self.size} processes.",
                f"Give a batch_size that {self.size} divides, and as many chips at least.",
            )

    def gather(self, own: torch.Tensor) -> torch.Tensor:
        """Return the shares (n, …) of all, one after the other; gradients flow back to each."""
        if self.size == 1:
            return own
        every: torch.Tensor = _Gather.apply(own, self)
        return every

    def mean(self, own: torch.Tensor) -> torch.Tensor:
        """Return the mean over processes, without gradients."""
        found = own.detach().clone()
        if self.size > 1:
            distributed.all_reduce(found)
        return found / self.size

    def average_gradients(self, parameters: Iterable[torch.Tensor]) -> None:
        """Put the mean over processes in place of every gradient, by one exchange for all.

        One that has none here, and some elsewhere, counts as 0.
        """
        if self.size == 1:
            return
        every = list(parameters)
        has = torch.tensor([float(one.grad is not None) for one in every], device=every[0].device)
        used = [one for one, share in zip(every, self.mean(has).tolist(), strict=True) if share]
        for one in used:
            one.grad = torch.zeros_like(one) if one.grad is None else one.grad
        own = [one.grad for one in used if one.grad is not None]
        vector_to_parameters(self.mean(parameters_to_vector(own)), own)

    def join(self, own: Sequence[Item]) -> list[Item]:
        """Return what all processes have, one after the other."""
        if self.size == 1:
            return list(own)
        every: list[Sequence[Item]] = [()] * self.size
        distributed.all_gather_object(every, own)
        return [one for of in every for one in of]

    def agree(self, value: bool) -> bool:
        """Return what the first process says; the others wait for it."""
        answer = [value]
        if self.size > 1:
            distributed.broadcast_object_list(answer)
        return answer[0]


class _Gather(torch.autograd.Function):
    """Shares put together; what flows back to one of them from all processes is added up."""

    @staticmethod
    def forward(context: Any, own: torch.Tensor, together: Together) -> torch.Tensor:
        context.rows = slice(together.rank * len(own), (together.rank + 1) * len(own))
        every = [torch.empty_like(own) for _ in range(together.size)]
        distributed.all_gather(every, own.contiguous())
        return torch.cat(every)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        added = gradient.contiguous().clone()
        distributed.all_reduce(added)
        return added[context.rows], None


class SharedTask(Task[Model], Protocol[Model]):
    """A task that several processes train, each with the whole model and a share of the work."""

    @property
    def begun(self) -> bool:
        """Whether the processes have agreed on training, which `epochs` begins with."""


def train_together(
    task: Callable[[Together], SharedTask[Model]], *, fresh: bool = False
) -> Model | None:
    """Train a task by as many processes as torchrun has started, or alone.

    The first keeps the run's folder and returns the model, as `train` does; the others return None.
    """
    with joined() as together:
        own = task(together)
        if together.rank:
            if together.agree(True):  # unless the first one has nothing to train
                RunFolder(own.output).resume(own)
                for _ in own.epochs():
                    pass
                own.finish()
            return None
        try:
            return train(own, fresh=fresh)
        finally:
            if not own.begun:
                together.agree(False)


@contextmanager
def joined() -> Iterator[Together]:
    """Join the processes that torchrun has started; alone where it has started none."""
    if processes() == 1:
        yield Together()
        return
    # Objects and the CPU's tensors go by gloo, those of a GPU by nccl.
    both = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    distributed.init_process_group(both)
    try:
        yield Together(distributed.get_rank(), distributed.get_world_size())
    except RuntimeError as error:
        if not isinstance(error, distributed.DistError) and CLOSED not in str(error):
            raise
        raise ConfigInvalid(
            "Another process of this training has ended.", "What it wrote before says why."
        ) from error
    finally:
        distributed.destroy_process_group()
