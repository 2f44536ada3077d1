"""The ask part: the phrases, and the encoder and head that answer them."""

from __future__ import annotations

from dataclasses import replace

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..client.protocol import Capabilities, EncoderInfo, HeadInfo
from .session import Question, Session
from .widgets import form, heading, make_narrow, set_hint

MAX_LINES = 32  # where the backend does not say
MAX_BANDS = 4  # that are named
EXAMPLE = "Such as “open water”"
MODALITIES = {"sentinel-1": "Sentinel-1", "alphaearth": "AlphaEarth", "tessera": "Tessera"}


class AskView(QWidget):
    """One line per phrase; Enter in any of them asks. `run` stands at the foot, always in sight."""

    asked = pyqtSignal(object)  # Question

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._capabilities: Capabilities | None = None
        self._modality = ""  # of the scene; empty while it is not known
        self._chosen: dict[str, str] = {}  # the encoder last chosen for each modality
        self.lines: list[PhraseLine] = []
        self._column = QVBoxLayout()
        self._more = QPushButton("+ &Add another phrase")
        self._more.setFlat(True)
        self._more.setToolTip("Ctrl+Enter")
        self._more.clicked.connect(self.add_line)
        self.encoders = make_narrow(QComboBox())
        self.heads = make_narrow(QComboBox())
        self.heads.setPlaceholderText("none fits")
        self.run = QPushButton("&Run")
        self.run.setToolTip("Enter in a phrase does the same")
        self.run.clicked.connect(self.ask)
        self.encoders.currentIndexChanged.connect(self._encoder_chosen)
        self.encoders.activated.connect(self._remember)
        self._lay_out()
        self.add_line()
        session.backend.changed.connect(self.refresh)
        session.scene_changed.connect(self.refresh)
        session.job_changed.connect(self._job_changed)
        self.refresh()

    def _lay_out(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        encoder = ("&Encoder", self.encoders, self.encoders)
        head = ("&Head", self.heads, self.heads)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading("Ask"))
        column.addLayout(self._column)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(form(encoder, head))

    def phrases(self) -> list[str]:
        """What is written; lines left empty do not count unless all are."""
        written = [line.text() for line in self.lines]
        return [phrase for phrase in written if phrase] or [""]

    def add_line(self) -> None:
        """One more phrase."""
        if len(self.lines) >= self._limit():
            return
        line = PhraseLine("Another phrase" if self.lines else EXAMPLE)
        line.edit.returnPressed.connect(self.ask)
        line.another.connect(self.add_line)
        line.removed.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._column.addWidget(line)
        self._settle_lines()
        if len(self.lines) > 1:
            line.edit.setFocus()

    def ask(self) -> None:
        """Ask what is written."""
        if self.run.isEnabled():
            head = self.heads.currentData()
            encoder = self.encoders.currentData() or ""
            self.asked.emit(Question(self.phrases(), encoder, head))

    def refresh(self) -> None:
        """List the pairs that the backend can run on the scene."""
        capabilities, modality = self._session.backend.capabilities, self._scene_modality()
        unchanged = capabilities is self._capabilities and modality == self._modality
        if unchanged and self.encoders.count():
            return
        self._capabilities, self._modality = capabilities, modality
        chosen = self._chosen.get(modality, self.encoders.currentData())
        self.encoders.blockSignals(True)
        self.encoders.clear()
        for encoder in capabilities.encoders if capabilities else []:
            self._add_encoder(encoder, self._heads_of(encoder.name))
        self.encoders.setCurrentIndex(self._place_of(chosen))
        if capabilities is None:
            self.encoders.addItem("shown once the backend has started")
        self.encoders.setEnabled(capabilities is not None)
        self.encoders.blockSignals(False)
        self._settle_lines()
        self._encoder_chosen()

    def _add_encoder(self, encoder: EncoderInfo, heads: list[HeadInfo]) -> None:
        place = self.encoders.count()
        self.encoders.addItem(f"{encoder.title}, {encoder.cell_m:.0f} m", encoder.name)
        lack = "" if heads else "No head fits it."
        if not encoder.available:
            lack = encoder.remedy or "Its weights are not on the backend's machine."
        if self._misfits(encoder):
            lack = f"It reads {_title(encoder.modality)}; the scene is {_title(self._modality)}."
        item = self.encoders.model().item(place)
        item.setEnabled(not lack)
        few = len(encoder.bands) <= MAX_BANDS
        reads = ", ".join(encoder.bands) if few else _title(encoder.modality)
        facts = [
            f"{encoder.name}: {reads}; {encoder.dim} features per cell of "
            f"{encoder.cell_m:.0f} m; windows of {encoder.window_px} px",
            f"Licence: {encoder.licence}",
            lack,
        ]
        item.setToolTip("\n".join(fact for fact in facts if fact))

    def _scene_modality(self) -> str:
        """Of the scene; while the next one is being checked, still that of the last."""
        if self._session.scene is not None:
            return self._session.scene.modality
        return self._modality if self._session.source is not None else ""

    def _misfits(self, encoder: EncoderInfo) -> bool:
        return self._modality not in ("", encoder.modality)

    def _place_of(self, chosen: str | None) -> int:
        """The encoder chosen before, if it can still be; else one that can; else one that fits."""
        encoders = self._capabilities.encoders if self._capabilities else []
        places = range(len(encoders))
        usable = [i for i in places if self.encoders.model().item(i).isEnabled()]
        fitting = [i for i in places if not self._misfits(encoders[i])]
        same = self.encoders.findData(chosen)
        return same if same in usable else next(iter(usable + fitting), -1)

    def _remember(self, _place: int) -> None:
        self._chosen[self._modality] = self.encoders.currentData()

    def _heads_of(self, encoder: str) -> list[HeadInfo]:
        heads = self._capabilities.heads if self._capabilities else []
        return [head for head in heads if head.encoder == encoder]

    def _encoder_chosen(self, _place: int = -1) -> None:
        encoder = self.encoders.currentData() or ""
        chosen = self.heads.currentData()
        self.heads.clear()
        for head in self._heads_of(encoder):
            self.heads.addItem(head.title, head.name)
            tip = _about(head)
            self.heads.setItemData(self.heads.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.heads.setCurrentIndex(max(0, self.heads.findData(chosen)))
        self.heads.setEnabled(self.heads.count() > 0)
        self.heads.setToolTip(self.heads.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        self.encoders.setToolTip(self.encoders.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        self._session.set_encoder(encoder)
        waiting = self._session.waiting
        if waiting is not None:  # for the scene's check, which may have told that another fits
            head = self.heads.currentData()
            self._session.waiting = replace(waiting, encoder=encoder, head=head)

    def _job_changed(self) -> None:
        self.run.setEnabled(not self._session.busy)

    def _limit(self) -> int:
        return self._capabilities.limits.max_phrases if self._capabilities else MAX_LINES

    def _remove(self, line: PhraseLine) -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
        self._settle_lines()
        self.lines[-1].edit.setFocus()

    def _settle_lines(self) -> None:
        for line in self.lines:
            line.cross.setVisible(len(self.lines) > 1)
        if self.run.window() is self.window():
            self.set_tab_order()

    def set_tab_order(self) -> None:
        """New lines come between the area and the pair, also for those who go by Tab."""
        stops = [widget for line in self.lines for widget in (line.edit, line.cross)]
        stops += [self._more, self.encoders, self.heads, self.run]
        for earlier, later in zip(stops, stops[1:]):
            QWidget.setTabOrder(earlier, later)
        self._more.setEnabled(len(self.lines) < self._limit())


class PhraseLine(QWidget):
    """One phrase and the cross that removes it."""

    removed = pyqtSignal()
    another = pyqtSignal()

    def __init__(self, example: str) -> None:
        super().__init__()
        self.edit = PhraseEdit()
        set_hint(self.edit, example)
        self.edit.setClearButtonEnabled(True)
        self.edit.another.connect(self.another)
        self.cross = QToolButton()
        self.cross.setText("×")
        self.cross.setAutoRaise(True)
        self.cross.setToolTip("Remove this phrase")
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cross.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit)
        row.addWidget(self.cross)

    def text(self) -> str:
        """The phrase without spaces around it."""
        return self.edit.text().strip()


class PhraseEdit(QLineEdit):
    """A line in which Ctrl+Enter asks for another line, and Enter does not."""

    another = pyqtSignal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.another.emit()
        else:
            super().keyPressEvent(event)


def _title(modality: str) -> str:
    return MODALITIES.get(modality, modality)


def _about(head: HeadInfo) -> str:
    scores = "\n".join(f"{name}: {value:.3g}" for name, value in head.scores.items())
    space = f"Text space: {head.text_space.name} ({head.text_space.dim}-d)"
    return "\n".join(part for part in (head.summary, space, scores) if part)
