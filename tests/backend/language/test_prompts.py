"""Prompts are pure text; GOLDEN=write in the environment writes the golden files anew."""

import os
from pathlib import Path

import pytest

from backend.errors import ConfigInvalid, ReplyInvalid
from backend.language import Place, Record
from backend.language.prompts import (
    FIELDS,
    LEVELS,
    Level,
    Subject,
    fragments,
    levels_without,
    prompts,
)

GOLDEN = Path(__file__).parent / "golden"
CHIP = Record("a", 224, 224, place=Place(9.5, -57.25), metres_per_pixel=10.0, date="2024-06-15")
SEEN: tuple[Level, ...] = ("radar", "instance", "calibration")


@pytest.mark.parametrize("subject", [*FIELDS])
def test_the_five_turns_are_as_written_down(subject: Subject) -> None:
    turns = prompts(subject, CHIP)
    assert [turn.level for turn in turns] == [*LEVELS]
    text = "\n\n".join(f"[{turn.level}]\n{turn.text}" for turn in turns) + "\n"
    path = GOLDEN / f"{subject.replace(' ', '_')}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("left_out", LEVELS[:-1])
def test_a_level_is_left_out_without_a_trace(left_out: Level) -> None:
    levels = tuple(level for level in LEVELS if level != left_out)
    turns = prompts("terrain", CHIP, levels)
    assert [turn.level for turn in turns] == [*levels]
    assert turns[0].text.startswith("You are shown a radar image.")


def test_without_the_place_nothing_asks_for_it() -> None:
    text = " ".join(turn.text for turn in prompts("terrain", CHIP, SEEN))
    assert "place" not in text and "57.25" not in text


def test_what_was_written_of_the_larger_chip_comes_first() -> None:
    small = Record("b", 112, 112, metres_per_pixel=10.0)
    turns = prompts("terrain", small, wider="A bay with two towns. ")
    assert turns[0].text.splitlines()[1].endswith("this is known: A bay with two towns.")
    assert "1.1 km by 1.1 km" in turns[3].text


def test_the_last_level_must_stay() -> None:
    assert levels_without(["earth", "instance"]) == ("society", "radar", "calibration")
    for name in ("calibration", "moon"):
        with pytest.raises(ConfigInvalid, match=f'"{name}" cannot be left out'):
            levels_without([name])
    for levels in ((), ("earth",), ("earth", "calibration", "moon")):
        with pytest.raises(ConfigInvalid, match="levels"):
            prompts("terrain", CHIP, levels)  # type: ignore[arg-type]


def reply(**changed: str) -> str:
    lines = {name: f"Something of it: {name.lower()}, even. [seen]" for name in FIELDS["terrain"]}
    return "\n".join(f"**{name}**: {text}" for name, text in (lines | changed).items() if text)


def test_fields_are_cut_out_with_what_they_rest_on() -> None:
    found = fragments("Here they are\n" + reply(Water="A lake. (Both)"), "terrain")
    assert [each.field for each in found] == [*FIELDS["terrain"]]
    assert (found[-1].text, found[-1].basis) == ("A lake.", "both")
    assert found[0].text == "Something of it: terrain, even."


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (reply(Roads=""), 'lacks the field "Roads"'),
        (reply(Colour="Green. [seen]"), '"Colour" that was not asked for'),
        (reply() + "\nWater: again [seen]", '"Water" twice'),
        (reply(Water="A lake."), '"Water" does not say'),
        (reply(Water="A lake. [guessed]"), '"Water" does not say'),
        ("", 'lacks the field "Terrain"'),
    ],
)
def test_a_wrong_reply_is_an_error_that_says_so(wrong: str, words: str) -> None:
    with pytest.raises(ReplyInvalid, match=words):
        fragments(wrong, "terrain")


def test_what_was_not_asked_of_the_place_cannot_be_its_evidence() -> None:
    with pytest.raises(ReplyInvalid, match="rests on the place"):
        fragments(reply(Water="A lake. [place]"), "terrain", SEEN)
    assert len(fragments(reply(), "terrain", SEEN)) == 8
