"""The plain vision transformer, its modules named as in published state dicts.

Source: Dosovitskiy et al., An image is worth 16x16 words (2021), with a normalisation at the end.
"""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional

EPS = 1e-6
HEAD_WIDTH = 64
MLP_RATIO = 4


class VisionTransformer(nn.Module):
    """Images (n, bands, side * patch, side * patch) to patch tokens (n, side, side, width)."""

    def __init__(self, bands: int, patch: int, side: int, width: int, depth: int) -> None:
        super().__init__()
        self._side = side
        self.patch_embed = named(proj=nn.Conv2d(bands, width, patch, stride=patch))
        self.cls_token = nn.Parameter(torch.empty(1, 1, width))
        self.pos_embed = nn.Parameter(torch.empty(1, 1 + side * side, width))
        self.blocks = nn.Sequential(*(_Block(width) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, EPS)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return patch tokens (n, side, side, width) after the last normalisation, of images."""
        return self.norm(self._tokens(images)[:, 1:]).unflatten(1, (self._side, self._side))

    def class_token(self, images: torch.Tensor) -> torch.Tensor:
        """Return the class token (n, width) after the last normalisation."""
        return self.norm(self._tokens(images)[:, 0])

    def _tokens(self, images: torch.Tensor) -> torch.Tensor:
        """Return all tokens (n, 1 + side * side, width) before it, the class token first."""
        tokens = self.patch_embed(images).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.cls_token.expand(len(tokens), -1, -1), tokens], dim=1)
        return self.blocks(tokens + self.pos_embed)


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        hidden = MLP_RATIO * width
        self.norm1 = nn.LayerNorm(width, EPS)
        self.attn = _Attention(width)
        self.norm2 = nn.LayerNorm(width, EPS)
        self.mlp = named(fc1=nn.Linear(width, hidden), act=nn.GELU(), fc2=nn.Linear(hidden, width))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        tokens = tokens + self.attn(self.norm1(tokens))
        return tokens + self.mlp(self.norm2(tokens))


class _Attention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        # (n, tokens, 3 * width) -> 3 x (n, heads, tokens, 64)
        q, k, v = self.qkv(tokens).unflatten(2, (3, -1, HEAD_WIDTH)).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(q, k, v)
        return self.proj(mixed.transpose(1, 2).flatten(2))


def named(**layers: nn.Module) -> nn.Sequential:
    """Return these layers one after the other, under the names that a state dict has for them."""
    return nn.Sequential(OrderedDict(layers))
