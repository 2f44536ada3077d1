"""What a cell's score depends on, as the backend's lattice has it."""

from __future__ import annotations

import pytest
from qgis.core import QgsRectangle

from gluelink_plugin.layers.cell import window_around

NORTHERN = (604160.0, 5391840.0, 604320.0, 5392000.0)
SOUTHERN = (604160.0, -5392960.0, 604320.0, -5392800.0)


@pytest.mark.parametrize(
    ("cell", "quality", "step", "margin", "expected"),
    [
        # `Lattice.around` of a cell of 16 px in windows of 14 cells gives these.
        (NORTHERN, "fine", 112, 0, (602560.0, 5390560.0, 605920.0, 5393920.0)),
        (SOUTHERN, "fine", 112, 0, (602560.0, -5395040.0, 605920.0, -5391680.0)),
        (NORTHERN, "fast", 224, 0, (602560.0, 5391680.0, 604800.0, 5393920.0)),
        (NORTHERN, "exact", 224, 48, (603680.0, 5391360.0, 604800.0, 5392480.0)),
    ],
)
def test_it_is_all_windows_that_hold_the_cell_or_the_reach_around_it(
    cell: tuple[float, ...], quality: str, step: int, margin: int, expected: tuple[float, ...]
) -> None:
    windows = {"quality": quality, "side_px": 224, "step_px": step, "margin_px": margin}
    assert window_around(QgsRectangle(*cell), windows) == QgsRectangle(*expected)


def test_it_is_not_known_of_an_embedding_nor_of_a_map_that_does_not_say() -> None:
    windows = {"quality": "exact", "side_px": 64, "step_px": 64, "margin_px": 0}
    assert window_around(QgsRectangle(*NORTHERN), windows) is None
    assert window_around(QgsRectangle(*NORTHERN), None) is None
