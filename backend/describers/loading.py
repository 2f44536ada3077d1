"""Published models that look at pictures, read from files on this disk.

The library's processors of Qwen, InternVL and SmolVLM need torchvision for videos; their image
processors and tokenizers do not, so these are read apart and joined here. Nothing is downloaded.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.describers.model import UNLABELLED, PictureDescriber
from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.weights import PublishedWeights

if TYPE_CHECKING:
    from PIL import Image

    from backend.adapters import Adapter
    from backend.describers.base import Chip
    from backend.scenes.sentinel1.picture import Picture

BESIDE = ("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json")
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
GREEDY = {"do_sample": False, "num_beams": 1, "num_beam_groups": 1}
"""Whatever a checkpoint's generation_config.json asks for. By groups of beams, transformers 5.23
searches only with code that it would download."""


@dataclass(frozen=True)
class Snapshot:
    """The files of one checkpoint."""

    folder: Path
    """Where they lie."""
    name: str
    """What the model is called in records."""
    family: str
    """The model type of its config.json, such as qwen2_5_vl."""
    architecture: str
    """The class that its config.json names."""
    licence: str = ""
    """Where the table of published weights knows it."""
    adapter: Adapter | None = None
    """What was trained beside it, and changes what it writes."""

    @property
    def title(self) -> str:
        """What records call it, with its adapter: one that was trained anew is another."""
        if self.adapter is None:
            return self.name
        return f"{self.name} + {self.adapter.folder.name}@{self.adapter.sha256[:8]}"


@dataclass(frozen=True)
class Loaded:
    """The parts of a model, ready for one picture."""

    model: Any
    """The library's."""
    images: Any
    """Its image processor, on PIL."""
    tokenizer: Any
    """Its tokenizer, with its template of chats where there is one."""
    facts: dict[str, Any]
    """What a text depends on: folder, licence, number type."""

    def placed(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return tensors where the model is, pictures in its number type."""
        device, dtype = self.model.device, self.model.dtype
        return {
            name: tensor.to(device, dtype if tensor.is_floating_point() else None)
            for name, tensor in inputs.items()
        }

    def generate(self, inputs: Mapping[str, Any], **options: Any) -> Any:
        """Return the tokens that the model finds most likely, one after the other."""
        import torch

        with torch.inference_mode():
            return self.model.generate(**self.placed(inputs), **GREEDY, **options)


class PublishedDescriber(PictureDescriber):
    """One checkpoint; it is loaded by the first chip."""

    def __init__(
        self, snapshot: Snapshot, device: str | None = None, picture: Picture | None = None
    ) -> None:
        """Take the checkpoint's files."""
        super().__init__(snapshot.title, picture)
        self.licence = snapshot.licence
        self._snapshot, self._device = snapshot, device

    @cached_property
    def parts(self) -> Loaded:
        """The model and what is around it.

        Raises:
            WeightsInvalid: the files cannot be read.
        """
        return load_parts(self._snapshot, self._device)

    @abstractmethod
    def lesson(self, image: Image.Image, question: str, text: str) -> dict[str, Any]:
        """Return what the model takes to learn a caption, or the answer to a question.

        Raises:
            ConfigInvalid: the checkpoint writes the other.
            WeightsInvalid: the files cannot be read, or are not fit for it.
        """

    def likelihoods(self, chip: Chip, question: str, choices: Sequence[str]) -> list[float]:
        """Return the logarithm of how likely the model finds each answer, its end included.

        Raises:
            ConfigInvalid: the chip has no pixels, or the checkpoint writes captions.
            WeightsInvalid: the files cannot be read.
        """
        import torch

        image, found = self.draw(chip), []
        for choice in choices:
            inputs = self.lesson(image, question, choice)
            words = int((inputs["labels"][:, 1:] != UNLABELLED).sum())
            with torch.inference_mode():
                loss = self.parts.model(**self.parts.placed(inputs)).loss  # a mean over words
            found.append(-float(loss) * words)
        return found


def find_files(folder: Path, weights: PublishedWeights | None = None) -> Snapshot:
    """Return the checkpoint in a folder.

    Raises:
        WeightsMissing: a file is missing.
        WeightsInvalid: config.json says nothing of the model, or the weights are pickles.
    """
    remedy = _remedy(weights)
    for name in BESIDE:
        if not (folder / name).is_file():
            raise WeightsMissing(f"{folder} lacks {name}.", remedy)
    if not any(folder.glob("*.safetensors")):
        pickles = sorted(file.name for kind in PICKLES for file in folder.glob(kind))
        if pickles:
            raise WeightsInvalid(
                f"{folder} has {pickles[0]}, a pickle, which could run code; expected "
                "model.safetensors.",
                remedy,
            )
        raise WeightsMissing(f"{folder} lacks model.safetensors.", remedy)
    config = read_json(folder / "config.json")
    architectures = config.get("architectures")
    if not isinstance(architectures, list) or not architectures or "model_type" not in config:
        raise WeightsInvalid(
            f"{folder / 'config.json'} names neither model_type nor architectures.", remedy
        )
    return Snapshot(
        folder,
        weights.source if weights else folder.name,
        str(config["model_type"]),
        str(architectures[0]),
        weights.licence if weights else "",
    )


def load_parts(snapshot: Snapshot, device: str | None = None) -> Loaded:
    """Return the parts of a checkpoint: in float32 on a CPU, in its own number type on CUDA.

    A checkpoint of bfloat16 would answer in bfloat16 on a CPU, too, slowly and otherwise.

    Raises:
        WeightsInvalid: the library cannot read the files, weights are missing in them, or the
            adapter is another model's.
        ExtraMissing: there is an adapter, and peft is not installed.
    """
    import torch
    import transformers

    from backend.device import choose_device

    place = choose_device(device)
    kind = getattr(transformers, snapshot.architecture, None)
    if kind is None:
        raise WeightsInvalid(
            f"{snapshot.folder} is a {snapshot.architecture}, which the library does not know.",
            "Update transformers, or choose another model.",
        )
    dtype = "auto" if place.type == "cuda" else torch.float32
    options = {"dtype": dtype, "use_safetensors": True, "output_loading_info": True}
    model, report = _read(kind.from_pretrained, snapshot, **options)
    if report["missing_keys"]:
        raise WeightsInvalid(
            f"The weights in {snapshot.folder} lack {min(report['missing_keys'])}.", _remedy(None)
        )
    images = _read(transformers.AutoImageProcessor.from_pretrained, snapshot, backend="pil")
    tokenizer = _read(transformers.AutoTokenizer.from_pretrained, snapshot)
    tokenizer.chat_template = _chat_template(snapshot.folder) or tokenizer.chat_template
    facts = {"model": snapshot.name, "dtype": str(model.dtype).removeprefix("torch.")}
    if snapshot.licence:
        facts["licence"] = snapshot.licence
    if snapshot.adapter is not None:
        from backend.adapters import attach
        from backend.describers.adapters import base_of

        attach(model, snapshot.adapter, base_of(snapshot))
        facts |= {"adapter": snapshot.adapter.folder.name, "sha256": snapshot.adapter.sha256}
    return Loaded(model.eval().to(place), images, tokenizer, facts)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file.

    Raises:
        WeightsInvalid: it cannot be read.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("it is not an object")
    except (OSError, ValueError) as error:
        raise WeightsInvalid(f"{path} cannot be read: {error}.", _remedy(None)) from error
    return values


def _chat_template(folder: Path) -> str | None:
    """Return the template that lies beside the tokenizer, as newer or older libraries save it."""
    plain, older = folder / "chat_template.jinja", folder / "chat_template.json"
    if plain.is_file():
        return plain.read_text(encoding="utf-8")
    return read_json(older).get("chat_template") if older.is_file() else None


def _read(load: Callable[..., Any], snapshot: Snapshot, **options: Any) -> Any:
    """Return a part of the checkpoint by the library's own reader, from these files only."""
    from backend.encoders.networks.weights import quiet

    try:
        with quiet():
            return load(snapshot.folder, local_files_only=True, trust_remote_code=False, **options)
    except MemoryError:
        raise
    except Exception as error:  # the readers of three libraries fail in many ways
        reason = " ".join(str(error).split())[:300]
        raise WeightsInvalid(
            f"The files in {snapshot.folder} cannot be read: {reason}.", _remedy(None)
        ) from error


def _remedy(weights: PublishedWeights | None) -> str:
    if weights is None:
        return "Put all files of the published model into the folder again."
    return f"Fetch it: {weights.command}; or put the files of {weights.repository} there."
