"""The refined Lee filter on simulated speckle, and as an option of a scene."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backend.errors import ConfigInvalid
from backend.scenes import PixelBox, open_scene
from backend.scenes.sentinel1.speckle import LOOKS, REACH_PX, refined_lee
from tests.support.rasters import write_raster


def speckle(level: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """Power (1, h, w) of a surface with the speckle of so many looks."""
    rng = np.random.default_rng(seed)
    drawn = rng.gamma(LOOKS, 1 / LOOKS, (1, *level.shape)) * level
    return drawn.astype(np.float32)


def looks(power: NDArray[np.float32]) -> float:
    return float(power.mean() ** 2 / power.var())


def window_means(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """The plain mean of each 7 x 7 window."""
    windows = np.lib.stride_tricks.sliding_window_view(power, (7, 7), axis=(1, 2))
    return windows.mean(axis=(3, 4))


def test_an_even_surface_has_ten_times_the_looks_and_the_same_mean() -> None:
    power = speckle(np.full((300, 300), 0.08, np.float32))
    filtered = refined_lee(power)
    assert filtered.shape == (1, 294, 294)
    assert looks(power) == pytest.approx(LOOKS, rel=0.05)
    assert looks(filtered) > 10 * LOOKS
    assert filtered.mean() == pytest.approx(power.mean(), rel=0.01)


@pytest.mark.parametrize("angle", [0, 45, 90, 135, 200])
def test_an_edge_stays_where_it_is_and_as_sharp(angle: float) -> None:
    rows, columns = np.mgrid[-100:100, -100:100] + 0.5
    turn = np.radians(angle)
    beyond = rows * np.sin(turn) + columns * np.cos(turn)
    power = speckle(np.where(beyond > 0, 0.3, 0.03).astype(np.float32))
    beyond = beyond[REACH_PX:-REACH_PX, REACH_PX:-REACH_PX]
    filtered, plain = refined_lee(power)[0], window_means(power)[0]
    dark, bright = (beyond < 0) & (beyond > -3), (beyond > 0) & (beyond < 3)
    assert filtered[dark].mean() == pytest.approx(0.03, rel=0.25)
    assert filtered[bright].mean() == pytest.approx(0.3, rel=0.1)
    # Which is what a plain mean does not do.
    assert plain[dark].mean() > 2 * 0.03
    assert plain[bright].mean() < 0.85 * 0.3


def test_a_point_target_is_kept() -> None:
    level = np.full((41, 41), 0.05, np.float32)
    level[20, 20] = 50
    power = speckle(level)
    kept = refined_lee(power)[0, 17, 17]
    assert kept == pytest.approx(power[0, 20, 20], rel=0.3)


def one_pixel(window: NDArray[np.float64]) -> float:
    """The filter for one pixel, written as the paper tells it, slowly and in double precision."""

    def mean(part: NDArray[np.float64]) -> float:
        return float(np.nanmean(part)) if np.isfinite(part).any() else np.nan

    squares = np.array([[mean(window[i : i + 3, j : j + 3]) for j in (0, 2, 4)] for i in (0, 2, 4)])
    middle = squares[1, 1]
    squares = np.where(np.isnan(squares), middle, squares)
    masks = [
        (np.array([[-1, 0, 1]] * 3), (1, 0), (1, 2), lambda i, j: j <= 0, lambda i, j: j >= 0),
        (np.array([[-1, 0, 1]] * 3).T, (0, 1), (2, 1), lambda i, j: i <= 0, lambda i, j: i >= 0),
        (np.array([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]]), (0, 2), (2, 0),
         lambda i, j: j >= i, lambda i, j: j <= i),
        (np.array([[1, 1, 0], [1, 0, -1], [0, -1, -1]]), (0, 0), (2, 2),
         lambda i, j: j <= -i, lambda i, j: j >= -i),
    ]  # fmt: skip
    edges = [abs((squares * mask).sum()) for mask, *_ in masks]
    _, one, other, on_one, on_other = masks[int(np.argmax(edges))]
    side = on_one if abs(squares[one] - middle) <= abs(squares[other] - middle) else on_other
    i, j = np.mgrid[-3:4, -3:4]
    half = window[side(i, j)]
    half = half[np.isfinite(half)]
    variance = half.var()
    signal = max(variance - half.mean() ** 2 / LOOKS, 0) / (1 + 1 / LOOKS)
    kept = signal / variance if variance > 0 else 0
    return float(half.mean() + kept * (window[3, 3] - half.mean()))


@given(seed=st.integers(0, 10_000), lost=st.floats(0, 0.6))
@settings(max_examples=30)
def test_every_pixel_is_what_the_paper_says_also_beside_no_data(seed: int, lost: float) -> None:
    rng = np.random.default_rng(seed)
    power = speckle(rng.choice([0.02, 0.2, 1.0], (13, 14)).astype(np.float32), seed)
    power[:, rng.random(power.shape[1:]) < lost] = np.nan
    filtered = refined_lee(power)[0]
    for row in range(filtered.shape[0]):
        for column in range(filtered.shape[1]):
            window = power[0, row : row + 7, column : column + 7].astype(np.float64)
            if np.isnan(window[3, 3]):
                assert np.isnan(filtered[row, column])
            else:
                assert filtered[row, column] == pytest.approx(one_pixel(window), rel=2e-4)


# As an option of a scene


@pytest.fixture(scope="module")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(3)
    level = np.where(rng.random((2, 30, 40)) < 0.5, 0.02, 0.2).repeat(10, 1).repeat(10, 2)
    level[1] = level[0] / 5
    power = (rng.gamma(LOOKS, 1 / LOOKS, level.shape) * level).astype(np.float32)
    power[:, 100:130, 50:90] = np.nan
    return write_raster(tmp_path_factory.mktemp("speckle") / "scene_rtc.tif", power)


def test_a_scene_is_filtered_the_same_whatever_is_read(scene_file: Path) -> None:
    with open_scene(scene_file, speckle="refined-lee") as scene:
        extent = scene.extent
        whole = scene.read(extent)
        rng = np.random.default_rng(0)
        for _ in range(25):
            top, left = rng.integers(-20, 280), rng.integers(-20, 380)
            height, width = rng.integers(1, 120, 2)
            box = PixelBox(
                extent.row0 + top, extent.col0 + left,
                extent.row0 + top + height, extent.col0 + left + width,
            )  # fmt: skip
            shared = box.intersection(extent)
            if shared.empty:
                continue
            np.testing.assert_array_equal(
                scene.read(box)[:, *shared.within(box)], whole[:, *shared.within(extent)]
            )


def test_filtering_leaves_no_data_and_the_mean_and_says_so(scene_file: Path) -> None:
    with open_scene(scene_file) as plain, open_scene(scene_file, speckle="refined-lee") as lee:
        before, after = plain.read(plain.extent), lee.read(lee.extent)
        np.testing.assert_array_equal(np.isnan(before), np.isnan(after))
        assert np.nanmean(10 ** (after / 10)) == pytest.approx(
            np.nanmean(10 ** (before / 10)), rel=0.02
        )
        said = [check for check in lee.info.checks if check not in plain.info.checks]
    assert [check.level for check in said] == ["warning"]
    assert "encoders saw" in said[0].text


def test_an_unknown_filter_is_refused(scene_file: Path) -> None:
    with pytest.raises(ConfigInvalid, match="refined-lee"):
        open_scene(scene_file, speckle="boxcar")
