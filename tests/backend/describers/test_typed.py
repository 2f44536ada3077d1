"""What people type in QGIS is answered from the record, or says what it would need."""

from dataclasses import replace

import pytest

from backend.describers import Chip, load_describer
from backend.describers.typed import answer_typed
from backend.language import Box, Object, Record
from tests.backend.describers.test_facts import chip

facts = load_describer("facts")
DATED = Chip(replace(chip(water=0.2, built=0.1, ships=3, beside=True).record, date="2024-05-01"))
DRY = chip()


@pytest.mark.parametrize(
    ("question", "of", "answer"),
    [
        ("How much of the area is flooded?", DATED, "20 % of the ground reads as water; what kind"),
        ("How much forest is there?", DATED, "10 % of the ground reads as forest; on real scenes"),
        ("What share of the area is water?", DATED, "20 % of the ground reads as water."),
        ("what is the percentage of built-up land", DATED, "10 % of the ground reads as built-up"),
        ("forest share?", DATED, "10 % of the ground reads as forest"),
        ("How many hectares of water are there?", DATED, "20 % of the ground reads as water."),
        ("How big is the lake?", DRY, "0 % of the ground reads as water."),
        ("How large is this area?", DATED, "3.0 km from west to east and 3.0 km from north"),
        ("When was this image taken?", DATED, "2024-05-01."),
        ("What is the date?", DATED, "2024-05-01."),
        ("Which is larger, water or forest?", DATED, "water: about 20 % of the ground reads as"),
        ("Is there more water than built-up land?", DRY, "No: both cover 0 %; on real"),
        ("Is there more forest than water?", DATED, "No: about 10 % of the ground reads as forest"),
        ("Is the water larger than the town?", DATED, "Yes: about 20 %"),
        ("Is there water near the town?", DATED, "Yes: water was found beside built-up land"),
        ("Is there water near the town?", DRY, "No: water was not found beside built-up land"),
        ("Is there water and forest?", DATED, "Yes: the ground reads about 20 % as water and"),
        ("Are there houses and a lake?", DRY, "No: no built-up land and no water was found"),
        (
            "How long is the longest ship?",
            DATED,
            "60 m: so long, within about 20 m, is the longest",
        ),
        ("What is the largest object?", DRY, "None: no bright object on water was found."),
        ("How many ships are longer than 50 m?", DATED, "3: 3 bright objects on water longer than"),
        ("Is there a ship longer than 100 m?", DATED, "No: no bright object on water was found"),
        ("How many ships are on the left?", DATED, "3: 3 bright objects on water on the left"),
        ("How many ships are on the right?", DATED, "0: no bright object on water was found on"),
        ("Are there ships in the top right?", DATED, "No: no bright object on water was found in"),
        ("Is there water in the top left corner?", DATED, "Yes: about 60 % of the ground there"),
        ("Is it flooded?", DATED, "Yes: about 20 % of the ground reads as water; what kind"),
        ("Isn't there a harbour?", DATED, "Yes, by its signs alone"),
        ("Any boats?", DRY, "No: no bright object on water was found."),
        ("IS THERE WATER???", DATED, "Yes: about 20 %"),
        ("Which side has the most water?", DATED, "left: about 60 %"),
        ("Where is the water?", DRY, "Nowhere: no water was found."),
        ("Where are the ships?", DRY, "Nowhere: no bright object on water was found."),
        ("What is in this image?", DRY, "The image covers 3.0 km"),
    ],
)
def test_what_people_type_is_answered(question: str, of: Chip, answer: str) -> None:
    found = facts.answer(of, question)
    assert found.answered and found.text.startswith(answer)
    assert found.kind == "description" or found.evidence != type(found.evidence)()


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Is there an airport?", "Unknown: “airport” is not measured. It needs a model"),
        ("How many houses are there?", "Unknown: it is not measured by the piece; 10 % of the"),
        ("Is there anything other than ships?", "Unknown: the measurement does not tell one kind"),
        ("When was the harbour built?", "This question needs a model"),
        ("How wide is the river?", "This question needs a model"),
        ("How wide is the longest ship?", "This question needs a model"),
        ("How many lakes are in the top left?", "Unknown: it is not measured by the piece; about"),
        ("What land cover is on the left?", "This question needs a model"),
        ("What covers this river?", "This question needs a model"),
        ("Is there no water?", "This question needs a model"),
        ("¿Hay barcos?", "This question needs a model"),
        ("港口在哪里？", "This question needs a model"),
    ],
)
def test_what_was_not_measured_says_what_it_would_need(question: str, reason: str) -> None:
    found = facts.answer(DATED, question)
    assert not found.answered and found.text.startswith(reason)


def test_a_date_that_is_not_known_is_to_be_stated() -> None:
    found = facts.answer(DRY, "When was this taken?")
    assert (found.answered, found.text) == (False, "Unknown: the scene says no date; state it.")


def test_a_count_rests_on_the_objects_that_it_counts() -> None:
    found = facts.answer(DATED, "How many ships are on the left?")
    assert (found.kind, found.evidence.objects) == ("count", (0, 1, 2))
    assert facts.answer(DATED, "How many ships are on the right?").evidence.objects == ()


def test_a_length_needs_the_size_of_a_pixel() -> None:
    unscaled = Chip(replace(DATED.record, metres_per_pixel=None))
    for question in ("How long is the longest ship?", "Are there ships longer than 50 m?"):
        found = facts.answer(unscaled, question)
        assert not found.answered and "how many metres a pixel measures" in found.text
    assert "long" not in facts.caption(unscaled).text


def test_boxes_that_others_drew_are_not_taken_for_what_was_measured() -> None:
    ship = Object("ship", Box(10, 140, 6, 3))
    drawn = Chip(replace(DATED.record, objects=(ship,)))
    for question in ("How many ships are there?", "How long is the longest ship?"):
        assert not facts.answer(drawn, question).answered
    assert "all lie on water" not in facts.caption(drawn).text


def test_nothing_is_answered_from_an_empty_record() -> None:
    nothing = Record("a", 9, 9)
    for question in (
        "How much water is there?",
        "How long are the ships?",
        "Is it larger than it?",
    ):
        assert answer_typed(nothing, question) is None
        assert not facts.answer(Chip(nothing), question).answered
