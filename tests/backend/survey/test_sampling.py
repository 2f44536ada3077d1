"""A sample of a survey looks like the whole, is always the same, and grows."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from backend.errors import ConfigInvalid
from backend.survey.__main__ import app
from backend.survey.points import Point, SurveyPoints, gather_points
from backend.survey.split import sample_points


def survey(seed: int, n: int) -> SurveyPoints:
    rng = np.random.default_rng(seed)
    return gather_points(
        Point(
            id=f"{k:05d}",
            lon=10.0,
            lat=50.0,
            date=None,
            region=f"R{rng.zipf(1.5) % 20}",
            land_class=int(rng.choice(9, p=[0.3, 0.3, 0.15, 0.1, 0.05, 0.04, 0.03, 0.02, 0.01]))
            - 1,
            views=("n.jpg", "", "", ""),
        )
        for k in range(n)
    )


def counts(points: SurveyPoints) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for stratum in zip(points.region, points.land_class.tolist(), strict=True):
        found[stratum] = found.get(stratum, 0) + 1
    return found


@given(seed=st.integers(0, 2**32), n=st.integers(2, 400), data=st.data())
def test_every_class_of_every_region_keeps_its_share(
    seed: int, n: int, data: st.DataObject
) -> None:
    points = survey(seed, n)
    size = data.draw(st.integers(1, n))
    sample = sample_points(points, size)
    assert len(sample) == size
    there = counts(sample)
    shares = [there.get(stratum, 0) - whole * size / n for stratum, whole in counts(points).items()]
    # One point more or less by rounding, and what the strata's rounding adds up to.
    assert np.abs(shares).max() <= 2 + len(shares) / 4


@given(seed=st.integers(0, 2**32), sizes=st.tuples(st.integers(1, 200), st.integers(1, 200)))
def test_a_larger_sample_holds_the_smaller(seed: int, sizes: tuple[int, int]) -> None:
    points = survey(seed, 200)
    small, large = (set(sample_points(points, size).ids) for size in sorted(sizes))
    assert small <= large


def test_shares_of_a_large_survey_are_met_to_a_point_or_two() -> None:
    points = survey(1, 20_000)
    there = counts(sample_points(points, 2_000))
    for stratum, whole in counts(points).items():
        assert abs(there.get(stratum, 0) - whole / 10) <= 2, stratum


def test_strata_of_one_point_keep_their_share_together() -> None:
    points = gather_points(
        Point(f"{k:04d}", 0.0, 0.0, None, f"R{k}" if k < 500 else "R", 0, ("n.jpg", "", "", ""))
        for k in range(1000)
    )
    alone = sum(region != "R" for region in sample_points(points, 100).region)
    assert 35 <= alone <= 65


def test_a_sample_that_empties_a_split_says_so(tmp_path: Path) -> None:
    rows = "".join(f"p{k},10,50,,R{k % 3},n.jpg\n" for k in range(9))
    (tmp_path / "mine.csv").write_text("id,lon,lat,date,region,north\n" + rows)
    command = ["points", str(tmp_path / "mine.csv"), "-o", str(tmp_path / "points.csv")]
    whole, two = (CliRunner().invoke(app, [*command, *more]) for more in ([], ["--sample", "2"]))
    assert whole.exit_code == two.exit_code == 0
    assert "A split is empty" in two.output and "A split is empty" not in whole.output


@pytest.mark.parametrize("size", [0, 11])
def test_a_sample_larger_than_the_survey_is_refused(size: int) -> None:
    with pytest.raises(ConfigInvalid, match=f"sample of {size} points was asked for; .* has 10"):
        sample_points(survey(0, 10), size)
