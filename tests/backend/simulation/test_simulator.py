"""The simulator: determinism, speckle, backscatter by cover, relief by side, the demo scene."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.simulation import (
    CLASSES,
    Ground,
    Landscape,
    Season,
    render_backscatter,
    simulate_landscape,
    write_demo_scene,
)
from backend.simulation.backscatter import class_means
from backend.simulation.canvas import facing_gain
from backend.simulation.conditions import Conditions
from backend.simulation.cover import WATER, is_any
from backend.simulation.kinds import CLIMATES, KINDS
from backend.simulation.noise import fractal_pair, speckle
from backend.simulation.terrain import distance_m, edge_gain, slant_view


def conditions(**changes: object) -> Conditions:
    """An ordinary summer pass; `changes` replace fields."""
    usual = {
        "kind": "farmland", "climate": "temperate", "season": Season.GROWING, "product_type": "GRD",
        "looks_east": True, "incidence_deg": 38.0, "wind": 0.3, "moisture": 0.0, "enl": 5.0,
        "blur_px": 0.7, "noise_db": -25.0, "noise_removed": 0.0, "calibration_db": (0.0, 0.0),
    }  # fmt: skip
    return Conditions(**{**usual, **changes})  # type: ignore[arg-type]


def plain(ground: Ground, seen: Conditions, size: int = 256) -> Landscape:
    """A flat landscape of one class."""
    return Landscape(
        conditions=seen,
        cover=np.full((size, size), ground, np.uint8),
        elevation=np.zeros((size, size), np.float32),
        parcel=np.zeros((size, size), np.int32),
        chance=np.zeros((1, 2), np.float32),
        facing=np.zeros((1, 2), np.float32),
        targets=np.zeros((0, 4)),
    )


def mean_db(db: np.ndarray) -> np.ndarray:
    """Mean power of each band, in dB."""
    return 10 * np.log10((10 ** (db / 10)).mean(axis=(1, 2)))


def test_the_same_seed_gives_the_same_pixels() -> None:
    first, second = (simulate_landscape(5, 256) for _ in range(2))
    assert first.cover.tobytes() == second.cover.tobytes()
    assert render_backscatter(first, 9).tobytes() == render_backscatter(second, 9).tobytes()
    assert render_backscatter(first, 9).tobytes() != render_backscatter(first, 10).tobytes()


@pytest.mark.parametrize("enl", [3.0, 4.4, 12.0])
@pytest.mark.parametrize("blur_px", [0.5, 1.2])
def test_speckle_has_the_looks_asked_for(enl: float, blur_px: float) -> None:
    factors = speckle(np.random.default_rng(1), (512, 512), enl, blur_px)
    assert factors.mean() == pytest.approx(1, abs=0.02)
    assert factors.mean() ** 2 / factors.var() == pytest.approx(enl, rel=0.1)


def test_speckle_is_alike_next_door_and_not_farther_off() -> None:
    factors = speckle(np.random.default_rng(1), (512, 512), 4.4, 0.7)
    near = np.corrcoef(factors[:, :-1].ravel(), factors[:, 1:].ravel())[0, 1]
    far = np.corrcoef(factors[:, :-4].ravel(), factors[:, 4:].ravel())[0, 1]
    assert 0.4 < near < 0.75
    assert abs(far) < 0.05


@pytest.mark.parametrize("season", list(Season))
def test_covers_rank_as_published(season: Season) -> None:
    vv, vh = class_means(conditions(season=season)).T
    G = Ground
    assert vh[G.LAKE] < vh[G.SAND] < vh[G.BARE_SOIL] < vh[G.BROADLEAVED_FOREST] < vh[G.TOWN]
    assert vv[G.LAKE] < vv[G.ASPHALT] < vv[G.GRASSLAND] < vv[G.RAINFOREST] < vv[G.INDUSTRY]
    assert vv[G.FLOODED_VEGETATION] > vv[G.BROADLEAVED_FOREST]
    assert (vv > vh).all()


@given(wind=st.floats(0, 0.9), incidence=st.floats(30, 45))
def test_wind_roughens_water_and_steep_looks_brighten_it(wind: float, incidence: float) -> None:
    calm = class_means(conditions(wind=wind, incidence_deg=incidence))[Ground.SEA]
    windy = class_means(conditions(wind=wind + 0.1, incidence_deg=incidence))[Ground.SEA]
    grazing = class_means(conditions(wind=wind, incidence_deg=incidence + 1))[Ground.SEA]
    assert (windy > calm).all()
    assert (grazing < calm).all()


@pytest.mark.parametrize("noise_db", [-28.0, -23.0])
def test_glassy_water_sinks_to_the_noise_floor_and_no_deeper(noise_db: float) -> None:
    seen = conditions(wind=0.0, noise_db=noise_db)
    vv, vh = mean_db(render_backscatter(plain(Ground.LAKE, seen), 1))
    assert noise_db < vh < noise_db + 3
    assert vv >= vh


def test_removing_the_noise_lets_calm_water_sink_deeper() -> None:
    kept, removed = (
        render_backscatter(plain(Ground.LAKE, conditions(wind=0.0, noise_removed=share)), 1)
        for share in (0.0, 0.95)
    )
    assert mean_db(removed)[1] < mean_db(kept)[1] - 1.5
    assert np.isfinite(removed).all()


def test_water_lies_below_land_in_vh_wherever_both_are_seen() -> None:
    compared = 0
    for seed in range(8):
        landscape = simulate_landscape(seed, 384)
        water = is_any(landscape.cover, WATER)
        if not 0.02 < water.mean() < 0.9:
            continue
        compared += 1
        vh = render_backscatter(landscape, seed)[1]
        assert np.median(vh[water]) < np.median(vh[~water]) - 1.5
    assert compared >= 3


@pytest.mark.parametrize("looks_east", [True, False])
def test_a_hill_shines_towards_the_radar_and_hides_what_lies_behind(looks_east: bool) -> None:
    row, col = np.indices((128, 128), dtype=np.float32)
    hill = 900 * np.exp(-((row - 64) ** 2 + (col - 64) ** 2) / (2 * 20**2))
    bright, shadow = slant_view(hill.astype(np.float32), looks_east, 45.0)
    west, east = (slice(None), slice(30, 60)), (slice(None), slice(68, 98))
    front, back = (west, east) if looks_east else (east, west)
    assert bright[front].max() > 2
    assert bright[front].mean() > 1 > bright[back].min()
    assert shadow[back].any() and not shadow[front].any()
    assert bright[0, 0] == pytest.approx(1, abs=0.05)


def test_flat_land_is_neither_brightened_nor_hidden() -> None:
    bright, shadow = slant_view(np.full((32, 32), 400, np.float32), True, 38.0)
    assert (bright == 1).all() and not shadow.any()


def test_trees_shine_at_the_edge_that_faces_the_radar() -> None:
    height = np.zeros((32, 64), np.float32)
    height[:, 20:40] = 20
    gain = edge_gain(height, looks_east=True, incidence_deg=38.0)
    assert gain[16, 18:22].max() > 1.2 and gain[16, 38:42].min() < 0.8
    assert gain[16, 30] == pytest.approx(1)


@given(angle=st.floats(-10, 10))
def test_lines_across_the_look_shine_whichever_end_they_start_from(angle: float) -> None:
    seen = conditions()
    there, back = facing_gain(seen, np.array([angle, angle + np.pi]), 6.0, 2.0, 9.0)
    np.testing.assert_allclose(there, back, atol=1e-6)
    along_flight = facing_gain(seen, np.array([np.pi / 2 + np.radians(12)]), 6.0, 2.0, 9.0)
    assert (there <= along_flight[0] + 1e-9).all()


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), wavelength=st.floats(5, 300), roughness=st.floats(1.2, 2.8))
def test_random_fields_have_no_mean_and_unit_spread(
    seed: int, wavelength: float, roughness: float
) -> None:
    for field in fractal_pair(np.random.default_rng(seed), (128, 128), wavelength, roughness):
        assert abs(field.mean()) < 1e-4
        assert 0.3 < field.std() < 1.8


def test_distances_are_right_within_the_coarse_grid() -> None:
    mask = np.zeros((203, 197), bool)
    mask[100, 50] = True
    metres = distance_m(mask)
    assert metres.shape == mask.shape
    assert metres[100, 150] == pytest.approx(1000, abs=60)
    assert (distance_m(np.zeros((64, 64), bool)) > 1e5).all()


def test_every_class_has_its_row_and_every_kind_its_climates() -> None:
    assert [cover.ground for cover in CLASSES] == list(Ground)
    assert all(set(kind.climates) <= set(CLIMATES) for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_of_landscape_renders(kind: object) -> None:
    landscape = simulate_landscape(3, 256, kind)  # type: ignore[arg-type]
    db = render_backscatter(landscape, 3)
    assert landscape.conditions.kind == kind.name  # type: ignore[attr-defined]
    assert db.shape == (2, 256, 256) and db.dtype == np.float32
    assert np.isfinite(db).all()
    assert -30 < np.median(db[0]) < 0


def test_the_demo_scene_comes_with_its_truth_on_the_same_grid(tmp_path: Path) -> None:
    scene, truth = write_demo_scene(tmp_path)
    with rasterio.open(scene) as radar, rasterio.open(truth) as cover:
        assert radar.descriptions == ("VV", "VH") and radar.shape == (1024, 1024)
        assert radar.crs.to_epsg() == 32632 and radar.res == (10, 10)
        assert np.isnan(radar.nodata) and radar.tags()["simulated"] == "yes"
        assert radar.transform == cover.transform and radar.shape == cover.shape
        assert cover.tags()[f"CLASS_{Ground.LAKE:d}"] == "lake"
        shares = np.bincount(cover.read(1).ravel(), minlength=len(CLASSES)) / 1024**2
    for ground in (Ground.LAKE, Ground.RIVER, Ground.VILLAGE, Ground.TOWN):
        assert shares[ground] > 0.005, ground.name
    assert shares[Ground.BROADLEAVED_FOREST] + shares[Ground.CONIFEROUS_FOREST] > 0.08
