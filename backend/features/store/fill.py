"""Blocks of a plan from the store; those that it lacks are encoded and kept.

A block is encoded by itself, from the pixels under its windows: the same numbers in any order, on
any machine, after any crash. Threads look up the next blocks, and read their pixels where need be,
while one is encoded.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from backend.encoders import Encoder
from backend.errors import DiskFull, OutOfMemory, OutputUnwritable, SceneUnreadable
from backend.features.block import encode_block
from backend.features.lattice import CellBox, Lattice
from backend.features.plan import Plan
from backend.features.store.array import FeatureArray, Index
from backend.features.store.block import StoredBlock
from backend.features.store.bright import StoredObjects
from backend.features.store.pixels import PixelHashes, pixels_sha256
from backend.features.store.store import FeatureStore
from backend.io.batches import Batches, read_ahead
from backend.progress import Progress, silent
from backend.scenes import AnyScene

STAGE = "Encoding windows"
READERS = 4
OF_ONE_BLOCK = (SceneUnreadable, OutOfMemory)
"""Errors that other blocks may be without."""
EVERY = 16
"""After so many encoded blocks what is known is saved, and the size of the store looked at."""


@dataclass(frozen=True)
class _Pixels:
    """What a block is encoded from."""

    values: NDArray[np.float32]
    counts: NDArray[np.uint8]
    sha256: str


@dataclass
class Filled:
    """What became of the blocks of a plan."""

    found: int = 0
    """Blocks that were there."""
    encoded: int = 0
    """Blocks that were encoded."""
    cells: int = 0
    """Cells with data in both."""
    unkept: str = ""
    """Why nothing more is kept, as a sentence; empty where all is."""


class Source:
    """The blocks of one scene: from its array, or else encoded.

    Any thread may `look`; one at a time may `encode`. Where the store may not be written to, or is
    full, that is an error; without `must_keep` blocks are then not kept, and `filled` says why.
    """

    def __init__(
        self,
        array: FeatureArray,
        scene: AnyScene,
        encoder: Encoder,
        filled: Filled | None = None,
        must_keep: bool = True,
    ) -> None:
        self.array = array
        self.hashes = PixelHashes(array.info.digest, scene)
        self._filled, self._must_keep = filled or Filled(), must_keep
        if not (must_keep or array.home.writable):
            self._filled.unkept = "The store may be read only."
        self._scene, self._encoder = scene, encoder
        bands = encoder.spec.bands
        self._objects = StoredObjects(array, bands) if "VV" in bands else None
        self._reading = threading.Lock()

    def look(self, index: Index) -> StoredBlock | _Pixels:
        """Return a block that is made of the scene's pixels, or the pixels where there is none."""
        known = self.hashes.get(index)
        block = self.array.read(index, known) if known else None
        if block is not None:
            return block
        with self._reading:
            outer = self.array.lattice.around(self.array.box(index))
            values, counts = self._scene.read_counted(self.array.lattice.pixels_of(outer))
        sha256 = pixels_sha256(values)
        self.hashes.add(index, sha256)
        block = None if known == sha256 else self.array.read(index, sha256)
        return block or _Pixels(values, counts, sha256)

    def encode(self, index: Index, pixels: _Pixels, batches: Batches) -> StoredBlock:
        """Return a block of these pixels, which is kept where that can be."""
        array, cells = self.array, self.array.box(index)
        block = encode_cells(pixels.values, pixels.counts, self._encoder, array, cells, batches)
        if not self._filled.unkept:
            with self._keeping():
                device = str(self._encoder.device)
                block = array.write(index, block, pixels.sha256, device, self._keep_beside(pixels))
        self._filled.encoded += 1
        return block

    def _keep_beside(self, pixels: _Pixels) -> Callable[[StoredBlock], object] | None:
        """Return what keeps the bright objects of a block of these pixels, if radar has VV."""
        objects = self._objects
        return None if objects is None else lambda block: objects.keep(block, pixels.values)

    def save(self) -> None:
        """Remember which pixels are known, and that the array is in use."""
        self.hashes.save()
        self.array.touch()

    def make_room(self) -> None:
        """Save what is known, and make room for more blocks."""
        self.save()
        if not self._filled.unkept:
            with self._keeping():
                needed = EVERY * self.array.block_bytes
                FeatureStore.at(self.array.home).make_room(self.array, needed)

    @contextmanager
    def _keeping(self) -> Iterator[None]:
        """Note why nothing can be kept, unless it must be."""
        try:
            yield
        except (DiskFull, OutputUnwritable) as error:
            if self._must_keep:
                raise
            self._filled.unkept = error.message


def encode_cells(
    pixels: NDArray[np.float32],
    counts: NDArray[np.uint8],
    encoder: Encoder,
    array: FeatureArray,
    cells: CellBox,
    batches: Batches,
) -> StoredBlock:
    """Return the cells of a block, of the pixels (bands, h, w) under all windows that touch them.

    `counts` (h, w) says how many dates each pixel has data of.

    Raises:
        OutOfMemory: the memory of the device is too small for a single window.
    """
    lattice, precision = array.lattice, array.info.precision
    if not counts.any():
        return StoredBlock.without_data(cells, array.dim, precision)
    outer = lattice.around(cells)
    block = encode_block(pixels, encoder, lattice, lattice.corners(outer), batches)
    block = block.crop(*cells.within(outer))
    dates = _dates(counts, lattice)[cells.within(outer)]
    observed = np.where(block.valid, dates, 0).astype(np.uint8)
    features = block.features.float().cpu().numpy()
    return StoredBlock.of(cells, features, observed, precision)


def planned_blocks(array: FeatureArray, plan: Plan) -> list[Index]:
    """Return the blocks that a plan asks for, row by row."""
    return [i for i in array.blocks(plan.cells) if plan.requested(array.box(i)).any()]


def stored_blocks(
    array: FeatureArray,
    scene: AnyScene,
    plan: Plan,
    encoder: Encoder,
    progress: Progress = silent,
    filled: Filled | None = None,
    indices: Sequence[Index] | None = None,
    failed: dict[Index, Exception] | None = None,
    must_keep: bool = False,
) -> Iterator[StoredBlock]:
    """Yield each block that a plan asks for, row by row; what the store lacks is encoded first.

    It is kept where that can be, or else with `must_keep` an error is raised. `filled` counts what
    was found and encoded, and says why nothing is kept.
    `indices` are those of `planned_blocks` to yield; all of them if left out. `failed` takes what
    is wrong with single blocks, and the others go on; without it the first such error is raised.

    Example:
        array = store.array_for(scene, encoder.spec, plan.lattice)
        for block in stored_blocks(array, scene, plan, encoder):
            use(block.cells, block.features[block.valid])

    Raises:
        SceneUnreadable: the scene's file is damaged.
        OutOfMemory: the memory of the device is too small for a single window.
        DiskFull: the store is full, and what is encoded must be kept.
        OutputUnwritable: the store cannot be written, and what is encoded must be kept.
        StoreInvalid: the store cannot be read.
    """
    filled = filled or Filled()
    source = Source(array, scene, encoder, filled, must_keep)
    indices = planned_blocks(array, plan) if indices is None else indices
    each = array.windows_per_block
    done = ahead = 0

    def tick(windows: int = 0) -> None:
        nonlocal ahead
        ahead += windows
        progress(STAGE, done + min(ahead, each), len(indices) * each)

    batches = Batches.in_time(encoder.device.type, tick)
    attempt = partial(_attempt, () if failed is None else OF_ONE_BLOCK)
    jobs = ((i, [partial(attempt, partial(source.look, i))]) for i in indices)
    try:
        with closing(read_ahead(jobs, READERS, tick)) as found:
            for index, (block,) in found:
                tick()
                filled.found += isinstance(block, StoredBlock)
                if isinstance(block, _Pixels):
                    if filled.encoded % EVERY == 0:
                        source.make_room()
                    block = attempt(partial(source.encode, index, block, batches))
                done, ahead = done + each, 0
                if isinstance(block, StoredBlock):
                    filled.cells += int(np.count_nonzero(block.observed))
                    yield block
                elif failed is not None and isinstance(block, Exception):
                    failed[index] = block
    finally:
        source.save()


def _attempt(
    caught: tuple[type[Exception], ...], work: Callable[[], StoredBlock | _Pixels]
) -> StoredBlock | _Pixels | Exception:
    """Return what some work returns, or an error of these classes that it raises."""
    try:
        return work()
    except caught as error:
        return error


def fill(
    array: FeatureArray,
    scene: AnyScene,
    plan: Plan,
    encoder: Encoder,
    progress: Progress = silent,
    indices: Sequence[Index] | None = None,
    failed: dict[Index, Exception] | None = None,
) -> Filled:
    """Encode what the store lacks of a plan; takes and raises what `stored_blocks` does.

    Example:
        filled = fill(array, scene, make_plan(scene, None, encoder.spec), encoder)
        print(filled.encoded, "blocks encoded")
    """
    array.home.require_writable()
    filled = Filled()
    blocks = stored_blocks(
        array, scene, plan, encoder, progress, filled, indices, failed, must_keep=True
    )
    for _ in blocks:
        pass
    return filled


def _dates(counts: NDArray[np.uint8], lattice: Lattice) -> NDArray[np.float32]:
    """Return the number of dates of each cell: the mean over its pixels that have data, rounded."""
    side = lattice.cell_px
    height, width = counts.shape[0] // side, counts.shape[1] // side
    cells = counts.reshape(height, side, width, side)
    known = np.count_nonzero(cells, axis=(1, 3))
    total = cells.sum(axis=(1, 3), dtype=np.float32)
    return np.rint(total / np.maximum(known, 1))
