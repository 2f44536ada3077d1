"""The published models that look at a picture and write; `backend.describers` runs them."""

from backend.io.weights import PublishedWeights

_FILES = (
    "config.json",
    "generation_config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "model*.safetensors*",
)
_CHAT = (*_FILES, "chat_template*")


def _published(
    name: str, repository: str, size: str, licence: str, *, revision: str = "main"
) -> PublishedWeights:
    files = _FILES if name.startswith("blip") else _CHAT
    return PublishedWeights(name, repository, revision, files, size, licence, in_hub_cache=True)


DESCRIBERS = (
    _published(
        "blip-captions",
        "Salesforce/blip-image-captioning-base",
        "1 GB",
        "BSD-3-Clause",
        revision="9cfcdbcaccbcadb2b53b36d4b50042c4eeaa0c25",  # main has a pickle alone
    ),
    _published("blip-answers", "Salesforce/blip-vqa-base", "1.5 GB", "BSD-3-Clause"),
    _published("qwen2.5-vl-7b", "Qwen/Qwen2.5-VL-7B-Instruct", "16.6 GB", "Apache-2.0"),
    _published(
        "qwen2.5-vl-3b",
        "Qwen/Qwen2.5-VL-3B-Instruct",
        "7.5 GB",
        "Qwen Research (not for commercial use)",
    ),
    _published("qwen3-vl-8b", "Qwen/Qwen3-VL-8B-Instruct", "17.5 GB", "Apache-2.0"),
    _published("internvl3.5-8b", "OpenGVLab/InternVL3_5-8B-HF", "17 GB", "Apache-2.0"),
    _published("smolvlm2-2.2b", "HuggingFaceTB/SmolVLM2-2.2B-Instruct", "4.5 GB", "Apache-2.0"),
)
"""Each is fetched by its name, and lies in one folder with all its files."""
