"""A small CLIP of random weights that knows the words of some texts, in open_clip's layout."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import CLIPConfig, CLIPModel

from backend.encoders.networks.open_clip import to_open_clip

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
PAD, UNKNOWN = "<pad>", "<unk>"


def write_small_clip(
    path: Path,
    texts: Iterable[str],
    *,
    side_px: int = 32,
    patch_px: int = 8,
    width: int = 128,
    depth: int = 4,
    most_tokens: int = 77,
    seed: int = 0,
) -> Path:
    """Write NAME.safetensors, its configuration, and a tokenizer of the words of texts beside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    words = write_words(path.parent, texts)
    sizes = {"hidden_size": width, "intermediate_size": 4 * width, "num_hidden_layers": depth}
    sizes |= {"num_attention_heads": width // 64}
    text = {"vocab_size": words, "bos_token_id": words - 2, "eos_token_id": words - 1}
    config = CLIPConfig(
        text_config={**sizes, **text, "max_position_embeddings": most_tokens, "hidden_act": "gelu"},
        vision_config={
            **sizes, "patch_size": patch_px, "image_size": side_px, "hidden_act": "gelu"
        },
        projection_dim=width,
    )  # fmt: skip
    torch.manual_seed(seed)
    save_file(to_open_clip(CLIPModel(config).state_dict()), path)
    path.with_suffix(".json").write_text(json.dumps({"quick_gelu": False}))
    return path


def write_words(folder: Path, texts: Iterable[str]) -> int:
    """Write a tokenizer of whole words as `tokenizer.json`; return how many tokens it knows."""
    tokenizer = Tokenizer(models.WordLevel({}, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    found = {
        word
        for text in set(texts)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text.lower())
    }
    tokens = [PAD, UNKNOWN, *sorted(found), BEGIN, END]  # CLIP's last two, in this order
    numbers = {token: number for number, token in enumerate(tokens)}
    tokenizer.model = models.WordLevel(numbers, unk_token=UNKNOWN)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(one, numbers[one]) for one in (BEGIN, END)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return len(tokens)
