"""`sar harbour` in QGIS's locator asks the panel's scene for a harbour."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import (
    QgsFeedback,
    QgsLocatorContext,
    QgsLocatorFilter,
    QgsLocatorResult,
)
from qgis.PyQt.QtGui import QIcon

from ..settings import ROOT
from ..translation import tr


class PhraseLocator(QgsLocatorFilter):
    """Offers what is typed after its prefix as a phrase."""

    def __init__(self, ask: Callable[[str], None]) -> None:
        super().__init__()
        self._ask = ask

    def clone(self) -> PhraseLocator:
        """Return another one, as QGIS wants for every search."""
        return PhraseLocator(self._ask)

    def name(self) -> str:
        """Return the name under which its settings are kept."""
        return "gluelink_phrase"

    def displayName(self) -> str:
        """Return what the options call it."""
        return tr("Ask radar in words (GLUE-Link)")

    def prefix(self) -> str:
        """Return what the user types first."""
        return "sar"

    def flags(self) -> QgsLocatorFilter.Flags:
        """Return that it needs no thread of its own."""
        return QgsLocatorFilter.Flag.FlagFast

    def fetchResults(self, text: str, context: QgsLocatorContext, _feedback: QgsFeedback) -> None:
        """Offer the phrase, where the prefix was typed."""
        phrase = text.strip()
        if not context.usingPrefix or not phrase:
            return
        result = QgsLocatorResult()
        result.filter = self
        result.displayString = tr("Ask the radar for “{phrase}”", phrase=phrase)
        result.icon = QIcon(str(ROOT / "resources" / "icons" / "gluelink.svg"))
        result.userData = phrase
        self.resultFetched.emit(result)

    def triggerResult(self, result: QgsLocatorResult) -> None:
        """Ask."""
        self._ask(str(result.userData))
