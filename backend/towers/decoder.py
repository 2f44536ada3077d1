"""What a tower writes with: self-attention of its own, and all else of the tower's BERT.

A word of a caption may look only at the words before it, so each layer has a second
self-attention, which begins as a copy of the first. Embeddings, cross-attention, feed-forward and
the words that are filled in are shared. Sources: Li et al., BLIP (2022); Yang et al., SAR-KnowLIP
(2025).
"""

import copy
from typing import Any

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
from transformers import BertModel, EncoderDecoderCache


class Decoder(nn.Module):
    """The self-attention by which the layers of a BERT write."""

    def __init__(self, bert: BertModel) -> None:
        """Begin with copies of the BERT's own."""
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(one.attention) for one in bert.encoder.layer)
        self.checkpointing = False
        """Whether layers are computed twice, for less memory."""

    def read_on(
        self,
        bert: BertModel,
        tokens: torch.Tensor,
        seen: torch.Tensor,
        cache: EncoderDecoderCache | None = None,
    ) -> torch.Tensor:
        """Return the states (n, t, width) of tokens (n, t), each of which sees those before it.

        `seen` (n, p, width) are the states of chips, as wide as the BERT. With a `cache` the tokens
        go on from those that it holds: many of a text's first words, or one word after them.
        """
        past, new = cache.get_seq_length() if cache else 0, tokens.shape[1]
        states = bert.embeddings(input_ids=tokens, past_key_values_length=past)
        earlier = torch.ones(new, past + new, dtype=torch.bool, device=tokens.device).tril(past)

        def layer(states: torch.Tensor, own: nn.Module, shared: Any) -> torch.Tensor:
            states, _ = own(states, earlier, past_key_values=cache)
            states, _ = shared.crossattention(states, None, seen, None, past_key_values=cache)
            fed: torch.Tensor = shared.feed_forward_chunk(states)
            return fed

        for own, shared in zip(self.layers, bert.encoder.layer, strict=True):
            if self.checkpointing and self.training:
                states = checkpoint(layer, states, own, shared, use_reentrant=False)
            else:
                states = layer(states, own, shared)
        return states
