"""A feature store: arrays of stored cells in one home."""

from pathlib import Path
from typing import Any

import numpy as np
import zarr
from zarr.storage import MemoryStore

from backend.encoders import EncoderSpec
from backend.errors import StoreInvalid
from backend.features.lattice import Lattice
from backend.features.store.about import FORMAT, ArrayInfo
from backend.features.store.array import FeatureArray
from backend.features.store.chunks import Precision
from backend.features.store.home import Home
from backend.scenes import AnyScene

ROOT = "zarr.json"
KEY = "gluelink:store"


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
        if opened.get(ROOT) is None:
            if opened.children() or not opened.writable:
                raise StoreInvalid(
                    f"{home} is not a feature store.", "Give another folder, or a new name."
                )
            opened.put(ROOT, _root({"format": FORMAT}))
        try:
            attributes = dict(opened.get_json(ROOT)["attributes"][KEY])
            version = int(attributes["format"])
        except (ValueError, KeyError, TypeError) as error:
            raise StoreInvalid(
                f"{home} holds something else than a feature store.", "Give another folder."
            ) from error
        if version > FORMAT:
            raise StoreInvalid(
                f"The feature store {home} has format {version}; this version reads {FORMAT}.",
                "Update GLUE-Link, or use another store.",
            )
        return cls(opened, attributes)

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
    ) -> FeatureArray:
        """Return the array of a scene, as the encoder takes it; made if it is new.

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
        if self.home.writable:
            array.create()
        return array

    def _array(self, name: str) -> FeatureArray | None:
        """Return the array of this name; None where there is none, or half of one."""
        try:
            info = ArrayInfo.from_attributes(self.home.get_json(f"{name}/{ROOT}")["attributes"])
        except (KeyError, TypeError):
            return None
        return FeatureArray(self.home, info) if info.name == name else None


def _root(attributes: dict[str, Any]) -> np.ndarray:
    memory = MemoryStore()
    zarr.create_group(memory, attributes={KEY: attributes})
    return np.asarray(memory._store_dict[ROOT].as_numpy_array()).view(np.uint8)
