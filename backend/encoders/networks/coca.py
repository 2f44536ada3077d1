"""CoCa in open_clip's layout: a CLIP with an attentional pooler and a decoder of captions.

Its modules have the names of the file, but for the attention of layers, which has queries, keys
and values in one matrix there. Two things are open_clip's own, and trained weights need both: the
vector of a text is that of a token behind all places for words, and what this token looks at is off
by one, so that it sees the first empty place and not itself.
Source: Yu et al., CoCa (2022), and mlfoundations/open_clip.
"""

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

PAD = 0
POOLER_HEADS = 8
HEAD_WIDTH = 64


@dataclass(frozen=True)
class CocaSizes:
    """All numbers that the shapes of a CoCa's weights follow from, and what no shape tells."""

    width: int
    """Of the picture tower."""
    layers: int
    patch_px: int
    side_px: int
    """Side of the pictures that it takes."""
    queries: int
    """Of the pooler; the first becomes the picture's vector, the others are for the decoder."""
    dim: int
    """Numbers in the shared space."""
    text_width: int
    """Of the text tower and the decoder."""
    text_layers: int
    decoder_layers: int
    words: int
    """Tokens that it knows."""
    places: int
    """Tokens of a text at most, without the one behind them."""
    quick_gelu: bool
    head_width: int = HEAD_WIDTH
    """Of the picture tower."""

    @classmethod
    def of(
        cls, tensors: Mapping[str, torch.Tensor], quick_gelu: bool, head_width: int | None
    ) -> "CocaSizes":
        """Return the sizes that shapes tell.

        Raises:
            KeyError: a tensor is missing.
        """
        patches, words = (
            tensors["visual.conv1.weight"].shape,
            tensors["text.token_embedding.weight"],
        )
        parts = len(tensors["visual.positional_embedding"]) - 1

        def depth(blocks: str) -> int:
            own = (key for key in tensors if key.startswith(f"{blocks}."))
            return len({key.removeprefix(f"{blocks}.").split(".")[0] for key in own})

        return cls(
            width=patches[0],
            layers=depth("visual.transformer.resblocks"),
            patch_px=patches[-1],
            side_px=math.isqrt(max(parts, 1)) * patches[-1],
            queries=len(tensors["visual.attn_pool.query"]),
            dim=tensors["visual.proj"].shape[1],
            text_width=words.shape[1],
            text_layers=depth("text.transformer.resblocks"),
            decoder_layers=depth("text_decoder.resblocks"),
            words=len(words),
            places=len(tensors["text.positional_embedding"]) - 1,
            quick_gelu=quick_gelu,
            head_width=head_width or HEAD_WIDTH,
        )


class _QuickGelu(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(1.702 * x)


class _Attention(nn.Module):
    """Attention whose queries, keys and values come from layers of their own.

    torch's MultiheadAttention calls no layer, so there would be nothing to adapt.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj = nn.Linear(width, width), nn.Linear(width, width)
        self.v_proj, self.out_proj = nn.Linear(width, width), nn.Linear(width, width)

    def forward(
        self, x: torch.Tensor, seen: torch.Tensor, mask: torch.Tensor | None
    ) -> torch.Tensor:
        """Return (n, t, width) of x (n, t, width) that looks at `seen` (n, s, width) by a mask."""
        made = self.q_proj(x), self.k_proj(seen), self.v_proj(seen)
        query, key, value = (one.unflatten(-1, (self.heads, -1)).transpose(1, 2) for one in made)
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        joined: torch.Tensor = self.out_proj(found.transpose(1, 2).flatten(2))
        return joined


class _Block(nn.Module):
    def __init__(self, width: int, heads: int, quick: bool, cross: bool = False) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = _Attention(width, heads)
        if cross:
            self.ln_1_kv = nn.LayerNorm(width)
        layers = [
            ("c_fc", nn.Linear(width, 4 * width)),
            ("gelu", _QuickGelu() if quick else nn.GELU()),
            ("c_proj", nn.Linear(4 * width, width)),
        ]
        self.mlp = nn.Sequential(OrderedDict(layers))

    def forward(
        self,
        x: torch.Tensor,
        mask: torch.Tensor | None = None,
        seen: torch.Tensor | None = None,
    ) -> torch.Tensor:
        own = self.ln_1(x)
        other = own if seen is None else self.ln_1_kv(seen)
        x = x + self.attn(own, other, mask)
        return x + self.mlp(self.ln_2(x))


class _Blocks(nn.Module):
    def __init__(self, width: int, depth: int, heads: int, quick: bool) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(_Block(width, heads, quick) for _ in range(depth))
        self.checkpointed = False

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        for block in self.resblocks:
            if self.checkpointed and self.training:
                x = checkpoint(block, x, mask, use_reentrant=False)
            else:
                x = block(x, mask)
        return x


class _Pooler(nn.Module):
    def __init__(self, sizes: CocaSizes) -> None:
        super().__init__()
        dim, width = sizes.dim, sizes.width
        self.query = nn.Parameter(torch.empty(sizes.queries, dim))
        self.attn = nn.MultiheadAttention(
            dim, POOLER_HEADS, kdim=width, vdim=width, batch_first=True
        )
        self.ln_q, self.ln_k = nn.LayerNorm(dim), nn.LayerNorm(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        own = self.ln_k(x)
        asked = self.ln_q(self.query).expand(len(x), -1, -1)
        pooled: torch.Tensor = self.attn(asked, own, own, need_weights=False)[0]
        return pooled


class _Visual(nn.Module):
    def __init__(self, sizes: CocaSizes) -> None:
        super().__init__()
        width, patch = sizes.width, sizes.patch_px
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        count = (sizes.side_px // patch) ** 2 + 1
        self.positional_embedding = nn.Parameter(torch.empty(count, width))
        self.ln_pre = nn.LayerNorm(width)
        heads = width // sizes.head_width
        self.transformer = _Blocks(width, sizes.layers, heads, sizes.quick_gelu)
        self.attn_pool = _Pooler(sizes)
        self.ln_post = nn.LayerNorm(sizes.dim)
        self.proj = nn.Parameter(torch.empty(sizes.dim, sizes.dim))

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return vectors (n, dim), and what the decoder looks at (n, queries - 1, dim)."""
        patches = self.conv1(pictures).flatten(2).transpose(1, 2)
        first = self.class_embedding.to(patches.dtype).expand(len(pictures), 1, -1)
        x = torch.cat([first, patches], dim=1) + self.positional_embedding
        pooled = self.ln_post(self.attn_pool(self.transformer(self.ln_pre(x))))
        return pooled[:, 0] @ self.proj, pooled[:, 1:]


class _Text(nn.Module):
    def __init__(self, sizes: CocaSizes) -> None:
        super().__init__()
        width = sizes.text_width
        self.places = sizes.places
        self.token_embedding = nn.Embedding(sizes.words, width)
        self.cls_emb = nn.Parameter(torch.empty(width))
        self.positional_embedding = nn.Parameter(torch.empty(sizes.places + 1, width))
        heads = width // HEAD_WIDTH
        self.transformer = _Blocks(width, sizes.text_layers, heads, sizes.quick_gelu)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.empty(width, sizes.dim))

    def forward(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return vectors (n, dim) and states (n, places, width) of tokens (n, places)."""
        words = self.token_embedding(tokens)
        last = self.cls_emb.to(words.dtype).expand(len(words), 1, -1)
        x = torch.cat([words, last], dim=1) + self.positional_embedding
        x = self.transformer(x, self._mask(tokens))
        return self.ln_final(x[:, -1]) @ self.text_projection, x[:, :-1]

    def begun(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return states (n, t, width) of a text's first tokens (n, t), as `forward` has them."""
        count = tokens.shape[1]
        x = self.token_embedding(tokens) + self.positional_embedding[:count]
        states: torch.Tensor = self.transformer(x, _earlier(count, x.device))
        return states

    def _mask(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return what is looked at (n, 1, places + 1, places + 1): no later tokens.

        The last one does not look at empty places, off by one as it was trained.
        """
        count = tokens.shape[1] + 1
        mask = _earlier(count, tokens.device).repeat(len(tokens), 1, 1, 1)
        mask[:, 0, -1, 1:] &= tokens != PAD
        return mask


class _Decoder(nn.Module):
    def __init__(self, sizes: CocaSizes) -> None:
        super().__init__()
        width, quick = sizes.text_width, sizes.quick_gelu
        heads, depth = width // HEAD_WIDTH, sizes.decoder_layers
        self.resblocks = nn.ModuleList(_Block(width, heads, quick) for _ in range(depth))
        self.cross_attn = nn.ModuleList(_Block(width, heads, quick, True) for _ in range(depth))
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.empty(width, sizes.words))

    def forward(self, seen: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Return logits (n, t, words) of the token after each of the states (n, t, width)."""
        earlier = _earlier(x.shape[1], x.device)
        for block, cross in zip(self.resblocks, self.cross_attn, strict=True):
            x = cross(block(x, earlier), seen=seen)
        return self.ln_final(x) @ self.text_projection


def _earlier(count: int, device: torch.device) -> torch.Tensor:
    """Return which of so many tokens each may look at (count, count): itself, and those before."""
    return torch.ones(count, count, dtype=torch.bool, device=device).tril()


class Coca(nn.Module):
    """A CoCa, which gives vectors as a CLIP does and learns captions word by word."""

    def __init__(self, sizes: CocaSizes) -> None:
        """Make it without weights."""
        super().__init__()
        self.places = sizes.places
        self.visual, self.text = _Visual(sizes), _Text(sizes)
        self.text_decoder = _Decoder(sizes)
        self.logit_scale = nn.Parameter(torch.empty([]))

    def checkpoint_layers(self) -> None:
        """Compute the layers of both towers twice while it learns, for less memory."""
        self.visual.transformer.checkpointed = self.text.transformer.checkpointed = True

    def encode_image(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return vectors (n, D) of pictures, and what the decoder looks at."""
        found: tuple[torch.Tensor, torch.Tensor] = self.visual(pictures)
        return found

    def encode_text(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return vectors (n, D) of tokens (n, t), and the states of all places (n, places, w)."""
        filled = functional.pad(tokens, (0, self.places - tokens.shape[1]), value=PAD)
        found: tuple[torch.Tensor, torch.Tensor] = self.text(filled)
        return found

    def next_word(self, seen: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Return logits (n, words) of the token after texts (n, t), by what is seen (n, q, D)."""
        logits: torch.Tensor = self.text_decoder(seen, self.text.begun(tokens))[:, -1].float()
        return logits

    def caption_loss(
        self, seen: torch.Tensor, states: torch.Tensor, tokens: torch.Tensor
    ) -> torch.Tensor:
        """Return the loss of each next token (n, t), by what is seen and the states before it."""
        count = tokens.shape[1] - 1
        logits = self.text_decoder(seen, states[:, :count]).float()
        return functional.cross_entropy(
            logits.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=PAD
        )


def open_clip_config(sizes: CocaSizes) -> dict[str, Any]:
    """Return the model's configuration as open_clip has it."""
    text = {"width": sizes.text_width, "heads": sizes.text_width // HEAD_WIDTH}
    words = {"vocab_size": sizes.words, **text}
    seen = {"image_size": sizes.side_px, "patch_size": sizes.patch_px, "width": sizes.width}
    pooler = {"attn_pooler_heads": POOLER_HEADS, "attn_pooler_queries": sizes.queries}
    layers = {"layers": sizes.layers, "head_width": sizes.head_width}
    more = {"attentional_pool": True, "output_tokens": True}
    return {
        "embed_dim": sizes.dim,
        "quick_gelu": sizes.quick_gelu,
        "vision_cfg": {**seen, **layers, **pooler, **more},
        "text_cfg": {
            **words,
            "context_length": sizes.places,
            "layers": sizes.text_layers,
            "embed_cls": True,
            "output_tokens": True,
        },
        "multimodal_cfg": {
            **words,
            "context_length": sizes.places,
            "layers": sizes.decoder_layers,
        },
        "custom_text": True,
    }
