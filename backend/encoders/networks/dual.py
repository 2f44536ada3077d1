"""A CLIP of the user's own with both its towers, as it is trained on."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from backend.encoders.networks.clip import ClipFiles
from backend.encoders.networks.open_clip import join_attention, to_open_clip
from backend.encoders.networks.own import CocaFiles

Tokenise = Callable[[Sequence[str]], torch.Tensor]


class Learnt(NamedTuple):
    """What a batch of n pairs comes to."""

    images: torch.Tensor
    """Unit vectors (n, D)."""
    texts: torch.Tensor
    """Unit vectors (n, D)."""
    caption: torch.Tensor | None = None
    """The loss of each next word; None without a decoder."""


class DualEncoder(nn.Module):
    """Two towers with one space, whose pictures are scaled as `scale_picture` does."""

    model: Any
    """The modules that hold its weights."""
    tokenise: Tokenise
    """From n texts to their tokens (n, t)."""
    files: ClipFiles | CocaFiles
    """The file that it was read from, and its sizes."""
    writes = False
    """Whether it has a decoder of captions."""

    @property
    def dim(self) -> int:
        """Numbers in its space."""
        return self.files.dim

    @property
    @abstractmethod
    def scale(self) -> nn.Parameter:
        """The logarithm of what cosines are multiplied by."""

    @abstractmethod
    def see(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, D) of pictures (n, 3, side, side)."""

    @abstractmethod
    def read(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, D) of tokens (n, t)."""

    def learn(self, pictures: torch.Tensor, tokens: torch.Tensor) -> Learnt:
        """Return vectors (n, D) of pairs, and the loss of captions where there is a decoder."""
        return Learnt(self.see(pictures), self.read(tokens))

    @abstractmethod
    def weights(self) -> dict[str, torch.Tensor]:
        """Return its weights under the names of the layout that it was read from."""

    @abstractmethod
    def checkpoint_layers(self) -> None:
        """Compute layers twice while it learns, for less memory."""


class ClipDual(DualEncoder):
    """A CLIP by transformers' modules."""

    def __init__(self, files: ClipFiles, tokenise: Tokenise, device: torch.device) -> None:
        """Load both towers onto a device."""
        super().__init__()
        self.model = files.both(device)
        # Without the tensors, which the modules hold now: a slow copy would copy them as well.
        self.files, self.tokenise = replace(files, tensors={}), tokenise

    @property
    def scale(self) -> nn.Parameter:
        """The logarithm of what cosines are multiplied by."""
        scale: nn.Parameter = self.model.logit_scale
        return scale

    def see(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, D) of pictures (n, 3, side, side)."""
        pooled = self.model.vision_model(pixel_values=pictures).pooler_output
        return functional.normalize(self.model.visual_projection(pooled).float(), dim=1)

    def read(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, D) of tokens (n, t)."""
        pooled = self.model.text_model(input_ids=tokens).pooler_output
        return functional.normalize(self.model.text_projection(pooled).float(), dim=1)

    def weights(self) -> dict[str, torch.Tensor]:
        """Return its weights under open_clip's names."""
        return to_open_clip(self.model.state_dict())

    def checkpoint_layers(self) -> None:
        """Compute layers twice while it learns, for less memory."""
        self.model.activation_checkpointing_enable()


class CocaDual(DualEncoder):
    """A CoCa, which learns to write captions as well."""

    writes = True

    def __init__(self, files: CocaFiles, tokenise: Tokenise, device: torch.device) -> None:
        """Load all of it onto a device."""
        super().__init__()
        self.model = files.both(device)
        # Without the tensors, which the modules hold now: a slow copy would copy them as well.
        self.files, self.tokenise = replace(files, tensors={}), tokenise

    @property
    def scale(self) -> nn.Parameter:
        """The logarithm of what cosines are multiplied by."""
        return self.model.logit_scale

    def see(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, D) of pictures (n, 3, side, side)."""
        return functional.normalize(self.model.encode_image(pictures)[0].float(), dim=1)

    def read(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, D) of tokens (n, t)."""
        return functional.normalize(self.model.encode_text(tokens)[0].float(), dim=1)

    def learn(self, pictures: torch.Tensor, tokens: torch.Tensor) -> Learnt:
        """Return vectors (n, D) of pairs and the loss of captions, each tower run once."""
        images, seen = self.model.encode_image(pictures)
        texts, states = self.model.encode_text(tokens)
        return Learnt(
            functional.normalize(images.float(), dim=1),
            functional.normalize(texts.float(), dim=1),
            self.model.caption_loss(seen, states, tokens),
        )

    def weights(self) -> dict[str, torch.Tensor]:
        """Return its weights under open_clip's names."""
        return join_attention(self.model.state_dict())

    def checkpoint_layers(self) -> None:
        """Compute layers twice while it learns, for less memory."""
        self.model.checkpoint_layers()
