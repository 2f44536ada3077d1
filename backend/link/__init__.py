"""The method: wedges, the head, fitting it, and exact scoring. Arrays in, arrays out."""

from typing import TYPE_CHECKING

from backend.link.directions import VIEWS
from backend.modules import lazy_names

if TYPE_CHECKING:
    from backend.link.fit import fit_head
    from backend.link.head import HeadMeta, LinkHead, find_head, load_head, open_head, save_head
    from backend.link.ridge import RidgeSums
    from backend.link.score import Scorer
    from backend.link.views import Batch, Batches, Views
    from backend.link.wedges import (
        WEDGES,
        Pooling,
        choose_pooling,
        directional_masks,
        mask_means,
        wedge_pool,
    )

__all__ = [
    "VIEWS",
    "WEDGES",
    "Batch",
    "Batches",
    "HeadMeta",
    "LinkHead",
    "Pooling",
    "RidgeSums",
    "Scorer",
    "Views",
    "choose_pooling",
    "directional_masks",
    "find_head",
    "fit_head",
    "load_head",
    "mask_means",
    "open_head",
    "save_head",
    "wedge_pool",
]

__getattr__ = lazy_names(
    __name__,
    {
        "fit": ("fit_head",),
        "head": ("HeadMeta", "LinkHead", "find_head", "load_head", "open_head", "save_head"),
        "ridge": ("RidgeSums",),
        "score": ("Scorer",),
        "views": ("Batch", "Batches", "Views"),
        "wedges": (
            "WEDGES",
            "Pooling",
            "choose_pooling",
            "directional_masks",
            "mask_means",
            "wedge_pool",
        ),
    },
)
