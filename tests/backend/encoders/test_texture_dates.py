"""texture-s1-dates measures how much a cell changes, beside texture-s1 on the mean of the dates."""

import numpy as np
import pytest
import torch

from backend.encoders import load_encoder
from backend.errors import ConfigInvalid

ENCODER = load_encoder("texture-s1-dates", device="cpu")
SYMMETRIC = [*range(85), *range(88, 122)]  # all but the largest steps
STEPS = [85, 86, 122, 123]  # of VV and VH
OF_TEXTURE = [*range(79), *range(88, 116)]


def stack(*levels: tuple[float, float], side: int = 112) -> np.ndarray:
    """Return a window (1, 2 dates, side, side) of speckle around VV and VH of each date in dB."""
    rng = np.random.default_rng(0)
    power = rng.gamma(4.4, 1 / 4.4, (2 * len(levels), side, side))
    return (10 * np.log10(power) + np.ravel(levels)[:, None, None])[None].astype(np.float32)


def inner(windows: np.ndarray) -> torch.Tensor:
    """Return the features (n, 125) of cells that no edge touches."""
    return ENCODER.encode(windows)[0, 6:-6, 6:-6].flatten(0, 1)


def test_what_changes_has_more_change_than_what_stays() -> None:
    fields = stack((-12, -20), (-9, -15), (-14, -22), (-12, -18))
    town = stack(*[(-6, -12)] * 4)
    changing, lasting = inner(fields).mean(0), inner(town).mean(0)
    assert (changing[79:88] > 2 * lasting[79:88]).all()
    assert (changing[116:125] > 2 * lasting[116:125]).all()
    expected = np.std([20, 15, 22, 18], ddof=1), 22 - 15, 22 - 15
    found = changing[80] * 2, changing[83] * 5, changing[86] * 4
    assert torch.stack(found).numpy() == pytest.approx(expected, rel=0.1)


def test_the_order_of_dates_shows_in_the_largest_step_alone() -> None:
    dates = [(-12, -20), (-9, -15), (-14, -22), (-12, -18)]
    windows = stack(*dates)
    order = [1, 3, 0, 2]
    other = windows.reshape(1, 4, 2, 112, 112)[:, order].reshape(windows.shape)
    first, second = inner(windows), inner(other)
    assert torch.allclose(first[:, SYMMETRIC], second[:, SYMMETRIC], atol=2e-3)
    assert (first[:, STEPS] - second[:, STEPS]).abs().amin(0).min() > 0.2


def test_the_other_columns_are_those_of_texture_on_the_mean_of_the_dates() -> None:
    windows = stack((-12, -20), (-9, -15), (-14, -22))
    power = 10 ** (windows.reshape(1, 3, 2, 112, 112).astype(float) / 10)
    mean = (10 * np.log10(power.mean(1))).astype(np.float32)
    expected = load_encoder("texture-s1", device="cpu").encode(mean)
    own = ENCODER.encode(windows)[..., OF_TEXTURE]
    assert torch.allclose(own, expected[..., :107], atol=2e-3)  # without the bright pixels


def test_a_date_that_a_cell_was_not_seen_on_is_left_out() -> None:
    windows = stack((-12, -20), (-3, -5), (-14, -22), side=160)
    windows[:, 2:4, :, :80] = np.nan  # the second date shows the eastern half alone
    features = ENCODER.encode(windows)[0]
    of_two = ENCODER.encode(windows[:, [0, 1, 4, 5]])[0]
    western = slice(None), slice(0, 4)  # farther off than anything that is seen of the other half
    assert torch.allclose(features[western], of_two[western], atol=1e-3)
    assert (features[:, 16:, 83] > 2 * features[:, :4, 83].mean()).all()


def test_a_cell_that_was_seen_once_has_no_change() -> None:
    windows = stack((-12, -20), (-3, -5))
    windows[:, 2:] = np.nan
    features = ENCODER.encode(windows)[0]
    assert torch.isfinite(features).all()
    assert not features[..., 79:88].any()


@pytest.mark.parametrize("shape", [(1, 2, 112, 112), (1, 5, 112, 112), (1, 4, 100, 112)])
def test_windows_of_one_date_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ConfigInvalid, match="got windows of shape"):
        ENCODER.encode(np.zeros(shape, np.float32))
