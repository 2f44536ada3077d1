"""Tiles of a survey: what is predicted for them, and what their photographs show.

A head predicts in the space of the photographs. A reference, an encoder whose vectors are in the
space of its own text tower, has no head: its prediction is its vector, in another space than the
photographs', and there is no cosine between the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from backend.errors import HeadMismatch
from backend.link import LinkHead, Views
from backend.link.score import in_metric
from backend.progress import Progress, silent

CHUNK = 512


@dataclass(frozen=True)
class Tiles:
    """Some tiles that have a photograph, k of them, in float64."""

    rows: np.ndarray
    """Their places (k,) among the views that were read."""
    predicted: np.ndarray
    """(k, D): unit-length means of the predicted views, in the head's metric where it has one."""
    reference: np.ndarray
    """(k, D): unit-length means of the photographs."""
    cosine: np.ndarray
    """(k,): mean cosines of the views that have a photograph; NaN without a head.

    They are those of the text space whatever the head's metric, so that heads can be compared.
    """
    views: np.ndarray
    """(k,): how many these are."""


def read_tiles(head: LinkHead | None, views: Views, progress: Progress = silent) -> Iterator[Tiles]:
    """Yield the tiles that have a photograph, in chunks; without a head a reference's."""
    link = _link(head, views)
    where = torch.device("cpu") if head is None else head.weight.device
    n = len(views)
    for start in range(0, n, CHUNK):
        progress("linking tiles", start, n)
        chunk = slice(start, start + CHUNK)
        pooled, photos = (
            array[chunk].to(where, torch.float64) for array in (views.pooled, views.photos)
        )
        imaged = pooled.any(2)  # a survey holds zeros where a view has no imagery
        valid = views.valid[chunk].to(where)
        yield _tiles(start, link(pooled), imaged, photos, valid, head)
    progress("linking tiles", n, n)


def as_predicted(phrases: np.ndarray, head: LinkHead | None) -> np.ndarray:
    """Return phrases (q, D), unit vectors of the answering space, as `Tiles.predicted` are."""
    return phrases if head is None else in_metric(head, phrases).cpu().numpy()


def require_fit(head: LinkHead, views: Views) -> None:
    """Raise HeadMismatch unless the head links these features to these photographs."""
    if views.dims != head.weight.shape:
        raise HeadMismatch(
            f"The head {head.meta.name} links {head.weight.shape[0]} dimensions to "
            f"{head.weight.shape[1]}; the survey has features of {views.dims[0]} and photographs "
            f"of {views.dims[1]}.",
            "Take a head of this survey's encoder and text space.",
        )


def _link(head: LinkHead | None, views: Views) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return what leads from pooled views (k, 4, d) to vectors (k, 4, D) of the answering space."""
    if head is None:
        return lambda pooled: pooled
    weight, bias = head.weight.double(), head.bias.double()
    offsets = views.means.to(bias)[:, None] * bias  # (4, D)
    return lambda pooled: pooled @ weight + offsets


def _tiles(
    start: int,
    linked: torch.Tensor,
    imaged: torch.Tensor,
    photos: torch.Tensor,
    valid: torch.Tensor,
    head: LinkHead | None,
) -> Tiles:
    """Return tiles of linked views and photographs (k, 4, D), both masked where one is missing.

    With a head both are in one space.
    """
    pictured = valid.any(1)
    photos, valid = photos[pictured], valid[pictured]
    # A view without imagery would be predicted by the bias alone.
    linked = _unit(torch.where(imaged[pictured][..., None], linked[pictured], 0))
    photos = _unit(torch.where(valid[..., None], photos, 0))
    counts = valid.sum(1)
    cosine = torch.full(counts.shape, torch.nan, dtype=torch.float64)
    if head is not None:
        cosine = (linked * photos).sum(2).sum(1) / counts
        if head.metric is not None:
            linked = _unit(linked @ head.metric.to(linked))
    arrays = (
        torch.nonzero(pictured)[:, 0] + start,
        _unit(linked.sum(1)),
        _unit(photos.sum(1)),
        cosine,
        counts,
    )
    return Tiles(*(array.cpu().numpy() for array in arrays))


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(vectors, dim=-1, eps=1e-30)
