"""A CLIP while it learns: its towers, their slow copy, and what one batch teaches."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from backend.encoders.networks.coca import PAD
from backend.encoders.networks.dual import DualEncoder
from backend.towers.losses import itc_loss
from backend.towers.momentum import Queue, follow, slow_copy
from backend.training.clips.config import ClipRecipe
from backend.training.lora import learnt, put_values, values_of
from backend.training.towers.together import Together

HOTTEST = 100.0
"""What a cosine is multiplied by at most, as CLIP was trained."""


class ClipLearner:
    """A CLIP, its slow copy where there is one, the queue and the optimiser of a stage.

    Example:
        learner = ClipLearner(network, recipe, device)
        learner.begin(recipe, steps=1000)
        losses = learner.add(pictures, ["a lake", "a forest"])
        learner.update()
    """

    def __init__(
        self,
        network: DualEncoder,
        recipe: ClipRecipe,
        device: torch.device,
        together: Together = Together(),  # noqa: B008  frozen
    ) -> None:
        """Begin with a CLIP that is on the device, alone or as one of several processes.

        Of it learns what requires gradients.
        """
        self._together = together
        self.network, self._device = network.train(), device
        self.slow = None if recipe.momentum is None else slow_copy(network)
        if recipe.checkpointing:
            network.checkpoint_layers()

    def begin(self, recipe: ClipRecipe, steps: int) -> None:
        """Begin a stage of so many steps: optimiser, queue and rate are new, the slow copy is not.

        Vectors of another corpus are not contrasted with.
        """
        self._recipe, self._of = recipe, steps
        self._queue = Queue(recipe.queue, self.network.dim, self._device)
        own = list(learnt(self.network).values())
        groups = [
            {"params": [one for one in own if one.ndim > 1], "weight_decay": recipe.weight_decay},
            {"params": [one for one in own if one.ndim < 2], "weight_decay": 0.0},
        ]
        # Both numbers are those that CLIP was trained with.
        self._optimiser = torch.optim.AdamW(groups, recipe.learning_rate, (0.9, 0.98), 1e-6)
        self.steps = 0

    @property
    def rate(self) -> float:
        """The rate of the next step: rising over the warm-up, then half a cosine down to 0."""
        recipe = self._recipe
        if self.steps < recipe.warmup_steps:
            return recipe.learning_rate * (self.steps + 1) / recipe.warmup_steps
        after = (self.steps - recipe.warmup_steps) / max(1, self._of - recipe.warmup_steps)
        return 0.5 * recipe.learning_rate * (1 + math.cos(math.pi * min(1.0, after)))

    def add(self, pictures: torch.Tensor, texts: Sequence[str]) -> tuple[float, float]:
        """Add the gradients of a batch of pictures (n, 3, side, side).

        Of several processes these are the share of this one; the texts are those of all. Return the
        loss of its contrast and, of a CoCa, that of its captions; NaN of a CLIP.
        """
        together, every = self._together, self.network.tokenise(texts)
        share = together.share(len(every))
        pictures, tokens = pictures.to(self._device), every[share].to(self._device)
        mixed = torch.autocast(
            self._device.type, torch.bfloat16, enabled=self._recipe.precision == "bfloat16"
        )
        with mixed:
            seen = self.network.learn(pictures, tokens)
            pairs = slow = seen.images, seen.texts
            if self.slow is not None:
                with torch.no_grad():
                    slow = self.slow.see(pictures), self.slow.read(tokens)
            slow = together.gather(slow[0]), together.gather(slow[1])
            cold = 1 / self.network.scale.exp()
            # Without a slow copy each side is contrasted with the other itself: CLIP's own loss.
            itc = itc_loss(pairs, slow, self._queue.vectors, cold, self._recipe.alpha, share)
        caption, nothing = seen.caption, itc.new_tensor(math.nan)
        if caption is not None:
            # The mean over all words, of which a process may have more than others.
            words, all_words = (int((of[:, 1:] != PAD).sum()) for of in (tokens, every))
            caption = caption * (words * together.size / all_words)
        loss = itc if caption is None else itc + self._recipe.caption_weight * caption
        (loss / self._recipe.accumulate).backward()
        if self.slow is not None:
            self._queue.push(*slow)
        both = torch.stack([itc, nothing if caption is None else caption])
        found = together.mean(both).tolist()
        return found[0], found[1]

    def update(self) -> None:
        """Take a step by the gradients that were added, and let the slow copy follow."""
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate
        self._together.average_gradients(self.network.parameters())
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self._recipe.clip_norm)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        if self.network.scale.requires_grad:
            with torch.no_grad():
                self.network.scale.clamp_(0, math.log(HOTTEST))
        if self.slow is not None and self._recipe.momentum is not None:
            follow(self.slow, self.network, self._recipe.momentum)
        self.steps += 1

    def state(self) -> dict[str, Any]:
        """Return all that `restore` needs, within a stage."""
        names = learnt(self.network)
        return {
            "network": values_of(self.network, names),
            "slow": values_of(self.slow, names) if self.slow is not None else None,
            "optimiser": self._optimiser.state_dict(),
            "queue": self._queue.state(),
            "steps": self.steps,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put everything where it was when this `state` was taken, in a stage that was begun."""
        names = learnt(self.network)
        put_values(self.network, names, state["network"])
        if self.slow is not None:
            put_values(self.slow, names, state["slow"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._queue.restore(state["queue"])
        self.steps = state["steps"]
