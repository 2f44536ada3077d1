"""What is typed after `sar` in the locator is a phrase."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeedback, QgsLocatorContext, QgsLocatorResult

from gluelink_plugin.dock.locator import PhraseLocator
from gluelink_plugin.question import Question
from tests.plugin.conftest import Desk


def search(locator: PhraseLocator, text: str, with_prefix: bool = True) -> list[QgsLocatorResult]:
    found: list[QgsLocatorResult] = []
    locator.resultFetched.connect(found.append)
    context = QgsLocatorContext()
    context.usingPrefix = with_prefix
    locator.fetchResults(text, context, QgsFeedback())
    return found


def test_a_phrase_is_offered_and_asked(new_desk: Desk) -> None:
    new_desk.ask.box.set_question(["open water", "a forest"], ["a pier"])
    locator = PhraseLocator(new_desk.panel.ask_phrase)
    (offered,) = search(locator, " a harbour ")
    assert offered.displayString == "Ask the radar for “a harbour”"
    locator.triggerResult(offered)
    assert new_desk.ask.box.question() == Question(("a harbour",))
    assert new_desk.said.startswith("There is no scene to ask.")


@pytest.mark.parametrize(("text", "with_prefix"), [("harbour", False), ("  ", True)])
def test_other_searches_are_left_alone(text: str, with_prefix: bool) -> None:
    assert search(PhraseLocator(print), text, with_prefix) == []
