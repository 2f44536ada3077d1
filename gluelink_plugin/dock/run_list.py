"""How runs are listed: their rows, in words."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QDateTime, QLocale, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import QListWidget

from ..layers.runs import KeptRun
from ..translation import mark, plural, tr
from ..words import km2_in_words, seconds_in_words

ROWS = 4  # that are seen at once
MAP_GONE = mark("no map")
VARIANT = {"aoi", "aoi_crs"}


class RunList(QListWidget):
    """A list in which Delete asks for what is selected to be removed."""

    deleted = pyqtSignal()

    def sizeHint(self) -> QSize:
        """Return room for a few runs, whatever the font is."""
        lines = 2 * self.fontMetrics().lineSpacing() + 2 * self.spacing()
        return QSize(super().sizeHint().width(), ROWS * lines + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell Delete from the other keys."""
        if event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)


def in_words(run: KeptRun) -> str:
    """Return a run in two lines: what was asked, and of what."""
    count = len(run.maps())
    gone = (
        []
        if count == len(run.layers)
        else [plural("1 map", "%n maps", count) if count else tr(MAP_GONE)]
    )
    facts = [
        seconds_in_words(run.seconds),
        km2_in_words(run.km2),
        run.scene.name,
        _when(run),
        *gone,
    ]
    labels = ", ".join(run.labels)
    if run.request.get("question"):
        labels = f"{labels} {run.text}"
    return f"{labels}\n{' · '.join(facts)}"


def _when(run: KeptRun) -> str:
    """Return the time of a run of today, and the day of any other."""
    asked = QDateTime.fromString(run.asked, Qt.DateFormat.ISODate)
    is_today = asked.date() == QDateTime.currentDateTime().date()
    if is_today:
        return str(asked.toString("HH:mm"))
    return str(QLocale().toString(asked.date(), QLocale.FormatType.ShortFormat))


def details(run: KeptRun) -> str:
    """Return all that is known of a run, for its tooltip."""
    asked = QDateTime.fromString(run.asked, Qt.DateFormat.ISODate)
    when = QLocale().toString(asked, QLocale.FormatType.ShortFormat)
    rest = {
        name: value for name, value in {**run.request, **run.options}.items() if name not in VARIANT
    }
    lines = [tr("Asked: {time}", time=when), tr("Scene: {path}", path=run.scene.path)]
    lines += [text for text in (run.text, run.written) if text]
    return "\n".join([*lines, *(f"{name}: {_flat(value)}" for name, value in rest.items())])


def _flat(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
