"""Corpora of radar chips and texts: made from scenes, read as they are published, and exported.

files      `Corpus`: the form on the disk; records: `Chip`, `Text`, `Fragment`; lines: their files
slicing    cuts scenes into chips of equal ground; ground: where a chip lies in degrees
screening  leaves out chips without data, saturated ones, odd ones; texture: their features
texts      captions and questions from facts; cover: what rasters of classes say of chips
splitting  divides chips by place
checking   says what is wrong with a corpus
survey     a corpus as a survey, from which heads are trained
layouts    published corpora and boxes, one file each; exchange: reading and exporting them
"""

from typing import TYPE_CHECKING

from backend.modules import lazy_names

if TYPE_CHECKING:
    from backend.corpus.files import Corpus, create_corpus, open_corpus
    from backend.corpus.records import Chip, Fragment, Ground, Text

__all__ = [
    "Chip",
    "Corpus",
    "Fragment",
    "Ground",
    "Text",
    "create_corpus",
    "open_corpus",
]

__getattr__ = lazy_names(
    __name__,
    {
        "files": ("Corpus", "create_corpus", "open_corpus"),
        "records": ("Chip", "Fragment", "Ground", "Text"),
    },
)
