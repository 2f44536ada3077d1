"""The cover of a chip from a raster of classes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from backend.errors import RecordInvalid
from backend.language.record import Contact, Cover, CoverSource, Patches, Region
from backend.language.regions import region_slices

LINEAR = ("river", "rivers", "road", "roads")
"""Classes whose patches are counted."""


def cover_of(
    raster: NDArray[np.integer],
    names: Mapping[int, str],
    source: CoverSource = "segmentation",
) -> Cover:
    """Return the cover of a raster (h, w) of classes; numbers without a name are not known ground.

    Several numbers may have one name.

    Example:
        cover_of(raster, {1: "open water", 2: "trees"}).shares["trees"]

    Raises:
        RecordInvalid: the raster has no pixel with a name.
    """
    classes = sorted(set(names.values()))
    codes = _codes(np.asarray(raster), names, classes)
    known = codes >= 0
    if not known.any():
        raise RecordInvalid(
            "No pixel of the raster is of a known class.",
            f"Expected some of {', '.join(map(str, sorted(names)))}.",
        )
    regions = [
        codes[rows, columns]
        for rows in region_slices(codes.shape[0])
        for columns in region_slices(codes.shape[1])
    ]
    total = int(known.sum())
    return Cover(
        source,
        _shares(codes, classes),
        tuple(Region(int((one >= 0).sum()) / total, _shares(one, classes)) for one in regions),
        _contacts(codes, classes),
        {
            name: _patches(codes == number)
            for number, name in enumerate(classes)
            if name in LINEAR and (codes == number).any()
        },
        known=total / codes.size,
    )


def _codes(
    raster: NDArray[np.integer], names: Mapping[int, str], classes: list[str]
) -> NDArray[np.int16]:
    """Return the place of each pixel's class among `classes`, -1 where it has no name."""
    codes = np.full(raster.shape, -1, np.int16)
    for number, name in names.items():
        codes[raster == number] = classes.index(name)
    return codes


def _shares(codes: NDArray[np.int16], classes: list[str]) -> dict[str, float]:
    counts = np.bincount(codes[codes >= 0], minlength=len(classes))
    total = max(1, int(counts.sum()))
    return {name: int(count) / total for name, count in zip(classes, counts, strict=True)}


def _contacts(codes: NDArray[np.int16], classes: list[str]) -> tuple[Contact, ...]:
    """Return the contacts of all pairs of classes that touch, along edges of pixels."""
    size = len(classes)
    edges = np.zeros((size, size), np.int64)
    for one, other in ((codes[:, :-1], codes[:, 1:]), (codes[:-1], codes[1:])):
        differ = (one != other) & (one >= 0) & (other >= 0)
        pairs = one[differ].astype(np.int64) * size + other[differ]
        edges += np.bincount(pairs, minlength=size * size).reshape(size, size)
    edges += edges.T
    outlines = edges.sum(axis=1)
    return tuple(
        Contact(
            (classes[one], classes[other]),
            int(edges[one, other]) / int(min(outlines[one], outlines[other])),
        )
        for one in range(size)
        for other in range(one + 1, size)
        if edges[one, other]
    )


def _patches(mask: NDArray[np.bool_]) -> Patches:
    """Return how many connected patches a mask has, and the shape of the largest one."""
    labels = connected(mask)
    numbers, counts = np.unique(labels[mask], return_counts=True)
    rows, columns = np.nonzero(labels == numbers[np.argmax(counts)])
    spread = np.cov(np.stack([rows, columns]), bias=True) if len(rows) > 1 else np.zeros((2, 2))
    # The second moment of a pixel itself: a single one is a square.
    longest = np.linalg.eigvalsh(spread + np.eye(2) / 12)[-1]
    return Patches(len(numbers), float(4 * np.pi * longest / len(rows)))


def connected(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return a label (h, w) for each patch of pixels that touch along an edge; -1 outside.

    A label is the number of the patch's first pixel, row by row.
    """
    beyond = mask.size
    labels = np.where(mask, np.arange(mask.size).reshape(mask.shape), beyond)
    while True:
        lowest = labels.copy()
        for one, other in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
            np.minimum(lowest[one], labels[other], out=lowest[one])
            np.minimum(lowest[other], labels[one], out=lowest[other])
        lowest = np.where(mask, lowest, beyond)
        # A pixel takes the label of the pixel that its label names: labels travel in leaps.
        flat = np.append(lowest.ravel(), beyond)
        leapt = flat[flat[lowest]]
        if np.array_equal(leapt, labels):
            return np.where(mask, labels, -1)
        labels = leapt
