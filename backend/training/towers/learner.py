"""A tower while it learns: its networks, its optimiser, and what one batch teaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from backend.towers.losses import (
    draw_negatives,
    itc_loss,
    itm_loss,
    mask_words,
    mlm_loss,
)
from backend.towers.momentum import Queue, follow, slow_copy
from backend.towers.reading import Chips, class_tokens
from backend.towers.tower import Tower
from backend.towers.words import Tokens, Vocabulary
from backend.towers.writing import Script, lm_loss, write_script
from backend.training.lora import learnt, put_values, values_of
from backend.training.towers.config import Recipe
from backend.training.towers.together import Together


@dataclass(frozen=True)
class Lesson:
    """One text that a decoder learns to write."""

    row: int
    """Place of its chip in the batch."""
    question: str
    """What it answers; empty for a caption."""
    fragments: Sequence[str]
    """Its statements."""


@dataclass(frozen=True)
class Texts:
    """The texts of a batch of n chips, in fragments."""

    whole: Sequence[Sequence[str]]
    """What chips are contrasted and matched with."""
    clean: Sequence[Sequence[str]]
    """What words are filled into: the same without noise."""
    lessons: Sequence[Lesson] | None = None
    """What is learnt to be written, alone where the others are empty; None without a decoder."""


class Learner:
    """A tower, its slow copy, the queue and the optimiser.

    Example:
        learner = Learner(tower, vocabulary, Recipe(), device)
        losses = learner.step(db, Texts(texts, texts), rate=1e-4, alpha=0.4)
    """

    def __init__(
        self,
        tower: Tower,
        vocabulary: Vocabulary,
        recipe: Recipe,
        device: torch.device,
        together: Together = Together(),  # noqa: B008  frozen
    ) -> None:
        """Begin with a tower, alone or as one of several processes.

        Those of its parameters learn that require gradients.
        """
        self._together = together
        self.tower, self.slow = tower.to(device).train(), slow_copy(tower)
        self.vocabulary, self._recipe, self._device = vocabulary, recipe, device
        self.queue = Queue(recipe.queue, tower.sizes.dim, device)
        self._optimiser = torch.optim.AdamW(
            learnt(tower).values(), recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self._rng = torch.Generator()  # negatives and masks; seeded anew for every batch
        self.steps = 0
        if recipe.checkpointing:
            if tower.decoder is not None:
                tower.decoder.checkpointing = True
            for side in (tower.vit, tower.bert):
                side.activation_checkpointing_enable()

    def seed(self, epoch: int, batch: int) -> None:
        """Let what a batch draws depend on its place alone."""
        seed = (self._recipe.seed * 1_000_003 + epoch) * 1_000_003 + batch
        self._rng.manual_seed(seed % 2**63)  # torch takes no larger ones

    def add(self, db: torch.Tensor, texts: Texts, alpha: float) -> tuple[float, ...]:
        """Add the gradients of a batch; return ITC, ITM, MLM, and the loss of lessons if any.

        `db` are chips (n, 2, side, side), of several processes the share of this one; `texts` are
        those of the whole batch. Lessons alone have one loss.
        """
        db, losses = db.to(self._device), list[torch.Tensor]()
        mixed = torch.autocast(
            self._device.type, torch.bfloat16, enabled=self._recipe.precision == "bfloat16"
        )
        with mixed:
            seen = self.tower.see(db)  # (n, p, width)
            if texts.whole:
                losses, slow = self._losses(db, seen, texts, alpha)
            if texts.lessons is not None:
                losses.append(self._written(seen, texts.lessons))
        (sum(losses[1:], losses[0]) / self._recipe.accumulate).backward()
        if texts.whole:
            self.queue.push(*slow)
        return tuple(self._together.mean(torch.stack(losses)).tolist())

    def _filled(self, texts: Texts) -> tuple[Tokens, torch.Tensor, torch.Tensor]:
        """Return texts without noise, the same with words hidden, and these words."""
        clean = self.vocabulary.tokenise(texts.clean, self.tower.sizes.most_tokens)
        chosen = choose_words(clean, self._recipe, self._rng)
        mask, size = self.vocabulary.mask, self.vocabulary.size
        return (clean, *mask_words(clean.ids, chosen, mask, size, self._rng))

    def _written(self, seen: torch.Tensor, lessons: Sequence[Lesson]) -> torch.Tensor:
        """Return the loss of a word of what is written about chips, after questions and without."""
        first = self._together.rank * len(seen)
        mine = [first <= one.row < first + len(seen) for one in lessons]
        if not any(mine):
            return seen.sum() * 0
        texts = [(one.question, one.fragments) for one in lessons]
        script = write_script(self.vocabulary, texts, self.tower.sizes.most_tokens)
        rows = torch.tensor([one.row - first for one in lessons], device=seen.device)[mine]
        own = Script(script.ids[mine], script.asked[mine])
        # The mean over all words, of which a process may have more than others.
        part = own.words * self._together.size / script.words
        return part * lm_loss(self.tower, seen[rows], own.to(seen.device))

    def update(self, rate: float) -> None:
        """Take a step by the gradients that were added, and let the slow copy follow."""
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._together.average_gradients(self.tower.parameters())
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.tower.clamp_temperature()
        follow(self.slow, self.tower, self._recipe.momentum)
        self.steps += 1

    def _losses(
        self,
        db: torch.Tensor,
        seen: torch.Tensor,
        texts: Texts,
        alpha: float,
    ) -> tuple[list[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
        """Return ITC, ITM and MLM of a batch, and the slow vectors of images and texts (n, dim)."""
        whole = self.vocabulary.tokenise(texts.whole, self.tower.sizes.most_tokens)
        clean, masked, labels = self._filled(texts)
        tower, together, first = self.tower, self._together, class_tokens(whole.attended)
        share = together.share(len(whole.ids))
        mine, hidden = torch.arange(len(whole.ids))[share], labels >= 0
        pairs = (
            tower.image_vectors(seen),
            tower.text_vectors(tower.read_asked(whole.ids[mine], whole.attended[mine])[:, None]),
        )
        slow = self._slow_vectors(db, whole.ids[mine], whole.attended[mine])
        itc = itc_loss(pairs, slow, self.queue.vectors, tower.temperature, alpha, share)
        images, others = (of[mine] for of in self._negatives(pairs, whole.ids))
        # Matched pairs, negatives of both kinds, and texts with hidden words: one pass of 4 n.
        ids, attended, asked = _stacked(
            [
                (whole.ids[mine], whole.attended[mine], first[mine]),
                (whole.ids[mine], whole.attended[mine], first[mine]),
                (whole.ids[others], whole.attended[others], first[others]),
                (masked[mine], clean.attended[mine], hidden[mine]),
            ],
            self.vocabulary.pad,
        )
        looked = torch.cat([mine, images, mine, mine])
        needed, of = (one.to(self._device) for one in looked.unique(return_inverse=True))
        chips = Chips(together.gather(seen)[needed], of)
        states = tower.read_asked(ids, attended, asked, chips)  # (3 n + hidden words, width)
        itm = itm_loss(tower.match(states[: 3 * len(mine), None]))
        words = labels[mine][hidden[mine]].to(self._device)
        mlm = mlm_loss(tower.fill(states[3 * len(mine) :]), words)
        # The mean over all hidden words, of which a process may have more than others.
        mlm = mlm * (len(words) * together.size / max(1, int(hidden.sum())))
        return [itc, itm, mlm], slow

    @torch.no_grad()
    def _negatives(
        self, pairs: tuple[torch.Tensor, torch.Tensor], ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Draw another chip for each text of the whole batch (N), and another text for each chip.

        `pairs` are the vectors of this share, `ids` (N, t) the tokens of all texts.
        """
        images, texts = (self._together.gather(one) for one in pairs)
        scores = (images @ texts.T / self.tower.temperature).cpu()  # (N, N)
        same = (ids[:, None] == ids[None]).all(dim=2)
        return draw_negatives(scores.T, same, self._rng), draw_negatives(scores, same, self._rng)

    @torch.no_grad()
    def _slow_vectors(
        self, db: torch.Tensor, ids: torch.Tensor, attended: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return those of the whole batch (N, dim), from the shares of all processes."""
        slow, gather = self.slow, self._together.gather
        return (
            gather(slow.image_vectors(slow.see(db))),
            gather(slow.text_vectors(slow.read_asked(ids, attended)[:, None])),
        )

    def state(self) -> dict[str, Any]:
        """Return all that `restore` needs."""
        names = learnt(self.tower)
        return {
            "tower": values_of(self.tower, names),
            "slow": values_of(self.slow, names),
            "optimiser": self._optimiser.state_dict(),
            "queue": self.queue.state(),
            "steps": self.steps,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put everything where it was when this `state` was taken."""
        names = learnt(self.tower)
        put_values(self.tower, names, state["tower"])
        put_values(self.slow, names, state["slow"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.queue.restore(state["queue"])
        self.steps = state["steps"]


def choose_words(tokens: Tokens, recipe: Recipe, rng: torch.Generator) -> torch.Tensor:
    """Return which tokens (n, t) of the fragments' values are to be filled in.

    Of some texts a whole fragment, of the others single words; at least one of each text.
    """
    value, fragment = tokens.value, tokens.fragment
    draw = torch.rand(value.shape, generator=rng)
    single = value & (draw < recipe.masked)
    # The value that drew the lowest number: one word at least, and the fragment that it is in.
    lowest = draw.masked_fill(~value, 2.0).argmin(dim=1, keepdim=True)
    single |= value & (torch.arange(value.shape[1]) == lowest)
    whole = value & (fragment == fragment.gather(1, lowest))
    several = fragment.amax(dim=1, keepdim=True) > 0
    by_fragment = torch.rand(len(value), 1, generator=rng) < recipe.masked_fragments
    return torch.where(by_fragment & several, whole, single)


def learning_rate(recipe: Recipe, step: int, epoch: int) -> float:
    """Return the rate of a step: rising over the warm-up, then falling from epoch to epoch."""
    if step < recipe.warmup_steps:
        rise = step / recipe.warmup_steps
        return recipe.lowest_rate + (recipe.learning_rate - recipe.lowest_rate) * rise
    return max(recipe.lowest_rate, recipe.learning_rate * recipe.decay**epoch)


def _stacked(parts: Sequence[Sequence[torch.Tensor]], pad: int) -> list[torch.Tensor]:
    """Return tokens and what is said of them, of several batches, as one as long as the longest."""
    longest = max(ids.shape[1] for ids, *_ in parts)
    return [
        torch.cat([functional.pad(one, (0, longest - one.shape[1]), value=value) for one in of])
        for of, value in zip(zip(*parts, strict=True), (pad, False, False), strict=True)
    ]
