"""The feature store: what was encoded once, kept for every later phrase.

home       where its bytes lie
chunks     one chunk with its checksum, and cells as small numbers
about      what an array holds, and the name that follows from it
receipts   what a block was made from, and what was written
block      `StoredBlock`: the cells of a block
array      `FeatureArray`: blocks of one scene and encoder
store      `FeatureStore`: all arrays of a home
bright     bright objects on water, kept beside the blocks that they lie in
pixels     hashes of pixels, remembered while files stay as they are
fill       blocks of a plan: found in the store, or encoded and kept
footprints where cells are encoded, on the map
held       how much of a plan is there already, without reading a pixel
check      what is wrong in a store, and putting it right
"""

from backend.features.store.array import FeatureArray
from backend.features.store.block import StoredBlock
from backend.features.store.bright import StoredObjects
from backend.features.store.fill import Filled, fill, stored_blocks
from backend.features.store.footprints import footprint_of
from backend.features.store.held import Held, held_of
from backend.features.store.store import FeatureStore

__all__ = [
    "FeatureArray",
    "FeatureStore",
    "Filled",
    "Held",
    "StoredBlock",
    "StoredObjects",
    "fill",
    "footprint_of",
    "held_of",
    "stored_blocks",
]
