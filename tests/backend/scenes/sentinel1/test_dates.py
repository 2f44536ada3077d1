"""Several dates of a place, stacked for an encoder that takes each by itself."""

from pathlib import Path

import numpy as np
import pytest

from backend.encoders import load_encoder
from backend.errors import BandsUnclear, ConfigInvalid, DatesTooFew
from backend.features.plan import for_encoder
from backend.scenes import Scene, open_scene
from tests.support.rasters import speckled, write_raster

SPEC = load_encoder("texture-s1-dates", device="cpu").spec


@pytest.fixture
def dates(tmp_path: Path) -> list[Path]:
    """Three dates; the second lacks the west, and the third the north."""
    values = [speckled(64, 64, seed) for seed in range(3)]
    values[1][:, :, :20] = np.nan
    values[2][:, :30] = np.nan
    return [
        write_raster(tmp_path / f"s_2024050{day}.tif", of_day)
        for day, of_day in enumerate(values, 1)
    ]


def stacked(scene: Scene) -> Scene:
    seen = for_encoder(scene, SPEC)
    assert isinstance(seen, Scene)
    return seen


def test_dates_are_stacked_in_order_of_time_whatever_order_they_were_given_in(
    dates: list[Path],
) -> None:
    first, second, third = dates
    with (
        open_scene(first, also=[second, third]) as one,
        open_scene(third, also=[first, second]) as other,
    ):
        a, b = stacked(one), stacked(other)
        assert a.preprocessing.dates == ("2024-05-01", "2024-05-02", "2024-05-03")
        assert a.facts == b.facts
        read = a.read(a.extent)
        np.testing.assert_array_equal(read, b.read(b.extent))
        again = a.reopen()
        np.testing.assert_array_equal(read, again.read(again.extent))
        again.close()
        assert (a.planes, one.planes, len(read)) == (6, 2, 6)
    for k, path in enumerate(dates):
        with open_scene(path) as scene:
            own = scene.read(a.extent)
        both = np.isfinite(own) & np.isfinite(read[2 * k : 2 * k + 2])
        assert both.any()
        np.testing.assert_array_equal(read[2 * k : 2 * k + 2][both], own[both])


def test_a_pixel_of_fewer_dates_than_the_encoder_takes_has_no_data(dates: list[Path]) -> None:
    with open_scene(dates[0], also=dates[1:]) as scene:
        values, counts = stacked(scene).read_counted(scene.extent)
    assert set(np.unique(counts)) == {0, 2, 3}
    assert not counts[:30, :20].any()  # seen on the first date alone
    assert np.array_equal(np.isfinite(values).any(axis=0), counts > 0)


def test_the_mean_and_the_stack_of_the_same_dates_are_told_apart(dates: list[Path]) -> None:
    with (
        open_scene(dates[0], also=dates[1:]) as three,
        open_scene(dates[0], also=dates[1:2]) as two,
    ):
        facts = [three.facts, stacked(three).facts, two.facts, stacked(two).facts]
        assert len({str(one) for one in facts}) == 4
        assert three.facts == three.for_encoder(SPEC.bands, None).facts


def test_a_single_date_is_refused_also_when_it_is_given_twice(dates: list[Path]) -> None:
    copy = write_raster(dates[0].with_name("copy_20240501.tif"), speckled(64, 64))
    for also in ([], [copy], [dates[0]]):
        with (
            open_scene(dates[0], also=also) as scene,
            pytest.raises(DatesTooFew, match="has 1 date; the encoder takes 2 or more") as error,
        ):
            stacked(scene)
        assert "--also" in error.value.remedy


def test_a_file_without_a_date_counts_once(tmp_path: Path) -> None:
    paths = [write_raster(tmp_path / f"{name}.tif", speckled(64, 64)) for name in "ab"]
    with open_scene(paths[0], also=[paths[1]]) as scene:
        assert stacked(scene).preprocessing.dates == (None, None)
        assert scene.info.dates == 2
    with open_scene(paths[0], also=[paths[0]]) as scene, pytest.raises(DatesTooFew):
        assert scene.info.dates == 1
        stacked(scene)


def test_a_date_that_is_stated_is_that_of_the_first(dates: list[Path]) -> None:
    with open_scene(dates[0], also=dates[1:], date="2023-01-01") as scene:
        assert scene.preprocessing.dates == ("2023-01-01", "2024-05-02", "2024-05-03")


def test_another_day_of_a_file_that_holds_several_is_a_date(tmp_path: Path) -> None:
    days = ("2019-09-05", "2019-09-17", "2019-09-29")
    values = speckled(64, 64)
    for name, band in zip(("VV", "VH"), values, strict=True):
        path = tmp_path / f"S1_{name}_2019.tif"
        write_raster(path, np.stack([band - 3, band, band + 3]), names=days)
    with open_scene(path, date=days[1], also=(days[0],)) as scene:
        seen = stacked(scene)
        assert seen.preprocessing.dates == days[:2]
        read = seen.read(seen.extent)
    np.testing.assert_allclose(read[2:], values, atol=1e-3)
    np.testing.assert_allclose(read[:2], values - 3, atol=1e-3)
    with pytest.raises(BandsUnclear, match="holds 3 dates, 2019-09-05 to 2019-09-29"):
        open_scene(path, date=days[1], also=("2019-10-11",))


def test_a_day_that_a_file_does_not_hold_is_refused(dates: list[Path]) -> None:
    with pytest.raises(ConfigInvalid, match=r"s_20240501\.tif holds no date 2019-10-11"):
        open_scene(dates[0], also=("2019-10-11",))
