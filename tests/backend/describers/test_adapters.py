"""Adapters beside models: every tensor takes effect, or one sentence says why not."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from backend.adapters import add_adapter, save_adapter
from backend.adapters.files import BASE, CONFIG, WEIGHTS
from backend.describers import Chip, load_describer
from backend.describers.adapters import adapted_layers, base_of
from backend.describers.chat import ChatModel
from backend.describers.loading import find_files, load_parts
from backend.describers.registry import find_model
from backend.errors import (
    DescriberUnknown,
    GlueLinkError,
    WeightsInvalid,
    WeightsMissing,
)
from backend.language import Record
from scripts.samples.describers import write_internvl, write_qwen

TODAY = {
    "qwen": (("model.visual.", "visual."), ("model.language_model.layers.", "model.layers.")),
    "internvl": (
        ("model.language_model.", "language_model.model."),
        ("model.vision_tower.", "vision_tower."),
        ("model.multi_modal_projector.", "multi_modal_projector."),
    ),
}
"""How layers are called today, and were called before, for the two families that changed."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model and an adapter of it for either family, with values in A and B."""
    folder = tmp_path_factory.mktemp("adapters")
    for name, write in (("qwen", write_qwen), ("internvl", write_internvl)):
        write(folder / name)
        files = find_files(folder / name)
        model = load_parts(files, "cpu").model
        named = {"base": str(folder / name), "seed": 0}
        adapted = add_adapter(model, adapted_layers(model), rank=4, alpha=8, **named)
        for key, of in adapted.named_parameters():
            if "lora_B" in key:
                torch.nn.init.normal_(of, std=0.05)
        save_adapter(adapted, folder / f"{name}-adapter", base_of(files).sha256)
    return folder


@pytest.fixture(scope="module")
def chip() -> Chip:
    return Chip(Record("a", 40, 40), torch.randn(2, 40, 40).numpy() - 12)


def first_logits(name: str, chip: Chip) -> torch.Tensor:
    model = load_describer(name, "cpu")
    assert isinstance(model, ChatModel)
    with torch.inference_mode():
        return model.parts.model(**model.lesson(model.draw(chip), "", "no")).logits


def foreign(
    source: Path, target: Path, rename: Callable[[str], str] = str, **fields: object
) -> Path:
    """Write an adapter as others do: with no hash of its model, and other names or settings."""
    target.mkdir()
    tensors = {rename(name): of for name, of in load_file(source / WEIGHTS).items()}
    save_file(tensors, target / WEIGHTS, {"format": "pt"})
    stated = json.loads((source / CONFIG).read_text())
    (target / CONFIG).write_text(json.dumps({**stated, **fields}))
    return target


def renamed(name: str, table: Mapping[str, str]) -> str:
    rest = name.removeprefix("base_model.model.")
    old = next((o + rest.removeprefix(n) for n, o in table.items() if rest.startswith(n)), rest)
    return f"base_model.model.{old}"


@pytest.mark.parametrize("name", TODAY)
def test_an_adapter_of_older_names_does_what_it_did(
    name: str, folder: Path, chip: Chip, tmp_path: Path
) -> None:
    table = dict(TODAY[name])
    # As training libraries state layers: by their last parts, or by an expression of older names.
    wanted = r"^(?!.*visual).*\.(q_proj|k_proj|v_proj)$"
    old = foreign(
        folder / f"{name}-adapter",
        tmp_path / "old",
        lambda key: renamed(key, table),
        target_modules=wanted,
        peft_version="0.13.2",
    )
    assert not set(load_file(old / WEIGHTS)) & set(load_file(folder / f"{name}-adapter" / WEIGHTS))
    expected = first_logits(str(folder / f"{name}-adapter"), chip)
    assert torch.equal(first_logits(f"{folder / name}+{old}", chip), expected)
    assert torch.equal(first_logits(str(old), chip), expected)  # by the folder that it names
    assert not torch.equal(first_logits(str(folder / name), chip), expected)


def altered(source: Path, target: Path, change: Callable[[dict], None]) -> Path:  # type: ignore[type-arg]
    shutil.copytree(source, target)
    with safe_open(source / WEIGHTS, "pt") as file:
        about = file.metadata()
    tensors = load_file(source / WEIGHTS)
    change(tensors)
    save_file(tensors, target / WEIGHTS, about)
    return target


A_TENSOR = "base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight"


def _strange(tensors: dict) -> None:  # type: ignore[type-arg]
    tensors["base_model.model.model.nowhere.lora_A.weight"] = torch.ones(1)


def _not_finite(tensors: dict) -> None:  # type: ignore[type-arg]
    tensors[A_TENSOR][0, 0] = torch.nan


def _narrow(tensors: dict) -> None:  # type: ignore[type-arg]
    tensors[A_TENSOR] = tensors[A_TENSOR][:, :7].clone()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda of: of.pop(A_TENSOR), "it lacks model.language_model.layers.0.self_attn.q_proj"),
        (_strange, "it has the layer model.nowhere, which it lacks"),
        (lambda of: of.update({"bias": torch.ones(1)}), "it has bias, which has no place in it"),
        (_narrow, r"of shape \(4, 7\); expected \(4, 32\)"),
        (_not_finite, "NaN or infinite values in .*q_proj"),
        (dict.clear, "it holds no layer"),
    ],
)
def test_an_adapter_of_which_a_tensor_would_do_nothing_is_refused(
    change: Callable[[dict], None],  # type: ignore[type-arg]
    sentence: str,
    folder: Path,
    tmp_path: Path,
) -> None:
    other = altered(folder / "qwen-adapter", tmp_path / "other", change)
    with pytest.raises(WeightsInvalid, match=sentence) as raised:
        load_parts(find_model(str(other)), "cpu")
    assert "\n" not in str(raised.value)


def test_an_adapter_of_another_model_is_refused(folder: Path, tmp_path: Path) -> None:
    def refused(name: str, sentence: str, error: type[GlueLinkError] = WeightsInvalid) -> None:
        with pytest.raises(error, match=sentence) as raised:
            load_parts(find_model(name), "cpu")
        assert "\n" not in str(raised.value)

    ours, base = folder / "qwen-adapter", folder / "qwen"
    same_size = write_qwen(tmp_path / "same-size", seed=1)
    refused(f"{same_size}+{ours}", "is an adapter of .*qwen; .*same-size holds another model")
    refused(f"{folder / 'internvl'}+{ours}", "holds another model")
    assert BASE in safe_open(ours / WEIGHTS, "pt").metadata()
    published = "Qwen/Qwen2.5-VL-7B-Instruct"
    theirs = foreign(ours, tmp_path / "theirs", base_model_name_or_path=published)
    refused(str(theirs), "qwen2.5-vl-7b .* are not on this machine", WeightsMissing)
    refused(f"{base}+{theirs}", f"is an adapter of {published}; .* holds another model")
    nameless = foreign(folder / "internvl-adapter", tmp_path / "x", base_model_name_or_path=None)
    refused(str(nameless), "a model that it does not name", WeightsMissing)
    refused(f"{base}+{nameless}", "does not fit the model in .*qwen: it has the layer")
    for name, fields, sentence in (
        ("dora", {"use_qalora_of_2031": True}, "the setting use_qalora_of_2031, which"),
        ("pissa", {"init_lora_weights": "pissa"}, "the setting init_lora_weights: pissa"),
        ("ia3", {"peft_type": "IA3"}, "of the type IA3; expected LORA"),
        ("rank", {"r": None}, "lacks the number r"),
        ("odd", {"rank_pattern": "all"}, "does not fit the model in"),
        ("wide", {"r": 9}, r"of shape \(4, 32\); expected \(9, 32\)"),
    ):
        refused(str(foreign(ours, tmp_path / name, **fields)), sentence)
    (tmp_path / "wide" / WEIGHTS).write_bytes(b"none")
    refused(str(tmp_path / "wide"), "cannot be read")
    (tmp_path / "wide" / WEIGHTS).rename(tmp_path / "wide" / "adapter_model.bin")
    refused(str(tmp_path / "wide"), "a pickle, which could run code")
    refused(f"nowhere+{ours}", 'no describer "nowhere"', DescriberUnknown)
    refused(f"{base}+{tmp_path / 'nothing'}", f"lacks {CONFIG}", WeightsMissing)
