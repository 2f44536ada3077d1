"""A map's colours follow the palette along the gamma curve."""

from __future__ import annotations

import pytest

from gluelink_plugin.layers.style import GAMMA, alignment_ramp, palette_colour


@pytest.mark.parametrize("t", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_cosine_has_the_palettes_colour_on_the_gamma_curve(t: float) -> None:
    place = t ** (1 / GAMMA)
    wanted, found = palette_colour(t), alignment_ramp().color(place)
    assert all(abs(a - b) <= 6 for a, b in zip(wanted.getRgb(), found.getRgb()))


def test_low_values_let_the_radar_through() -> None:
    assert palette_colour(0.0).alpha() == 0
    alphas = [palette_colour(t / 20).alpha() for t in range(21)]
    assert alphas == sorted(alphas)
