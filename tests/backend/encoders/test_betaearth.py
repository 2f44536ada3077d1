"""BetaEarth-S1 gives what its authors' code gives, to every pixel, and by the day of the year."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from safetensors.torch import save_file
from torch.nn import functional

from backend.encoders import Encoder, load_encoder
from backend.encoders.betaearth import BetaEarthS1
from backend.encoders.networks.betaearth import BetaEarthNetwork
from backend.errors import ConfigInvalid, DateMissing, WeightsInvalid
from backend.maps import align
from backend.scenes import open_scene
from backend.text import TextEncoder
from scripts.samples.weights import betaearth_state, write_betaearth
from tests.backend.conftest import random_head
from tests.support.golden import golden, stand_ins
from tests.support.rasters import speckled, write_raster

JULY = "2021-07-01"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_betaearth(tmp_path_factory.mktemp("beta") / "model.pt")


@pytest.fixture(scope="module")
def pooled(file: Path) -> Encoder:
    return load_encoder("betaearth-s1", file, "cpu", "float32").with_date(JULY)


@pytest.fixture(scope="module")
def dense(file: Path) -> Encoder:
    return load_encoder("betaearth-s1-10m", file, "cpu", "float32").with_date(JULY)


@pytest.fixture(scope="module")
def window() -> np.ndarray:
    return speckled(224, 224)[None]


def test_it_equals_the_reference_on_two_days(real: Path, tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    save_file(stand_ins("betaearth_segformer_film"), weights)
    pooled = load_encoder("betaearth-s1", weights, "cpu", "float32")
    dense = load_encoder("betaearth-s1-10m", weights, "cpu", "float32")
    with rasterio.open(real / "denmark_2017" / "s1_rtc_db.tif") as scene:
        db = scene.read()[None]
    for date, day in (("2017-07-01", 182), ("2017-10-27", 300)):
        wanted = golden(f"betaearth_s1_637U_59R_1_3_doy{day}")
        every_8 = dense.with_date(date).encode(db)[0, 4::8, 4::8].numpy()
        assert np.abs(every_8 - wanted["dense_every_8"]).max() < 1e-4
        assert (
            np.abs(pooled.with_date(date).encode(db)[0].numpy() - wanted["pooled_14"]).max() < 1e-4
        )


def test_every_pixel_has_a_unit_vector_up_to_the_edge(dense: Encoder, window: np.ndarray) -> None:
    features = dense.encode(window)
    assert features.shape == (1, *dense.spec.grid, 64) == (1, 224, 224, 64)
    assert torch.allclose(features.norm(dim=-1), torch.ones(1, 224, 224), atol=1e-5)


def test_pooled_features_are_means_of_the_dense_ones(
    pooled: Encoder, dense: Encoder, window: np.ndarray
) -> None:
    means = dense.encode(window).unflatten(1, (14, 16)).unflatten(3, (14, 16)).mean(dim=(2, 4))
    assert torch.allclose(pooled.encode(window), means, atol=1e-6)
    assert pooled.spec.identity == dense.spec.identity  # so they share their heads


def test_the_fusion_does_what_was_published(pooled: BetaEarthS1, window: np.ndarray) -> None:
    """Enlarged first, and with the other branches as zeros: the slow way gives the same."""
    network = pooled._network
    assert isinstance(network, BetaEarthNetwork)
    image = ((torch.as_tensor(window) + 25) / 25).clamp(0, 1)
    features = network.time_cond(network.s1_encoder(image), torch.tensor([182]))
    large = functional.interpolate(features, (224, 224), mode="bilinear", align_corners=True)
    zeros = torch.zeros_like(large)
    slow = functional.normalize(network.fusion(torch.cat([zeros, zeros, large, zeros], 1)), dim=1)
    assert torch.allclose(network(image, torch.tensor([182])), slow, atol=1e-5)


def test_the_day_of_the_year_counts_and_the_year_does_not(
    pooled: BetaEarthS1, window: np.ndarray
) -> None:
    july = pooled.encode(window)
    assert (pooled.with_date("2021-01-15").encode(window) - july).abs().max() > 0.01
    assert torch.equal(pooled.with_date("2018-07-01").encode(window), july)
    assert torch.equal(pooled.encode(window), july)  # binding another day leaves it alone


def test_each_window_may_have_its_own_day(pooled: BetaEarthS1, window: np.ndarray) -> None:
    days = (JULY, "2021-01-15")
    together = pooled.with_date(days).encode(np.repeat(window, 2, axis=0))
    alone = torch.cat([pooled.with_date(day).encode(window) for day in days])
    assert torch.equal(together, alone)


def test_without_a_date_it_refuses(file: Path, window: np.ndarray) -> None:
    unbound = load_encoder("betaearth-s1", file, "cpu", "float32")
    for attempt in (
        lambda: unbound.encode(window),
        lambda: unbound.with_date(None),
        lambda: unbound.with_date([JULY, None]),
    ):
        with pytest.raises(DateMissing, match="betaearth-s1 needs the scene's date"):
            attempt()


def test_no_data_is_what_it_was_in_training(pooled: Encoder, window: np.ndarray) -> None:
    holed, floor = window.copy(), window.copy()
    holed[:, :, 50:120, 30:], floor[:, :, 50:120, 30:] = np.nan, -25
    holed[0, 1, 0, 0], floor[0, 1, 0, 0] = -np.inf, -40
    assert torch.equal(pooled.encode(holed), pooled.encode(floor))
    assert torch.isfinite(pooled.encode(np.full((1, 2, 224, 224), np.nan))).all()


def test_larger_windows_are_taken_when_their_sides_fit(pooled: Encoder) -> None:
    assert pooled.encode(speckled(256, 224)[None]).shape == (1, 16, 14, 64)
    for height in (192, 240):
        with pytest.raises(ConfigInvalid, match="divisible by 32 and at least 224"):
            pooled.encode(speckled(height, 224)[None])


def test_a_dense_map_reaches_the_edges_and_has_no_seams(
    dense: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    """The scene is all one, so what differs from pixel to pixel is the windows' doing."""
    rng = np.random.default_rng(0)
    plain = rng.normal([[[-10.0]], [[-17.0]]], 0.3, (2, 130, 150)).astype(np.float32)
    scene = write_raster(tmp_path / "S1A_IW_GRDH_20210701.tif", plain)
    head = random_head(dense, minilm)
    with open_scene(scene) as opened:
        made = align(opened, None, ["open water"], dense, head, minilm, tmp_path / "map.tif")
    with rasterio.open(made.path) as file:
        cosine, transform = file.read(1), file.transform
    assert cosine.shape == (130, 150) and np.isfinite(cosine).all()
    assert transform.a == 10
    for axis, origin in ((0, -round(transform.f / 10)), (1, round(transform.c / 10))):
        steps = np.abs(np.diff(cosine, axis=axis)).mean(axis=1 - axis)
        borders = (np.arange(len(steps)) + origin + 1) % 112 == 0
        assert borders.any()
        assert steps[borders].max() <= 1.5 * np.median(steps)


def test_another_layout_is_refused_by_its_first_key(tmp_path: Path) -> None:
    state = betaearth_state()
    del state["fusion.2.bias"]
    save_file(state, tmp_path / "model.safetensors")
    with pytest.raises(WeightsInvalid, match=r"model.safetensors lacks fusion\.2\.bias"):
        load_encoder("betaearth-s1", tmp_path / "model.safetensors", "cpu", "float32")
