"""The names of a CLIP's weights in open_clip's layout, which is OpenAI's, and in transformers'.

open_clip stores projections the other way round, and its attention has queries, keys and values in
one matrix.
Source: Radford et al., CLIP (2021), and mlfoundations/open_clip.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import torch

from backend.encoders.published import unfit

_PARTS = {
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
    "attn.out_proj": "self_attn.out_proj",
}
_BLOCK = re.compile(r"(visual\.)?transformer\.resblocks\.(\d+)\.(.+)\.(weight|bias)")
_QKV = re.compile(r"(visual\.)?transformer\.resblocks\.(\d+)\.attn\.in_proj_(weight|bias)")
_JOINT = re.compile(r"(.+\.(?:resblocks|cross_attn)\.\d+\.attn\.)in_proj_(weight|bias)")
_APART = re.compile(r"(.+\.(?:resblocks|cross_attn)\.\d+\.attn\.)([qkv])_proj\.(weight|bias)")
_LAYER = re.compile(r"(vision|text)_model\.encoder\.layers\.(\d+)\.(.+)\.(weight|bias)")
_NAMES = {
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "visual.ln_pre.weight": "vision_model.pre_layrnorm.weight",
    "visual.ln_pre.bias": "vision_model.pre_layrnorm.bias",
    "visual.ln_post.weight": "vision_model.post_layernorm.weight",
    "visual.ln_post.bias": "vision_model.post_layernorm.bias",
    "visual.proj": "visual_projection.weight",
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "ln_final.weight": "text_model.final_layer_norm.weight",
    "ln_final.bias": "text_model.final_layer_norm.bias",
    "text_projection": "text_projection.weight",
    "logit_scale": "logit_scale",
}
_TURNED = ("visual.proj", "text_projection")


def from_open_clip(
    own: str, tensor: torch.Tensor, path: Path, below: str = ""
) -> dict[str, torch.Tensor]:
    """Return a tensor of open_clip, whose names stand `below` one, under transformers' names.

    Raises:
        WeightsInvalid: no CLIP with a vision transformer has it.
    """
    key = own.removeprefix(below)
    if key in _NAMES:
        return {_NAMES[key]: tensor.T if key in _TURNED else tensor}
    if found := _QKV.fullmatch(key):
        layer = _layer(found)
        parts = zip("qkv", tensor.chunk(3), strict=False)
        return {f"{layer}.self_attn.{name}_proj.{found[3]}": part for name, part in parts}
    if (found := _BLOCK.fullmatch(key)) and found[3] in _PARTS:
        return {f"{_layer(found)}.{_PARTS[found[3]]}.{found[4]}": tensor}
    raise unfit(path, f"has {own}, which this encoder does not")


def split_attention(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return a CoCa's tensors with queries, keys and values of its layers apart."""
    state = dict[str, torch.Tensor]()
    for key, tensor in tensors.items():
        if found := _JOINT.fullmatch(key):
            parts = zip("qkv", tensor.chunk(3), strict=False)
            state |= {f"{found[1]}{name}_proj.{found[2]}": part for name, part in parts}
        else:
            state[key] = tensor
    return state


def join_attention(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the tensors of `split_attention` as they are in open_clip's files."""
    state = dict[str, torch.Tensor]()
    for key, tensor in tensors.items():
        found = _APART.fullmatch(key)
        if found and found[2] == "q":
            three = [tensors[f"{found[1]}{part}_proj.{found[3]}"] for part in "qkv"]
            state[f"{found[1]}in_proj_{found[3]}"] = torch.cat(three)
        elif not found:
            state[key] = tensor.contiguous()
    return state


def _layer(found: re.Match[str]) -> str:
    return f"{'vision' if found[1] else 'text'}_model.encoder.layers.{found[2]}"


def to_open_clip(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the weights of a CLIP of transformers under open_clip's names."""
    state = {
        name: tensors[theirs].T if name in _TURNED else tensors[theirs]
        for name, theirs in _NAMES.items()
    }
    parts = {theirs: name for name, theirs in _PARTS.items()}
    for key, tensor in tensors.items():
        if not (found := _LAYER.fullmatch(key)):
            continue
        tower = "visual." if found[1] == "vision" else ""
        block = f"{tower}transformer.resblocks.{found[2]}"
        if found[3] in parts:
            state[f"{block}.{parts[found[3]]}.{found[4]}"] = tensor
        elif found[3] == "self_attn.q_proj":
            three = [tensors[key.replace("q_proj", f"{part}_proj")] for part in "qkv"]
            state[f"{block}.attn.in_proj_{found[4]}"] = torch.cat(three)
    return {name: tensor.contiguous() for name, tensor in state.items()}
