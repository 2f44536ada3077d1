"""What is wrong in a store, and putting it right.

Asking notices damage by itself, and encodes such blocks again. A check reads everything, so that
damage is known before somebody asks, and before the scene is gone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.encoders.registry import find_encoder
from backend.errors import BandMissing, ConfigInvalid, DatesTooFew, EncoderUnknown
from backend.features.plan import for_encoder
from backend.features.store.about import same_facts
from backend.features.store.array import FeatureArray, Index
from backend.features.store.pixels import PixelHashes, pixels_sha256
from backend.features.store.store import FeatureStore
from backend.progress import Progress, silent
from backend.scenes import AnyScene

STAGE = "Checking blocks"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    array: str
    """Name of the array; empty for the store itself."""
    text: str
    """What is wrong, in a few words."""
    block: Index | None = None
    """The block that it is wrong with, which does not count any more."""


def check_store(store: FeatureStore, progress: Progress = silent) -> Iterator[Problem]:
    """Yield what is wrong with the chunks, receipts and metadata of a store.

    Example:
        for problem in check_store(FeatureStore.open("features")):
            print(problem.array, problem.block, problem.text)

    Raises:
        StoreInvalid: the store cannot be read.
    """
    arrays = store.arrays()
    for name in store.unfinished():
        yield Problem(name, "its metadata is missing or broken")
    for array in arrays:
        if not array.has_metadata():
            yield Problem(array.info.name, "the metadata of a part of it is missing or broken")
        kept = array.kept()
        for done, (index, has_receipt) in enumerate(kept.items()):
            progress(STAGE, done, len(kept))
            if not has_receipt:
                yield Problem(array.info.name, "has chunks and no receipt", index)
            elif array.receipt(index) is None:
                yield Problem(array.info.name, "has a broken receipt", index)
            elif array.read(index) is None:
                yield Problem(array.info.name, "has a chunk that is missing or damaged", index)


def check_pixels(
    store: FeatureStore, scene: AnyScene, progress: Progress = silent
) -> Iterator[Problem]:
    """Yield the blocks that were made of other pixels than a scene has, all of which are read.

    What was remembered of the scene's pixels is put right, so these blocks are encoded again when
    they are asked for next.

    Raises:
        SceneUnreadable: the scene's file is damaged.
        StoreInvalid: the store cannot be read.
    """
    for array in store.arrays():
        seen = _as_in(array, scene)
        if seen is None:
            continue
        hashes = PixelHashes(array.info.digest, seen)
        indices = [*array.receipts()]
        for done, index in enumerate(indices):
            progress("Checking pixels", done, len(indices))
            outer = array.lattice.around(array.box(index))
            found = pixels_sha256(seen.read(array.lattice.pixels_of(outer)))
            hashes.add(index, found)
            receipt = array.receipt(index)
            if receipt is not None and receipt.pixels != found:
                yield Problem(array.info.name, "was made of other pixels", index)
        hashes.save()


def repair(store: FeatureStore, problems: Sequence[Problem]) -> None:
    """Remove blocks that do not count, and what killed processes have left; write metadata anew.

    Raises:
        OutputUnwritable: the store may be read only.
        DiskFull: the disk is full.
    """
    arrays = {array.info.name: array for array in store.arrays()}
    for problem in problems:
        array = arrays.get(problem.array)
        if array is None:
            store.restore(problem.array)
        elif problem.block is None:
            array.create()
        else:
            array.remove(problem.block)
    store.home.sweep()


def _as_in(array: FeatureArray, scene: AnyScene) -> AnyScene | None:
    """Return the scene as the encoder of an array takes it; None where the array is another's."""
    for match in (True, False):
        try:
            spec = find_encoder(array.info.encoder).spec
            seen = for_encoder(scene, spec, match)
        except (EncoderUnknown, BandMissing, ConfigInvalid, DatesTooFew):
            return None
        if same_facts(seen, array.info):
            return seen
    return None
