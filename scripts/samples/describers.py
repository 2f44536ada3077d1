"""Describers of random weights and a few megabytes, saved as the published ones are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.trainers import BpeTrainer, WordPieceTrainer
from transformers import (
    BlipConfig,
    BlipForConditionalGeneration,
    BlipForQuestionAnswering,
    InternVLConfig,
    InternVLForConditionalGeneration,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
)
from transformers.utils import logging

CORPUS = [
    "is there a harbour ? how many ships lie at sea ?",
    "describe in one sentence what this radar image shows .",
    "a forest covers the left side ; fields cover the right .",
    "Question : answer yes no user assistant system",
]
CLIP_MEAN, CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
BLIP_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]"]
QWEN_SPECIAL = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>",
    "<|image_pad|>", "<|video_pad|>",
]  # fmt: skip
QWEN_TOKENS: dict[str, Any] = {
    "image_token_id": QWEN_SPECIAL.index("<|image_pad|>"),
    "video_token_id": QWEN_SPECIAL.index("<|video_pad|>"),
    "vision_start_token_id": QWEN_SPECIAL.index("<|vision_start|>"),
    "vision_end_token_id": QWEN_SPECIAL.index("<|vision_end|>"),
}
ROPE: dict[str, Any] = {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [1, 1, 2]}
CHAT = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}"
    "<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _bert_tokenizer() -> Tokenizer:
    """Return a tokenizer of BERT's kind, trained on a few sentences."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = WordPieceTrainer(vocab_size=200, special_tokens=BLIP_SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def write_blip(folder: Path, *, question: bool = False, seed: int = 1) -> Path:
    """Write the files of Salesforce/blip-image-captioning-base, or blip-vqa-base, in small."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _bert_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    named = dict(zip(("pad", "unk", "cls", "sep", "mask"), BLIP_SPECIAL, strict=False))
    names = {f"{name}_token": token for name, token in named.items()}
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", **names})
    _write(folder / "preprocessor_config.json", _processor("BlipImageProcessor", 32))
    text = {
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": 32,
        "encoder_hidden_size": 32,
        "intermediate_size": 64,
        "projection_dim": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "bos_token_id": BLIP_SPECIAL.index("[DEC]"),
        "eos_token_id": 3,
        "sep_token_id": 3,
        "pad_token_id": 0,
        "max_position_embeddings": 64,
    }
    vision = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": 32,
        "patch_size": 8,
    }
    config = BlipConfig(text_config=text, vision_config=vision, projection_dim=16)
    kind = BlipForQuestionAnswering if question else BlipForConditionalGeneration
    return _save(kind, config, folder, seed)


def write_qwen(folder: Path, *, dtype: torch.dtype = torch.float32, seed: int = 0) -> Path:
    """Write the files of Qwen/Qwen2.5-VL-7B-Instruct in small."""
    config = Qwen2_5_VLConfig(
        text_config=_text() | {"rope_parameters": ROPE},
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 4,
            "out_hidden_size": 32,
            "patch_size": 14,
            "fullatt_block_indexes": [1],
            "window_size": 56,
        },
        **QWEN_TOKENS,
    )
    _write_qwen_files(folder, patch=14)
    return _save(Qwen2_5_VLForConditionalGeneration, config, folder, seed, dtype)


def write_qwen3(folder: Path, *, seed: int = 0) -> Path:
    """Write the files of Qwen/Qwen3-VL-8B-Instruct in small."""
    config = Qwen3VLConfig(
        text_config=_text()
        | {"head_dim": 8, "rope_parameters": {**ROPE, "mrope_interleaved": True}},
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 4,
            "out_hidden_size": 32,
            "patch_size": 16,
            "num_position_embeddings": 64,
            "deepstack_visual_indexes": [0],
        },
        **QWEN_TOKENS,
    )
    _write_qwen_files(folder, patch=16)
    return _save(Qwen3VLForConditionalGeneration, config, folder, seed)


def write_internvl(folder: Path, *, seed: int = 0) -> Path:
    """Write the files of OpenGVLab/InternVL3_5-8B-HF in small."""
    named = {
        "start_image_token": "<img>",
        "end_image_token": "</img>",
        "context_image_token": "<IMG_CONTEXT>",
        "video_token": "<video>",
    }
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *named.values()]
    _write_tokenizer(folder, special, {"extra_special_tokens": named, **named})
    template = CHAT.replace("<|vision_start|><|image_pad|><|vision_end|>", "<IMG_CONTEXT>\n")
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    crops = {"crop_to_patches": False, "min_patches": 1, "max_patches": 4}
    image = _processor("GotOcr2ImageProcessor", 32)
    _write(folder / "preprocessor_config.json", image | crops)
    _write(folder / "processor_config.json", {"image_seq_length": 4})
    config = InternVLConfig(
        text_config=_text() | {"model_type": "qwen2"},
        vision_config={
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "image_size": [32, 32],
            "patch_size": [8, 8],
        },
        image_token_id=special.index("<IMG_CONTEXT>"),
        image_seq_length=4,
        tie_word_embeddings=False,  # else it says the last word again
    )
    return _save(InternVLForConditionalGeneration, config, folder, seed)


def write_smolvlm(folder: Path, *, seed: int = 0) -> Path:
    """Write the files of HuggingFaceTB/SmolVLM2-2.2B-Instruct in small."""
    tiles = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
    special = ["<|endoftext|>", "<|im_start|>", "<end_of_utterance>", "<image>", "<global-img>"]
    special += ["<fake_token_around_image>", *tiles]
    _write_tokenizer(folder, special, {"eos_token": "<end_of_utterance>"})
    template = CHAT.replace("<|vision_start|><|image_pad|><|vision_end|>", "<image>").replace(
        "<|im_end|>", "<end_of_utterance>"
    )
    _write(folder / "chat_template.json", {"chat_template": template})
    image = _processor("SmolVLMImageProcessor", None) | {
        "do_convert_rgb": True,
        "do_image_splitting": True,
        "do_pad": True,
        "max_image_size": {"longest_edge": 32},
        "size": {"longest_edge": 64},
    }
    _write(folder / "preprocessor_config.json", image)
    _write(folder / "processor_config.json", {"image_seq_len": 4})
    config = SmolVLMConfig(
        text_config=_text() | {"model_type": "llama"},
        vision_config={
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "image_size": 32,
            "patch_size": 8,
            "max_image_size": {"longest_edge": 32},
        },
        image_token_id=special.index("<image>"),
        scale_factor=2,
        pad_token_id=0,
    )
    return _save(SmolVLMForConditionalGeneration, config, folder, seed)


def _text() -> dict[str, Any]:
    return {
        "vocab_size": 400,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "pad_token_id": 0,
    }


def _write_qwen_files(folder: Path, patch: int) -> None:
    _write_tokenizer(folder, QWEN_SPECIAL, {"tokenizer_class": "Qwen2Tokenizer"})
    _write(folder / "chat_template.json", {"chat_template": CHAT})
    sizes = {"min_pixels": 56 * 56, "max_pixels": 112 * 112, "patch_size": patch, "merge_size": 2}
    image = {**_processor("Qwen2VLImageProcessor", None), **sizes, "temporal_patch_size": 2}
    _write(folder / "preprocessor_config.json", image)


def _write_tokenizer(folder: Path, special: list[str], about: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _byte_pairs(special).save(str(folder / "tokenizer.json"))
    names = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    kind = {"tokenizer_class": "PreTrainedTokenizerFast"}
    _write(folder / "tokenizer_config.json", kind | names | about)


def _byte_pairs(special: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def _processor(kind: str, side: int | None) -> dict[str, Any]:
    about: dict[str, Any] = {
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": CLIP_MEAN,
        "image_processor_type": kind,
        "image_std": CLIP_STD,
        "resample": 3,
        "rescale_factor": 1 / 255,
    }
    return about | ({"size": {"height": side, "width": side}} if side else {})


def _save(
    kind: Any, config: Any, folder: Path, seed: int, dtype: torch.dtype = torch.float32
) -> Path:
    logging.disable_progress_bar()
    torch.manual_seed(seed)
    kind(config).to(dtype).save_pretrained(folder)
    return folder


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
