from dataclasses import replace

import pytest
from hypothesis import given, settings

from backend.describers import Chip, load_describer
from backend.describers.facts import sentences
from backend.describers.measured import BRIGHT
from backend.errors import ConfigInvalid, DescriberUnknown, PhraseInvalid
from backend.language import Box, Contact, Cover, Object, Record, Region
from tests.support.records import records

facts = load_describer("facts")


def chip(
    water: float = 0.0,
    built: float = 0.0,
    ships: int | None = 0,
    beside: bool = False,
    forest: float = 0.1,
) -> Chip:
    """A chip whose water lies in its west."""
    shares = {"water": water, "built-up land": built, "forest": forest}
    west = {"water": 3 * water, "built-up land": built, "forest": 0.0}
    east = {"water": 0.0, "built-up land": built, "forest": forest}
    regions = tuple(Region(1 / 9, west if n % 3 == 0 else east) for n in range(9))
    contacts = (Contact(("built-up land", "water"), 0.2),) if beside else ()
    objects = None
    if ships is not None:
        objects = tuple(
            Object(BRIGHT, Box(10 + 20 * n, 140, 6, 3), source="detector") for n in range(ships)
        )
    return Chip(
        Record("a", 300, 300, objects, Cover("map", shares, regions, contacts), None, 10.0, None)
    )


def test_it_says_what_was_measured_and_what_is_absent() -> None:
    assert facts.caption(chip(water=0.2, ships=2)).text == (
        "The image covers 3.0 km from west to east and 3.0 km from north to south. "
        "Of the ground, about 20 % is water. "
        "The image shows water in the top left, the left and the bottom left. "
        "The image shows 2 bright objects. Left: 2 bright objects. "
        "The longest is about 60 m long; all lie on water."
    )
    assert "bright" not in facts.caption(chip(water=0.2, ships=None)).text
    assert facts.caption(chip(built=0.001)).text.endswith("to south. No water was found.")


@pytest.mark.parametrize(
    ("question", "of", "first", "kind"),
    [
        ("Is there water?", chip(water=0.2), "Yes:", "presence"),
        ("Is there a lake?", chip(water=0.2), "Yes:", "presence"),
        ("Is there a lake?", chip(), "No:", "presence"),
        ("Is there water on the right?", chip(water=0.2), "No:", "presence_side"),
        ("Is there water on the left?", chip(water=0.2), "Yes:", "presence_side"),
        ("Are there any ships?", chip(water=0.2, ships=3), "Yes:", "presence"),
        ("Are there any ships?", chip(water=0.2), "No:", "presence"),
        ("How many ships are there?", chip(water=0.2, ships=3), "3:", "count"),
        ("How many ships are there?", chip(), "0:", "count"),
        ("Where is the water?", chip(water=0.2), "left:", "side"),
        ("Where are most of the ships?", chip(water=0.2, ships=2), "left:", "side"),
        ("Is there a harbour?", chip(), "No:", "presence"),
        ("Is there a harbour?", chip(water=0.2, built=0.1), "No:", "presence"),
        ("Is there a harbour?", chip(0.2, 0.1, 2, beside=True), "Yes,", "presence"),
        ("Is there a forest?", chip(), "Yes:", "presence"),
        ("What is the main landform?", chip(water=0.2), "water", "main_landform"),
    ],
)
def test_the_first_word_answers_a_closed_question(
    question: str, of: Chip, first: str, kind: str
) -> None:
    answer = facts.answer(of, question)
    assert (answer.text.split()[0], answer.kind, answer.answered) == (first, kind, True)


def test_landforms_that_do_not_hold_are_named_with_doubt() -> None:
    answer = facts.answer(chip(water=0.2), "Which landforms are in the image?")
    assert answer.text == "water, forest (on real scenes only water has been read well)"


def test_what_somebody_drew_is_not_doubted() -> None:
    measured = chip(water=0.2, built=0.1).record
    cover = replace(measured.cover, source="segmentation")
    drawn = Chip(replace(measured, cover=cover))
    assert "10 % forest" in facts.caption(drawn).text
    for question in (
        "What covers the ground?",
        "How much forest is there?",
        "Where is the forest?",
    ):
        assert "wrong" not in facts.answer(drawn, question).text
        assert "(" not in facts.answer(drawn, question).text
    dry = {name: share for name, share in cover.shares.items() if name != "water"}
    assert (
        "found" not in facts.caption(Chip(replace(measured, cover=replace(cover, shares=dry)))).text
    )


def test_an_answer_names_the_objects_that_it_rests_on() -> None:
    answer = facts.answer(chip(water=0.2, ships=3), "How many ships are there?")
    assert answer.evidence.objects == (0, 1, 2)
    assert "whether they are ships, buoys or rocks" in answer.text


@pytest.mark.parametrize(
    "question",
    ["What is the economy of this place?", "Is there an airport?", "How many cars are there?",
     "Why is it dark?"],
)  # fmt: skip
def test_what_was_not_measured_needs_a_model(question: str) -> None:
    answer = facts.answer(chip(water=0.2, ships=1), question)
    assert not answer.answered and "model" in answer.text


def test_where_nobody_looked_for_objects_their_number_is_unknown() -> None:
    answer = facts.answer(chip(water=0.2, ships=None), "How many ships are there?")
    assert not answer.answered and answer.text.startswith("Unknown")


def test_bad_questions_and_names_are_refused() -> None:
    with pytest.raises(PhraseInvalid, match="empty"):
        facts.answer(chip(), "  ")
    with pytest.raises(DescriberUnknown, match="no describer"):
        load_describer("nobody")
    with pytest.raises(ConfigInvalid, match="no conversation"):
        facts.converse(["Hello"])


@settings(max_examples=30, deadline=None)
@given(records())
def test_every_sentence_says_what_it_rests_on(record: Record) -> None:
    for sentence in sentences(record):
        evidence = sentence.evidence
        assert evidence.objects or evidence.classes or evidence.fields
