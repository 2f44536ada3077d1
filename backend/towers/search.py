"""Writing word after word: greedy, by beams, and by groups of beams that differ.

A text's score is its log-likelihood over its length, the end included. A search goes on until no
text that is still being written can become better than those that have ended, so that with as many
beams as there are texts it is exhaustive. Source: Vijayakumar et al., Diverse Beam Search
(2018).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import torch

from backend.towers.settings import Search

Step = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Takes tokens (k, t) and the rows of the last call that each goes on from (k,), and returns logits
(k, vocabulary) of the next one."""


@dataclass(frozen=True)
class Written:
    """A text that was found."""

    tokens: tuple[int, ...]
    """Without what it began with, and without its end."""
    likelihood: float
    """Logarithm of how likely it is, its end included."""
    score: float
    """The same over its length: what texts are compared by."""


class _Group:
    """Beams that compete with each other, and the texts of them that have ended."""

    def __init__(self, how: Search) -> None:
        self._how, self.size = how, how.beams // how.groups
        self.ended: list[Written] = []
        self.sums = torch.full((self.size,), -torch.inf)
        self.sums[0] = 0.0  # all begin alike, so one counts

    @property
    def is_done(self) -> bool:
        """Whether no beam can still become one of the best."""
        if self._how.beams == 1:
            return bool(self.ended)
        best = float(self.sums.max()) / self._how.most**self._how.length_power
        return len(self.ended) >= self.size and self.ended[self.size - 1].score >= best

    def advance(
        self, ids: torch.Tensor, scores: torch.Tensor, taken: torch.Tensor, written: int, end: int
    ) -> tuple[list[int], list[int]]:
        """Go on by a token; return the row that each beam goes on from, and its word.

        `ids` are its tokens (size, t), of which `written` were written before; `scores` (size,
        vocabulary) are logarithms, and `taken` (vocabulary,) says how often a word was taken.
        """
        totals, words = self.sums[:, None] + scores, scores.shape[1]
        ranked = (totals - self._how.diversity * taken).flatten()
        places = ranked.topk(min(2 * self.size, len(ranked))).indices.tolist()
        going: list[tuple[int, int, float]] = []
        for rank, (row, word) in enumerate(divmod(place, words) for place in places):
            total = float(totals[row, word])
            if total == -torch.inf:
                continue
            if word == end or written + 1 == self._how.most:
                if rank < self.size:
                    own = ids[row, ids.shape[1] - written :].tolist()
                    text = tuple(own if word == end else [*own, word])
                    score = total / (written + 1) ** self._how.length_power
                    self.ended.append(Written(text, total, score))
            elif len(going) < self.size:
                going.append((row, word, total))
        self.ended.sort(key=lambda one: -one.score)
        going += [(0, end, -torch.inf)] * (self.size - len(going))
        self.sums = torch.tensor([total for _, _, total in going])
        return [row for row, _, _ in going], [word for _, word, _ in going]


@torch.no_grad()
def search(step: Step, begun: Sequence[int], end: int, how: Search) -> list[Written]:
    """Return the best texts that go on from the tokens `begun`, the best first."""
    groups = [_Group(how) for _ in range(how.groups)]
    size, ids = groups[0].size, torch.tensor([list(begun)] * how.beams)
    rows = torch.arange(how.beams)
    for written in range(how.most):
        scores = step(ids, rows).float().log_softmax(dim=1).cpu()
        if written < how.least:
            scores[:, end] = -torch.inf
        taken = torch.zeros(scores.shape[1])
        places, words = [], []
        for number, group in enumerate(groups):
            own = slice(number * size, (number + 1) * size)
            kept, chosen = list(range(size)), [end] * size
            if not group.is_done:
                kept, chosen = group.advance(ids[own], scores[own], taken, written, end)
                taken += torch.bincount(torch.tensor(chosen), minlength=len(taken))
            places += [number * size + row for row in kept]
            words += chosen
        if all(group.is_done for group in groups):
            break
        rows = torch.tensor(places)
        ids = torch.cat([ids[rows], torch.tensor(words)[:, None]], dim=1)
    found = chain.from_iterable(group.ended[: group.size] for group in groups)
    return sorted(found, key=lambda one: -one.score)
