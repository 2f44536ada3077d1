"""MiT-B2 with a feature pyramid on top, its modules named as in published state dicts.

Sources: Xie et al., SegFormer (2021); Kirillov et al., Panoptic feature pyramid networks (2019).
Tokens are kept as (n, h, w, c), which convolutions take as images in channels-last memory.
"""

import torch
from torch import nn
from torch.nn import functional

from backend.encoders.networks.vit import named

WIDTHS = (64, 128, 320, 512)
DEPTHS = (3, 4, 6, 3)
REDUCTIONS = (8, 4, 2, 1)  # of the sides of what attention looks at
HEAD_WIDTH = 64
MLP_RATIO = 4
EPS = 1e-6  # of the blocks and the stages; the normalisations inside them have torch's own
PYRAMID = 256
SEGMENTATION = 128
GROUPS = 32


class PyramidNetwork(nn.Module):
    """Images (n, bands, H, W) to features (n, dim, H / 4, W / 4); sides are divisible by 32."""

    def __init__(self, bands: int, dim: int) -> None:
        super().__init__()
        self.encoder = MixTransformer(bands)
        self.decoder = FeaturePyramid()
        self.segmentation_head = nn.Sequential(nn.Conv2d(SEGMENTATION, dim, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return features (n, dim, H / 4, W / 4) of images (n, bands, H, W)."""
        return self.segmentation_head(self.decoder(self.encoder(images)))


class MixTransformer(nn.Module):
    """Images (n, bands, H, W) to features of four stages, at 1/4, 1/8, 1/16 and 1/32."""

    def __init__(self, bands: int) -> None:
        super().__init__()
        for i, width in enumerate(WIDTHS):
            before = WIDTHS[i - 1] if i else bands
            blocks = (_Block(width, REDUCTIONS[i]) for _ in range(DEPTHS[i]))
            self.add_module(f"patch_embed{i + 1}", _PatchEmbed(before, width, first=i == 0))
            self.add_module(f"block{i + 1}", nn.Sequential(*blocks))
            self.add_module(f"norm{i + 1}", nn.LayerNorm(width, EPS))

    def forward(self, images: torch.Tensor) -> list[torch.Tensor]:
        """Return planes of images (n, bands, H, W) at a 4th, 8th, 16th and 32nd of their side."""
        stages = []
        for i in range(1, len(WIDTHS) + 1):
            tokens = self.get_submodule(f"patch_embed{i}")(images)
            tokens = self.get_submodule(f"norm{i}")(self.get_submodule(f"block{i}")(tokens))
            images = tokens.permute(0, 3, 1, 2)
            stages.append(images)
        return stages


class _PatchEmbed(nn.Module):
    def __init__(self, before: int, width: int, first: bool) -> None:
        super().__init__()
        side, stride = (7, 4) if first else (3, 2)
        self.proj = nn.Conv2d(before, width, side, stride, padding=side // 2)
        self.norm = nn.LayerNorm(width)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.norm(self.proj(images).permute(0, 2, 3, 1))


class _Block(nn.Module):
    def __init__(self, width: int, reduction: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, EPS)
        self.attn = _Attention(width, reduction)
        self.norm2 = nn.LayerNorm(width, EPS)
        self.mlp = _Mlp(width)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        tokens = tokens + self.attn(self.norm1(tokens))
        return tokens + self.mlp(self.norm2(tokens))


class _Attention(nn.Module):
    """Attention of every token to learned means of `reduction` x `reduction` tokens."""

    def __init__(self, width: int, reduction: int) -> None:
        super().__init__()
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.proj = nn.Linear(width, width)
        self.reduces = reduction > 1
        if self.reduces:
            self.sr = nn.Conv2d(width, width, reduction, stride=reduction)
            self.norm = nn.LayerNorm(width)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        attended = self.norm(_convolve(self.sr, tokens)) if self.reduces else tokens
        # (n, tokens, width) -> (n, heads, tokens, 64)
        q = self.q(tokens).flatten(1, 2).unflatten(2, (-1, HEAD_WIDTH)).transpose(1, 2)
        k, v = (
            self.kv(attended).flatten(1, 2).unflatten(2, (2, -1, HEAD_WIDTH)).permute(2, 0, 3, 1, 4)
        )
        mixed = functional.scaled_dot_product_attention(q, k, v)
        return self.proj(mixed.transpose(1, 2).reshape(tokens.shape))


class _Mlp(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        hidden = MLP_RATIO * width
        self.fc1 = nn.Linear(width, hidden)
        self.dwconv = named(dwconv=nn.Conv2d(hidden, hidden, 3, padding=1, groups=hidden))
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.fc2(functional.gelu(_convolve(self.dwconv, self.fc1(tokens))))


def _convolve(layer: nn.Module, tokens: torch.Tensor) -> torch.Tensor:
    return layer(tokens.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class FeaturePyramid(nn.Module):
    """Features of four stages to their sum (n, 128, H / 4, W / 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.p5 = nn.Conv2d(WIDTHS[3], PYRAMID, 1)
        for level, width in zip((4, 3, 2), WIDTHS[2::-1], strict=True):
            self.add_module(f"p{level}", named(skip_conv=nn.Conv2d(width, PYRAMID, 1)))
        self.seg_blocks = nn.ModuleList([_Upsampling(steps) for steps in (3, 2, 1, 0)])

    def forward(self, stages: list[torch.Tensor]) -> torch.Tensor:
        """Return the sum of all stages as planes (n, d, h, w) of the finest one's size."""
        level = self.p5(stages[3])
        total = self.seg_blocks[0](level)
        for i, block in zip((4, 3, 2), self.seg_blocks[1:], strict=True):
            skip = self.get_submodule(f"p{i}")(stages[i - 2])
            level = functional.interpolate(level, scale_factor=2.0) + skip
            total = total + block(level)
        return total


class _Upsampling(nn.Module):
    """A convolution and doubled sides, `steps` times; one convolution where `steps` is 0."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.doubles = steps > 0
        convolutions = []
        for i in range(max(steps, 1)):
            before = SEGMENTATION if i else PYRAMID
            layer = nn.Conv2d(before, SEGMENTATION, 3, padding=1, bias=False)
            layers = nn.Sequential(layer, nn.GroupNorm(GROUPS, SEGMENTATION), nn.ReLU())
            convolutions.append(named(block=layers))
        self.block = nn.ModuleList(convolutions)

    def forward(self, level: torch.Tensor) -> torch.Tensor:
        for convolution in self.block:
            level = convolution(level)
            level = enlarge(level, 2) if self.doubles else level
        return level


def enlarge(images: torch.Tensor, times: int) -> torch.Tensor:
    """Return images (n, c, h, w) with sides `times` as long; corners stay corners."""
    return functional.interpolate(
        images, scale_factor=float(times), mode="bilinear", align_corners=True
    )
