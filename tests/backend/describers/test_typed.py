"""What people type in QGIS is answered from the record, or says what it would need."""

from dataclasses import replace

import pytest

from backend.describers import Chip, load_describer
from backend.describers.typed import answer_typed
from backend.language import Box, Object, Place, Record
from tests.backend.describers.test_facts import chip

facts = load_describer("facts")
DATED = Chip(replace(chip(water=0.2, built=0.1, ships=3, beside=True).record, date="2024-05-01"))
DRY = chip()
COUNTED = Chip(
    replace(
        DATED.record, place=Place(-0.75, 38.1), cover=replace(DATED.record.cover, known=0.999999)
    )
)


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
        ("Please tell me about this area.", DRY, "The image covers 3.0 km"),
        ("What does it show?", DRY, "The image covers 3.0 km"),
        ("water?", DATED, "Yes: about 20 % of the ground reads as water."),
        ("Where's the water?", DATED, "left: about 60 %"),
        ("Could you tell me whether there is a harbour?", DATED, "Yes, by its signs alone"),
        ("Number of ships?", DATED, "3: the measurement finds 3 bright objects"),
        ("Can you count the ships, please?", DATED, "3: the measurement finds 3 bright objects"),
        ("Are there boats on the lake?", DATED, "Yes: 3 bright objects on water"),
        ("Find all ships", DATED, "left: most of the 3 bright objects on water lie there."),
        (
            "Is there a river or a lake?",
            DATED,
            "Yes: about 20 % of the ground reads as water; what",
        ),
        (
            "Is there water in the west?",
            DATED,
            "Yes: about 60 % of the ground there reads as water.",
        ),
        ("Is the north-east flooded?", DATED, "No: 0 % of the ground there reads as water."),
        (
            "Is it flooded in the eastern part?",
            DATED,
            "No: 0 % of the ground there reads as water.",
        ),
        ("Is the water on the left?", DATED, "Yes: about 60 % of the ground there reads as water."),
        ("How many ships are in the west of the area?", DATED, "3: 3 bright objects on water on"),
        ("What's on the left?", DATED, "There the ground reads about 60 % as water and about 10 %"),
        ("What lies in the north-east?", DATED, "There the ground reads 0 % as water and about 10"),
        ("Is most of the area water?", DATED, "No: about 20 % of the ground reads as water."),
        ("Is this an urban area?", DATED, "No: about 10 % of the ground reads as built-up land;"),
        ("Is the water near the houses?", DATED, "Yes: water was found beside built-up land"),
        (
            "How many hectares are flooded?",
            COUNTED,
            "180 ha: about 20 % of the ground reads as wate",
        ),
        (
            "How many km² of forest are there?",
            COUNTED,
            "0.9 km²: about 10 % of the ground reads as",
        ),
        ("How big is the lake?", COUNTED, "1.8 km²: about 20 % of the ground reads as water; what"),
        ("Where is this?", COUNTED, "38.100° N, 0.750° W is the centre"),
        ("What is the resolution?", DATED, "10 m: so wide is a pixel"),
        ("From which year is this?", DATED, "2024-05-01."),
        ("What is the main land cover?", DATED, "water"),
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
        ("How many houses are there?", "Unknown: it is not measured by the piece; about 10 %"),
        ("Is there anything other than ships?", "Unknown: the measurement does not tell one kind"),
        ("When was the harbour built?", "This question needs a model"),
        ("How wide is the river?", "This question needs a model"),
        ("How wide is the longest ship?", "This question needs a model"),
        ("How many lakes are in the top left?", "Unknown: it is not measured by the piece; about"),
        ("How big is the largest lake?", "Unknown: it is not measured by the piece; 20 % of the"),
        ("What land cover is on the left?", "This question needs a model"),
        ("What covers this river?", "This question needs a model"),
        ("Are these ships?", "Unknown: 3 bright objects on water; whether a ship, a buoy"),
        ("Is there water north of the town?", "Unknown: “water north of the town” is not measured"),
        ("Are there more ships on the left or on the right?", "This question needs a model"),
        ("Is the town flooded?", "This question needs a model"),
        ("Is there no water?", "This question needs a model"),
        ("¿Hay barcos?", "This question needs a model"),
        ("港口在哪里？", "This question needs a model"),
    ],
)
def test_what_was_not_measured_says_what_it_would_need(question: str, reason: str) -> None:
    found = facts.answer(DATED, question)
    assert not found.answered and found.text.startswith(reason)


@pytest.mark.parametrize(
    "question",
    [
        "Is there water on the right?",
        "What is in the top right?",
        "Is there forest in the top right corner?",
    ],
)
def test_of_ground_without_data_nothing_is_said(question: str) -> None:
    cover = DATED.record.cover
    assert cover is not None
    right = [replace(one, area=0.0) if n % 3 == 2 else one for n, one in enumerate(cover.regions)]
    half = Chip(replace(DATED.record, cover=replace(cover, regions=tuple(right))))
    found = facts.answer(half, question)
    assert (found.answered, found.text) == (
        False,
        "Unknown: what covers the ground there is not known.",
    )


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
