"""A CLIP and an MS-CLIP of random weights and a few megabytes, saved as the published ones are."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import nn
from transformers import CLIPConfig, CLIPModel
from transformers.utils import logging

from scripts.samples.weights import randomise

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
MERGES = [("t", "h"), ("th", "e</w>"), ("l", "a"), ("k", "e</w>"), ("la", "ke</w>")]
WORD = r"<\|startoftext\|>|<\|endoftext\|>|'s|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def write_clip(
    folder: Path, *, dim: int = 16, seed: int = 0, pickled: bool = False, **vision: int
) -> Path:
    """Write the files of openai/clip-vit-base-patch16 in small: its layout and its kinds.

    `vision` are other sizes of the image tower.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = write_tokenizer(folder)
    sizes = {"hidden_size": 128, "intermediate_size": 64, "num_hidden_layers": 2}
    sizes |= {"num_attention_heads": 2}
    size = tokenizer.get_vocab_size()
    text = {"vocab_size": size, "bos_token_id": size - 2, "eos_token_id": 2, "pad_token_id": 1}
    config = CLIPConfig(
        text_config={**sizes, **text},
        vision_config={**sizes, "patch_size": 32, "image_size": 224, **vision},
        projection_dim=dim,
    )
    logging.disable_progress_bar()
    model = CLIPModel(config)
    model.load_state_dict(randomise(model, seed))
    model.save_pretrained(folder)
    if pickled:  # as OpenAI's own, with the places that older versions kept
        places = torch.arange(77)[None]
        state = {**model.state_dict(), "text_model.embeddings.position_ids": places}
        torch.save(state, folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    return folder


def write_tokenizer(folder: Path) -> Tokenizer:
    """CLIP's: byte pairs of lower-case words, each with an end, between two special tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = ["".join(pair) for pair in MERGES]
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), *words, BEGIN, END]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer.model = models.BPE(vocabulary, MERGES, unk_token=END, end_of_word_suffix="</w>")
    tokenizer.add_special_tokens([BEGIN, END])
    tokenizer.post_processor = processors.RobertaProcessing(
        (END, vocabulary[END]), (BEGIN, vocabulary[BEGIN]), add_prefix_space=False
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return tokenizer


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(width, width // 64, batch_first=True)
        self.mlp = nn.Sequential()
        self.mlp.add_module("c_fc", nn.Linear(width, 2 * width))
        self.mlp.add_module("gelu", nn.GELU())
        self.mlp.add_module("c_proj", nn.Linear(2 * width, width))

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        return x + self.mlp(self.ln_2(x))


class _Blocks(nn.Module):
    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(_Block(width) for _ in range(depth))

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        for block in self.resblocks:
            x = block(x, mask)
        return x


class _Visual(nn.Module):
    def __init__(self, width: int, patch: int, dim: int, bands: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(bands, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.positional_embedding = nn.Parameter(torch.empty((224 // patch) ** 2 + 1, width))
        self.ln_pre, self.ln_post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.transformer = _Blocks(width, 2)
        self.proj = nn.Parameter(torch.empty(width, dim))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        patches = self.conv1(pixels).flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(len(pixels), 1, -1)
        x = torch.cat([first, patches], dim=1) + self.positional_embedding
        return self.ln_post(self.transformer(self.ln_pre(x))[:, 0]) @ self.proj


class OpenClip(nn.Module):
    """An open_clip ViT and its text tower, by torch's own attention."""

    def __init__(self, tokens: int, dim: int = 16, bands: int = 10) -> None:
        super().__init__()
        width = 128
        self.visual = _Visual(width, 32, dim, bands)
        self.token_embedding = nn.Embedding(tokens, width)
        self.positional_embedding = nn.Parameter(torch.empty(77, width))
        self.transformer = _Blocks(width, 2)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.empty(width, dim))
        self.logit_scale = nn.Parameter(torch.ones([]))

    def encode_text(self, tokens: torch.Tensor) -> torch.Tensor:
        """Encode ids (n, 77), filled up with zeros; the state at the highest id is the text's."""
        mask = torch.full((77, 77), -torch.inf).triu_(1)
        x = self.transformer(self.token_embedding(tokens) + self.positional_embedding, mask)
        return self.ln_final(x)[torch.arange(len(x)), tokens.argmax(1)] @ self.text_projection


def write_ms_clip(folder: Path, seed: int = 0) -> OpenClip:
    """Write the one file of Llama3-MS-CLIP-base in small, and give the model in it."""
    folder.mkdir(parents=True, exist_ok=True)
    model = OpenClip(write_tokenizer(folder).get_vocab_size()).eval()
    model.load_state_dict(randomise(model, seed))
    prefixes = ("clip_base_model.model.", "text_encoder.model.", "image_encoder.model.")
    state = {p + key: tensor for p in prefixes for key, tensor in model.state_dict().items()}
    state["temperature"] = torch.tensor(0.07)
    torch.save(state, folder / "Llama3_MS_CLIP_weights.pt")
    return model
