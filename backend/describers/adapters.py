"""Low-rank adapters of published models (Hu et al., LoRA, 2022), in PEFT's two files.

    adapter_config.json          rank, alpha, the layers, the model that it belongs to
    adapter_model.safetensors    A and B of every layer: W' = W + (alpha / rank) · B · A

The library opens an adapter whose tensors it does not recognise as the bare model, with a warning.
Here every tensor is used, or the adapter is refused. Older releases of transformers named the same
layers otherwise; `OLDER_NAMES` says how, family by family.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import ExtraMissing, WeightsInvalid, WeightsMissing
from backend.io.disk import write_file, writing
from backend.io.hashes import file_sha256

if TYPE_CHECKING:
    import torch

    from backend.describers.loading import Snapshot

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
BASE = "base_sha256"
"""The field of the weights' metadata that says which weights an adapter was trained for."""

Renames = tuple[tuple[str, str], ...]

_LANGUAGE_AND_VISION: Renames = (  # transformers before 4.52
    ("visual.", "model.visual."),
    ("model.layers.", "model.language_model.layers."),
    ("model.embed_tokens.", "model.language_model.embed_tokens."),
    ("model.norm.", "model.language_model.norm."),
)
OLDER_NAMES: Mapping[str, Renames] = {
    "qwen2_vl": _LANGUAGE_AND_VISION,
    "qwen2_5_vl": _LANGUAGE_AND_VISION,
    "internvl": (
        ("language_model.model.", "model.language_model."),
        ("language_model.lm_head.", "lm_head."),
        ("vision_tower.", "model.vision_tower."),
        ("multi_modal_projector.", "model.multi_modal_projector."),
    ),
}
"""How layers were called, and are called now, by the family's model type; by their beginnings."""

_PREFIX = "base_model.model."
_TENSOR = re.compile(r"(?P<layer>.+)\.lora_(?:A|B|embedding_A|embedding_B|magnitude_vector)\b.*")
_STARTS_FROM_THE_MODEL = (True, False, None, "gaussian", "orthogonal", "eva")
"""Ways to begin that leave the model's own weights as they are."""
_LAYERS = ("target_modules", "exclude_modules", "layers_to_transform", "layers_pattern")
"""Fields that choose layers; the tensors say better which ones those were."""
_ABOUT = ("peft_type", "auto_mapping", "base_model_name_or_path", "revision", "peft_version")


@dataclass(frozen=True)
class Adapter:
    """The two files of an adapter."""

    folder: Path
    """Where they lie."""
    base: str
    """What the model that it belongs to is called: a repository, or a folder."""
    fields: Mapping[str, Any]
    """All fields of its configuration."""

    @property
    def sha256(self) -> str:
        """The hash of its weights."""
        return file_sha256(self.folder / WEIGHTS)


def is_adapter(folder: Path) -> bool:
    """Return whether a folder holds an adapter, and not a model."""
    return (folder / CONFIG).is_file() and not (folder / "config.json").is_file()


def find_adapter(folder: Path) -> Adapter:
    """Return the adapter in a folder.

    Raises:
        WeightsMissing: a file is missing.
        WeightsInvalid: it is an adapter of another kind, or its weights are a pickle.
    """
    from backend.describers.loading import read_json

    for name in (CONFIG, WEIGHTS):
        if (folder / name).is_file():
            continue
        if name == WEIGHTS and (folder / "adapter_model.bin").is_file():
            raise WeightsInvalid(
                f"{folder} has adapter_model.bin, a pickle, which could run code; expected "
                f"{WEIGHTS}.",
                "Save the adapter as safetensors.",
            )
        raise WeightsMissing(f"{folder} lacks {name}.", "Put PEFT's two files there.")
    fields = read_json(folder / CONFIG)
    if fields.get("peft_type") != "LORA":
        raise WeightsInvalid(
            f"{folder} is an adapter of the type {fields.get('peft_type')}; expected LORA.",
            "Choose another.",
        )
    for name in ("r", "lora_alpha"):
        if not isinstance(fields.get(name), int | float):
            raise WeightsInvalid(f"{folder / CONFIG} lacks the number {name}.", "Write it anew.")
    return Adapter(folder, str(fields.get("base_model_name_or_path") or ""), fields)


def base_sha256(folder: Path) -> str:
    """Return a hash of all weights in the folder of a model; each file is read once."""
    files = sorted(folder.glob("*.safetensors"))
    hashes = "\n".join(f"{file.name} {file_sha256(file)}" for file in files)
    return hashlib.sha256(hashes.encode()).hexdigest()


def add_adapter(model: Any, rank: int, alpha: int, dropout: float, base: str, seed: int) -> Any:
    """Return a model with a new adapter in all its linear layers but the one that gives words.

    All else is frozen. A is drawn at random, B is zero, so that the model is as it was before.

    Raises:
        ExtraMissing: peft is not installed.
    """
    import torch

    peft = _peft()
    config = peft.LoraConfig(
        r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules=_linear_layers(model)
    )
    torch.manual_seed(seed)
    adapted = _adapted(model, config)
    adapted.peft_config["default"].base_model_name_or_path = base
    return adapted


def attach(model: Any, adapter: Adapter, snapshot: Snapshot) -> None:
    """Put an adapter into its model, for use; every tensor of it takes effect.

    Raises:
        ExtraMissing: peft is not installed.
        WeightsInvalid: it belongs to another model, or a tensor of it fits nowhere.
    """
    peft, family, folder = _peft(), snapshot.family, snapshot.folder
    about, found = _read_tensors(adapter.folder / WEIGHTS)
    _require_base(adapter, about.get(BASE, ""), snapshot)
    tensors = {_today(name, family): tensor for name, tensor in found.items()}
    layers = {match["layer"] for name in tensors if (match := _TENSOR.fullmatch(name))}
    missing = sorted(layers - {name for name, _ in model.named_modules()})
    if missing or not layers:
        problem = f"has the layer {missing[0]}, which it lacks" if missing else "holds no layer"
        raise _unfit(adapter, folder, problem)
    try:
        adapted = _adapted(model, _config(peft, adapter, family, sorted(layers)))
    except (ValueError, TypeError, AttributeError) as error:  # such as settings of a wrong type
        raise _unfit(adapter, folder, " ".join(str(error).split())) from error
    stated = {name.removeprefix(_PREFIX): t for name, t in _state(adapted).items()}
    for name in [*stated, *tensors]:
        if name not in tensors:
            raise _unfit(adapter, folder, f"lacks {name}")
        if name not in stated:
            raise _unfit(adapter, folder, f"has {name}, which has no place in it")
        got, wanted = (tuple(of[name].shape) for of in (tensors, stated))
        if got != wanted:
            raise _unfit(adapter, folder, f"has {name} of shape {got}; expected {wanted}")
    whole = {_PREFIX + name: tensor for name, tensor in tensors.items()}
    if peft.set_peft_model_state_dict(adapted, whole).unexpected_keys:
        raise _unfit(adapter, folder, "has tensors that the library does not take")


def save_adapter(adapted: Any, folder: Path, base: str) -> None:
    """Write the two files of an adapter, each whole; `base` is the hash of its model's weights."""
    import safetensors.torch

    tensors = {name: tensor.contiguous().cpu() for name, tensor in _state(adapted).items()}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    about = {"format": "pt", BASE: base}
    write_file(folder / WEIGHTS, safetensors.torch.save(tensors, metadata=about))
    fields = {**adapted.peft_config["default"].to_dict(), "inference_mode": True}
    text = json.dumps(fields, indent=2, sort_keys=True, default=sorted)  # sets
    write_file(folder / CONFIG, f"{text}\n".encode())


def _adapted(model: Any, config: Any) -> Any:
    with warnings.catch_warnings():
        # peft asks for a property that transformers has given another name.
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        return _peft().get_peft_model(model, config)


def _linear_layers(model: Any) -> list[str]:
    """Return the names of linear layers, but for the one that gives words.

    Whole names: the last parts alone, such as 0 in a merger's mlp.0, are those of other modules,
    too.
    """
    import torch

    head = model.get_output_embeddings()
    return [
        name
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear)
        if not (module is head or name.endswith("cls.predictions.decoder"))  # BLIP names none
    ]


def _state(adapted: Any) -> dict[str, torch.Tensor]:
    return dict(_peft().get_peft_model_state_dict(adapted, save_embedding_layers=False))


def _read_tensors(path: Path) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    """Return metadata and tensors of a file.

    Raises:
        WeightsInvalid: it is damaged, or holds values that are not finite.
    """
    import safetensors
    import torch

    try:
        with safetensors.safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            about = dict(file.metadata() or {})
    except (safetensors.SafetensorError, OSError, ValueError) as error:
        raise WeightsInvalid(f"{path} cannot be read: {error}.", "Put it there again.") from error
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise WeightsInvalid(f"{path} has NaN or infinite values in {name}.", "Train it anew.")
    return about, tensors


def _require_base(adapter: Adapter, trained_on: str, snapshot: Snapshot) -> None:
    """Raise WeightsInvalid for an adapter that says that it belongs to another model.

    Ours know the hash of the weights; others know a name.
    """
    wanted = adapter.base.rstrip("/").rpartition("/")[2]
    called = snapshot.name.partition("@")[0].rpartition("/")[2]
    if trained_on:
        fits = trained_on == base_sha256(snapshot.folder)
    else:
        fits = wanted in ("", called, snapshot.folder.resolve().name)
    if not fits:
        raise WeightsInvalid(
            f"{adapter.folder} is an adapter of {adapter.base}; {snapshot.folder} holds another "
            "model.",
            f"Choose {adapter.base}, or an adapter of this model.",
        )


def _today(name: str, family: str) -> str:
    """Return what a tensor's name is in today's library, without PEFT's prefix."""
    name = name.removeprefix(_PREFIX)
    for old, new in OLDER_NAMES.get(family, ()):
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def _config(peft: Any, adapter: Adapter, family: str, layers: list[str]) -> Any:
    """Return the configuration of an adapter, for exactly these layers.

    Raises:
        WeightsInvalid: it has a setting that the library here does not know.
    """
    known = set(peft.LoraConfig.__dataclass_fields__)
    fields = {name: value for name, value in adapter.fields.items() if name not in _LAYERS}
    start = fields.pop("init_lora_weights", True)
    unknown = [name for name, value in fields.items() if value and name not in known]
    if unknown or start not in _STARTS_FROM_THE_MODEL:
        setting = unknown[0] if unknown else f"init_lora_weights: {start}"
        raise WeightsInvalid(
            f"{adapter.folder / CONFIG} has the setting {setting}, which is not supported here.",
            "Update peft, or merge the adapter into its model.",
        )
    for name in ("rank_pattern", "alpha_pattern"):
        fields[name] = dict(_renamed(fields.get(name) or {}, family))
    kept = {n: v for n, v in fields.items() if n in known and n not in _ABOUT}
    return peft.LoraConfig(**kept | {"target_modules": layers, "inference_mode": True})


def _renamed(pattern: Mapping[str, Any], family: str) -> Iterator[tuple[str, Any]]:
    for name, value in pattern.items():
        yield _today(name, family), value


def _unfit(adapter: Adapter, folder: Path, problem: str) -> WeightsInvalid:
    return WeightsInvalid(
        f"The adapter {adapter.folder} does not fit the model in {folder}: it {problem}.",
        f"Choose the model that it was trained for ({adapter.base or 'it names none'}).",
    )


def _peft() -> Any:
    try:
        import peft
    except ImportError as error:
        raise ExtraMissing(
            "Adapters need the package peft, which is not installed.",
            "Install it: pip install 'gluelink[adapters]'.",
        ) from error
    return peft
