"""A map's colours follow the palette along the gamma curve."""

from __future__ import annotations

import pytest

from gluelink_plugin.layers.style import GAMMA, PALETTES, palette_colour
from gluelink_plugin.layers.view import MapView, ramp_of


@pytest.mark.parametrize("t", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_cosine_has_the_palettes_colour_on_the_gamma_curve(t: float) -> None:
    place = t ** (1 / GAMMA)
    wanted, found = palette_colour(t), ramp_of(MapView(1, 0.0, 1.0), None, 0.0, 1.0).color(place)
    assert all(abs(a - b) <= 6 for a, b in zip(wanted.getRgb(), found.getRgb()))


def test_low_values_let_the_radar_through() -> None:
    for palette in PALETTES:
        alphas = [palette_colour(t / 20, palette).alpha() for t in range(21)]
        assert alphas == sorted(alphas)
        assert alphas[0] == 0 or palette == "grey"
