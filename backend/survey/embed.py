"""Embed the photographs of a table of points into a layer of a survey cache.

Block by block: threads read the photographs ahead while the model works. The photographs of a
block reach the model in groups that depend on the block alone, so a run that was stopped goes on
with the same bytes. A photograph that came to the folder later fills its gap in a finished block.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import torch

from backend.errors import SurveyInvalid
from backend.io.batches import Batches, batch_size, read_ahead
from backend.link import VIEWS
from backend.progress import Progress, silent
from backend.survey.layers import Layer
from backend.survey.photos import decode_image, photo_path
from backend.survey.points import UNDIRECTED, Photograph, SurveyPoints, summarise
from backend.text.base import ImageEncoder

KINDS = (*VIEWS, UNDIRECTED)
EVERY_VIEW = KINDS.index(UNDIRECTED)
READERS = min(16, os.cpu_count() or 1)
MISSING = "not in the folder"


@dataclass
class EmbedReport:
    """What became of the photographs of a survey; a point's undirected one counts once."""

    present: int = 0
    """Photographs that an earlier run embedded."""

    embedded: int = 0
    """Photographs that this run embedded."""

    missing: Counter[str] = field(default_factory=Counter)
    """Photographs that could not be read, by reason."""

    def sentences(self) -> Iterator[str]:
        """Yield what became of the photographs, in words."""
        yield f"{self.embedded:,} photographs embedded, {self.present:,} were already there."
        if self.missing:
            yield f"{self.missing.total():,} are missing: {summarise(self.missing)}."


@dataclass(frozen=True, eq=False)
class _Group:
    """Photographs of a block that reach the model together."""

    rows: slice
    """The rows of the block."""

    shots: np.ndarray
    """(m, 2): row in the block, and index into `KINDS`, of each photograph."""

    first: bool
    """Whether it is the first group of its block."""

    last: bool
    """Whether it is the last group of its block."""

    new: bool
    """Whether the block was never written."""


def embed_photographs(
    points: SurveyPoints,
    folder: Path,
    layer: Layer,
    encoder: ImageEncoder,
    progress: Progress = silent,
) -> EmbedReport:
    """Fill the photograph layer of these points; a view without a photograph is not valid.

    It may be stopped or killed at any moment, and a later call goes on from there.

    Example:
        layer = survey.photo_layer(images.name, images.space)
        report = embed_photographs(points, Path("photos"), layer, images)

    Raises:
        SurveyInvalid: the layer belongs to other points, or a vector is not finite.
        OutOfMemory: the memory of the device is too small for a single photograph.
    """
    report, size = EmbedReport(), batch_size(encoder.device.type)
    groups = list(_groups(points, folder, layer, size, report))
    done, total = 0, sum(len(group.shots) for group in groups)
    batches = Batches(size)

    def tick() -> None:
        progress("photographs", done, total)

    jobs = ((group, _reading(group, points, folder, encoder)) for group in groups)
    with closing(read_ahead(jobs, READERS, tick)) as read:
        for group, inputs in read:
            if group.first:
                (vectors, valid), before = layer.read(group.rows), report.embedded
            report.embedded += _fill(vectors, valid, group.shots, inputs, encoder, batches)
            if group.last and (group.new or report.embedded > before):
                layer.write(group.rows, vectors, valid)
            report.missing.update(reason for reason in inputs if isinstance(reason, str))
            done += len(inputs)
            tick()
    return report


def _groups(
    points: SurveyPoints, folder: Path, layer: Layer, size: int, report: EmbedReport
) -> Iterator[_Group]:
    """Yield the photographs to embed: of blocks never written, and those that came since.

    A block is written when its last group is done; one without any photograph is an empty group.
    """
    if len(points) != len(layer):
        message = f"The survey has {len(layer):,} points, the table {len(points):,}."
        raise SurveyInvalid(message, "Give the table that the survey was made from.")
    never = {rows.start for rows in layer.missing()}
    all_valid = layer.valid()
    for rows in layer.blocks():
        valid, new = all_valid[rows], rows.start in never
        has = np.column_stack([points.views[rows] != "", points.undirected[rows] != ""])
        known = has & np.column_stack([valid, valid.all(axis=1)])
        shots = np.argwhere(has & ~known)
        report.present += int(known.sum())
        if not new and not any(_path(points, folder, rows, shot).is_file() for shot in shots):
            report.missing.update([MISSING] * len(shots))
            continue
        starts = range(0, max(len(shots), 1), size)
        for start in starts:
            part = shots[start : start + size]
            yield _Group(rows, part, start == starts[0], start == starts[-1], new)


def _path(points: SurveyPoints, folder: Path, rows: slice, shot: np.ndarray) -> Path:
    row, kind = rows.start + shot[0], shot[1]
    address = points.undirected[row] if kind == EVERY_VIEW else points.views[row, kind]
    return photo_path(folder, Photograph(points.ids[row], KINDS[kind], address))


def _reading(
    group: _Group, points: SurveyPoints, folder: Path, encoder: ImageEncoder
) -> list[Callable[[], torch.Tensor | str]]:
    """Return a task for each photograph of a group that reads it."""
    paths = (_path(points, folder, group.rows, shot) for shot in group.shots)
    return [partial(_read, path, encoder) for path in paths]


def _read(path: Path, encoder: ImageEncoder) -> torch.Tensor | str:
    """Return a photograph as the model takes it, or why it cannot be read."""
    try:
        image = decode_image(path.read_bytes())
    except FileNotFoundError:
        return MISSING
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:
        return str(error)
    return encoder.prepare(image)


def _fill(
    vectors: np.ndarray,
    valid: np.ndarray,
    shots: np.ndarray,
    inputs: list[torch.Tensor | str],
    encoder: ImageEncoder,
    batches: Batches,
) -> int:
    """Embed the photographs of a group into the arrays of its block; return their number."""
    images = {i: image for i, image in enumerate(inputs) if isinstance(image, torch.Tensor)}
    stack = list(images.values())
    parts = batches.over(len(stack), lambda batch: encoder.encode(torch.stack(stack[batch])))
    for i, vector in zip(images, chain.from_iterable(parts), strict=True):
        if not np.isfinite(vector).all():
            raise SurveyInvalid(
                f"{encoder.name} gave a photograph a vector that is not finite.",
                "Check its weights.",
            )
        row, kind = shots[i]
        view = slice(None) if kind == EVERY_VIEW else kind
        vectors[row, view], valid[row, view] = vector, True
    return len(images)
