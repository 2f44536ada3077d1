"""texture-s1 measures what it says, and shrugs off speckle, gaps and strange pixels."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.encoders import list_encoders, load_encoder
from backend.errors import ConfigInvalid, EncoderUnknown

ENCODER = load_encoder("texture-s1", device="cpu")
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
    change = (ENCODER.encode(strange) - ENCODER.encode(clean)).abs().amax()
    assert change < 0.35


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
