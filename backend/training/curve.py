"""The learning curve of a run: its table, and what `picture` draws of it."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from backend.io.tables import TableWriter


@dataclass(frozen=True)
class Chart:
    """What the picture of a learning curve shows, a value for every epoch.

    Example:
        Chart("A head", "mean cosine", {"training": [0.5, 0.6]}, learning_rates=[1e-3, 5e-4])
    """

    title: str
    quantity: str
    """What the lines show: the label of their axis."""
    lines: Mapping[str, Sequence[float]]
    """By the name that stands at the right end of each."""
    learning_rates: Sequence[float]
    kept: int | None = None
    """The place of the epoch that was kept; marked on the last line."""
    level: tuple[str, float] | None = None
    """The name and value of what a model that has learnt nothing comes to."""


def curve_as_csv(curve: Sequence[Any]) -> str:
    """Return a row for every epoch, a dataclass of numbers; NaN is an empty field."""
    file = io.StringIO()
    writer = TableWriter(file)
    writer.add(field.name for field in fields(curve[0]))
    for epoch in curve:
        values = (f"{v:.6g}" if isinstance(v, float) else v for v in astuple(epoch))
        writer.add("" if value == "nan" else value for value in values)
    return file.getvalue()
