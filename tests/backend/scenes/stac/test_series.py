"""Four dates of a year: of one orbit, spread evenly, each showing as much of the area as any."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import ImageryMissing
from backend.scenes.stac.found import FoundScene
from backend.scenes.stac.series import spread_dates

FIRST, LAST = date(2023, 6, 1), date(2024, 5, 30)


def passes(
    orbit: str, number: int | None, every: int, begin: int = 0, end: int = 365, cover: float = 1.0
) -> list[FoundScene]:
    """The scenes of one orbit, so many days apart."""
    days = (FIRST + timedelta(days=day) for day in range(begin, end, every))
    return [
        FoundScene(
            f"{orbit}-{number}-{day}", "here", "rtc", f"{day}T05:35:12Z", orbit, number,
            ("VV", "VH"), "RTC", cover, {},
        )
        for day in days
    ]  # fmt: skip


def test_four_dates_of_a_year_lie_a_quarter_apart_in_one_orbit() -> None:
    scenes = passes("ascending", 15, 12) + passes("descending", 88, 12, begin=5, end=200)
    found = spread_dates(scenes, 4, FIRST, LAST)
    assert {(scene.orbit, scene.relative_orbit) for scene in found} == {("ascending", 15)}
    days = [date.fromisoformat(scene.date) for scene in found]
    assert all(80 < (later - sooner).days < 100 for sooner, later in pairwise(days))


def test_the_orbit_that_shows_more_of_the_area_is_taken() -> None:
    scenes = passes("ascending", 15, 6, cover=0.7) + passes("descending", 88, 40)
    assert {scene.orbit for scene in spread_dates(scenes, 4, FIRST, LAST)} == {"descending"}


def test_of_an_orbit_dates_that_show_less_are_left_out() -> None:
    whole, half = passes("ascending", 15, 60), passes("ascending", 15, 7, begin=3, cover=0.5)
    assert {scene.cover for scene in spread_dates(half + whole, 4, FIRST, LAST)} == {1.0}


def test_too_few_dates_of_any_orbit_are_refused() -> None:
    scenes = passes("ascending", 15, 200) + passes("descending", None, 10)
    with pytest.raises(ImageryMissing, match=r"No orbit has 4 dates .*; the most is 2\."):
        spread_dates(scenes, 4, FIRST, LAST)


@given(st.lists(st.integers(0, 364), min_size=3, max_size=30), st.integers(2, 5))
@settings(max_examples=50)
def test_every_date_is_taken_once_and_in_order(days: list[int], count: int) -> None:
    scenes = [one for day in days for one in passes("ascending", 15, 1, day, day + 1)]
    if len(set(days)) < count:
        with pytest.raises(ImageryMissing):
            spread_dates(scenes, count, FIRST, LAST)
        return
    found = [scene.date for scene in spread_dates(scenes, count, FIRST, LAST)]
    assert found == sorted(set(found))
    assert len(found) == count
