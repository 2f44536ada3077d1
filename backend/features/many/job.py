"""What travels to a worker, and what it does with it.

Addresses and options travel, pixels do not: the worker opens the scene and the store itself, looks
whether the block is there, encodes it, writes it, and returns a few numbers.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache

import torch

from backend import __version__
from backend.encoders import Encoder, load_encoder
from backend.errors import ConfigInvalid
from backend.features.lattice import Quality
from backend.features.plan import Plan, for_encoder, make_plan
from backend.features.store.array import FeatureArray, Index
from backend.features.store.block import StoredBlock
from backend.features.store.chunks import Precision
from backend.features.store.fill import Source, planned_blocks
from backend.features.store.store import FeatureStore
from backend.io.batches import Batches, batch_size
from backend.io.processes import cores
from backend.scenes import AnyScene, open_any
from backend.scenes.area import Area
from backend.scenes.options import DETECTED, SceneOptions


@dataclass(frozen=True)
class Opened:
    """A job on this machine."""

    scene: AnyScene
    """As the encoder takes it."""
    plan: Plan
    encoder: Encoder
    """For the scene's date."""
    array: FeatureArray

    @property
    def blocks(self) -> list[Index]:
        """The blocks to encode, row by row."""
        return planned_blocks(self.array, self.plan)


@dataclass(frozen=True)
class Job:
    """A scene to encode into a store, as every worker can open it.

    Example:
        job = Job("scene.tif", "features", "texture-s1")
        with job.open() as opened:
            print(len(opened.blocks), "blocks")
    """

    scene: str
    """Path or address, the same for all workers."""
    store: str
    """Folder or address."""
    encoder: str
    """Its name."""
    options: SceneOptions = DETECTED
    area: Area | None = None
    """What to encode of the scene; None for all of it."""
    quality: Quality = "fine"
    precision: Precision = "int8"
    match_product_type: bool = True
    device: str | None = None
    version: str = __version__
    """The version that asks."""

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """Open scene, store and encoder; the encoder is loaded once a process.

        Raises:
            ConfigInvalid: this machine has another version.
            GlueLinkError: what `load_encoder`, `open_any` and `FeatureStore` raise.
        """
        if self.version != __version__:
            raise ConfigInvalid(
                f"A worker has version {__version__}; {self.version} asks it.",
                "Install the same version on all workers.",
            )
        store = FeatureStore.open(self.store)
        encoder = _encoder(self.encoder, self.device)
        with open_any(self.scene, self.options, self.area.degrees if self.area else None) as scene:
            dated = encoder.with_date(scene.info.date)
            seen = for_encoder(scene, dated.spec, self.match_product_type)
            plan = make_plan(seen, self.area, dated.spec, self.quality)
            array = store.array_for(seen, dated.spec, plan.lattice, self.precision)
            yield Opened(seen, plan, dated, array)


@dataclass(frozen=True)
class Task:
    """One block of a job."""

    number: int
    """Which job of the run."""
    job: Job
    index: Index
    known: str | None = None
    """SHA-256 of its pixels, where the files are known to be unchanged since they were read."""


@dataclass(frozen=True)
class Done:
    """What became of a block."""

    encoded: bool
    """Whether it was encoded; if not, it was there."""
    pixels: str
    """SHA-256 of its pixels."""
    cells: int
    """Cells with data."""
    seconds: float
    """All of the task's time."""


def encode_task(task: Task) -> Done:
    """Encode a block on a worker, if the store lacks it.

    Several threads of a worker read at the same time; one at a time encodes.

    Raises:
        GlueLinkError: what `Job.open` and `stored_blocks` raise.
    """
    began = time.perf_counter()
    source, encoder = _mine.source_of(task.job)
    if task.known:
        source.hashes.add(task.index, task.known)
    found = source.look(task.index)
    encoded = not isinstance(found, StoredBlock)
    if not isinstance(found, StoredBlock):
        with _ENCODING:
            if encoder.device.type == "cpu":  # a worker may have been started with one thread
                torch.set_num_threads(min(encoder.threads, cores()))
            found = source.encode(task.index, found, Batches(batch_size(encoder.device.type)))
    pixels = source.hashes.get(task.index)
    assert pixels is not None  # `look` knows it, or notes it
    seconds = time.perf_counter() - began
    return Done(encoded, pixels, int((found.observed > 0).sum()), seconds)


_ENCODING = threading.Lock()


class _Mine(threading.local):
    """The job that a thread was last at, which it keeps open for the next block."""

    job: Job | None = None

    def __init__(self) -> None:
        self._open = ExitStack()

    def source_of(self, job: Job) -> tuple[Source, Encoder]:
        """Return what a job's blocks come from."""
        if job != self.job:
            self._open.close()
            self.job = None
            with _ENCODING:
                opened = self._open.enter_context(job.open())
            self._source = Source(opened.array, opened.scene, opened.encoder)
            self._encoder, self.job = opened.encoder, job
        return self._source, self._encoder


_mine = _Mine()


@lru_cache(maxsize=1)
def _encoder(name: str, device: str | None) -> Encoder:
    return load_encoder(name, device=device, precision="auto")
