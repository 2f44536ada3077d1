"""Stored cells: one block of an array."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.features.lattice import CellBox
from backend.features.store.chunks import Precision, dequantise, quantise

DTYPES = {"scales": "float32", "observed": "uint8"}
"""Of the arrays beside `features`, whose own is the precision."""


@dataclass(frozen=True)
class StoredBlock:
    """The cells of a block as they lie in the store; all that is needed to ask them."""

    cells: CellBox
    """Where they lie."""

    values: NDArray[np.generic]
    """(h, w, d) int8 or float16: features = values × scales; 0 where there is no data."""

    scales: NDArray[np.float32]
    """(h, w): 0 where there is no data."""

    observed: NDArray[np.uint8]
    """(h, w): the number of dates with data in the cell; 0 where there is no data."""

    checksum: int = 0
    """What tells these cells from others: see `Receipt.checksum`; 0 where they are not kept."""

    @classmethod
    def of(
        cls,
        cells: CellBox,
        features: NDArray[np.float32],
        observed: NDArray[np.uint8],
        precision: Precision,
    ) -> "StoredBlock":
        """Return the block of features (h, w, d), of which cells that are not observed are left."""
        return cls(cells, *quantise(features, observed > 0, precision), observed)

    @classmethod
    def without_data(cls, cells: CellBox, dim: int, precision: Precision) -> "StoredBlock":
        """Return a block in which nothing was observed; it takes no memory."""
        shape = cells.height, cells.width
        values = np.broadcast_to(np.zeros((), precision), (*shape, dim))
        scales = np.broadcast_to(np.zeros((), np.float32), shape)
        return cls(cells, values, scales, np.broadcast_to(np.zeros((), np.uint8), shape))

    @property
    def valid(self) -> NDArray[np.bool_]:
        """(h, w): the cells with data."""
        return self.observed > 0

    @property
    def features(self) -> NDArray[np.float32]:
        """Features (h, w, d); 0 where there is no data."""
        return dequantise(self.values, self.scales)
