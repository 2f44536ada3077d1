"""No ground is in two splits."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.corpus import Corpus
from backend.corpus.ground import locate_chip
from backend.corpus.records import Chip
from backend.corpus.slicing import crop_transform
from backend.corpus.splitting import _reaches_another, chip_points, split_corpus
from backend.errors import CorpusInvalid


def test_chips_of_a_split_share_no_ground_with_another(corpus: Corpus) -> None:
    report = split_corpus(corpus, (60, 20, 20), square_km=1.0)
    splits, chips = corpus.splits(), {chip.name: chip for chip in corpus.chips()}
    assert sum(report.chips.values()) + report.left_out == 80
    assert all(report.chips[name] for name in ("train", "validation", "test"))
    ground = {
        name: shapely.union_all([shapely.Polygon(chips[one].ground.corners) for one in names])
        for name, names in splits.items()
    }
    for one, other in (("train", "validation"), ("train", "test"), ("validation", "test")):
        common = shapely.intersection(ground[one], ground[other]).area
        assert common < 1e-3 * shapely.area(ground[other]), "edges touch, grounds do not"


def test_the_same_chips_give_the_same_split_and_the_screen_is_heeded(corpus: Corpus) -> None:
    split_corpus(corpus, square_km=1.0)
    first = corpus.splits()
    split_corpus(corpus, square_km=1.0)
    assert corpus.splits() == first
    gone = first["train"][0]
    with corpus.adding("screen.jsonl") as lines:
        lines.add({"chip": gone, "features": {}, "out": "blank"})
    assert split_corpus(corpus, square_km=1.0).screened == 1
    assert all(gone not in names for names in corpus.splits().values())


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=3, max_size=40))
def test_whatever_overlaps_is_not_in_two_splits(places: list[tuple[int, int]]) -> None:
    from affine import Affine

    chips = []
    for number, (row, column) in enumerate(places):
        grid = Affine(10, 0, 500_000, 0, -10, 5_400_000)
        transform = crop_transform(grid, column, row)
        chips.append(
            Chip(f"{number}", "a.tif", 50, 50, ground=locate_chip("EPSG:32633", transform, 50, 50))
        )
    split = np.arange(len(chips), dtype=np.uint8) % 3
    kept = np.flatnonzero(~_reaches_another(chips, split))
    for one in kept:
        for other in kept:
            (r, c), (s, d) = places[one], places[other]
            overlap = max(0, 50 - abs(r - s)) * max(0, 50 - abs(c - d))
            if split[one] != split[other]:
                assert overlap <= 0.05 * 50 * 50


def test_chips_without_a_place_keep_their_published_split() -> None:
    with pytest.raises(CorpusInvalid, match="harbour has no map coordinates"):
        chip_points([Chip("harbour", "harbour.png")])


def test_chips_in_one_square_cannot_be_divided(corpus: Corpus) -> None:
    with pytest.raises(CorpusInvalid, match=r"in 1 square of 500 km.*--square-km"):
        split_corpus(corpus, square_km=500.0)
