"""The published files of a CLIP, read as the tensors and sizes of its two towers.

Three layouts are known:

- transformers': a folder with `config.json` and `model.safetensors` or `pytorch_model.bin`, as
  openai/clip-vit-base-patch16 has it;
- MS-CLIP's: one file of torch, `Llama3_MS_CLIP_weights.pt`, the state dict of an open_clip ViT-B/16
  under `clip_base_model.model.`, which stands a second and third time under the names of its
  training's two encoders, beside the training's `temperature`;
- open_clip's own, which is OpenAI's: one file of safetensors or torch, its keys below `module.`
  where several GPUs trained it, with the model's configuration as JSON beside it.

All become the modules of transformers, so open_clip is not needed (`open_clip` has the names).
open_clip's ViT-B/16 has heads 64 wide and the exact GELU; OpenAI's own weights have QuickGELU, as
their config says.
Sources: Radford et al., CLIP (2021); Marimo et al., Beyond the Visible (2025), and IBM/MS-CLIP.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from backend.encoders.clip import SIDE_PX
from backend.encoders.clips import HEAD_WIDTH, Settings
from backend.encoders.networks.open_clip import from_open_clip
from backend.encoders.networks.weights import load_network, read_tensors
from backend.encoders.published import read_config, reading, unfit

if TYPE_CHECKING:
    from transformers import CLIPTextConfig, CLIPVisionConfig

WIDEST = 1024
"""The widest picture tower whose heads are certainly 64 wide."""
VISION = ("vision_model.", "visual_projection.")
TEXT = ("text_model.", "text_projection.")
MODEL = "clip_base_model.model."
PARALLEL = "module."
AGAIN = ("image_encoder.model.", "text_encoder.model.", "temperature")
FILES = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class ClipFiles:
    """A CLIP as published."""

    path: Path
    """The file of its weights."""
    vision: "CLIPVisionConfig"
    """The sizes of the image tower."""
    text: "CLIPTextConfig"
    """The sizes of the text tower."""
    tensors: Mapping[str, torch.Tensor]
    """All weights under transformers' names."""

    def image_tower(self, device: torch.device) -> torch.nn.Module:
        """Return the tower from pixels (n, bands, side, side) to `image_embeds` (n, D), frozen."""
        from transformers import CLIPVisionModelWithProjection

        return self._tower(CLIPVisionModelWithProjection, self.vision, VISION, device)

    def text_tower(self, device: torch.device) -> torch.nn.Module:
        """Return the tower from tokens (n, t) to `text_embeds` (n, D), frozen."""
        from transformers import CLIPTextModelWithProjection

        return self._tower(CLIPTextModelWithProjection, self.text, TEXT, device)

    def both(self, device: torch.device) -> torch.nn.Module:
        """Return both towers and their temperature as one CLIPModel, frozen."""
        from transformers import CLIPConfig, CLIPModel

        text, vision = self.text.to_dict(), self.vision.to_dict()
        dim = self.vision.projection_dim
        config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=dim)
        return self._tower(CLIPModel, config, ("",), device)

    @property
    def side_px(self) -> int:
        """Side of the pictures that it takes."""
        return int(self.vision.image_size)

    @property
    def dim(self) -> int:
        """Numbers in its space."""
        return int(self.vision.projection_dim)

    @property
    def words(self) -> int:
        """Tokens that it knows."""
        return int(self.text.vocab_size)

    @property
    def places(self) -> int:
        """Tokens of its longest text."""
        return int(self.text.max_position_embeddings)

    @property
    def open_clip_config(self) -> dict[str, Any]:
        """The model's configuration as open_clip has it."""
        vision, text = self.vision, self.text
        sizes = (
            {
                "width": of.hidden_size,
                "layers": of.num_hidden_layers,
                "mlp_ratio": of.intermediate_size / of.hidden_size,
            }
            for of in (vision, text)
        )
        seen, read = sizes
        seen["image_size"], seen["patch_size"] = self.side_px, vision.patch_size
        seen["head_width"] = vision.hidden_size // vision.num_attention_heads
        read["context_length"] = text.max_position_embeddings
        read["vocab_size"], read["heads"] = text.vocab_size, text.num_attention_heads
        return {
            "embed_dim": self.dim,
            "quick_gelu": vision.hidden_act == "quick_gelu",
            "vision_cfg": seen,
            "text_cfg": read,
        }

    def _tower(
        self, kind: Any, config: Any, parts: tuple[str, ...], device: torch.device
    ) -> torch.nn.Module:
        own = {key: tensor for key, tensor in self.tensors.items() if key.startswith(parts)}
        tower: torch.nn.Module = load_network(lambda: kind(config), self.path, own, device)
        for module in tower.modules():
            for name, buffer in module.named_buffers(recurse=False):
                if name == "position_ids":  # no part of the weights, and so without a value yet
                    buffer.copy_(torch.arange(buffer.shape[-1])[None])
        return tower


def weights_file(path: Path) -> Path:
    """Return the file with the tensors: `path` itself, or one of a known name in that folder."""
    if path.suffix == ".pt":
        return path
    return next((path / name for name in FILES if (path / name).is_file()), path / FILES[-1])


def joint_dim(path: Path) -> int:
    """Return D of the space that both towers project into.

    Raises:
        WeightsInvalid: the files do not say it.
    """
    if path.suffix == ".pt":
        return read_clip(path).vision.projection_dim
    dim = read_config(path, "clip").get("projection_dim", 512)
    if not isinstance(dim, int) or dim < 1:
        raise unfit(path / "config.json", f"has the projection_dim {dim!r}")
    return dim


def read_clip(path: Path) -> ClipFiles:
    """Return the CLIP in a folder, or in MS-CLIP's one file.

    Raises:
        WeightsInvalid: a file is damaged, or another model's.
    """
    return _read_open_clip(path) if path.suffix == ".pt" else _read_folder(path)


def _read_folder(folder: Path) -> ClipFiles:
    from transformers import CLIPConfig

    file = weights_file(folder)
    with reading(folder / "config.json"):  # hostile sizes make the library raise anything
        config = CLIPConfig(**read_config(folder, "clip"))
        vision: Any = config.vision_config
        text: Any = config.text_config
        vision.projection_dim = text.projection_dim = config.projection_dim
    if vision.image_size != SIDE_PX:
        raise unfit(folder, f"reads pictures of {vision.image_size} px; expected {SIDE_PX} px")
    tensors = {}
    for key, tensor in read_tensors(file).items():
        if key == "logit_scale" or key.endswith(".position_ids"):  # older files keep them
            continue
        if not key.startswith(VISION + TEXT):
            raise unfit(file, f"has {key}, which a CLIP does not")
        tensors[key] = tensor
    return ClipFiles(file, vision, text, tensors)


def clip_of(path: Path, settings: Settings, state: Mapping[str, torch.Tensor]) -> ClipFiles:
    """Return the CLIP whose tensors have open_clip's names, by the settings beside its file.

    Raises:
        WeightsInvalid: they are another model's, or do not belong to the settings.
    """
    tensors = dict[str, torch.Tensor]()
    for key, tensor in state.items():
        tensors |= from_open_clip(key, tensor, path)
    files = _sized(
        path, tensors, "quick_gelu" if settings.quick_gelu else "gelu", settings.head_width
    )
    dim, bands, width = (
        getattr(files.vision, name) for name in ("projection_dim", "num_channels", "hidden_size")
    )
    if settings.head_width is None and width > WIDEST:
        raise unfit(path, f"is {width} wide; expected vision_cfg with head_width in its JSON")
    if width % (settings.head_width or HEAD_WIDTH):
        raise unfit(path, f"is {width} wide, which is not a multiple of its heads' width")
    if settings.dim not in (None, dim):
        raise unfit(path, f"has a space of {dim} numbers; its configuration says {settings.dim}")
    if bands != 3:
        raise unfit(path, f"reads {bands} bands; expected pictures of 3")
    return files


def _read_open_clip(path: Path) -> ClipFiles:
    tensors: dict[str, torch.Tensor] = {}
    for key, tensor in read_tensors(path).items():
        if not key.startswith((MODEL, *AGAIN)):
            raise unfit(path, f"has {key}; expected all of it under {MODEL}")
        if key.startswith(MODEL) and key != f"{MODEL}logit_scale":
            tensors |= from_open_clip(key, tensor, path, MODEL)
    files = _sized(path, tensors, "gelu")
    if files.side_px != SIDE_PX:
        raise unfit(path, f"reads pictures of {files.side_px} px; expected {SIDE_PX} px")
    return files


def _sized(
    path: Path, tensors: dict[str, torch.Tensor], activation: str, head_width: int | None = None
) -> ClipFiles:
    """Return a CLIP whose sizes are those of its tensors, which have transformers' names.

    Heads of the picture tower are `head_width` wide, 64 if left out.
    """
    from transformers import CLIPTextConfig, CLIPVisionConfig

    try:
        patches = tensors["vision_model.embeddings.patch_embedding.weight"]
        parts = len(tensors["vision_model.embeddings.position_embedding.weight"]) - 1
        tokens = tensors["text_model.embeddings.token_embedding.weight"]
        places = tensors["text_model.embeddings.position_embedding.weight"]
        dim = len(tensors["text_projection.weight"])
        vision, text = (
            _sizes(tensors, tower, width) | {"hidden_act": activation}
            for tower, width in (
                ("vision_model", head_width or HEAD_WIDTH),
                ("text_model", HEAD_WIDTH),
            )
        )
    except (KeyError, TypeError) as error:
        raise unfit(path, f"lacks {str(error).strip(chr(39))}") from error
    return ClipFiles(
        path,
        CLIPVisionConfig(
            **vision,
            num_channels=patches.shape[1],
            patch_size=patches.shape[-1],
            image_size=math.isqrt(max(parts, 1)) * patches.shape[-1],
            projection_dim=dim,
        ),
        CLIPTextConfig(
            **text,
            vocab_size=len(tokens),
            max_position_embeddings=len(places),
            projection_dim=dim,
            bos_token_id=len(tokens) - 2,
            eos_token_id=len(tokens) - 1,
            pad_token_id=0,
        ),
        tensors,
    )


def _sizes(tensors: Mapping[str, torch.Tensor], tower: str, head_width: int) -> dict[str, Any]:
    """Return the sizes that a transformer's shapes tell, or raise KeyError for a missing key."""
    width, inner = tensors[f"{tower}.encoder.layers.0.mlp.fc2.weight"].shape
    depth = {key.split(".")[3] for key in tensors if key.startswith(f"{tower}.encoder.layers.")}
    return {
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": len(depth),
        "num_attention_heads": max(width // head_width, 1),
    }
