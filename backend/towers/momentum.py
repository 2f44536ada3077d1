"""The slowly moving copy of a tower, and the queue of the vectors that it gave."""

import copy
from typing import Any, TypeVar

import torch
from torch import nn

MOMENTUM = 0.995

Network = TypeVar("Network", bound=nn.Module)


def slow_copy(network: Network) -> Network:
    """Return a copy that `follow` moves, and nothing else."""
    return copy.deepcopy(network).eval().requires_grad_(False)


@torch.no_grad()
def follow(slow: nn.Module, network: nn.Module, momentum: float = MOMENTUM) -> None:
    """Move a copy towards its network: m · copy + (1 - m) · network, number by number.

    What is frozen in the network stays in the copy, too.
    """
    pairs = zip(slow.parameters(), network.parameters(), strict=True)
    own, theirs = zip(*((a.data, b.data) for a, b in pairs if b.requires_grad), strict=True)
    torch._foreach_mul_(own, momentum)
    torch._foreach_add_(own, theirs, alpha=1 - momentum)


class Queue:
    """The newest vectors of images and texts, the oldest of which make room for new ones.

    Example:
        queue = Queue(20_000, 256, device)
        queue.push(images, texts)  # (n, 256) each
        images, texts = queue.vectors  # as many as have come, at most 20,000
    """

    def __init__(self, size: int, dim: int, device: torch.device) -> None:
        """Make an empty queue of `size` pairs."""
        self._pairs = torch.zeros(2, size, dim, device=device)
        self._at, self._filled = 0, 0

    @property
    def vectors(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Images and texts (q, dim): those that have come, and no random ones before."""
        images, texts = self._pairs[:, : self._filled]
        return images, texts

    @torch.no_grad()
    def push(self, images: torch.Tensor, texts: torch.Tensor) -> None:
        """Add vectors (n, dim) of pairs."""
        size = self._pairs.shape[1]
        if not size:
            return
        new = torch.stack([images, texts])[:, -size:].to(self._pairs)
        places = (self._at + torch.arange(new.shape[1], device=new.device)) % size
        self._pairs[:, places] = new
        self._at = (self._at + new.shape[1]) % size
        self._filled = min(size, self._filled + new.shape[1])

    def state(self) -> dict[str, Any]:
        """Return all that `restore` needs."""
        return {"pairs": self._pairs, "at": self._at, "filled": self._filled}

    def restore(self, state: dict[str, Any]) -> None:
        """Put the queue where it was when this `state` was taken."""
        self._pairs.copy_(state["pairs"])
        self._at, self._filled = state["at"], state["filled"]
