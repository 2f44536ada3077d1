"""The same landscape on several dates: crops and leaves change, towns and conifers stay."""

import numpy as np

from backend.encoders import load_encoder
from backend.simulation import Ground, simulate_landscape
from backend.simulation.dates import DATES, render_dates
from backend.simulation.kinds import KINDS
from backend.simulation.survey.cells import simulate_cells
from backend.simulation.survey.points import simulate_points

FARMLAND = next(kind for kind in KINDS if kind.name == "farmland")
LASTING = (Ground.VILLAGE, Ground.TOWN, Ground.CONIFEROUS_FOREST)
CROPS = (Ground.CEREALS, Ground.TALL_CROPS, Ground.BARE_SOIL, Ground.RICE)


def test_fields_change_and_towns_and_conifers_stay() -> None:
    changes: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(4):
        landscape = simulate_landscape(seed, 256, FARMLAND)
        db = render_dates(landscape, seed, 6)
        power = (10 ** (db / 10)).reshape(6, 2, 32, 8, 32, 8).mean((3, 5))
        deviation = (10 * np.log10(power[:, 1])).std(0)
        blocks = landscape.cover.reshape(32, 8, 32, 8).swapaxes(1, 2).reshape(32, 32, 64)
        for kinds in (CROPS, LASTING):
            pure = np.isin(blocks, kinds).all(-1)
            changes[kinds is CROPS] += deviation[pure].tolist()
    assert len(changes[False]) > 20
    assert np.median(changes[True]) > 1.7 * np.median(changes[False])


def test_the_same_seed_gives_the_same_dates_in_new_speckle() -> None:
    landscape = simulate_landscape(3, 128)
    first, again = (render_dates(landscape, 3, 3) for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert first.shape == (3, 2, 128, 128)
    assert not np.array_equal(first[0], first[1])


def test_landscapes_are_seen_on_three_to_eight_dates() -> None:
    landscape = simulate_landscape(3, 64)
    counts = {len(render_dates(landscape, seed)) for seed in range(30)}
    assert counts == set(range(DATES[0], DATES[1] + 1))


def test_a_survey_and_single_cells_have_the_dates_that_an_encoder_stacks() -> None:
    encoder = load_encoder("texture-s1-dates", device="cpu")
    cells = simulate_cells(1, seed=3, encoder=encoder, size_px=128)
    assert cells.features.shape == (2 * 16 * 16, encoder.spec.dim)
    assert cells.features[:, 79:88].mean() > 0.1
    batch = next(simulate_points(1, 3, stacked=True))
    assert batch.windows.shape[1] in range(2 * DATES[0], 2 * DATES[1] + 1, 2)
    assert not np.array_equal(batch.windows[:, :2], batch.windows[:, 2:4])
