"""Letters that Alt leads to: of those that QGIS's own menus have left, one for each widget."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QAbstractButton, QLabel, QMenuBar, QWidget

ASKS = "gluelink_letter"  # a property of widgets that ask for a letter


def menu_letters(menu_bar: QMenuBar) -> set[str]:
    """Return the letters of a menu bar, in whatever language it is."""
    return set(filter(None, (letter_of(action.text()) for action in menu_bar.actions())))


def give_letters(panel: QWidget, taken: set[str]) -> None:
    """Give a letter of its own to every label of a field and button that asks for one by "&".

    Those with the fewest letters to choose from choose first; one that finds none goes without.
    Letters with accents, for which many keyboards have no key, come last.
    """
    letters = {
        widget: _letters(_plain(widget.text()))
        for widget in (*panel.findChildren(QLabel), *panel.findChildren(QAbstractButton))
        if _asks(widget)
    }
    given = set(taken)
    for widget in sorted(letters, key=lambda each: len(set(letters[each]) - taken)):
        letter = next((each for each in letters[widget] if each not in given), "")
        given.add(letter)
        text = _plain(widget.text())
        place = text.lower().find(letter)
        widget.setText(f"{text[:place]}&{text[place:]}" if letter else text)


def _asks(widget: QLabel | QAbstractButton) -> bool:
    """Return whether a widget has a letter, or asked for one in vain."""
    if letter_of(widget.text()) and (isinstance(widget, QAbstractButton) or widget.buddy()):
        widget.setProperty(ASKS, True)
    return bool(widget.property(ASKS))


def _letters(text: str) -> list[str]:
    """Return the letters of a text in lower case, plain ones first."""
    return sorted(filter(str.isalpha, text.lower()), key=lambda each: not each.isascii())


def letter_of(text: str) -> str:
    """Return the letter after a single "&"; empty where there is none."""
    _, mark, after = text.replace("&&", "").partition("&")
    return after[:1].lower() if mark else ""


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&&")
