"""Phrases become chips, and "but not" takes what is subtracted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsLayerNotesUtils
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.panel import MARGIN
from gluelink_plugin.dock.phrases import CROSS, PhraseBox
from gluelink_plugin.layers.result import recipe_of
from gluelink_plugin.question import Question
from tests.plugin.conftest import Desk
from tests.plugin.jobs.test_alignment import ask, results, value_at


@pytest.fixture
def box(qgis_app: QgsApplication) -> Iterator[PhraseBox]:
    box = PhraseBox()
    box.set_limit(8)
    box.resize(320 - 2 * MARGIN, 200)
    box.show()
    yield box
    sip.delete(box)


def words(box: PhraseBox) -> list[str]:
    return [chip.text().rpartition("×")[0].strip() for chip in box.chips]


@pytest.mark.parametrize(
    ("text", "phrases", "but_not"),
    [
        ("ship", ("ship",), ()),
        (" ship  but not  pier ", ("ship",), ("pier",)),
        ("ship but not pier but not crane", ("ship",), ("pier", "crane")),
        ("But Not pier", (), ("pier",)),
        ("ship but not", ("ship",), ()),
        ("a buttress but nothing else", ("a buttress but nothing else",), ()),
        ("", (), ()),
    ],
)
def test_a_line_says_what_it_asks_and_what_it_subtracts(
    text: str, phrases: tuple[str, ...], but_not: tuple[str, ...]
) -> None:
    assert Question.of(text) == Question(phrases, but_not)


def test_ctrl_enter_makes_chips_and_their_keys_remove_them(box: PhraseBox) -> None:
    ctrl = Qt.KeyboardModifier.ControlModifier
    for text in ("open water", "ship but not pier"):
        QTest.keyClicks(box.edit, text)
        QTest.keyClick(box.edit, Qt.Key.Key_Return, ctrl)
    QTest.keyClicks(box.edit, "a forest")
    assert words(box) == ["open water", "ship", "not pier"]
    assert box.question() == Question(("open water", "ship", "a forest"), ("pier",))
    QTest.keyClick(box.chips[0], Qt.Key.Key_Delete)
    QTest.mouseClick(box.chips[0], Qt.MouseButton.LeftButton)
    assert box.question() == Question(("a forest",), ("pier",))


def test_backspace_in_the_empty_line_brings_the_last_chip_back(box: PhraseBox) -> None:
    box.set_question([], ["pier"])
    QTest.keyClick(box.edit, Qt.Key.Key_Backspace)
    assert (box.chips, box.edit.text()) == ([], "but not pier")


def test_a_press_begins_what_is_subtracted(box: PhraseBox) -> None:
    QTest.keyClicks(box.edit, "ship")
    QTest.mouseClick(box.subtract, Qt.MouseButton.LeftButton)
    QTest.keyClicks(box.edit, "pier")
    assert box.question() == Question(("ship",), ("pier",))
    assert not box.subtract.isEnabled()


def test_a_phrase_that_is_there_is_not_asked_twice(box: PhraseBox) -> None:
    box.set_question(["ship", "ship", "ship"])
    assert len(box.chips) == 1 and box.question() == Question(("ship",))


def test_long_phrases_and_many_fit_a_narrow_panel(box: PhraseBox) -> None:
    long = "a wide river that winds through meadows in the last light of an autumn day"
    box.set_question([long, "a & b", *(f"number {n}" for n in range(4))], [long])
    assert box.minimumSizeHint().width() <= 320 - 2 * MARGIN
    assert words(box)[0].endswith("…") and words(box)[1] == "a && b"
    assert long in box.chips[0].toolTip()
    for width in range(80, 300, 20):
        box.chips[0].resize(width, 26)
        assert box.chips[0].shown_words().split("…")[1:] == [CROSS]


def test_a_contrast_is_said_wherever_the_map_is(desk: Desk, scene_path: Path) -> None:
    (plain,) = ask(desk, scene_path, "open water")
    desk.type("open water but not a forest")
    desk.press_enter()
    desk.wait_for_end()
    layer = results()[0]
    assert layer.name() == "open water but not a forest · lake_20240501"
    assert "open_water_but_not_a_forest" in layer.source()
    inside, outside = (value_at(layer, 1, px) - value_at(plain, 1, px) for px in (224, 100))
    assert inside > outside  # forest is nearer to land than to the lake
    legend = layer.renderer().shader().rasterShaderFunction().legendSettings()
    assert legend.minimumLabel().endswith(" rather a forest")
    assert legend.maximumLabel().endswith(" rather open water")
    notes = QgsLayerNotesUtils.layerNotes(layer)
    assert "contrast" in notes and "but not" in notes
    assert "less that with “a forest”" in layer.metadata().abstract()
    recipe = recipe_of(layer)
    assert recipe is not None and recipe.request["but_not"] == ["a forest"]


def test_a_contrast_is_asked_again_and_its_recipe_copied(desk: Desk, scene_path: Path) -> None:
    ask(desk, scene_path, "open water but not a forest")
    recipe = recipe_of(results()[0])
    assert recipe is not None
    desk.ask.box.set_question(["something else"])
    desk.panel.ask_again(recipe)
    desk.wait_for_end()
    assert desk.ask.box.question() == Question(("open water",), ("a forest",))
    assert len(results()) == 2
    assert json.loads(recipe.as_json())["but_not"] == ["a forest"]  # which the menu copies
