"""A layer of a survey cache: one vector for every view of every point, written block by block.

A block is some rows, and one chunk of each array. Zarr gives a chunk its name when it is complete,
and the chunk of `valid` comes last: where both are, the block is done. So a layer can be left at
any moment, killed even, and be finished later. A chunk that was lost is missing as well, where Zarr
itself would read zeros.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from backend.errors import SurveyInvalid
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.link import VIEWS


class Layer:
    """Vectors (n, 4, k) float16 and valid (n, 4) bool of all points, written block by block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._group = group = zarr.open_group(path, mode="r+")
        self.attributes: dict[str, Any] = dict(group.attrs)
        # A block of zeros must be written like any other: its chunk is the mark that it is done.
        self._vectors, self._valid = (
            group[name].with_config({"write_empty_chunks": True})  # type: ignore[union-attr]
            for name in ("vectors", "valid")
        )
        self._block = self._valid.chunks[0]

    def __len__(self) -> int:
        return self._valid.shape[0]

    def note(self, facts: dict[str, Any]) -> None:
        """Add attributes that say where the vectors come from."""
        if self.attributes | facts != self.attributes:
            with writing(self.path):
                self._group.attrs.update(facts)
            self.attributes |= facts

    def blocks(self) -> Iterator[slice]:
        """Yield the rows of all blocks, in order."""
        for start in range(0, len(self), self._block):
            yield slice(start, min(start + self._block, len(self)))

    def missing(self) -> list[slice]:
        """Return the rows of the blocks that are not written yet, or lost since, in order."""
        return [
            rows
            for rows in self.blocks()
            if not all(self._chunk(array, rows).exists() for array in (self._valid, self._vectors))
        ]

    def forget_lost(self) -> None:
        """Mark the blocks that have lost a chunk as not written, so that they are written anew."""
        with writing(self.path):
            for rows in self.missing():
                self._chunk(self._valid, rows).unlink(missing_ok=True)

    def write(self, rows: slice, vectors: np.ndarray, valid: np.ndarray) -> None:
        """Write a block: vectors (k, 4, dim) and valid (k, 4); what is not valid becomes zero.

        Raises:
            DiskFull: the disk of the survey is full.
            OutputUnwritable: the survey cannot be written.
        """
        with writing(self.path):
            self._vectors[rows] = np.where(valid[..., None], vectors, 0).astype(np.float16)
            self._valid[rows] = valid

    def read(self, rows: slice) -> tuple[np.ndarray, np.ndarray]:
        """Return vectors (k, 4, dim) float16 and valid (k, 4) of some rows.

        Raises:
            SurveyInvalid: a block of them is damaged.
        """
        return self._checked(self._vectors, rows), self.valid(rows)

    def valid(self, rows: slice = slice(None)) -> np.ndarray:
        """Return which views (k, 4) of some rows have a vector; raise SurveyInvalid if damaged."""
        return self._checked(self._valid, rows)

    def _checked(self, array: Any, rows: slice) -> np.ndarray:
        """Return some rows of an array; raise SurveyInvalid where its file was cut short."""
        try:
            return np.asarray(array[rows])
        except (ValueError, OSError) as error:
            raise SurveyInvalid(
                f"{self.path} holds a damaged block: {error}.",
                "Delete this folder and run python -m backend.survey encode again.",
            ) from error

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._vectors.shape[2]

    def require_complete(self, what: str) -> None:
        """Raise SurveyInvalid unless every block is written; `what` begins the message."""
        missing = sum(rows.stop - rows.start for rows in self.missing())
        if missing:
            raise SurveyInvalid(
                f"{what} has {len(self) - missing:,} of {len(self):,} points.",
                "Run the command that fills it once more: it goes on with what is missing.",
            )

    def _chunk(self, array: Any, rows: slice) -> Path:
        """Return the file of a block's chunk."""
        place = (rows.start // self._block, *[0] * (array.ndim - 1))
        return self.path / array.basename / array.metadata.encode_chunk_key(place)


def make_layer(path: Path, n: int, dim: int, block: int, attributes: dict[str, Any]) -> None:
    """Make an empty layer of `n` points and vectors of `dim` dimensions."""
    block = min(block, n)

    def fill(group: zarr.Group) -> None:
        group.attrs.update(attributes)
        for name, shape, dtype in (
            ("vectors", (len(VIEWS), dim), "float16"),
            ("valid", (len(VIEWS),), "bool"),
        ):
            chunks = (block, *shape)
            # Vectors hardly compress.
            group.create_array(
                name, shape=(n, *shape), chunks=chunks, dtype=dtype, compressors=None
            )

    make_group(path, fill)


def make_group(path: Path, fill: Callable[[zarr.Group], None]) -> None:
    """Make a Zarr group that appears at `path` when `fill` has filled it.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: nothing can be written there.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as partial:
            fill(zarr.open_group(partial, mode="w"))
