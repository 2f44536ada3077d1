"""A small CoCa of random weights in open_clip's layout, and what open_clip makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional

from backend.encoders.networks.coca import Coca, CocaSizes
from backend.encoders.networks.open_clip import join_attention
from scripts.samples.weights import randomise_state

State = dict[str, torch.Tensor]


def write_coca(path: Path, words: int, side_px: int = 32, places: int = 12) -> State:
    """Write NAME.safetensors and the configuration beside it; return the weights."""
    sizes = CocaSizes(
        width=128, layers=2, patch_px=8, side_px=side_px, queries=5, dim=64, text_width=64,
        text_layers=2, decoder_layers=2, words=words, places=places, quick_gelu=False,
    )  # fmt: skip
    state = randomise_state(join_attention(Coca(sizes).state_dict()), 3)
    state["logit_scale"] = torch.tensor(2.6)
    save_file(state, path)
    path.with_suffix(".json").write_text(json.dumps({"quick_gelu": False}))
    return state


def see(state: State, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a picture's vector and what the decoder looks at, as open_clip computes them."""
    own = _below(state, "visual.")
    patch = own["conv1.weight"].shape[-1]
    x = functional.conv2d(pictures, own["conv1.weight"], stride=patch).flatten(2).transpose(1, 2)
    first = own["class_embedding"].expand(len(x), 1, -1)
    x = _norm(own, "ln_pre", torch.cat([first, x], 1) + own["positional_embedding"])
    for layer in (0, 1):
        x = _block(_below(own, f"transformer.resblocks.{layer}."), x, heads=2)
    pool = _below(own, "attn_pool.")
    keys = _norm(pool, "ln_k", x)
    asked = _norm(pool, "ln_q", pool["query"]).expand(len(x), -1, -1)
    x = _norm(own, "ln_post", _attend(_below(pool, "attn."), asked, keys, 8))
    return x[:, 0] @ own["proj"], x[:, 1:]


def read(state: State, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a text's vector and its states, of tokens (n, places) filled up with 0."""
    own, (n, places) = _below(state, "text."), tokens.shape
    x = torch.cat([own["token_embedding.weight"][tokens], own["cls_emb"].expand(n, 1, -1)], 1)
    allowed = functional.pad((tokens != 0)[:, None], (1, 0, places, 0), value=True)
    mask = torch.zeros(allowed.shape).masked_fill(~allowed, -torch.inf)
    mask = mask + torch.full((places + 1, places + 1), -torch.inf).triu(1)
    x = x + own["positional_embedding"]
    for layer in (0, 1):
        x = _block(_below(own, f"transformer.resblocks.{layer}."), x, 1, mask[:, None])
    return _norm(own, "ln_final", x[:, -1]) @ own["text_projection"], x[:, :-1]


def write_next(state: State, seen: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Return logits (n, t, words) of what follows each of the states (n, t, width)."""
    own = _below(state, "text_decoder.")
    mask = torch.full((x.shape[1], x.shape[1]), -torch.inf).triu(1)
    for layer in (0, 1):
        x = _block(_below(own, f"resblocks.{layer}."), x, 1, mask)
        x = _block(_below(own, f"cross_attn.{layer}."), x, 1, seen=seen)
    return _norm(own, "ln_final", x) @ own["text_projection"]


def _below(state: State, prefix: str) -> State:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


def _norm(own: State, name: str, x: torch.Tensor) -> torch.Tensor:
    return functional.layer_norm(x, x.shape[-1:], own[f"{name}.weight"], own[f"{name}.bias"])


def _block(
    own: State,
    x: torch.Tensor,
    heads: int,
    mask: torch.Tensor | None = None,
    seen: torch.Tensor | None = None,
) -> torch.Tensor:
    asked = _norm(own, "ln_1", x)
    keys = asked if seen is None else _norm(own, "ln_1_kv", seen)
    x = x + _attend(_below(own, "attn."), asked, keys, heads, mask)
    y = functional.gelu(_linear(own, "mlp.c_fc", _norm(own, "ln_2", x)))
    return x + _linear(own, "mlp.c_proj", y)


def _linear(own: State, name: str, x: torch.Tensor) -> torch.Tensor:
    return functional.linear(x, own[f"{name}.weight"], own[f"{name}.bias"])


def _attend(
    own: State,
    asked: torch.Tensor,
    keys: torch.Tensor,
    heads: int,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    if "in_proj_weight" in own:
        weights = own["in_proj_weight"].chunk(3)
    else:
        weights = tuple(own[f"{one}_proj_weight"] for one in "qkv")
    q, k, v = (
        functional.linear(of, weight, bias).unflatten(2, (heads, -1)).transpose(1, 2)
        for of, weight, bias in zip(
            (asked, keys, keys), weights, own["in_proj_bias"].chunk(3), strict=True
        )
    )
    scores = q @ k.transpose(2, 3) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores + mask
    return _linear(own, "out_proj", (scores.softmax(3) @ v).transpose(1, 2).flatten(2))
