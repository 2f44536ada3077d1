"""A SigLIP 2 of random weights and a few megabytes, saved as the published ones are."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.trainers import BpeTrainer
from transformers import SiglipConfig, SiglipModel
from transformers.utils import logging

NAME = "siglip2-base"
DIM = 768
IMAGE_PX = 32
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>"]
CORPUS = [
    "open water and a pine forest",
    "a village with red roofs",
    "ein kleiner See im Wald",
    "un champ de blé",
]


def write_siglip2(folder: Path, *, shard_size: str = "5GB", seed: int = 0) -> Path:
    """Write the files of google/siglip2-base-patch16-384 in small: its D, its layout, its kinds."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    _write(folder / "tokenizer_config.json", TOKENIZER | {"tokenizer_class": "GemmaTokenizer"})
    _write(folder / "preprocessor_config.json", PROCESSOR)
    config = SiglipConfig(
        text_config={
            "vocab_size": tokenizer.get_vocab_size(),
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "projection_size": DIM,
            "bos_token_id": 2,
            "eos_token_id": 1,
        },
        vision_config={
            "hidden_size": DIM,
            "intermediate_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 12,
            "image_size": IMAGE_PX,
            "patch_size": 8,
        },
    )
    logging.disable_progress_bar()
    torch.manual_seed(seed)
    SiglipModel(config).save_pretrained(folder, max_shard_size=shard_size)
    return folder


TOKENIZER = {
    "add_bos_token": False,
    "add_eos_token": True,
    "bos_token": "<bos>",
    "do_lower_case": True,  # which the tokenizer does not heed
    "eos_token": "<eos>",
    "model_input_names": ["input_ids"],
    "model_max_length": 64,
    "pad_token": "<pad>",
    "padding_side": "right",
    "processor_class": "SiglipProcessor",
    "unk_token": "<unk>",
}
PROCESSOR: dict[str, Any] = {
    "do_convert_rgb": None,
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_processor_type": "SiglipImageProcessor",
    "image_std": [0.5, 0.5, 0.5],
    "processor_class": "SiglipProcessor",
    "resample": 2,
    "rescale_factor": 1 / 255,
    "size": {"height": IMAGE_PX, "width": IMAGE_PX},
}


def _tokenizer() -> Tokenizer:
    """Built as Gemma's: byte pairs, spaces as ▁, unknown letters as bytes, <eos> at the end."""
    tokenizer = Tokenizer(models.BPE(fuse_unk=True, unk_token="<unk>", byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    letters = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = BpeTrainer(vocab_size=500, special_tokens=SPECIAL + letters, show_progress=False)
    tokenizer.train_from_iterator([*CORPUS, *(text.upper() for text in CORPUS)], trainer)
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <eos>", special_tokens=[("<eos>", SPECIAL.index("<eos>"))]
    )
    return tokenizer


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
