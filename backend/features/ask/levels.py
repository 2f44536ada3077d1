"""Coarser cells: the mean of N × N cells as a phrase sees them, so that a country is asked quickly.

The cosine of a cell is t · z, with z its linked cell at unit length. So the mean over some cells is
t · mean(z) for every phrase, and mean(z) follows from one feature vector: the mean of their
features, weighted with 1 / |linked cell|, and a norm, the harmonic mean of theirs. A coarser cell
therefore answers the exact mean of the cosines of its cells, int8 aside. What it leaves out is how
they differ: none is farther from the mean than max |z - mean(z)|, the `spread`, for any phrase.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from backend.errors import ConfigInvalid
from backend.features.ask.ask import Answer
from backend.features.ask.kernels import cosines
from backend.features.ask.norms import head_digest
from backend.features.ask.phrases import FoldedPhrases
from backend.features.lattice import CellBox
from backend.features.store.array import FeatureArray, Index
from backend.features.store.block import StoredBlock
from backend.features.store.chunks import quantise
from backend.features.store.derived import DerivedArrays
from backend.link import LinkHead, Scorer


@dataclass(frozen=True)
class CoarserBlock:
    """The coarser cells of one block."""

    cells: CellBox
    """In coarser cells."""

    values: NDArray[np.int8]
    """(h, w, d): features = values × scales."""

    scales: NDArray[np.float32]
    """(h, w)."""

    norms: NDArray[np.float32]
    """(h, w): harmonic mean of |linked cell|; NaN where there is no data."""

    spread: NDArray[np.float32]
    """(h, w): how far a cell may be from the mean, as a cosine; NaN where there is no data."""

    def ask(self, phrases: FoldedPhrases) -> Answer:
        """Return the mean cosines of the cells."""
        height, width, dim = self.values.shape
        found = cosines(
            self.values.reshape(-1, dim), self.scales.ravel(), self.norms.ravel(), phrases
        )
        return Answer(self.cells, found.reshape(-1, height, width))


class CoarserCells:
    """The coarser cells of an array for one head, kept beside its cells once computed."""

    def __init__(self, array: FeatureArray, head: LinkHead, scorer: Scorer, factor: int) -> None:
        """Take N × N cells as one; `scorer` is one of the same head, with any phrases.

        Raises:
            ConfigInvalid: blocks of the array are not whole numbers of coarser cells.
        """
        side = array.info.block
        if factor < 2 or side % factor:
            fit = ", ".join(str(n) for n in range(2, side + 1) if side % n == 0 and n <= 64)
            raise ConfigInvalid(
                f"{factor} x {factor} cells cannot be asked as one; blocks have {side} x {side}.",
                f"Choose one of {fit}.",
            )
        self.factor = factor
        self._array, self._scorer = array, scorer
        square = (side // factor, side // factor)
        parts = {
            "features": ("int8", (*square, array.dim)),
            "scales": ("float32", square),
            "norms": ("float32", square),
            "spread": ("float32", square),
        }
        self._kept = DerivedArrays(array, f"coarser/{head_digest(head)}-{factor}", parts)

    def kept(self, index: Index, pixels_sha256: str | None) -> CoarserBlock | None:
        """Return those of a block that was made of these pixels, without reading its cells.

        None where they were never computed, or the block is not there.

        Raises:
            StoreInvalid: the store cannot be read.
        """
        receipt = self._array.receipt(index) if pixels_sha256 else None
        if receipt is None or receipt.pixels != pixels_sha256:
            return None
        return self._read(self._array.box(index), receipt.checksum)

    def of(self, block: StoredBlock) -> CoarserBlock:
        """Return the coarser cells of a block; they are kept."""
        found = self._read(block.cells, block.checksum)
        if found is None:
            found = self._computed(block)
            arrays = {name: getattr(found, name) for name in ("scales", "norms", "spread")}
            self._kept.write(block, {"features": found.values, **arrays})
        return found

    def _read(self, cells: CellBox, checksum: int) -> CoarserBlock | None:
        kept = self._kept.read(cells, checksum)
        if kept is None:
            return None
        own = {name: kept[name].view(np.float32) for name in ("scales", "norms", "spread")}
        return CoarserBlock(self._box(cells), kept["features"].view(np.int8), **own)

    def _box(self, cells: CellBox) -> CellBox:
        n = self.factor
        return CellBox(cells.row0 // n, cells.col0 // n, cells.row1 // n, cells.col1 // n)

    def _computed(self, block: StoredBlock) -> CoarserBlock:
        n, (height, width) = self.factor, block.observed.shape
        shape = height // n, n, width // n, n

        def total(values: torch.Tensor) -> torch.Tensor:
            """Return the sums over the cells of each coarser cell."""
            return values.reshape(*shape, *values.shape[2:]).sum(dim=(1, 3))

        valid = torch.from_numpy(block.valid.copy())
        features = torch.from_numpy(block.features)
        linked = self._scorer.linked(features)
        norms = torch.linalg.vector_norm(linked, dim=-1).clamp(min=torch.finfo().tiny)
        weights = valid / norms
        inverse = total(weights)
        known = inverse > 0
        unit = linked * weights[..., None]
        mean = total(unit) / total(valid).clamp(min=1)[..., None]
        grown = mean.repeat_interleave(n, 0).repeat_interleave(n, 1)
        apart = torch.where(valid, torch.linalg.vector_norm(unit - grown, dim=-1), -1.0)
        blended = total(features * weights[..., None]) / torch.where(known, inverse, 1.0)[..., None]
        numbers, scales = quantise(blended.numpy(), known.numpy(), "int8")
        nothing = torch.tensor(float("nan"))
        return CoarserBlock(
            self._box(block.cells),
            numbers.view(np.int8),
            scales,
            torch.where(known, total(valid) / inverse, nothing).numpy(),
            torch.where(known, apart.reshape(shape).amax(dim=(1, 3)), nothing).numpy(),
        )
