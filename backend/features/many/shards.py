"""The part of all blocks that one job takes: job arrays of Slurm, indexed jobs of Kubernetes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from backend.errors import ConfigInvalid

Block = TypeVar("Block")


@dataclass(frozen=True)
class Shard:
    """Every `count`-th block, counted over all scenes in the order that they are given.

    What is encoded already does not move the others: a job that is run again has the same blocks.

    Example:
        mine = Shard.parse("3/16").take(blocks, before=0)
    """

    number: int = 0
    """Which part: 0 to count - 1."""
    count: int = 1
    """Number of parts."""

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard that `i/n` says.

        Raises:
            ConfigInvalid: it is something else, or i is not below n.
        """
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if found is None or int(found[1]) >= int(found[2]):
            raise ConfigInvalid(
                f'The shard is "{text}".', "Expected i/n with i from 0 to n - 1, such as 0/4."
            )
        return cls(int(found[1]), int(found[2]))

    def take(self, blocks: Sequence[Block], before: int) -> Sequence[Block]:
        """Return those of a scene's blocks that are this job's; `before` lie in earlier scenes."""
        return blocks[(self.number - before) % self.count :: self.count]


WHOLE = Shard()
"""All blocks."""
