"""The choice of who describes: measurements alone, or a model beside them."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..client.protocol import DescriberInfo
from ..describers import find_model, models_of
from ..session import Session
from ..translation import tr
from ..words import significant
from .combos import Combo
from .widgets import fill, form, list_items, make_narrow


class DescriberChoice(QWidget):
    """A combo box, shown where the backend has a model that describes, or one was chosen."""

    def __init__(self, session: Session) -> None:
        super().__init__(visible=False)
        self._session = session
        self.combo = make_narrow(Combo())
        fill(QVBoxLayout(self), form((tr("Words &by"), self.combo, self.combo)))
        self.combo.activated.connect(lambda _: session.set_describer(self.combo.currentData()))
        session.describer_changed.connect(self.refresh)
        session.backend.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List who can be chosen on this backend, and what else it has with the reason."""
        capabilities, chosen = self._session.backend.capabilities, self._session.describer
        models = models_of(capabilities)
        entries: list[tuple[str, str | None, str]] = [
            (tr("Measurements alone"), None, tr("Nothing is guessed."))
        ]
        entries += [(each.title, each.name, _tip(each)) for each in models]
        if chosen is not None and all(each.name != chosen for each in models):
            entries.append((chosen, chosen, tr("It is not on the backend's computer.")))
        list_items(self.combo, entries, chosen)
        for row, (_, name, _) in enumerate(entries):
            usable = name is None or find_model(capabilities, name) is not None
            self.combo.model().item(row).setEnabled(usable)
        tip = self.combo.currentData(Qt.ItemDataRole.ToolTipRole) or ""
        self.combo.setToolTip(tip)
        self.setVisible(chosen is not None or any(each.available for each in models))


def _tip(model: DescriberInfo) -> str:
    """Return what a model can do, or why it cannot be used."""
    if not model.available:
        return model.remedy
    lines = [model.name, tr("What it writes may be wrong; measurements stand beside it.")]
    if not model.questions:
        lines.append(tr("It describes, and answers no questions."))
    if not model.captions:
        lines.append(tr("It answers questions, and does not describe."))
    if model.chip_m is not None:
        side = significant(model.chip_m, 4)
        lines.append(tr("It looks at {side} m × {side} m at a time, 16 times at most.", side=side))
    if model.licence:
        lines.append(tr("Licence: {licence}", licence=model.licence))
    return "\n".join(lines)
