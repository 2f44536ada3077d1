"""The panel's words in QGIS's language: English in the code, other languages in `i18n/*.ts`.

`tr` translates when a sentence is shown; `mark` notes a constant that `tr` will get then. What the
backend says, and what goes into files, logs and diagnostics, stays as it is. After a change of
words, `python -m scripts.translations` brings the .ts files up to date.

Example:
    TITLES = {"area": mark("Area")}  # at the top of a module, where no language is known yet
    heading(tr(TITLES["area"]))
    tr("{name} has no polygons.", name=layer.name())
    plural("1 window", "%n windows", windows)
"""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from .settings import ROOT

CONTEXT = "gluelink"
FOLDER = ROOT / "gluelink_plugin" / "i18n"


def tr(text: str, /, **fields: Any) -> str:
    """Return a text in QGIS's language, with its {fields} filled in; in English where it is new."""
    translated = str(QCoreApplication.translate(CONTEXT, text))
    return translated.format(**fields) if fields else translated


def mark(text: str) -> str:
    """Return the text as it is; `tr` translates it when it is shown."""
    return text


def plural(one: str, many: str, number: int, /, **fields: Any) -> str:
    """Return what is right for a number: `one` for 1, else `many`, in which %n is the number.

    A language may have more forms than two; its .ts file has them under `many`.
    """
    text = str(QCoreApplication.translate(CONTEXT, many, None, number))
    if number == 1 and text == many.replace("%n", "1"):  # English, which has no .ts file
        text = one
    return text.format(**fields) if fields else text


def install_translator(locale: str = "") -> QTranslator | None:
    """Let Qt know the words of QGIS's language, or of another one; None where it has none here."""
    translator = QTranslator()
    language = QLocale(locale or QgsApplication.instance().locale())
    if not translator.load(language, CONTEXT, "_", str(FOLDER)):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translator(translator: QTranslator | None) -> None:
    """Take the words away again."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
