import numpy as np
import pytest

from backend.detection import bright_objects
from backend.detection.cfar import P_FA, detections, looks_like_water

LOOKS = 4.4


def sea(seed: int, side: int = 700, vv_db: float = -18.0) -> np.ndarray:
    """Even water with speckle: powers of VV and VH (2, side, side)."""
    rng = np.random.default_rng(seed)
    means = 10 ** (np.array([vv_db, vv_db - 8]) / 10)
    return means[:, None, None] * rng.gamma(LOOKS, 1 / LOOKS, (2, side, side))


def in_db(power: np.ndarray) -> np.ndarray:
    return (10 * np.log10(power)).astype(np.float32)


def test_even_water_has_no_more_false_alarms_than_the_rate() -> None:
    count = 0
    for seed in range(4):
        power = sea(seed)
        found, _ = detections(power[0], looks_like_water(power[0], power[1]))
        count += int(found.sum())
    assert count <= 10  # 2 expected of 2 million pixels at 1e-6; 11 by chance: once in 100,000
    assert P_FA == 1e-6


@pytest.mark.parametrize("vv_db", [-24.0, -15.0])
def test_ships_are_found_where_they_are_on_calm_and_on_rough_water(vv_db: float) -> None:
    power = sea(1, 300, vv_db)
    places = [(40, 60), (150, 150), (220, 90), (250, 255)]
    for row, col in places:
        power[:, row : row + 3, col : col + 9] *= 60
    found = bright_objects(*in_db(power))
    assert len(found) == len(places)
    for each, (row, col) in zip(sorted(found, key=lambda one: one.row), places, strict=True):
        assert row <= each.row < row + 3 and col <= each.col < col + 9
        assert each.width == pytest.approx(9, abs=2) and each.height == pytest.approx(3, abs=2)
        assert each.contrast_db > 10


def test_land_at_the_water_is_no_object_and_a_ship_near_it_is_one() -> None:
    power = sea(2, 400)
    power[:, :, :150] *= 20
    power[:, 200:203, 180:186] *= 80
    found = bright_objects(*in_db(power))
    assert [(round(each.row, -1), round(each.col, -1)) for each in found] == [(200, 180)]


def test_where_there_is_no_water_nothing_is_looked_for() -> None:
    power = sea(3, 200, vv_db=-9.0)
    power[:, 100:103, 100:105] *= 100
    assert bright_objects(*in_db(power)) == []


def test_no_data_is_neither_water_nor_an_object() -> None:
    db = in_db(sea(4, 300))
    db[:, :, 150:] = np.nan
    assert bright_objects(*db) == []
    assert bright_objects(np.full((50, 50), np.nan, np.float32)) == []
