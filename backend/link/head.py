"""The head: one linear layer from an encoder's features into a text space; where its file is found.

A head's file is safetensors: `weight` (d, D) and `bias` (D,) in float32; the header's metadata
carries `format` and `meta`, a JSON object with the fields of `HeadMeta`. A head whose cosines are
taken in another metric of the text space, or can be read as probabilities, has the second format:

| name | what |
|---|---|
| `metric` (D, D) | M: a phrase t is asked as t M, of cells x A M |
| `reading.vectors`, `reading.weight`, `reading.bias` | the arrays of its `Calibration` |
| `reading` in the metadata | a JSON object with its other fields |

A program that knows the first format alone refuses it, and so cannot leave the metric out.
"""

import dataclasses
import hashlib
import json
import math
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open

from backend.encoders.base import EncoderSpec
from backend.errors import HeadInvalid, HeadMismatch, HeadUnknown
from backend.io.tensors import write_tensors
from backend.io.unchanged import kept_while_unchanged
from backend.link.calibration import Calibration
from backend.resources import head_files, head_path
from backend.text.base import TextSpace
from backend.text.registry import load_text_encoder

FORMAT = "gluelink-head/1"
WITH_METRIC = "gluelink-head/2"
ARRAYS = ("vectors", "weight", "bias")  # of a calibration


@dataclass(frozen=True)
class HeadMeta:
    """What a head belongs to and where it comes from: its identity and its model card."""

    name: str = "unnamed"
    title: str = ""
    encoder: str = ""
    """The name of its encoder."""
    encoder_identity: str = ""
    """The encoder's weights and scaling: features of another identity are refused."""
    text: str = ""
    """The name of its text encoder."""
    text_space: TextSpace = field(default_factory=lambda: TextSpace("", "", 0))
    scores: dict[str, float] = field(default_factory=dict)
    """Mean cosines by split, and those of the mean photograph."""
    summary: str = ""
    """One sentence on what it learnt from."""
    training: dict[str, Any] = field(default_factory=dict)
    """How and on what it was fitted; see `training.linking`."""

    def __post_init__(self) -> None:
        space = self.text_space
        texts = (
            self.name,
            self.title,
            self.encoder,
            self.encoder_identity,
            self.text,
            self.summary,
        )
        for text in (*texts, space.name, space.revision, *self.scores):
            if not isinstance(text, str):
                raise TypeError(f"its card has {text!r:.40} where a text was expected")
            text.encode()  # half a character cannot be told to anybody
        numbers = isinstance(self.scores, dict) and all(
            isinstance(each, int | float) and math.isfinite(each) for each in self.scores.values()
        )
        if not numbers or not isinstance(space.dim, int):
            raise TypeError("its scores or its text_space hold something else than numbers")


@dataclass(frozen=True)
class LinkHead:
    """One linear layer from features into a text space: the linked cell of F is F W + b.

    Example:
        head = load_head(Path("head.safetensors"))
        linked = features @ head.weight + head.bias
    """

    weight: torch.Tensor
    """W (d, D)."""
    bias: torch.Tensor
    """b (D,)."""
    meta: HeadMeta = HeadMeta()
    sha256: str = ""
    """Of its file; empty for a head that was not read from one."""
    metric: torch.Tensor | None = None
    """M (D, D), in which phrases are compared with linked cells; None for the text space's own."""
    calibration: Calibration | None = None
    """What its cosines are read by; None where nothing is known."""

    def __post_init__(self) -> None:
        if self.weight.ndim != 2 or self.bias.shape != self.weight.shape[1:]:
            raise HeadInvalid(
                f"The head has weight {tuple(self.weight.shape)} and bias "
                f"{tuple(self.bias.shape)}; expected (d, D) and (D,).",
                "Use a head that was written by python -m backend.train.",
            )
        tensors = [self.weight, self.bias] + ([] if self.metric is None else [self.metric])
        if not all(torch.isfinite(each).all() for each in tensors):
            raise HeadInvalid("The head holds NaN or infinite values.", "Train it anew.")
        dim = self.weight.shape[1]
        vectors = None if self.calibration is None else self.calibration.vectors
        if (self.metric is not None and self.metric.shape != (dim, dim)) or (
            vectors is not None and vectors.shape[1:] != (dim,)
        ):
            raise HeadInvalid(
                f"The head's metric or calibration is not of its text space, which has {dim} "
                "dimensions.",
                "Fetch the head again, or train it anew.",
            )

    def check(self, spec: EncoderSpec, space: TextSpace) -> None:
        """Raise HeadMismatch unless the head belongs to this encoder and this text space."""
        self.check_encoder(spec)
        if self.meta.text_space != space or self.weight.shape[1] != space.dim:
            raise HeadMismatch(
                f"The head {self.meta.name} belongs to the text space {self.meta.text_space}, "
                f"the text encoder gives {space}.",
                "Choose the head's own text encoder, or a head of this text space.",
            )

    def check_encoder(self, spec: EncoderSpec) -> None:
        """Raise HeadMismatch unless the head was fitted on features of this very encoder."""
        if self.meta.encoder_identity != spec.identity or self.weight.shape[0] != spec.dim:
            raise HeadMismatch(
                f"The head {self.meta.name} was fitted on {self.meta.encoder_identity or 'nothing'}"
                f" ({self.weight.shape[0]}-d), the encoder is {spec.identity} ({spec.dim}-d).",
                "Choose a head of this encoder, or train one: python -m backend.train.",
            )


def save_head(head: LinkHead, path: Path) -> None:
    """Write `head` to `path`, whole or not at all.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: the file cannot be written.
    """
    tensors = {"weight": head.weight, "bias": head.bias}
    header = {"format": FORMAT, "meta": json.dumps(dataclasses.asdict(head.meta), sort_keys=True)}
    if head.metric is not None:
        tensors["metric"] = head.metric
    if head.calibration is not None:
        fields = vars(head.calibration)
        tensors |= {f"reading.{name}": torch.from_numpy(fields[name]) for name in ARRAYS}
        rest = {name: value for name, value in fields.items() if name not in ARRAYS}
        header["reading"] = json.dumps(rest, sort_keys=True)
    if len(tensors) > 2:
        header["format"] = WITH_METRIC
    write_tensors(path, tensors, header)


@kept_while_unchanged
def load_head(path: Path) -> LinkHead:
    """Read a head, which nobody may change: it is kept while its file stays as it is.

    Raises:
        HeadUnknown: there is no such file.
        HeadInvalid: the file is damaged, or not a head.
    """
    if not path.is_file():
        raise HeadUnknown(f"There is no head at {path}.", "Check the path.")
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            if header.get("format") not in (FORMAT, WITH_METRIC):
                raise HeadInvalid(
                    f"{path.name} has the format {header.get('format')!r}; expected {FORMAT!r} or "
                    f"{WITH_METRIC!r}.",
                    "Use a head that was written by python -m backend.train, or a newer version.",
                )
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        fields = json.loads(header["meta"])
        meta = HeadMeta(**{**fields, "text_space": TextSpace(**fields["text_space"])})
        calibration = _read_calibration(tensors, header.get("reading"))
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise HeadInvalid(
            f"{path.name} cannot be read as a head: {error}.", "Fetch it again, or train it anew."
        ) from error
    return LinkHead(
        tensors["weight"],
        tensors["bias"],
        meta,
        hashlib.sha256(path.read_bytes()).hexdigest(),
        tensors.get("metric"),
        calibration,
    )


def _read_calibration(tensors: dict[str, torch.Tensor], text: str | None) -> Calibration | None:
    """Return the calibration of a head's file, if it has one."""
    if text is None:
        return None
    fields = json.loads(text)
    for name in ("classes", "holds", "near", "words"):
        fields[name] = tuple(fields[name])
    fields |= {name: np.asarray(tensors[f"reading.{name}"]) for name in ARRAYS}
    return Calibration(**fields)


def find_head(name: str | None, encoder: EncoderSpec) -> LinkHead:
    """Return the head of this name, or at this path; the first that fits `encoder` when None.

    An encoder that brings its own text space needs none, and has one of its own name for it.

    Raises:
        HeadUnknown: there is no such head.
        HeadInvalid: its file is damaged.
        HeadMismatch: it belongs to another encoder.
    """
    if encoder.text is not None and name in (None, encoder.name):
        return own_head(encoder)
    if name is not None:
        head = open_head(name)
        head.check_encoder(encoder)
        return head
    for path in head_files():
        with suppress(HeadInvalid):  # one that is damaged fits nothing
            head = load_head(path)
            if head.meta.encoder_identity == encoder.identity:
                return head
    raise HeadUnknown(
        f"There is no head for {encoder.name} ({encoder.identity}) on this machine.",
        "Train one: python -m backend.train.",
    )


def own_head(encoder: EncoderSpec) -> LinkHead:
    """Return what stands for a head where an encoder's vectors lie in a text space already.

    It changes nothing: its weight is the identity.

    Raises:
        HeadUnknown: the encoder brings no text space.
        HeadMismatch: the text encoder of its name is of another file.
        WeightsMissing: the weights of its text encoder are not here.
        WeightsInvalid: they are damaged.
    """
    if encoder.text is None:
        raise HeadUnknown(
            f"{encoder.name} brings no text space of its own.", "Train a head for it."
        )
    space = load_text_encoder(encoder.text, remember=False).space
    if encoder.text == encoder.name and space.revision != encoder.weights_hash:
        raise HeadMismatch(
            f"The text encoder {encoder.name} is not of the encoder's own file, but gives {space}.",
            "Use one file for both; a CLIP or tower needs a name that no text encoder has.",
        )
    meta = HeadMeta(
        name=encoder.name,
        title="Its own text space",
        encoder=encoder.name,
        encoder_identity=encoder.identity,
        text=encoder.text,
        text_space=space,
        summary=encoder.source,
    )
    identity = torch.eye(encoder.dim)
    return LinkHead(identity, torch.zeros(encoder.dim), meta, encoder.weights_hash or "")


def open_head(name: str) -> LinkHead:
    """Return the head of this name, or at this path, whatever its encoder.

    Raises:
        HeadUnknown: there is no such head.
        HeadInvalid: its file is damaged.
    """
    return load_head(head_path(name))
