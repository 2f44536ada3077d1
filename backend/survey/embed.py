"""Photographs to vectors: those of a table of points, into a layer of a survey cache.

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
from backend.io.batches import Batches
from backend.io.read_ahead import read_ahead
from backend.link import VIEWS
from backend.progress import Progress, silent
from backend.survey.layers import Layer
from backend.survey.photos import decode_image, photo_path
from backend.survey.points import UNDIRECTED, Photograph, SurveyPoints
from backend.text.base import ImageEncoder

KINDS = (*VIEWS, UNDIRECTED)
EVERY_VIEW = KINDS.index(UNDIRECTED)
GROUP_CPU, GROUP_GPU = 8, 64
READERS = min(16, os.cpu_count() or 1)
NOT_THERE = "not in the folder"


@dataclass
class EmbedReport:
    """What became of the photographs of a survey; a point's undirected one counts once."""

    present: int = 0  # were embedded before
    embedded: int = 0
    missing: Counter[str] = field(default_factory=Counter)  # photographs by reason


@dataclass(frozen=True, eq=False)
class _Group:
    """Photographs (m, 2) of a block that reach the model together: row in the block, and kind."""

    rows: slice
    shots: np.ndarray
    first: bool
    last: bool
    new: bool  # the block was never written


def embed_photographs(
    points: SurveyPoints,
    folder: Path,
    layer: Layer,
    encoder: ImageEncoder,
    progress: Progress = silent,
) -> EmbedReport:
    """Fill the photograph layer of these points; a view without a photograph is not valid.

    May be stopped or killed at any moment; a later call goes on from there. Raises SurveyInvalid
    when the layer is of other points or a vector is not finite, OutOfMemory, and what loading the
    model raises.
    """
    if len(points) != len(layer):
        raise SurveyInvalid(
            f"The survey has {len(layer):,} points, the table {len(points):,}.",
            "Give the table that the survey was made of.",
        )
    report = EmbedReport()
    size = GROUP_CPU if encoder.device.type == "cpu" else GROUP_GPU
    groups = list(_groups(points, folder, layer, size, report))
    done, total = 0, sum(len(group.shots) for group in groups)
    batches = Batches(size)

    def tick() -> None:
        progress("photographs", done, total)

    def jobs() -> Iterator[tuple[_Group, list[Callable[[], torch.Tensor | str]]]]:
        for group in groups:
            paths = (_path(points, folder, group.rows, shot) for shot in group.shots)
            yield group, [partial(_read, path, encoder) for path in paths]

    with closing(read_ahead(jobs(), READERS, tick)) as read:
        for group, found in read:
            if group.first:
                (vectors, valid), before = layer.read(group.rows), report.embedded
            report.embedded += _fill(vectors, valid, group.shots, found, encoder, batches)
            if group.last and (group.new or report.embedded > before):
                layer.write(group.rows, vectors, valid)
            report.missing.update(reason for reason in found if isinstance(reason, str))
            done += len(found)
            tick()
    return report


def _groups(
    points: SurveyPoints, folder: Path, layer: Layer, size: int, report: EmbedReport
) -> Iterator[_Group]:
    """The photographs to embed: of blocks never written, and what came to others since.

    A block is written when its last group is done; one without any photograph is an empty group.
    """
    never = {rows.start for rows in layer.missing()}
    all_valid = layer.valid()
    for rows in layer.blocks():
        valid, new = all_valid[rows], rows.start in never
        has = np.column_stack([points.views[rows] != "", points.undirected[rows] != ""])
        known = has & np.column_stack([valid, valid.all(axis=1)])
        shots = np.argwhere(has & ~known)
        report.present += int(known.sum())
        if not new and not any(_path(points, folder, rows, shot).is_file() for shot in shots):
            report.missing.update([NOT_THERE] * len(shots))
            continue
        starts = range(0, max(len(shots), 1), size)
        for start in starts:
            part = shots[start : start + size]
            yield _Group(rows, part, start == starts[0], start == starts[-1], new)


def _path(points: SurveyPoints, folder: Path, rows: slice, shot: np.ndarray) -> Path:
    row, kind = rows.start + shot[0], shot[1]
    address = points.undirected[row] if kind == EVERY_VIEW else points.views[row, kind]
    return photo_path(folder, Photograph(points.ids[row], KINDS[kind], address))


def _read(path: Path, encoder: ImageEncoder) -> torch.Tensor | str:
    """A photograph as the model takes it, or why it cannot be had."""
    try:
        image = decode_image(path.read_bytes())
    except FileNotFoundError:
        return NOT_THERE
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:
        return str(error)
    return encoder.prepare(image)


def _fill(
    vectors: np.ndarray,
    valid: np.ndarray,
    shots: np.ndarray,
    found: list[torch.Tensor | str],
    encoder: ImageEncoder,
    batches: Batches,
) -> int:
    """Embed what was found of a group, and put it where it belongs in its block; how many."""
    images = {i: image for i, image in enumerate(found) if isinstance(image, torch.Tensor)}
    inputs = list(images.values())
    parts = batches.over(len(inputs), lambda at: encoder.encode(torch.stack(inputs[at])))
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
