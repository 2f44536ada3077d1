import re
from collections import Counter

import pytest
from hypothesis import given, settings

from backend.language import Box, Object, Record
from backend.language.regions import REGION_NAMES, region_of
from backend.language.tasks import TASKS, box_text, boxes_in, tasks
from tests.support.records import records


@settings(max_examples=60, deadline=None)
@given(records())
def test_every_answer_follows_again_from_the_text_and_the_record(record: Record) -> None:
    objects = record.objects or ()
    for pair in tasks(record):
        mark, text = re.fullmatch(r"\[(\w+)\] (.+)", pair.question).groups()  # type: ignore[union-attr]
        assert mark == pair.kind and mark in TASKS
        if mark == "count":
            (noun,) = re.findall("How many (.+) are there", text)
            assert int(pair.answer) == sum(each.category in (noun, noun[:-1]) for each in objects)
        elif mark == "grounding":
            noun = text.removeprefix("Mark all ").rstrip(".")
            own = [each for each in objects if each.category in (noun, noun[:-1])]
            assert pair.answer == ", ".join(box_text(each.box) for each in own)
        elif mark == "identify":
            (each,) = [one for one in objects if box_text(one.box) in text]
            assert pair.answer.endswith(f" {each.category}")
        else:
            (each,) = [
                one
                for one in objects
                if text == f"Mark the {one.category} at the {REGION_NAMES[region_of(record, one)]}."
            ]
            assert boxes_in(pair.answer) == boxes_in(box_text(each.box))


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (Box(0, 0, 80, 50), "a very large, wide ship"),
        (Box(0, 0, 50, 50), "a large, about square ship"),
        (Box(0, 0, 20, 50), "a medium, tall ship"),
        (Box(0, 0, 15, 20), "a small, about square ship"),
        (Box(0, 0, 14, 20.5), "a very small, about square ship"),
    ],
)
def test_sizes_and_shapes_are_those_of_the_rule(box: Box, words: str) -> None:
    record = Record("a", 100, 100, objects=(Object("ship", box),))
    assert [pair.answer for pair in tasks(record) if pair.kind == "identify"] == [words]


def test_what_two_objects_would_answer_is_not_asked() -> None:
    twice = tuple(Object("ship", Box(x, 5, 10, 10)) for x in (5, 8))
    kinds = Counter(pair.kind for pair in tasks(Record("a", 90, 90, objects=twice)))
    assert (kinds["refer"], kinds["identify"], kinds["grounding"]) == (0, 2, 1)
    same = (Object("ship", Box(5, 5, 10, 10)), Object("bridge", Box(5.2, 5, 10, 10)))
    kinds = Counter(pair.kind for pair in tasks(Record("a", 90, 90, objects=same)))
    assert (kinds["refer"], kinds["identify"]) == (2, 0)


def test_boxes_are_whole_pixels_of_both_corners() -> None:
    assert box_text(Box(1.5, -2.4, 10, 10)) == "{<2><-2><12><8>}"
    assert boxes_in("at {<2><-2><12><8>}, {<0><0><1><1>}") == [(2, -2, 12, 8), (0, 0, 1, 1)]
