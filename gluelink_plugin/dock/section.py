"""What all sections of the panel share."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..session import Session
from ..translation import tr
from .remedies import Action
from .widgets import fill, heading


class Section(QWidget):
    """One section of the panel.

    It shows the session's state, which it follows by the session's signals and changes by calling
    the session's methods. To add one, write a subclass in a file of its own, and name it in
    `panel.SECTIONS`. Its `__init__` begins with `super().__init__`, which makes `self.column`.

    Example:
        from qgis.PyQt.QtWidgets import QPlainTextEdit

        class NotesSection(Section):
            name = "notes"
            title = "Notes"

            def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
                super().__init__(session, canvas)
                self.column.addWidget(QPlainTextEdit())
    """

    asked = pyqtSignal(object)  # Action, of another section or of the panel
    name = ""
    """Its key in the panel, which no other section has."""
    title = ""
    """The heading; none when empty."""

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._session = session
        self._canvas = canvas
        self.pinned: QWidget | None = None
        """What the panel keeps in sight below all sections, however far they are scrolled."""
        self.column = fill(QVBoxLayout(self))
        if self.title:
            self.column.addWidget(heading(tr(self.title)))

    def actions(self) -> dict[Action, Callable[[], None]]:
        """Return what this section does when it is asked for an action."""
        return {}

    def panel_shown(self, shown: bool) -> None:
        """Follow the panel as it is shown or hidden."""

    def remove(self) -> None:
        """Take everything off the map, and stop listening to whatever outlives the panel."""
