"""The losses that a tower learns by, as plain functions of tensors.

n is the number of pairs in a batch, q that of vectors in the queue, d the shared space.
Sources: Li et al., ALBEF (2021), whose code shows what Yang et al., SAR-KnowLIP (2025) leave open.
"""

import torch
from torch.nn import functional

MATCHED = 1
"""The class of a pair that belongs together; 0 is the other one."""
MASKED, RANDOM = 0.5, 0.1
"""Of the words that are to be filled: how many become [MASK], and how many another word."""
NEAR_ZERO = 1e-4
"""What every negative's chance is raised by, so that all of them may be drawn."""
IGNORED = -100
"""The label of a token that nobody asks for."""


def soft_targets(momentum: torch.Tensor, alpha: float) -> torch.Tensor:
    """Return targets (n, n + q): the pair itself, blended with what the momentum copy says.

    `momentum` (n, n + q) are its scores; the pair of row i is column i.
    """
    identity = torch.eye(*momentum.shape, device=momentum.device)
    return alpha * momentum.softmax(dim=1) + (1 - alpha) * identity


def contrast(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of scores (n, n + q) with soft targets of the same shape."""
    return -(scores.log_softmax(dim=1) * targets).sum(dim=1).mean()


def itc_loss(
    pairs: tuple[torch.Tensor, torch.Tensor],
    slow: tuple[torch.Tensor, torch.Tensor],
    queue: tuple[torch.Tensor, torch.Tensor],
    temperature: torch.Tensor,
    alpha: float,
    mine: slice = slice(None),
) -> torch.Tensor:
    """Return the contrast of images with texts and of texts with images, as their mean.

    `pairs` are images and texts (n, d) of the tower, `slow` the same of its momentum copy, and
    `queue` what that gave in earlier batches (q, d). All have unit length. Where other processes
    have a share of the batch, `pairs` are those `mine` of it, and `slow` the whole.
    """
    losses = []
    for one, other in ((0, 1), (1, 0)):
        against = torch.cat([slow[other], queue[other]])  # (n + q, d)
        with torch.no_grad():
            targets = soft_targets(slow[one] @ against.T / temperature, alpha)[mine]
        losses.append(contrast(pairs[one] @ against.T / temperature, targets))
    return (losses[0] + losses[1]) / 2


@torch.no_grad()
def draw_negatives(scores: torch.Tensor, same: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
    """Return for each row of scores (n, n) a column (n,): the more alike, the likelier.

    Those that are `same` (n, n), the diagonal among them, are never drawn. A row in which all are
    the same takes any column but its own.
    """
    # Of scores that are not finite any does: whoever trains looks at the losses.
    chances = (scores.float().softmax(dim=1).nan_to_num() + NEAR_ZERO).masked_fill(same, 0.0)
    alone = chances.sum(dim=1) == 0
    others = 1.0 - torch.eye(len(scores), device=scores.device)
    chances = torch.where(alone[:, None], others, chances)
    return torch.multinomial(chances.cpu(), 1, generator=rng).squeeze(1).to(scores.device)


def itm_labels(pairs: int, device: torch.device) -> torch.Tensor:
    """Return the classes (3 n,) of n matched pairs followed by 2 n negatives."""
    labels = torch.full((3 * pairs,), 1 - MATCHED, device=device)
    labels[:pairs] = MATCHED
    return labels


def itm_loss(logits: torch.Tensor) -> torch.Tensor:
    """Return the loss of logits (3 n, 2): n matched pairs, then n images and n texts that are not.

    Column `MATCHED` says that image and text belong together.
    """
    return functional.cross_entropy(logits, itm_labels(len(logits) // 3, logits.device))


def mask_words(
    tokens: torch.Tensor,
    chosen: torch.Tensor,
    mask: int,
    vocabulary: int,
    rng: torch.Generator,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return tokens (n, t) with the `chosen` (n, t) ones hidden, and labels (n, t) for those alone.

    Half of the chosen become `mask`, a tenth any word, and the rest stay.
    """
    labels = tokens.masked_fill(~chosen, IGNORED)
    draw = torch.rand(tokens.shape, generator=rng)
    words = torch.randint(vocabulary, tokens.shape, generator=rng)
    hidden = tokens.masked_fill(chosen & (draw < MASKED), mask)
    another = chosen & (draw >= MASKED) & (draw < MASKED + RANDOM)
    return torch.where(another, words, hidden), labels


def mlm_loss(logits: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    """Return the loss of logits (k, vocabulary) for the words (k,) they are for; 0 without any.

    Those are hidden words, or of a decoder the next ones.
    """
    if not len(words):
        return logits.sum()
    return functional.cross_entropy(logits, words)
