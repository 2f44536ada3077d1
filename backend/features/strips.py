"""From a scene to blended features, strip by strip.

Per swath, rows of windows are encoded from north to south. Cells are done once the last row of
windows that holds them is in; then they leave, so what is kept is one window high. A thread reads
the next rows meanwhile, so the device does not wait for the disk.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from backend.encoders import Encoder
from backend.features.lattice import CellBox, Lattice
from backend.features.plan import Plan
from backend.io.batches import Batches
from backend.io.read_ahead import read_ahead
from backend.progress import Progress
from backend.scenes import AnyScene, PixelBox

BATCH_CPU, BATCH_GPU = 8, 64  # windows at once, to begin with
LEAST_VALID = 0.5
STAGE = "Encoding windows"


@dataclass(frozen=True)
class Strip:
    """Finished cells: features (h, w, d), and which of them are asked for and have data (h, w)."""

    cells: CellBox
    features: torch.Tensor
    answered: NDArray[np.bool_]


def blended_strips(
    scene: AnyScene, plan: Plan, encoder: Encoder, progress: Progress
) -> Iterator[Strip]:
    """Features of all cells of the plan that have data, north to south in each swath.

    A window without any valid pixel is not encoded. A cell with less than half of its pixels is
    not answered.
    """
    done, total = 0, plan.window_count
    batches = Batches(BATCH_CPU if encoder.device.type == "cpu" else BATCH_GPU)

    def tick() -> None:
        progress(STAGE, done, total)

    for swath in plan.swaths():
        blend = _Blend(plan.lattice, swath, encoder)
        with closing(_rows_of_pixels(scene, plan, swath, tick)) as rows:
            for row, columns, pixels in rows:
                tick()
                if not np.isfinite(pixels[0]).any():
                    done += len(columns)
                    continue
                blend.move_to(row)
                add = partial(blend.add, encoder, columns, pixels)
                for some in batches.over(len(columns), add):
                    done += some
                    tick()
                strip = _finished(plan, swath, row, pixels, blend)
                if strip.answered.any():
                    yield strip


def _rows_of_pixels(
    scene: AnyScene, plan: Plan, swath: CellBox, tick: Callable[[], None]
) -> Generator[tuple[int, list[int], NDArray[np.float32]]]:
    """Each row of windows that has any: its number, the windows' columns, and its pixels."""
    reader = _RowReader(scene, plan.lattice, swath)
    # One thread, since a row is made of what the one before it has read.
    jobs = (
        ((row, columns), [partial(reader.read, row)])
        for row, columns in plan.windows(swath)
        if columns
    )
    with closing(read_ahead(jobs, 1, tick)) as rows:
        for (row, columns), (pixels,) in rows:
            yield row, columns, pixels


def _finished(
    plan: Plan, swath: CellBox, row: int, pixels: NDArray[np.float32], blend: "_Blend"
) -> Strip:
    """The cells that no later row of windows will touch."""
    stride, side = plan.lattice.stride, plan.lattice.cell_px
    done = CellBox(row * stride, swath.col0, (row + 1) * stride, swath.col1)
    cells = done.intersection(swath)
    rows, columns = cells.within(blend.cells)
    there = np.isfinite(pixels[0, : stride * side]).reshape(stride, side, -1, side)
    valid = there.mean(axis=(1, 3))[rows, columns] >= LEAST_VALID
    features = blend.total[rows, columns] / blend.weight[rows, columns, None]
    return Strip(cells, features, valid & plan.wanted(cells))


class _RowReader:
    """The pixels of one row of windows after the other; what two rows share is read once."""

    def __init__(self, scene: AnyScene, lattice: Lattice, swath: CellBox) -> None:
        self._scene = scene
        self._lattice = lattice
        self._columns = _window_columns(lattice, swath)
        self._last: tuple[int, NDArray[np.float32]] | None = None

    def read(self, row: int) -> NDArray[np.float32]:
        """Values (bands, window_px, w) of all windows of a row."""
        step = self._lattice.stride * self._lattice.cell_px
        top, bottom = row * step, row * step + self._lattice.window_px
        if self._last is None or self._last[0] != row - 1:
            pixels = self._read(top, bottom)
        else:
            known = self._last[1][:, step:]
            pixels = np.concatenate([known, self._read(top + known.shape[1], bottom)], axis=1)
        self._last = (row, pixels)
        return pixels

    def _read(self, top: int, bottom: int) -> NDArray[np.float32]:
        left, right = (column * self._lattice.cell_px for column in self._columns)
        return self._scene.read(PixelBox(top, left, bottom, right))


class _Blend:
    """Weighted sums of features over one row of windows, which moves south with the windows."""

    def __init__(self, lattice: Lattice, swath: CellBox, encoder: Encoder) -> None:
        left, right = _window_columns(lattice, swath)
        size = (lattice.grid, right - left)
        self.cells = CellBox(0, left, lattice.grid, right)
        self.total = torch.zeros((*size, encoder.spec.dim), device=encoder.device)
        self.weight = torch.zeros(size, device=encoder.device)
        self._lattice = lattice
        self._taper = torch.from_numpy(lattice.taper()).to(encoder.device)
        self._row: int | None = None

    def move_to(self, row: int) -> None:
        """Let go of the rows above row `row` of windows."""
        steps = self._lattice.grid if self._row is None else row - self._row
        top = row * self._lattice.stride
        gone = min(steps * self._lattice.stride, self._lattice.grid)
        for sums in (self.total, self.weight):
            kept = sums[gone:].clone()
            sums.zero_()
            sums[: len(kept)] = kept
        self.cells = CellBox(top, self.cells.col0, top + self._lattice.grid, self.cells.col1)
        self._row = row

    def add(
        self, encoder: Encoder, columns: list[int], pixels: NDArray[np.float32], batch: slice
    ) -> int:
        """Encode a batch of the row's windows, but for those without data; how many were done."""
        cell_px, side = self._lattice.cell_px, self._lattice.window_px
        windows = {}
        for column in columns[batch]:
            left = column * self._lattice.stride - self.cells.col0
            window = pixels[:, :, left * cell_px : left * cell_px + side]
            if np.isfinite(window[0]).any():
                windows[left] = window
        if not windows:
            return len(columns[batch])
        features = encoder.encode(np.stack(list(windows.values())))
        for left, grid in zip(windows, features, strict=True):
            place = slice(left, left + self._lattice.grid)
            self.total[:, place] += grid * self._taper[..., None]
            self.weight[:, place] += self._taper
        return len(columns[batch])


def _window_columns(lattice: Lattice, swath: CellBox) -> tuple[int, int]:
    """The first cell column, and the one after the last, of the windows that touch a swath."""
    windows = lattice.windows(swath.col0, swath.col1)
    return windows[0] * lattice.stride, windows[-1] * lattice.stride + lattice.grid
