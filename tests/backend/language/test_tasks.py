import re
from collections import Counter

import pytest
from hypothesis import given, settings

from backend.language import Box, Object, Record
from backend.language.regions import REGION_NAMES, region_of
from backend.language.task_wordings import TASK_WORDINGS, task_asked
from backend.language.tasks import box_text, boxes_in, tasks
from backend.language.words import plural
from tests.support.records import records


@settings(max_examples=60, deadline=None)
@given(records())
def test_every_answer_follows_again_from_the_text_and_the_record(record: Record) -> None:
    objects = record.objects or ()
    for pair in tasks(record):
        asked = task_asked(pair.question)
        assert asked is not None and asked[0] == pair.kind
        task, about = asked
        if task in ("count", "grounding"):
            own = [each for each in objects if about == plural(each.category)]
            boxes = ", ".join(box_text(each.box) for each in own)
            assert pair.answer == (str(len(own)) if task == "count" else boxes)
        elif task == "identify":
            (each,) = [one for one in objects if box_text(one.box) == about]
            assert pair.answer.endswith(f" {each.category}")
        else:
            (each,) = [
                one
                for one in objects
                if about == f"the {one.category} at the {REGION_NAMES[region_of(record, one)]}"
            ]
            assert boxes_in(pair.answer) == boxes_in(box_text(each.box))


def test_each_task_has_as_many_wordings_as_are_published_and_all_are_drawn() -> None:
    counts = {task: len(set(wordings)) for task, wordings in TASK_WORDINGS.items()}
    assert counts == {"count": 15, "grounding": 15, "identify": 20, "refer": 30}
    parts = {
        "classes": "aircraft carriers",
        "box": "{<1><2><3><4>}",
        "object": "the ship at the top",
    }
    for task, wordings in TASK_WORDINGS.items():
        for wording in wordings:
            (name,) = re.findall(r"\{(\w+)\}", wording)
            question = f"[{task}] {wording.replace('{' + name + '}', parts[name])}"
            assert task_asked(question) == (task, parts[name])
    ship = (Object("ship", Box(5, 5, 10, 10)),)
    chips = (Record(f"chip-{number}", 90, 90, objects=ship) for number in range(600))
    drawn = Counter(
        pair.kind
        for pair in {pair.question: pair for chip in chips for pair in tasks(chip)}.values()
    )
    assert drawn == counts
    assert task_asked("[count] Is there a ship?") is None


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
