"""Encode one block of the lattice: arrays in, arrays out; no scene, no file, no progress.

Nothing enters but the pixels under the block's windows, so any machine can encode any block, in
any order, and a cell comes out the same whatever lies beside the block.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from backend.encoders import Encoder
from backend.features.lattice import Lattice
from backend.io.batches import Batches

LEAST_VALID = 0.5  # of a cell's pixels: with fewer, most of what it says is filled in


@dataclass(frozen=True)
class Block:
    """Cells (h, w) with what the windows encoded so far say of each, summed up."""

    totals: torch.Tensor
    """(h, w, d): features times their weight; 0 where no window was encoded."""

    weights: torch.Tensor
    """(h, w): the weights alone."""

    valid: NDArray[np.bool_]
    """(h, w): the cells with data in enough of their pixels."""

    @property
    def features(self) -> torch.Tensor:
        """Blended features (h, w, d); NaN where no window was encoded."""
        return self.totals / self.weights[..., None]

    def crop(self, rows: slice, columns: slice = slice(None)) -> "Block":
        """Return a part of the block, without a copy."""
        part = rows, columns
        return Block(self.totals[part], self.weights[part], self.valid[part])


def encode_block(
    pixels: NDArray[np.float32],
    encoder: Encoder,
    lattice: Lattice,
    windows: Sequence[tuple[int, int]],
    batches: Batches,
    above: Block | None = None,
) -> Block:
    """Encode windows of a block and sum them up, cell by cell.

    `pixels` (planes, H, W) cover the cells of the block. `windows` are the corners of its windows
    with their margins, row and column in cells of the block; those without any data are passed
    over. A cell is finished when all windows that hold it were given: `Lattice.around` says how far
    they reach, and `Lattice.corners` which they are.
    To encode a large area row by row, pass what an earlier block says of the topmost rows as
    `above`: the sums go on from there.

    Example:
        outer = lattice.around(cells)
        pixels = scene.read(lattice.pixels_of(outer))
        block = encode_block(pixels, encoder, lattice, lattice.corners(outer), Batches(8))
        features = block.crop(*cells.within(outer)).features

    Raises:
        OutOfMemory: the memory of the device is too small for a single window.
    """
    side, grid, margin = lattice.cell_px, lattice.grid, lattice.margin
    # One band of each date, where dates are stacked: a pixel may be without some of them.
    has_data = np.logical_or.reduce(np.isfinite(pixels[:: len(encoder.spec.bands)]))
    height, width = has_data.shape[0] // side, has_data.shape[1] // side
    share = has_data.reshape(height, side, width, side).mean(axis=(1, 3))
    totals = torch.zeros(height, width, encoder.spec.dim, device=encoder.device)
    weights = torch.zeros(height, width, device=encoder.device)
    if above is not None:
        totals[: len(above.totals)], weights[: len(above.weights)] = above.totals, above.weights
    taper = torch.from_numpy(lattice.taper()).to(encoder.device)

    def encode(batch: slice) -> tuple[list[tuple[int, int]], Iterable[torch.Tensor]]:
        stack = {}
        for row, column in windows[batch]:
            top, left = row * side, column * side
            place = slice(top, top + lattice.span_px), slice(left, left + lattice.span_px)
            if has_data[place].any():
                stack[row, column] = pixels[:, *place]
        return list(stack), encoder.encode(np.stack(list(stack.values()))) if stack else []

    # One window after the other, in the order given: float sums depend on it, and equal maps must.
    for corners, features in batches.over(len(windows), encode):
        for (row, column), window in zip(corners, features, strict=True):
            top, left = row + margin, column + margin
            place = slice(top, top + grid), slice(left, left + grid)
            kept = window[margin : margin + grid, margin : margin + grid]
            totals[place] += kept * taper[..., None]
            weights[place] += taper
    return Block(totals, weights, share >= LEAST_VALID)
