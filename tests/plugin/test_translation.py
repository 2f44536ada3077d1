"""The plugin in other languages: nothing is left in English, nothing is cut, nothing stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialogButtonBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QWidget,
)

from gluelink_plugin.dock.letters import letter_of
from gluelink_plugin.dock.panel import MARGIN
from gluelink_plugin.dock.remedies import Action
from gluelink_plugin.dock.settings import SettingsDialog
from gluelink_plugin.processing.provider import GlueLinkProvider
from gluelink_plugin.translation import (
    CONTEXT,
    FOLDER,
    install_translator,
    plural,
    remove_translator,
    tr,
)
from gluelink_plugin.words import decimal
from scripts.translations import language_of, read
from tests.plugin.conftest import Desk, Window

LANGUAGES = [language_of(file) for file in sorted(FOLDER.glob("*.ts"))]
NARROW = 320
SCROLL_BAR = 16
each_language = pytest.mark.parametrize("language", LANGUAGES)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """QGIS with its language set, as in its options."""
    settings = QgsSettings()
    settings.setValue("locale/overrideFlag", True)
    settings.setValue("locale/userLocale", locale)
    translator = install_translator()
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        yield
    finally:
        QLocale.setDefault(before)
        remove_translator(translator)
        settings.remove("locale/overrideFlag")
        settings.remove("locale/userLocale")


@pytest.fixture(scope="module", params=LANGUAGES)
def desk_in(window: Window, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A panel in a language, with every part in sight that it can have without a backend."""
    with speaking(request.param):
        desk = Desk(window)
        for section in desk.panel.sections.values():
            section.setVisible(True)
        desk.panel.sections["map"].controls.setVisible(True)
        yield desk
        desk.close()


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a widget shows, and says when the pointer rests on it; nothing for those of Qt's own."""
    if widget.objectName().startswith("qt_") or isinstance(widget.parent(), QDialogButtonBox):
        return
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.windowTitle()
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
    elif isinstance(widget, QListWidget):
        yield from (widget.item(row).text() for row in range(widget.count()))
    elif isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())


def english(language: str) -> re.Pattern[str]:
    """Whatever the plugin says in English and otherwise in this language."""
    translations = read(FOLDER / f"{CONTEXT}_{language}.ts")
    patterns = [
        re.sub(r"\\\{\w+\\\}|%n", ".+", re.escape(plain(text)))
        for text, forms in translations.items()
        if plain(text) not in map(plain, forms) and has_words(text)
    ]
    return re.compile("|".join(patterns))


def has_words(text: str) -> bool:
    """Whether a text is known again when something is filled in."""
    letters = re.findall(r"[A-Za-z]", re.sub(r"{\w+}|%n", "", text))
    return len(letters) > (8 if "{" in text else 2)


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>|&(?!&)", "", text)


@each_language
def test_what_qgis_loads_is_what_translators_wrote(language: str) -> None:
    translations = read(FOLDER / f"{CONTEXT}_{language}.ts")
    with speaking(language):
        for text, forms in translations.items():
            numbers = (1, 2) if len(forms) == 2 else (-1,)
            found = [QCoreApplication.translate(CONTEXT, text, None, each) for each in numbers]
            wanted = [form.replace("%n", str(n)) for form, n in zip(forms, numbers)]
            assert found == wanted, "run `python -m scripts.translations`, with lrelease"


@each_language
def test_algorithms_are_listed_in_the_language_under_the_same_ids(language: str) -> None:
    def listed() -> dict[str, str]:
        provider = GlueLinkProvider()
        provider.refreshAlgorithms()
        return {each.id(): each.displayName() for each in provider.algorithms()}

    before = listed()
    with speaking(language):
        after = listed()
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())


@pytest.mark.parametrize(
    ("locale", "area", "windows", "number"),
    [
        ("de_AT", "Gebiet", "2 Fenster", "0,25"),
        ("fr", "Zone", "2 fenêtres", "0,25"),
        ("es_MX", "Área", "2 ventanas", "0.25"),
        ("en_GB", "Area", "2 windows", "0.25"),
        ("ja", "Area", "2 windows", "0.25"),
    ],
)
def test_the_language_is_that_of_qgis_and_leaves_nothing(
    locale: str, area: str, windows: str, number: str
) -> None:
    with speaking(locale):
        assert (tr("Area"), plural("1 window", "%n windows", 2)) == (area, windows)
        assert decimal(0.25, 2) == number
    assert tr("Area") == "Area"


def test_one_is_no_plural_and_a_new_word_is_english() -> None:
    with speaking("fr"):
        assert plural("1 window", "%n windows", 1) == "1 fenêtre"
        assert plural("1 window", "%n windows", 0) == "0 fenêtre"  # in French none is one
        assert plural("1 {new} thing", "%n {new} things", 1, new="odd") == "1 odd thing"
        assert tr("a word that nobody has translated") == "a word that nobody has translated"
    assert plural("1 window", "%n windows", 1) == "1 window"
    assert plural("1 window", "%n windows", 0) == "0 windows"


def test_the_panel_has_no_english_rest(desk_in: Desk) -> None:
    rest = english(QLocale().name()[:2])
    catalogue = desk_in.panel.sections["scene"].catalogue
    settings = SettingsDialog(desk_in.session.backend.settings)
    widgets = [
        each
        for whole in (desk_in.panel, catalogue, settings)
        for each in (whole, *whole.findChildren(QWidget))
    ]
    found = {text for widget in widgets for text in texts_of(widget) if rest.fullmatch(plain(text))}
    assert found == set()
    assert len({text for widget in widgets for text in texts_of(widget)}) > 100


@pytest.mark.parametrize("points", [9, 14])
def test_nothing_is_cut_in_a_narrow_panel(desk_in: Desk, points: int) -> None:
    desk_in.panel.setStyleSheet(f"* {{ font-size: {points}pt }}")  # as QGIS sets its own
    QTest.qWait(50)
    room = NARROW - 2 * MARGIN - SCROLL_BAR
    wide = {
        name: section.minimumSizeHint().width()
        for name, section in desk_in.panel.sections.items()
        if section.minimumSizeHint().width() > room
    }
    assert wide == {}
    for action in Action:
        button = desk_in.panel.fontMetrics().horizontalAdvance(f"  {tr(action.value)}  ")
        assert button < NARROW, action


def test_letters_for_alt_are_each_there_once(desk_in: Desk) -> None:
    catalogue = desk_in.panel.sections["scene"].catalogue
    for dialog in (catalogue, SettingsDialog(desk_in.session.backend.settings)):
        parts = (*dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton))
        letters = [letter for each in parts if (letter := letter_of(each.text()))]
        assert len(letters) == len(set(letters)), letters
