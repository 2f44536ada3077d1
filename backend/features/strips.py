"""Read a scene, encode it and blend its features, strip by strip.

Per swath, rows of windows are encoded from north to south. Cells are finished once the last row of
windows that holds them is in; then they leave, so what is kept is one window high. A thread reads
the next rows meanwhile, so the device does not wait for the disk.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from backend.encoders import Encoder
from backend.features.block import Block, encode_block
from backend.features.lattice import CellBox
from backend.features.plan import Plan
from backend.io.batches import Batches, read_ahead
from backend.progress import Progress
from backend.scenes import AnyScene, PixelBox

STAGE = "Encoding windows"


@dataclass(frozen=True)
class Strip:
    """Finished cells."""

    cells: CellBox
    """Where they lie."""

    features: torch.Tensor
    """(h, w, d): blended; NaN where no window was encoded."""

    answered: NDArray[np.bool_]
    """(h, w): the cells that are asked for and have data."""


def blended_strips(
    scene: AnyScene, plan: Plan, encoder: Encoder, progress: Progress
) -> Iterator[Strip]:
    """Yield the features of all cells of the plan that have data, north to south in each swath.

    Example:
        plan = make_plan(scene, area, encoder.spec)
        for strip in blended_strips(scene, plan, encoder, silent):
            use(strip.cells, strip.features[strip.answered])
    """
    lattice, stride = plan.lattice, plan.lattice.stride
    done, total = 0, plan.window_count

    def tick(windows: int = 0) -> None:
        nonlocal done
        done += windows
        progress(STAGE, done, total)

    batches = Batches.in_time(encoder.device.type, tick)
    for swath in plan.swaths():
        outer = lattice.around(swath)
        rows = [(row, columns) for row, columns in plan.windows(swath) if columns]
        read = _pixels(scene, plan, outer, [row for row, _ in rows])
        block: Block | None = None
        last = 0
        # One thread, since the pixels of a row contain those that it shares with the row before.
        with closing(read_ahead(((row, [read.__next__]) for row in rows), 1, tick)) as jobs:
            for (row, columns), (pixels,) in jobs:
                tick()
                left = outer.col0 + lattice.margin
                windows = [(0, column * stride - left) for column in columns]
                above = block.crop(slice((row - last) * stride, None)) if block else None
                block = encode_block(pixels, encoder, lattice, windows, batches, above)
                strip = _finished(plan, swath, row, block)
                if strip.answered.any():
                    yield strip
                last = row


def _pixels(
    scene: AnyScene, plan: Plan, outer: CellBox, rows: Sequence[int]
) -> Iterator[NDArray[np.float32]]:
    """Yield the pixels (planes, span_px, w) of each row of windows; shared ones are read once."""
    lattice, side = plan.lattice, plan.lattice.cell_px
    step, above = lattice.stride * side, lattice.margin * side
    left, right = outer.col0 * side, outer.col1 * side
    pixels, last = np.empty((scene.planes, 0, right - left), np.float32), 0
    for row in rows:
        shared = pixels[:, (row - last) * step :]
        top = row * step - above
        new = scene.read(PixelBox(top + shared.shape[1], left, top + lattice.span_px, right))
        pixels, last = np.concatenate([shared, new], axis=1), row
        yield pixels


def _finished(plan: Plan, swath: CellBox, row: int, block: Block) -> Strip:
    """Return the cells that no later row of windows will touch."""
    lattice, outer = plan.lattice, plan.lattice.around(swath)
    top = row * lattice.stride
    first = top - lattice.margin
    block_cells = CellBox(first, outer.col0, first + lattice.span, outer.col1)
    cells = CellBox(top, swath.col0, top + lattice.stride, swath.col1).intersection(swath)
    part = block.crop(*cells.within(block_cells))
    return Strip(cells, part.features, part.valid & plan.requested(cells))
