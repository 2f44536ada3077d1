from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import RecordInvalid
from backend.language import Box, Object, Record, answer_from, questions, read_question
from backend.language.wordings import KINDS
from benchmarks.questions import as_dictionaries, by_columns, draw_records, plain_questions
from tests.support.records import CATEGORIES, records


def ships(*corners: tuple[float, float], category: str = "ship") -> tuple[Object, ...]:
    return tuple(Object(category, Box(x, y, 10, 10)) for x, y in corners)


def asked(record: Record, kind: str) -> dict[str, str]:
    found = questions([record], CATEGORIES)
    return {pair.question: pair.answer for pair in found if pair.kind == kind}


@settings(max_examples=60, deadline=None)
@given(st.lists(records(), max_size=4, unique_by=lambda one: one.chip))
def test_every_answer_follows_again_from_the_text_and_the_record(drawn: list[Record]) -> None:
    by_name = {record.chip: record for record in drawn}
    for pair in questions(drawn, CATEGORIES):
        read = read_question(pair.question)
        assert read is not None and read.kind == pair.kind, pair
        found = answer_from(by_name[pair.chip], read, CATEGORIES)
        assert found is not None and found.text == pair.answer, pair


@settings(max_examples=40, deadline=None)
@given(records())
def test_there_are_as_many_no_as_yes(record: Record) -> None:
    answers = Counter(
        (pair.kind, pair.answer)
        for pair in questions([record], CATEGORIES)
        if pair.answer in ("Yes", "No")
    )
    for kind in ("presence", "presence_side", "other"):
        assert answers[kind, "Yes"] == answers[kind, "No"]


def test_all_kinds_are_made_equal_to_a_plain_loop() -> None:
    drawn = draw_records(3000)
    rows = [row for batch in by_columns(drawn) for row in batch]
    assert rows == list(plain_questions(as_dictionaries(drawn), CATEGORIES))
    assert {row[1] for row in rows} == set(KINDS[:10])


def test_what_is_asked_of_a_chip_does_not_depend_on_its_neighbours() -> None:
    drawn = draw_records(50)
    together = [pair for pair in questions(drawn, CATEGORIES) if pair.chip == drawn[7].chip]
    assert together == list(questions([drawn[7]], CATEGORIES))


def test_a_side_takes_the_majority_and_a_tie_makes_no_question() -> None:
    chip = Record("a", 300, 300, objects=ships((10, 140), (20, 150), (280, 150)))
    assert set(asked(chip, "side").values()) == {"left"}
    tie = Record("a", 300, 300, objects=ships((10, 140), (280, 150)))
    assert not asked(tie, "side")


@pytest.mark.parametrize(
    ("corner", "side"),
    [
        ((145, 145), "centre"), ((195.5, 145), "right"), ((194.5, 145), "centre"),
        ((0, 0), "left"), ((145, 280), "bottom"), ((145, 10), "top"), ((95, 95), "left"),
    ],
)  # fmt: skip
def test_sides_are_those_of_the_rule(corner: tuple[float, float], side: str) -> None:
    assert set(asked(Record("a", 300, 300, objects=ships(corner)), "side").values()) == {side}


def test_two_main_categories_make_no_question() -> None:
    both = ships((10, 10)) + ships((50, 50), category="bridge")
    assert not asked(Record("a", 300, 300, objects=both), "main")
    more = both + ships((90, 50))
    assert set(asked(Record("a", 300, 300, objects=more), "main").values()) == {"ship"}


def test_boxes_are_asked_with_one_decimal_and_cells_in_order() -> None:
    chip = Record("a", 300, 300, objects=ships((120.25, 3), (250, 250)))
    assert any("[120.3, 3.0, 10.0, 10.0]" in question for question in asked(chip, "box"))
    assert any("[125.3, 8.0]" in question for question in asked(chip, "recognition"))
    assert set(asked(chip, "position").values()) == {"2, 9"}


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(RecordInvalid, match=r'"submarine".*ship, aircraft'):
        list(
            questions([Record("a", 9, 9, objects=ships((1, 1), category="submarine"))], CATEGORIES)
        )


@pytest.mark.parametrize(
    ("question", "kind", "noun", "side"),
    [
        ("Is there a harbour?", "presence", "harbour", ""),
        ("are there any ships in this area?", "presence", "ships", ""),
        ("Is there water on the left side?", "presence_side", "water", "left"),
        ("How many ships are there?", "count", "ships", ""),
        ("how many ships?", "count", "ships", ""),
        ("Where are most of the ships?", "side", "ships", ""),
        ("What is the main landform?", "main_landform", "", ""),
    ],
)
def test_what_people_type_is_read(question: str, kind: str, noun: str, side: str) -> None:
    read = read_question(question)
    assert read is not None
    assert (read.kind, read.noun, read.side) == (kind, noun, side)


@pytest.mark.parametrize("question", ["What is the economy of this place?", "Why?", "Describe it."])
def test_an_open_question_is_not_read(question: str) -> None:
    assert read_question(question) is None
