"""The line offers starred phrases, those asked before, and the vocabulary by category."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.completion import ORIGIN
from gluelink_plugin.dock.phrases import PhraseBox
from gluelink_plugin.phrase_book import MOST_HISTORY, PhraseBook, vocabulary


@pytest.fixture
def box(qgis_app: QgsApplication) -> Iterator[PhraseBox]:
    QgsSettings().remove("gluelink")
    box = PhraseBox()
    box.set_limit(8)
    box.show()
    yield box
    sip.delete(box)
    QgsSettings().remove("gluelink")


def offered(box: PhraseBox, text: str) -> list[tuple[str, str]]:
    """What the list holds for a text: phrases, and where they come from."""
    completer = box.completer
    completer.setCompletionPrefix(text)
    model = completer.completionModel()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    return [(row.data(), row.data(ORIGIN)) for row in rows]


def test_the_vocabulary_is_read_without_a_parser() -> None:
    found = vocabulary()
    assert len(found) == 46 and sum(map(len, found.values())) == 757
    assert "a dark spruce forest" in found["conifer woods"]


def test_stars_come_first_then_what_was_asked_then_the_vocabulary(box: PhraseBox) -> None:
    box.edit.setText("a spruce wood but not a forest of beeches")
    box.remember()
    box.edit.setText("spruce in snow")
    QTest.mouseClick(box.star, Qt.MouseButton.LeftButton)
    assert box.star.text() == "★"
    found = offered(box, "spruce")
    assert found[:2] == [("spruce in snow", "★"), ("a spruce wood", "asked before")]
    assert ("a dark spruce forest", "conifer woods") in found[2:]
    QTest.mouseClick(box.star, Qt.MouseButton.LeftButton)
    assert ("spruce in snow", "★") not in offered(box, "spruce")


def test_what_follows_but_not_is_completed(box: PhraseBox) -> None:
    assert ("a dark spruce forest", "conifer woods") in offered(box, "a town but not SPRUCE")
    box.edit.setText("a town but not spruce")
    index = box.completer.completionModel().index(0, 0)
    box.completer.setCompletionPrefix(box.edit.text())
    completed = box.completer.pathFromIndex(index)
    assert completed.startswith("a town but not ") and "spruce" in completed


def test_down_in_the_line_lists_phrases_and_enter_closes_the_list(box: PhraseBox) -> None:
    QTest.keyClick(box.edit, Qt.Key.Key_Down)
    assert box.completer.popup().isVisible()
    asked: list[bool] = []
    box.asked.connect(lambda: asked.append(True))
    QTest.keyClick(box.edit, Qt.Key.Key_Return)
    assert asked == [True] and not box.completer.popup().isVisible()
    QTest.keyClick(box.edit, Qt.Key.Key_Down)
    QTest.keyClick(box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not box.completer.popup().isVisible()


def test_the_history_has_an_end_and_outlasts_qgis(box: PhraseBox) -> None:
    box.book.remember([f"phrase {number}" for number in range(MOST_HISTORY + 9)])
    box.book.remember(["phrase 7"])
    kept = PhraseBook().history
    assert len(kept) == MOST_HISTORY and kept[:2] == ["phrase 7", "phrase 0"]


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]"])
def test_settings_of_something_else_are_no_phrases(box: PhraseBox, text: str) -> None:
    QgsSettings().setValue("gluelink/starred", text)
    assert PhraseBook().starred == []
