"""Encode a region into a store: scene by scene in this process, or all blocks on an engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from backend.errors import BlocksFailed, GlueLinkError
from backend.features.many.engines import Engine
from backend.features.many.job import Done, Job, Task, encode_task
from backend.features.many.run import outcomes
from backend.features.many.shards import WHOLE, Shard
from backend.features.store.array import FeatureArray, Index
from backend.features.store.fill import Filled, fill
from backend.features.store.pixels import PixelHashes
from backend.progress import Progress, silent

STAGE = "Encoding blocks"
NAMED = 8
"""Failed blocks that a message names."""


@dataclass
class Embedded:
    """What became of a scene's blocks."""

    name: str
    """The array of the store."""
    filled: Filled = field(default_factory=Filled)
    failed: dict[Index, Exception] = field(default_factory=dict)
    """Blocks that could not be encoded, and why."""


def embed_here(
    jobs: Sequence[Job], shard: Shard = WHOLE, progress: Progress = silent
) -> Iterator[Embedded]:
    """Encode what a store lacks of each scene in this process, and yield what was done.

    Example:
        for embedded in embed_here([Job("scene.tif", "features", "texture-s1")]):
            print(embedded.name, embedded.filled.encoded)

    Raises:
        GlueLinkError: what `Job.open` and `fill` raise, but for what is of a single block.
    """
    before = 0
    for job in jobs:
        with job.open() as opened:
            mine, array = shard.take(opened.blocks, before), opened.array
            before += len(opened.blocks)
            done = Embedded(array.info.name)
            done.filled = fill(
                array, opened.scene, opened.plan, opened.encoder, progress, mine, done.failed
            )
            yield done


def embed_on(
    engine: Engine, jobs: Sequence[Job], shard: Shard = WHOLE, progress: Progress = silent
) -> list[Embedded]:
    """Encode what a store lacks of all scenes on an engine, and return what was done.

    It may be stopped or killed at any moment, and so may its workers; a later call goes on.

    Example:
        embed_on(LocalProcesses(4), [Job(scene, "features", "texture-s1") for scene in scenes])

    Raises:
        ClusterUnreachable: the engine cannot be reached, or was lost.
        GlueLinkError: what `Job.open` and `fill` raise, but for what is of a single block.
    """
    all_done: list[Embedded] = []
    hashes: list[PixelHashes] = []
    arrays: list[FeatureArray] = []
    tasks: list[Task] = []
    before = 0
    for number, job in enumerate(jobs):
        with job.open() as opened:
            blocks, array = opened.blocks, opened.array
            known = PixelHashes(array.info.digest, opened.scene)
            all_done.append(Embedded(array.info.name))
            hashes.append(known)
            arrays.append(array)
            mine = shard.take(blocks, before)
            tasks += [Task(number, job, index, known.get(index)) for index in mine]
            before += len(blocks)
    done = 0

    def tick() -> None:
        progress(STAGE, done, len(tasks))

    try:
        for task, outcome in outcomes(tasks, encode_task, engine, tick):
            done += 1
            if isinstance(outcome, Done):
                hashes[task.number].add(task.index, outcome.pixels)
                _count(all_done[task.number].filled, outcome)
            else:
                all_done[task.number].failed[task.index] = outcome
    finally:
        for known, array in zip(hashes, arrays, strict=True):
            known.save()
            array.touch()
    return all_done


def require_all(embedded: Sequence[Embedded]) -> None:
    """Refuse to call a region done of which blocks are missing.

    Raises:
        BlocksFailed: some blocks could not be encoded.
    """
    failed = [
        f"row {row}, column {column} of {each.name} ({_reason(error)})"
        for each in embedded
        for (row, column), error in sorted(each.failed.items())
    ]
    if failed:
        named = "; ".join(failed[:NAMED]) + ("; …" if len(failed) > NAMED else "")
        raise BlocksFailed(
            f"{len(failed):,} blocks could not be encoded: {named}.",
            "All others are in the store. Mend what they name, and run it again.",
        )


def _count(filled: Filled, done: Done) -> None:
    filled.encoded += done.encoded
    filled.found += not done.encoded
    filled.cells += done.cells


def _reason(error: Exception) -> str:
    words = (
        error.message if isinstance(error, GlueLinkError) else f"{type(error).__name__}: {error}"
    )
    return words.partition("\n")[0].rstrip(".")
