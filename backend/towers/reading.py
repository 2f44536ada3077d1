"""A BERT's layers for the words that are there, and at the end for those that are asked for.

Linear layers take the words of all texts as one list, so that none of them computes padding; in
the attention alone a text is a row. What a chip tells a layer is computed once for all texts that
look at it, and the last layer computes the words that are asked for and no others. The numbers
are those that the layers of transformers give, whose weights these are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint


@dataclass(frozen=True)
class Chips:
    """The chips that texts look at."""

    states: torch.Tensor
    """(m, p, width) of each of them once, as wide as the BERT."""
    of: torch.Tensor
    """(n,) int64: the chip of each text."""


class Places:
    """Where the words of a list stand in their texts.

    Example:
        places = Places(attended)  # (n, t) bool
        texts = places.spread(words)  # (k, width) to (n, t, width), zeros elsewhere
        words = places.pick(texts)  # and back
    """

    def __init__(self, chosen: torch.Tensor, device: torch.device) -> None:
        """Take which of tokens (n, t) are listed; those of a text move together."""
        self.texts, self.longest = len(chosen), int(chosen.sum(dim=1).max())
        rows, columns = chosen.nonzero()[:, 0], (chosen.cumsum(dim=1) - 1)[chosen]
        self._flat = (rows * self.longest + columns).to(device)

    def spread(self, words: torch.Tensor) -> torch.Tensor:
        """Return words (k, width) as texts (n, longest, width)."""
        empty = words.new_zeros(self.texts * self.longest, words.shape[1])
        return empty.index_copy(0, self._flat, words).unflatten(0, (self.texts, self.longest))

    def pick(self, texts: torch.Tensor) -> torch.Tensor:
        """Return the words (k, width) of texts (n, longest, width)."""
        return texts.flatten(0, 1).index_select(0, self._flat)


def class_tokens(attended: torch.Tensor) -> torch.Tensor:
    """Return which of tokens (n, t) stand for their whole text: the first ones."""
    first = torch.zeros_like(attended)
    first[:, 0] = True
    return first


def read_words(
    bert: Any,
    tokens: torch.Tensor,
    attended: torch.Tensor,
    asked: torch.Tensor,
    chips: Chips | None = None,
) -> torch.Tensor:
    """Return a BertModel's states (k, width) of those of tokens (n, t) that are `asked`.

    They come row by row. Only what is `attended` (n, t), from the first token on, counts. The
    three may lie in main memory while the network does not, which saves waiting for it. With
    `chips` every layer looks at those, too.
    """
    device = bert.embeddings.word_embeddings.weight.device
    there, last = Places(attended, device), Places(asked, device)
    mask = attended[:, None, None, : there.longest].to(device)  # (n, heads, queries, t)
    words = there.pick(bert.embeddings(input_ids=tokens[:, : there.longest].to(device)))
    *earlier, final = bert.encoder.layer
    for layer in earlier:
        words = _run(layer, words, words, (there, there), mask, chips)
    own = words[asked[attended].to(device)]
    return _run(final, own, words, (last, there), mask, chips)


def _run(layer: Any, *given: Any) -> torch.Tensor:
    """Run a layer, as one that is computed again on the way back where that is asked for."""
    again = getattr(layer, "gradient_checkpointing", False) and torch.is_grad_enabled()
    found: torch.Tensor = (
        checkpoint(_layer, layer, *given, use_reentrant=False) if again else _layer(layer, *given)
    )
    return found


def _layer(
    layer: Any,
    own: torch.Tensor,
    words: torch.Tensor,
    places: tuple[Places, Places],
    mask: torch.Tensor,
    chips: Chips | None,
) -> torch.Tensor:
    """Return what a layer makes of its `own` words (k, width), which look at all words and chips.

    `places` are those of its own words, and of all.
    """
    queries, there = places
    of = layer.attention.self
    pair = there.spread(of.key(words)), there.spread(of.value(words))
    own = _attend(layer.attention, own, queries, pair, mask)
    if chips is not None:
        of = layer.crossattention.self
        pair = of.key(chips.states)[chips.of], of.value(chips.states)[chips.of]
        own = _attend(layer.crossattention, own, queries, pair, None)
    found: torch.Tensor = layer.feed_forward_chunk(own)
    return found


def _attend(
    attention: Any,
    own: torch.Tensor,
    queries: Places,
    pair: tuple[torch.Tensor, torch.Tensor],
    mask: torch.Tensor | None,
) -> torch.Tensor:
    """Return words (k, width) after they looked at keys and values (n, t, width)."""
    split: Callable[[torch.Tensor], torch.Tensor] = lambda texts: (  # noqa: E731
        texts.unflatten(-1, (attention.self.num_attention_heads, -1)).transpose(1, 2)
    )
    query, key, value = map(split, (queries.spread(attention.self.query(own)), *pair))
    found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    seen: torch.Tensor = attention.output(queries.pick(found.transpose(1, 2).flatten(2)), own)
    return seen
