"""The table of points that any survey can be brought into, and splits that keep regions whole."""

import itertools
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import ConfigInvalid, OutputUnwritable, SurveyInvalid
from backend.survey.points import Point, SurveyPoints, gather_points, read_points, write_points
from backend.survey.split import LUCAS_SIZES, require_split, split_points

HEADER = "id,lon,lat,date,region,class,north,east,south,west,photo"
DIRECTED = "a1,13.4,52.5,2021-06-01,DE3,A,https://x.org/n.jpg,,https://x.org/s.jpg,,"
SINGLE = "b2,-9.1,38.7,,PT1,,,,,,beach/1.jpg"


def table(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "points.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def points_of(counts: list[int]) -> SurveyPoints:
    """Points of regions with these numbers of points."""
    point = gather_points([Point("0", 0.0, 0.0, None, "R", 0, ("n.jpg", "", "", ""))])
    names = np.array([f"R{i:03}" for i in range(len(counts))], np.dtypes.StringDType())
    same = [field.name for field in fields(point) if field.name not in ("region", "split")]
    columns = {name: np.repeat(getattr(point, name), sum(counts), 0) for name in same}
    return SurveyPoints(**columns, region=np.repeat(names, counts))


# The table


def test_directed_and_single_photographs_come_from_one_table(tmp_path) -> None:
    points = read_points(table(tmp_path, SINGLE, DIRECTED))
    assert points.ids.tolist() == ["a1", "b2"]
    assert points.views[0].tolist() == ["https://x.org/n.jpg", "", "https://x.org/s.jpg", ""]
    assert points.undirected.tolist() == ["", str(tmp_path / "beach" / "1.jpg")]
    assert points.land_class.tolist() == [0, -1]
    assert str(points.date[0]) == "2021-06-01" and np.isnat(points.date[1])
    assert points.split is None


def test_columns_may_be_fewer_in_any_order_and_between_semicolons(tmp_path) -> None:
    path = table(tmp_path, "r;1;2;p.jpg;;x", header="\ufeffREGION;lon;LAT;photo;date;id")
    points = read_points(path)
    assert (points.ids[0], points.lon[0], points.lat[0]) == ("x", 1, 2)


def test_a_split_of_ones_own_is_kept_and_written(tmp_path) -> None:
    lines = ["p,1,2,,r,n.jpg,train", "q,1,2,,s,n.jpg,test"]
    path = table(tmp_path, *lines, header="id,lon,lat,date,region,photo,split")
    points = read_points(path)
    assert require_split(points, path.name).tolist() == [0, 2]
    write_points(points, tmp_path / "again.csv")
    again = read_points(tmp_path / "again.csv")
    assert again.split is not None and again.split.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (DIRECTED.replace("13.4", "east"), "row 3: lon is 'east'; expected a number"),
        (DIRECTED.replace("13.4", "181"), "row 3: lon is '181'; expected degrees"),
        (DIRECTED.replace("52.5", "-91"), "row 3: lat is '-91'; expected degrees"),
        (DIRECTED.replace("2021-06-01", "1.6.2021"), "row 3: date is '1.6.2021'; expected YYYY"),
        (DIRECTED.replace("DE3", ""), "row 3: region is ''"),
        (DIRECTED.replace(",A,", ",forest,"), "row 3: class is 'forest'; expected one letter"),
        (DIRECTED.replace("https", "ftp"), "row 3: north is 'ftp://x.org/n.jpg'; expected a path"),
        (DIRECTED.replace("a1", ""), "row 3: id is ''"),
        (SINGLE, "row 3: id is 'b2'; expected an id that no other row has"),
        (DIRECTED + "p.jpg", "row 3 has 2 directed photographs and one undirected"),
        ("c,1,2,,r,,,,,,", "row 3 has 0 directed photographs and none undirected"),
        ("c,1,2", "row 3 has 3 fields; expected 11"),
    ],
)
def test_a_row_that_cannot_be_read_names_row_and_field(tmp_path, line, said) -> None:
    with pytest.raises(SurveyInvalid) as caught:
        read_points(table(tmp_path, SINGLE, line))
    assert said in caught.value.message and "points.csv" in caught.value.message


def test_a_region_in_two_splits_and_an_unknown_split_are_named(tmp_path) -> None:
    header = "id,lon,lat,date,region,photo,split"
    with pytest.raises(SurveyInvalid, match="row 3: split is 'test'; expected the split of the"):
        read_points(table(tmp_path, "p,1,2,,r,n,train", "q,1,2,,r,n,test", header=header))
    with pytest.raises(SurveyInvalid, match="row 2: split is 'dev'; expected one of train"):
        read_points(table(tmp_path, "p,1,2,,r,n,dev", header=header))


def test_an_empty_table_and_a_missing_column_are_named(tmp_path) -> None:
    with pytest.raises(SurveyInvalid, match=r"points\.csv has no points"):
        read_points(table(tmp_path))
    with pytest.raises(SurveyInvalid, match=r"points\.csv lacks the column region; it has id, lon"):
        read_points(table(tmp_path, SINGLE, header=HEADER.replace("region", "land")))


def test_a_table_that_is_not_there_or_a_folder_is_named(tmp_path) -> None:
    with pytest.raises(SurveyInvalid, match=r"none\.csv cannot be read: No such file or dir\w+\. "):
        read_points(tmp_path / "none.csv")
    with pytest.raises(SurveyInvalid, match="cannot be read: Is a directory"):
        read_points(tmp_path)


def test_a_survey_without_a_split_is_named(tmp_path) -> None:
    path = table(tmp_path, SINGLE)
    with pytest.raises(SurveyInvalid, match=r"points\.csv has no column split"):
        require_split(read_points(path), path.name)


def test_a_table_that_cannot_be_written_leaves_nothing(tmp_path) -> None:
    with pytest.raises(OutputUnwritable):
        write_points(points_of([1]), tmp_path / "absent" / "points.csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputUnwritable):
        write_points(points_of([1]), tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


# The split


def test_lucas_is_split_into_the_papers_numbers_exactly() -> None:
    rng = np.random.default_rng(3)
    total = sum(LUCAS_SIZES)
    shares = rng.lognormal(0, 1, 240)  # many small regions, few that are ten times larger
    counts = np.floor(shares / shares.sum() * total).astype(int) + 1
    counts[np.argmax(counts)] += total - counts.sum()
    split = split_points(points_of(counts.tolist()), LUCAS_SIZES).split
    assert tuple(np.bincount(split)) == LUCAS_SIZES


def test_large_and_small_regions_are_held_out_alike() -> None:
    counts = [50] * 150 + [1500] * 100
    points = split_points(points_of(counts), LUCAS_SIZES)
    regions = np.unique(points.region[points.split > 0])
    assert sum(name >= "R150" for name in regions) > 5
    assert sum(name < "R150" for name in regions) > 5


COUNTS = st.lists(st.integers(1, 60), min_size=3, max_size=7)
SIZES = st.tuples(*[st.integers(1, 20)] * 3)


@settings(max_examples=60)
@given(counts=COUNTS, sizes=SIZES, seed=st.integers(0, 99))
def test_regions_stay_whole_sizes_are_nearest_and_order_does_not_matter(
    counts, sizes, seed
) -> None:
    points = points_of(counts)
    split = split_points(points, sizes).split
    regions = {(region, kind) for region, kind in zip(points.region, split, strict=True)}
    assert len(regions) == len(counts)
    assert set(split.tolist()) == {0, 1, 2}

    train, validation, _ = np.array(sizes) / sum(sizes) * len(points)
    ways = [
        np.bincount(way, weights=counts, minlength=3)
        for way in itertools.product(range(3), repeat=len(counts))
        if len(set(way)) == 3
    ]
    got = np.bincount(split)
    assert abs(got[0] - train) == pytest.approx(min(abs(way[0] - train) for way in ways))
    held = {kind: sorted(r for r, k in regions if k == kind) for kind in (1, 2)}
    out = [counts[int(region[1:])] for region in (*held[1], *held[2])]
    sums = [sum(some) for k in range(1, len(out)) for some in itertools.combinations(out, k)]
    assert abs(got[1] - validation) == pytest.approx(min(abs(s - validation) for s in sums))

    shuffled = np.random.default_rng(seed).permutation(len(points))
    moved = split_points(replace(points, region=points.region[shuffled]), sizes).split
    np.testing.assert_array_equal(moved, split[shuffled])


def test_fewer_regions_than_splits_are_refused() -> None:
    with pytest.raises(SurveyInvalid, match="regions in the survey is 2; expected at least 3"):
        split_points(points_of([5, 5]), LUCAS_SIZES)


@pytest.mark.parametrize("size", [0.0, np.nan, np.inf])
def test_a_split_of_no_size_is_refused(size: float) -> None:
    with pytest.raises(ConfigInvalid, match=f"are 8, 1, {size}; expected positive numbers"):
        split_points(points_of([5, 5, 5]), (8, 1, size))
