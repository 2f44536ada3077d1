"""A recogniser as one file of safetensors: weights and card.

| name | what |
|---|---|
| `format` in the metadata | `gluelink-recogniser/1` |
| `card` in the metadata | a JSON object with the fields of `RecogniserCard` |
| all tensors | the weights of the recogniser, in float32 |
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from backend.encoders import EncoderSpec
from backend.errors import HeadInvalid, HeadMismatch, HeadUnknown
from backend.io.tensors import write_tensors
from backend.recognisers.base import TASKS, Recogniser, Task
from backend.recognisers.boxes import Detector
from backend.recognisers.classes import Classifier
from backend.recognisers.counts import Counter
from backend.recognisers.segments import MaskTransformer

FORMAT = "gluelink-recogniser/1"
REMEDY = "Use a recogniser that was written by python -m backend.train."
KINDS: Mapping[Task, type[Recogniser]] = {
    "classify": Classifier,
    "count": Counter,
    "segment": MaskTransformer,
    "detect": Detector,
}


@dataclass(frozen=True)
class RecogniserCard:
    """What a recogniser's file says of itself."""

    name: str
    """What it is called."""
    task: Task
    """What it does."""
    encoder: str
    """The encoder whose features it takes."""
    encoder_identity: str
    """All that those features depend on."""
    dim: int
    """Numbers in a feature."""
    cell_px: int
    """Side of a cell in pixels."""
    width: int
    """Numbers in its inner states."""
    names: tuple[str, ...]
    """What it may find."""
    numbers: tuple[int, ...]
    """The number of each of them in pictures of segments."""
    title: str = ""
    """What people read."""
    licence: str = ""
    """That of the corpus it was trained on."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """What was measured of it."""
    chance: Mapping[str, float] = field(default_factory=dict)
    """What ignorance gets of the same."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """How and on what it was trained."""

    def new(self) -> Recogniser:
        """Return such a recogniser with random weights."""
        return KINDS[self.task](self.dim, self.cell_px, self.names, self.width)

    def check(self, spec: EncoderSpec) -> None:
        """Raise HeadMismatch unless it was trained on an encoder's features."""
        if spec.identity != self.encoder_identity:
            raise HeadMismatch(
                f"{self.name} was trained on features of {self.encoder_identity}; {spec.name} here "
                f"gives those of {spec.identity}.",
                "Get the weights that it was trained with, or train it anew.",
            )


def save_recogniser(recogniser: Recogniser, card: RecogniserCard, path: Path) -> None:
    """Write a recogniser, whole or not at all.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: the file cannot be written.
    """
    header = {"format": FORMAT, "card": json.dumps(asdict(card), sort_keys=True)}
    write_tensors(path, recogniser.state_dict(), header)


def load_recogniser(path: Path, device: torch.device) -> tuple[Recogniser, RecogniserCard]:
    """Return a recogniser, frozen, with its card.

    Raises:
        HeadUnknown: there is no such file.
        HeadInvalid: it is damaged, not a recogniser, or its weights are not as its card says.
    """
    if not path.is_file():
        raise HeadUnknown(f"There is no recogniser at {path}.", "Check the path, or train one.")
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise HeadInvalid(f"{path.name} is cut short or damaged.", REMEDY) from error
    if header.get("format") != FORMAT:
        raise HeadInvalid(f"{path.name} is not of the format {FORMAT}.", REMEDY)
    try:
        fields = json.loads(header["card"])
        fields |= {name: tuple(fields[name]) for name in ("names", "numbers")}
        card = RecogniserCard(**fields)
        if card.task not in TASKS:
            raise ValueError(f"the task {card.task}")
        if len(card.names) != len(card.numbers):
            raise ValueError(f"{len(card.names)} names of {len(card.numbers)} numbers")
        recogniser = card.new()
        recogniser.load_state_dict(tensors)
    except (AssertionError, ValueError, KeyError, TypeError, RuntimeError) as error:
        problem = " ".join(str(error).split())
        raise HeadInvalid(
            f"{path.name} cannot be read as a recogniser: {problem}.", REMEDY
        ) from error
    if not all(torch.isfinite(one).all() for one in tensors.values()):
        raise HeadInvalid(f"{path.name} holds NaN or infinite values.", REMEDY)
    return recogniser.to(device).eval().requires_grad_(False), card
