"""A feature store: arrays of stored cells in one home."""

import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from zarr.storage import MemoryStore

from backend.encoders import EncoderSpec
from backend.errors import DiskFull, StoreInvalid
from backend.features.lattice import Lattice
from backend.features.store.about import FORMAT, ArrayInfo
from backend.features.store.array import RECEIPTS, FeatureArray
from backend.features.store.chunks import Precision
from backend.features.store.home import Home
from backend.scenes import AnyScene

ROOT = "zarr.json"
KEY = "gluelink:store"

IN_USE_S = 600
"""An array that was used within this time may be in use by another process."""

_NAME = re.compile(r".+-[0-9a-f]{12}")


class FeatureStore:
    """All that was encoded and kept in one place, shared by areas, projects and phrases.

    Example:
        store = FeatureStore.open("features")
        for array in store.arrays():
            print(array.info.scene, array.info.encoder)
    """

    def __init__(self, home: Home, attributes: dict[str, Any]) -> None:
        self.home = home
        self._attributes = attributes

    @classmethod
    def open(cls, home: str | Path, writable: bool = True) -> "FeatureStore":
        """Open a store, or make one in a folder that is empty or new.

        Where nothing may be written it is opened for reading.

        Raises:
            StoreInvalid: there is none, or something else, or one of a later version.
            OutputUnwritable: it is new, and cannot be made there.
        """
        opened = Home.open(home, writable)
        if opened.get(ROOT) is None and opened.writable and not opened.children():
            opened.put(ROOT, _root({"format": FORMAT}))
        return cls.at(opened)

    @classmethod
    def at(cls, home: Home) -> "FeatureStore":
        """Return the store in a home.

        Raises:
            StoreInvalid: there is none, or something else, or one of a later version.
        """
        try:
            attributes = dict(home.get_json(ROOT)["attributes"][KEY])
            version = int(attributes["format"])
        except (ValueError, KeyError, TypeError) as error:
            raise _not_a_store(cls(home, {"format": FORMAT})) from error
        if version > FORMAT:
            raise StoreInvalid(
                f"The feature store {home.name} has format {version}; this version reads {FORMAT}.",
                "Update GLUE-Link, or use another store.",
            )
        return cls(home, attributes)

    def arrays(self) -> list[FeatureArray]:
        """Return all arrays, by name.

        Raises:
            StoreInvalid: the store cannot be read.
        """
        found = (self._array(name) for name in self.home.children() if name != ROOT)
        return [array for array in found if array is not None]

    def array_for(
        self,
        scene: AnyScene,
        spec: EncoderSpec,
        lattice: Lattice,
        precision: Precision = "int8",
        make: bool = True,
    ) -> FeatureArray:
        """Return the array of a scene, as the encoder takes it; made if it is new, unless to look.

        Raises:
            DiskFull: the disk is full.
            OutputUnwritable: the array is new and cannot be made.
        """
        info = ArrayInfo.of(scene, spec, lattice, precision)
        ending = f"-{info.digest}"
        for name in self.home.children():  # a copy of the scene may have another name
            array = self._array(name) if name.endswith(ending) else None
            if array is not None:
                return array
        array = FeatureArray(self.home, info)
        if make and self.home.writable:
            array.create()
        return array

    @property
    def cap(self) -> int | None:
        """The bytes that it may hold; None where only the disk sets an end."""
        return self._attributes.get("cap_bytes")

    def set_cap(self, cap_bytes: int | None) -> None:
        """State the bytes that it may hold, from the next block on.

        Raises:
            OutputUnwritable: the store may be read only.
            DiskFull: the disk is full.
        """
        self._attributes["cap_bytes"] = cap_bytes
        self.home.put(ROOT, _root(self._attributes))

    def make_room(self, kept: FeatureArray, needed: int) -> None:
        """Drop what was not used for longest, until so many bytes more may be written.

        Neither `kept` goes nor an array that was used within ten minutes.

        Raises:
            DiskFull: even then the store is too small.
        """
        if self.cap is None:
            return
        arrays = sorted(self.arrays(), key=lambda array: array.used)
        sizes = [array.bytes for array in arrays]
        total = sum(sizes) + needed
        for array, size in zip(arrays, sizes, strict=True):
            idle = time.time() - array.used > IN_USE_S
            if total > self.cap and idle and array.info.name != kept.info.name:
                array.drop()
                total -= size
        if total > self.cap:
            raise DiskFull(
                f"The feature store {self.home.name} may hold {self.cap / 1e9:,.2f} GB; what is in "
                "use needs more.",
                "Let it hold more: python -m backend.store cap.",
            )

    def unfinished(self) -> list[str]:
        """Return the names of arrays whose own metadata is missing or broken.

        Raises:
            StoreInvalid: the store cannot be read.
        """
        names = [name for name in self.home.children() if _NAME.fullmatch(name)]
        return [name for name in names if self._array(name) is None]

    def restore(self, name: str) -> None:
        """Write the metadata of an unfinished array anew, or remove it where that cannot be.

        Raises:
            OutputUnwritable: the store may be read only.
            DiskFull: the disk is full.
        """
        array = self._array(name, f"{name}/{RECEIPTS}/{ROOT}")
        if array is None:
            self.home.remove_below(name)
        else:
            array.create()

    def _array(self, name: str, document: str = "") -> FeatureArray | None:
        """Return the array of this name; None where there is none, or half of one."""
        found = self.home.get_json(document or f"{name}/{ROOT}")
        try:
            info = ArrayInfo.from_attributes(found["attributes"])
        except (KeyError, TypeError):
            return None
        return FeatureArray(self.home, info) if info.name == name else None


def repair_root(home: str | Path) -> None:
    """Write the metadata of a store anew, where they are lost and its arrays are there.

    Raises:
        StoreInvalid: there is no store.
        OutputUnwritable: it may be read only.
    """
    opened = Home.open(home)
    store = FeatureStore(opened, {"format": FORMAT})
    if (opened.get_json(ROOT) or {}).get("attributes", {}).get(KEY) is None and store.arrays():
        store.set_cap(None)


def _not_a_store(lost: FeatureStore) -> StoreInvalid:
    """Return what to raise for a home whose root says nothing of a store."""
    place = lost.home.name
    if lost.home.children() and lost.arrays():
        return StoreInvalid(
            f"The feature store {place} has lost its metadata.",
            f"Run python -m backend.store repair --store {place}.",
        )
    return StoreInvalid(f"{place} is not a feature store.", "Give another folder, or a new name.")


def _root(attributes: dict[str, Any]) -> np.ndarray:
    memory = MemoryStore()
    zarr.create_group(memory, attributes={KEY: attributes})
    return np.asarray(memory._store_dict[ROOT].as_numpy_array()).view(np.uint8)
