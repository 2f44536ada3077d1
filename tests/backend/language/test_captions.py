import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings

from backend.errors import RecordInvalid
from backend.language import Box, Object, Record, cover_of, describe
from backend.language.captions import box_captions, object_captions
from backend.language.claims import is_borne_out, read_sentence
from tests.support.records import records

NAMES = {1: "open water", 2: "trees", 3: "river"}


@settings(max_examples=60, deadline=None)
@given(records())
def test_every_sentence_follows_again_from_its_text_and_the_record(record: Record) -> None:
    sentences = [*describe(record), *object_captions(record)]
    for sentence in sentences:
        claim = read_sentence(sentence.text)
        assert claim is not None, sentence.text
        assert is_borne_out(claim, record), sentence.text
        assert sentence.evidence.objects or sentence.evidence.classes or sentence.evidence.fields


@settings(max_examples=30, deadline=None)
@given(records(), records())
def test_no_sentence_is_borne_out_by_an_empty_record(record: Record, other: Record) -> None:
    bare = dataclasses.replace(record, objects=(), cover=None, date=None, metres_per_pixel=None)
    for sentence in describe(record):
        claim = read_sentence(sentence.text)
        assert claim is not None and not is_borne_out(claim, bare)


def raster() -> np.ndarray:
    classes = np.full((90, 90), 2)
    classes[:30] = 1
    classes[60:63, :] = 3
    return classes


def test_a_raster_becomes_shares_regions_contacts_and_patches() -> None:
    record = Record("a", 90, 90, cover=cover_of(raster(), NAMES))
    texts = [sentence.text for sentence in describe(record)]
    assert texts == [
        "Of the ground, about 63 % is trees and 33 % open water.",
        "The image shows trees in the left, the centre, the right, the bottom left, the bottom and"
        " the bottom right.",
        "The image shows open water in the top left, the top and the top right.",
        "The image shows open water beside trees.",
        "The image shows 1 patch of river, the largest 31 times as long as wide.",
    ]


def test_ground_that_is_not_known_does_not_count() -> None:
    classes = raster()
    classes[45:] = 255
    cover = cover_of(classes, NAMES)
    assert cover.shares["open water"] == pytest.approx(2 / 3)
    assert sum(region.area for region in cover.regions) == pytest.approx(1)
    with pytest.raises(RecordInvalid, match="No pixel"):
        cover_of(np.full((9, 9), 255), NAMES)


def test_a_patch_is_what_touches_along_an_edge() -> None:
    classes = np.full((9, 9), 2)
    classes[:4, :4] = classes[4:, 4:] = 3  # they touch at a corner only
    patches = cover_of(classes, NAMES).patches["river"]
    assert patches.count == 2
    assert patches.elongation == pytest.approx(1, abs=0.1)


def test_five_captions_of_boxes() -> None:
    ships = tuple(Object("ship", Box(x, 5, 10, 10)) for x in (5, 80))
    record = Record("a", 90, 90, objects=(*ships, Object("bridge", Box(5, 5, 10, 10))))
    assert box_captions(record) == (
        "The image shows 3 objects.",
        "The image shows 2 ships and 1 bridge.",
        "The image shows 3 objects. The image shows 2 ships and 1 bridge.",
        "Top left: 1 bridge and 1 ship. Top right: 1 ship.",
        "The image shows 2 ships and 1 bridge. Top left: 1 bridge and 1 ship. Top right: 1 ship.",
    )


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (Box(0, 0, 30, 40), "The image shows a small ship at the top left."),
        (Box(60, 60, 100, 100), "The image shows a ship at the centre."),
        (Box(20, 20, 200, 200), "The image shows a large ship at the centre."),
        (Box(0, 0, 20, 20), ""),  # below 1 %
        (Box(0, 0, 200, 15), ""),  # 13 times as long as wide
        (Box(-5, 0, 60, 60), ""),  # leaves the chip
    ],
)
def test_objects_are_told_by_the_limits_of_size_and_shape(box: Box, said: str) -> None:
    record = Record("a", 224, 224, objects=(Object("ship", box),))
    assert "".join(one.text for one in object_captions(record)) == said
    assert not list(
        object_captions(Record("a", 223, 224, objects=(Object("ship", Box(1, 1, 99, 99)),)))
    )
