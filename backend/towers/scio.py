"""Screen, filter, rebuild: a frozen tower judges the fragments of texts.

A fragment is noise when the text without it fits its chip better in two ways: the contrast with
other chips is lower, and the matching score is higher. A fragment that is written anew is taken
when it is better than the old one in the same two ways. Each chip is judged by itself, against a
fixed bank of other chips, so a decision depends on no batch and can be repeated bit for bit.
Source: Yang et al., SAR-KnowLIP (2025). The bank and its size are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from backend.towers.losses import MATCHED
from backend.towers.reading import Chips
from backend.towers.settings import Margins
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary

BANK = 256
EXACT = Margins()
"""Every change counts, however small it is."""


@dataclass(frozen=True)
class Judged:
    """How texts fit one chip; k is their number."""

    loss: torch.Tensor
    """(k,) contrast of the text with the chip against the bank: lower is better."""
    match: torch.Tensor
    """(k,) probability that text and chip belong together."""


def is_better(loss: float, match: float, margins: Margins = EXACT) -> bool:
    """Return whether a change of both, new minus old, is better beyond the margins."""
    return loss < -margins.loss and match > margins.match


class Judge:
    """A frozen tower with its bank of chips.

    Example:
        judge = Judge(tower, vocabulary, bank)
        changes = judge.without_each(judge.see(db), ["Water: a lake.", "Roads: none."])
    """

    def __init__(self, tower: Tower, vocabulary: Vocabulary, bank: torch.Tensor) -> None:
        """Take vectors (b, dim) of the chips of the bank, one more than are used."""
        self._tower, self._vocabulary, self._bank = tower, vocabulary, bank
        self._device = bank.device

    @torch.no_grad()
    def judge(
        self, seen: torch.Tensor, texts: Sequence[Sequence[str]], own: int | None = None
    ) -> Judged:
        """Return how texts of fragments fit a chip with these states (1, p, width).

        `own` is the place of the chip in the bank, where it is a part of that.
        """
        tower, most = self._tower, self._tower.sizes.most_tokens
        tokens = self._vocabulary.tokenise(texts, most)
        alone = tower.read_asked(tokens.ids, tokens.attended)
        words = tower.text_vectors(alone[:, None])  # (k, dim)
        others = self._others(own)
        scores = words @ torch.cat([tower.image_vectors(seen), others]).T / tower.temperature
        match = tower.match_texts(tokens.ids, tokens.attended, seen).softmax(dim=1)[:, MATCHED]
        return Judged(-scores.log_softmax(dim=1)[:, 0], match)

    def _others(self, own: int | None) -> torch.Tensor:
        """Return the bank without the chip itself, or without its last one: always as many."""
        left_out = len(self._bank) - 1 if own is None else own
        return torch.cat([self._bank[:left_out], self._bank[left_out + 1 :]])

    @torch.no_grad()
    def see(self, db: torch.Tensor) -> torch.Tensor:
        """Return the states (1, p, width) of a chip (2, side, side) in dB."""
        return self._tower.see(db[None].to(self._device))

    def without_each(
        self, seen: torch.Tensor, fragments: Sequence[str], own: int | None = None
    ) -> list[tuple[float, float]]:
        """Return what leaving out each fragment changes: loss and match, new minus old.

        `seen` (1, p, width) are the states of the chip.
        """
        whole = list(fragments)
        texts = [whole, *([*whole[:j], *whole[j + 1 :]] for j in range(len(whole)))]
        found = self.judge(seen, texts, own)
        loss, match = found.loss - found.loss[0], found.match - found.match[0]
        return list(zip(loss[1:].tolist(), match[1:].tolist(), strict=True))

    @torch.no_grad()
    def rewrite(self, seen: torch.Tensor, fragments: Sequence[str], number: int) -> str:
        """Return a fragment written anew from states (1, p, width) and the rest of the text.

        Its lead-in stays; its other words are hidden all at once, and filled one after the other
        by the likeliest word.
        """
        tower, vocabulary = self._tower, self._vocabulary
        tokens = vocabulary.tokenise([list(fragments)], tower.sizes.most_tokens)
        ids, own = tokens.ids.clone(), tokens.fragment[0] == number
        places = (own & tokens.value[0]).nonzero()[:, 0].tolist()
        ids[0, places] = vocabulary.mask
        chip = Chips(seen, torch.zeros(1, dtype=torch.int64, device=self._device))
        for place in places:
            here = torch.zeros_like(tokens.attended)
            here[0, place] = True
            states = tower.read_asked(ids, tokens.attended, here, chip)
            logits = tower.fill(states)[0]
            logits[vocabulary.no_words] = -torch.inf
            ids[0, place] = int(logits.argmax())
        return vocabulary.words(ids[0, own].tolist())

    def replacing(
        self,
        seen: torch.Tensor,
        fragments: Sequence[str],
        number: int,
        words: str,
        own: int | None = None,
    ) -> tuple[float, float]:
        """Return what other words for a fragment change: loss and match, new minus old.

        `seen` (1, p, width) are the states of the chip.
        """
        changed = [*fragments[:number], words, *fragments[number + 1 :]]
        found = self.judge(seen, [list(fragments), changed], own)
        loss, match = (one[1] - one[0] for one in (found.loss, found.match))
        return float(loss), float(match)
