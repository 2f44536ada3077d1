"""BERT's encoder on torch alone, from the published files of a model.

Source: Devlin et al. 2019, arXiv:1810.04805; weights have the names of `transformers.BertModel`,
whose numbers it gives. It stands here because importing that class takes longer than answering.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F

from backend.device import Device
from backend.errors import WeightsInvalid

UNUSED = ("pooler.", "embeddings.position_ids")
"""Weights that a published file may have beside those of the encoder."""

EMBEDDINGS = ("word", "position", "token_type")
LAYER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)


class Bert:
    """The encoder of a BERT: from tokens to the states of its last layer."""

    def __init__(
        self,
        config: Mapping[str, Any],
        tensors: Mapping[str, torch.Tensor],
        device: Device,
        file: Path,
    ) -> None:
        """Take the tensors of a file, and its configuration as transformers keeps it.

        Raises:
            WeightsInvalid: the tensors are not those of the configuration.
        """
        self.width, self.heads = config["hidden_size"], config["num_attention_heads"]
        self.layers, self.eps = config["num_hidden_layers"], config["layer_norm_eps"]
        given = {name for name in tensors if not name.startswith(UNUSED)}
        if differing := sorted(given ^ self._names()):
            raise WeightsInvalid(
                f"{file} is not the BERT of its configuration: {differing[0]} is in one of them "
                "alone.",
                "Fetch its files anew.",
            )
        self.weights = {name: tensors[name].to(device) for name in given}

    @classmethod
    def read(cls, folder: Path, device: Device) -> "Bert":
        """Read config.json and model.safetensors.

        Raises:
            WeightsInvalid: the weights are not those of the configuration.
        """
        file = folder / "model.safetensors"
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return cls(config, load_file(file), device, file)

    def _names(self) -> set[str]:
        layers = {f"encoder.layer.{k}.{part}" for k in range(self.layers) for part in LAYER}
        pairs = layers | {"embeddings.LayerNorm"}
        tables = {f"embeddings.{kind}_embeddings.weight" for kind in EMBEDDINGS}
        return tables | {f"{name}.{end}" for name in pairs for end in ("weight", "bias")}

    def __call__(self, tokens: torch.Tensor, attended: torch.Tensor) -> torch.Tensor:
        """Return states (n, t, width) of tokens (n, t) int64; `attended` (n, t) bool."""
        words, positions, segments = (
            self.weights[f"embeddings.{kind}_embeddings.weight"] for kind in EMBEDDINGS
        )
        states = words[tokens] + positions[: tokens.shape[1]] + segments[0]
        states = self._norm("embeddings.LayerNorm", states)
        for k in range(self.layers):
            states = self._layer(f"encoder.layer.{k}.", states, attended[:, None, None])
        return states

    def _layer(self, at: str, states: torch.Tensor, attended: torch.Tensor) -> torch.Tensor:
        query, key, value = (
            self._linear(f"{at}attention.self.{part}", states)
            .unflatten(-1, (self.heads, -1))
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=attended)
        seen = self._linear(f"{at}attention.output.dense", seen.transpose(1, 2).flatten(2))
        states = self._norm(f"{at}attention.output.LayerNorm", states + seen)
        inner = F.gelu(self._linear(f"{at}intermediate.dense", states))
        return self._norm(
            f"{at}output.LayerNorm", states + self._linear(f"{at}output.dense", inner)
        )

    def _linear(self, name: str, states: torch.Tensor) -> torch.Tensor:
        return F.linear(states, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, name: str, states: torch.Tensor) -> torch.Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return F.layer_norm(states, (self.width,), weight, bias, self.eps)


class BertTokenizer:
    """The tokenizer of a published folder."""

    def __init__(self, folder: Path, most: int) -> None:
        """Read tokenizer.json; texts are cut after `most` tokens."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(most)
        self._tokenizer.enable_padding()

    def __call__(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return tokens (n, t) int64, and which of them count (n, t) bool."""
        encoded = self._tokenizer.encode_batch(list(texts))
        tokens = torch.tensor([one.ids for one in encoded])
        return tokens, torch.tensor([one.attention_mask for one in encoded], dtype=torch.bool)
