"""Adapters in their models: made, put in, merged and saved, by the package peft."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.adapters.files import BASE, CONFIG, WEIGHTS, Adapter, Base, Renames
from backend.errors import ExtraMissing, WeightsInvalid
from backend.io.disk import write_file
from backend.io.tensors import write_tensors

if TYPE_CHECKING:
    import torch

_PREFIX = "base_model.model."
_TENSOR = re.compile(r"(?P<layer>.+)\.lora_(?:A|B|embedding_A|embedding_B|magnitude_vector)\b.*")
_STARTS_FROM_THE_MODEL = (True, False, None, "gaussian", "orthogonal", "eva")
"""Ways to begin that leave the model's own weights as they are."""
_LAYERS = ("target_modules", "exclude_modules", "layers_to_transform", "layers_pattern")
"""Fields that choose layers; the tensors say better which ones those were."""
_ABOUT = ("peft_type", "auto_mapping", "base_model_name_or_path", "revision", "peft_version")


def linear_layers(model: Any) -> list[str]:
    """Return the whole names of all linear layers.

    The last parts alone, such as 0 in a merger's mlp.0, are those of other modules, too. The
    output layer of torch's own MultiheadAttention is left out: nothing calls it, so an adapter of
    it would do nothing.
    """
    from torch import nn

    return [name for name, module in model.named_modules() if type(module) is nn.Linear]


def add_adapter(
    model: Any,
    layers: Sequence[str],
    *,
    rank: int,
    alpha: int,
    dropout: float = 0.0,
    base: str,
    seed: int,
) -> Any:
    """Return a model with a new adapter in these layers; `base` is what the model is called.

    All else is frozen. A is drawn at random, B is zero, so that the model is as it was before.

    Raises:
        ExtraMissing: peft is not installed.
    """
    import torch

    config = _peft().LoraConfig(
        r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules=list(layers)
    )
    torch.manual_seed(seed)
    adapted = _adapted(model, config)
    adapted.peft_config["default"].base_model_name_or_path = base
    return adapted


def attach(model: Any, adapter: Adapter, base: Base) -> Any:
    """Return a model with an adapter put into it, for use; every tensor of it takes effect.

    Raises:
        ExtraMissing: peft is not installed.
        WeightsInvalid: it belongs to another model, or a tensor of it fits nowhere.
    """
    peft = _peft()
    _require_base(adapter, base)
    tensors = {_today(name, base.renames): tensor for name, tensor in adapter.tensors.items()}
    layers = _layers_of(tensors)
    missing = sorted(layers - {name for name, _ in model.named_modules()})
    if missing or not layers:
        problem = f"has the layer {missing[0]}, which it lacks" if missing else "holds no layer"
        raise _unfit(adapter, base, problem)
    try:
        adapted = _adapted(model, _config(peft, adapter, base.renames, sorted(layers)))
    except (ValueError, TypeError, AttributeError) as error:  # such as settings of a wrong type
        raise _unfit(adapter, base, " ".join(str(error).split())) from error
    stated = {name.removeprefix(_PREFIX): t for name, t in _state(adapted).items()}
    for name in [*stated, *tensors]:
        if name not in tensors:
            raise _unfit(adapter, base, f"lacks {name}")
        if name not in stated:
            raise _unfit(adapter, base, f"has {name}, which has no place in it")
        got, wanted = (tuple(of[name].shape) for of in (tensors, stated))
        if got != wanted:
            raise _unfit(adapter, base, f"has {name} of shape {got}; expected {wanted}")
    whole = {_PREFIX + name: tensor for name, tensor in tensors.items()}
    if peft.set_peft_model_state_dict(adapted, whole).unexpected_keys:
        raise _unfit(adapter, base, "has tensors that the library does not take")
    return adapted


def _layers_of(names: Mapping[str, Any]) -> set[str]:
    """Return the layers that tensors of these names belong to, without PEFT's prefix."""
    found = (_TENSOR.fullmatch(name.removeprefix(_PREFIX)) for name in names)
    return {match["layer"] for match in found if match}


def merged(adapted: Any) -> Any:
    """Return the model of `add_adapter` or `attach` with W' in place of W, and no adapter left."""
    return adapted.merge_and_unload()


def save_adapter(adapted: Any, folder: Path, base_sha256: str, **about: str) -> None:
    """Write the two files of an adapter, each whole.

    `base_sha256` is the hash of its model's weights; it and `about` are the weights' metadata.

    Raises:
        DiskFull: the disk has no room for them.
        OutputUnwritable: a file cannot be written.
    """
    metadata = {"format": "pt", BASE: base_sha256, **about}
    write_tensors(folder / WEIGHTS, _state(adapted), metadata)
    fields = {**adapted.peft_config["default"].to_dict(), "inference_mode": True}
    text = json.dumps(fields, indent=2, sort_keys=True, default=sorted)  # sets
    write_file(folder / CONFIG, f"{text}\n".encode())


def _adapted(model: Any, config: Any) -> Any:
    with warnings.catch_warnings():
        # peft asks for a property that transformers has given another name.
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        return _peft().get_peft_model(model, config)


def _state(adapted: Any) -> dict[str, torch.Tensor]:
    return dict(_peft().get_peft_model_state_dict(adapted, save_embedding_layers=False))


def _require_base(adapter: Adapter, base: Base) -> None:
    """Raise WeightsInvalid for an adapter that says that it belongs to another model.

    Ours know the hash of the weights; others know a name.
    """
    trained_on = adapter.about.get(BASE, "")
    if trained_on:
        fits = trained_on == base.sha256
    else:
        called = adapter.base.rstrip("/").rpartition("/")[2]
        fits = base.names is None or called in ("", *base.names)
    if not fits:
        raise WeightsInvalid(
            f"{adapter.folder} is an adapter of {adapter.base}; {base.path} holds another model.",
            f"Choose {adapter.base}, or an adapter of this model.",
        )


def _today(name: str, renames: Renames) -> str:
    """Return what a tensor's name is in today's library, without PEFT's prefix."""
    name = name.removeprefix(_PREFIX)
    for old, new in renames:
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def _config(peft: Any, adapter: Adapter, renames: Renames, layers: list[str]) -> Any:
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
        fields[name] = dict(_renamed(fields.get(name) or {}, renames))
    kept = {n: v for n, v in fields.items() if n in known and n not in _ABOUT}
    return peft.LoraConfig(**kept | {"target_modules": layers, "inference_mode": True})


def _renamed(pattern: Mapping[str, Any], renames: Renames) -> Iterator[tuple[str, Any]]:
    for name, value in pattern.items():
        yield _today(name, renames), value


def _unfit(adapter: Adapter, base: Base, problem: str) -> WeightsInvalid:
    return WeightsInvalid(
        f"The adapter {adapter.folder} does not fit the model in {base.path}: it {problem}.",
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
