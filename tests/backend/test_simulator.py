"""The simulator: determinism, speckle, backscatter by cover, relief by side."""

import pytest

from backend.scenes.simulator import render_backscatter, simulate_landscape
from backend.survey.simulate import simulate_points


def test_the_same_seed_gives_the_same_pixels() -> None:
    first, second = (simulate_landscape(5, 256) for _ in range(2))
    assert first.cover.tobytes() == second.cover.tobytes()
    assert render_backscatter(first, 9).tobytes() == render_backscatter(second, 9).tobytes()
    assert render_backscatter(first, 9).tobytes() != render_backscatter(first, 10).tobytes()


@pytest.mark.parametrize("workers", [1, 2])
def test_points_do_not_depend_on_how_many_are_drawn_or_by_whom(workers: int) -> None:
    few = next(simulate_points(3, seed=2))
    many = list(simulate_points(40, seed=2, workers=workers))
    assert few.windows.tobytes() == many[0].windows[:3].tobytes()
    assert few.captions == many[0].captions[:3]
    assert sum(len(batch.captions) for batch in many) == 40
