"""texture-s1 measures what it says, and shrugs off speckle, gaps and strange pixels."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.encoders import list_encoders, load_encoder
from backend.errors import ConfigInvalid, EncoderUnknown

ENCODER = load_encoder("texture-s1", device="cpu")
LIMITED, PIXELS, AROUND = slice(0, 64), slice(64, 79), slice(79, 107)
VV, VH, RATIO, PAIRS = slice(6, 15), slice(15, 24), slice(24, 30), slice(30, 46)


def speckled(vv: float, vh: float, looks: float = 4.4, seed: int = 0) -> np.ndarray:
    """One homogeneous window (1, 2, 224, 224) in dB."""
    rng = np.random.default_rng(seed)
    power = rng.gamma(looks, 1 / looks, (1, 2, 224, 224))
    return (10 * np.log10(power) + np.array([vv, vh])[:, None, None]).astype(np.float32)


def test_the_specification_is_what_comes_out() -> None:
    features = ENCODER.encode(speckled(-10, -17))
    assert features.shape == (1, *ENCODER.spec.grid, ENCODER.spec.dim)
    assert features.dtype == torch.float32
    assert ENCODER.spec.cell_m == 80
    assert ENCODER.spec in list_encoders()


@given(st.floats(-22, -4), st.floats(-28, -10), st.floats(3, 12), st.integers(0, 99))
@settings(max_examples=10)
def test_level_is_the_backscatter_whatever_the_speckle(
    vv: float, vh: float, looks: float, seed: int
) -> None:
    level = ENCODER.encode(speckled(vv, vh, looks, seed))[0, 4:-4, 4:-4]
    assert float(level[..., 0].mean()) * 5 - 11 == pytest.approx(vv, abs=1.0)
    assert float(level[..., 1].mean()) * 5 - 18 == pytest.approx(vh, abs=1.0)


def test_shares_sum_to_one_and_peak_at_the_backscatter() -> None:
    shares = ENCODER.encode(speckled(-12, -18))[0] / 2
    for columns, peak in ((VV, 4), (VH, 4), (RATIO, 2), (PAIRS, 10)):
        assert torch.allclose(shares[..., columns].sum(-1), torch.ones(28, 28), atol=1e-5)
        assert int(shares[..., columns].mean((0, 1)).argmax()) == peak


@given(st.floats(-90, 60), st.integers(0, 223), st.integers(0, 223), st.integers(0, 1))
@settings(max_examples=30)
def test_one_strange_pixel_changes_little(value: float, row: int, column: int, band: int) -> None:
    clean = speckled(-10, -17, looks=12)
    strange = clean.copy()
    strange[0, band, row, column] = value
    change = (ENCODER.encode(strange) - ENCODER.encode(clean))[..., LIMITED].abs().amax()
    assert change < 0.35


def test_a_house_is_seen_in_the_pixels_as_they_are() -> None:
    plain = speckled(-10, -17, looks=12)
    house = plain.copy()
    house[0, :, 100, 100] = 10, 3
    change = (ENCODER.encode(house) - ENCODER.encode(plain))[0]
    assert change[12, 12, LIMITED].abs().max() < 0.35
    brightest, contrast = change[12, 12, 64:66], change[12, 12, 66:68]
    assert brightest.min() > 2 and contrast.min() > 1
    near = change[..., 72:76]  # of the 240 m around
    assert near[11:14, 11:14].min() > 0.5 and near[:10].abs().max() == 0


def test_pixel_columns_are_what_the_table_says() -> None:
    window = speckled(-10, -17)
    found = ENCODER.encode(window)[0, 14, 14]
    for band, level in ((0, found[0] * 5 - 11), (1, found[1] * 5 - 18)):
        pixels = window[0, band, 112:120, 112:120].astype(float).ravel()
        power = 10 ** (pixels / 10)
        expected = [
            (pixels.max() - level) / 5,
            2 * np.log(power.std() / power.mean() / 0.45),
            (np.sort(pixels)[60] - np.median(pixels)) / 4,
            (level - np.sort(pixels)[2]) / 4,
        ]
        assert found[64 + band : 72 : 2].numpy() == pytest.approx(np.array(expected), abs=1e-3)
        around = 10 ** (window[0, band, 88:144, 88:144].astype(float) / 10)
        contrast = 2 * np.log(around.std() / around.mean() / 0.45)
        assert float(found[76 + band]) == pytest.approx(contrast, abs=1e-3)


def test_six_strong_pixels_within_560_m_count() -> None:
    window = np.full((1, 2, 224, 224), -12, np.float32)
    window[0, 0, 104:106, 100:103] = -2
    town = ENCODER.encode(window)[0, ..., 78]
    assert town[10:17, 9:16].min() == 1 and town.sum() == 49
    window[0, 0, 104, 100] = -4
    assert ENCODER.encode(window)[0, ..., 78].sum() == 0


def test_bright_pixels_are_counted_in_a_cell_and_strong_cells_in_560_m() -> None:
    window = np.full((1, 2, 224, 224), -12, np.float32)
    window[0, 1] = -18
    window[0, 0, 104:106, 104:108] = [-5, -2, 1, 4]
    window[0, 1, 104, 104:106] = [-11, -8]
    bright = ENCODER.encode(window)[0, ..., 107:] * 8
    assert bright[13, 13, 1:].tolist() == [8, 6, 4, 2, 2, 1, 0]
    assert bright[..., 1:].count_nonzero() == 6
    assert torch.allclose(bright[10:17, 10:17, 0], torch.tensor(64 / 49))
    assert bright[..., 0].count_nonzero() == 49


def test_the_level_around_a_cell_is_in_its_hats() -> None:
    window = np.full((1, 2, 224, 224), -13, np.float32)
    window[:, 1] = -19
    around = ENCODER.encode(window)[0, 14, 14, AROUND]
    assert around[:4].numpy() == pytest.approx(np.array([-0.4, -0.2, -0.4, -0.2]), abs=1e-4)
    of_vv, of_vh, of_ratio = around[4:].split([9, 9, 6])
    assert [int(hats.argmax()) for hats in (of_vv, of_vh, of_ratio)] == [4, 4, 2]
    assert float(around[4:].sum()) == pytest.approx(2 * 3, abs=1e-4)


def test_a_step_in_the_scene_stands_in_the_differences() -> None:
    step = speckled(-10, -17, looks=12)
    step[..., 112:] -= 6
    differences = ENCODER.encode(step)[0, :, :, 2:6]
    assert differences[:, 13].min() > 0.2
    assert differences[:, 14].max() < -0.2
    assert differences[4:-4, 4:8].abs().mean() < 0.1


def test_gaps_do_not_spread() -> None:
    whole = speckled(-10, -17)
    holed = whole.copy()
    holed[:, :, :, 112:] = np.nan
    before, after = ENCODER.encode(whole)[0], ENCODER.encode(holed)[0]
    assert torch.isfinite(after).all()
    levels = slice(0, 2)
    assert (before - after)[:, :13, levels].abs().max() < 1e-3
    assert (before - after)[:, 13, levels].abs().max() < 0.2


def test_a_window_without_any_data_is_finite() -> None:
    assert torch.isfinite(ENCODER.encode(np.full((2, 2, 224, 224), np.nan))).all()


def test_stripes_have_more_oriented_energy_than_a_plain() -> None:
    plain = speckled(-10, -17, looks=12)
    stripes = plain + np.where(np.arange(224) // 4 % 2, 3.0, -3.0)[None, None, None, :]
    oriented = slice(56, 60)
    strength = [
        ENCODER.encode(x.astype(np.float32))[..., oriented].mean() for x in (plain, stripes)
    ]
    assert strength[1] > 3 * strength[0]


CELL, REACH = 8, ENCODER.spec.reach_px


def gapped(seed: int, rows: int, columns: int) -> np.ndarray:
    """A window (1, 2, 8 rows, 8 columns) with fields, speckle, and gaps of any place and size."""
    rng = np.random.default_rng(seed)
    levels = rng.normal(-14, 5, (2, rows, columns)).repeat(CELL, 1).repeat(CELL, 2)
    db = (levels + 10 * np.log10(rng.gamma(4.4, 1 / 4.4, levels.shape))).astype(np.float32)
    for _ in range(rng.integers(0, 6)):
        top, left = rng.integers(0, CELL * rows), rng.integers(0, CELL * columns)
        height, width = rng.integers(1, 90, 2)
        db[:, top : top + height, left : left + width] = np.nan
    return db[None]


@given(st.integers(0, 10**6), st.integers(0, 19), st.integers(0, 19), st.booleans())
@settings(max_examples=25, deadline=None)
def test_pixels_beyond_the_reach_change_no_bit(
    seed: int, row: int, column: int, emptied: bool
) -> None:
    window = gapped(seed, 20, 20)
    changed = np.full_like(window, np.nan) if emptied else gapped(seed + 1, 20, 20)
    near = tuple(slice(max(0, CELL * at - REACH), CELL * (at + 1) + REACH) for at in (row, column))
    changed[..., *near] = window[..., *near]
    before, after = (ENCODER.encode(one)[0, row, column] for one in (window, changed))
    assert torch.equal(before, after)


@pytest.mark.parametrize("turns", range(4))
def test_the_reach_is_no_larger_than_needed(turns: int) -> None:
    window = speckled(-12, -18)[..., :200, :200]
    first = 12 * CELL - REACH  # the first row within the reach of cells in the row 12
    last = 12 * CELL - 26  # the last row that is looked at where there are no gaps
    window[:, :, last, :] = np.nan
    changed = window.copy()
    changed[:, :, first, :] += 6
    before, after = (
        ENCODER.encode(np.rot90(one, turns, (2, 3)).copy())[0] for one in (window, changed)
    )
    before, after = (torch.rot90(one, -turns, (0, 1)) for one in (before, after))
    assert not torch.equal(before[12], after[12]) and torch.equal(before[13:], after[13:])


@pytest.mark.parametrize("level", [(-24.0, -30.0), (-3.0, -8.0)])
def test_the_edge_of_a_gap_does_not_light_up(level: tuple[float, float]) -> None:
    whole = speckled(*level, looks=12)
    holed = whole.copy()
    holed[:, :, :100, :60], holed[..., 150:] = np.nan, np.nan
    holed[..., 190:] = speckled(-11, -18, looks=12)[..., 190:]
    has_data = np.isfinite(holed[0, 0]).reshape(28, CELL, 28, CELL).mean((1, 3)) >= 0.5
    has_data[:, 20:] = False
    lines = [*range(50, 60), *range(64, 78)]
    before, after = (ENCODER.encode(one)[0, ..., lines].numpy() for one in (whole, holed))
    assert after[has_data].max() < before.max() + 0.1


def test_a_window_means_the_same_in_any_batch() -> None:
    windows = np.concatenate([speckled(-10, -17, seed=s) for s in range(3)])
    together = ENCODER.encode(windows)
    alone = torch.cat([ENCODER.encode(window[None]) for window in windows])
    assert torch.allclose(together, alone, atol=1e-5)


def test_wrong_windows_weights_and_names_are_refused(tmp_path) -> None:
    with pytest.raises(ConfigInvalid, match=r"\(1, 3, 224, 224\)"):
        ENCODER.encode(np.zeros((1, 3, 224, 224)))
    with pytest.raises(ConfigInvalid, match="weights"):
        load_encoder("texture-s1", weights=tmp_path / "w.pth")
    with pytest.raises(EncoderUnknown, match=r"'texture-s2'.*texture-s1"):
        load_encoder("texture-s2")
    with pytest.raises(ConfigInvalid, match="'gpu-9'"):
        load_encoder("texture-s1", device="gpu-9")
