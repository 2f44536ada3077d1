"""What the first section shows while the backend of a packaged plugin is not installed."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from ..client.protocol import ErrorBody
from ..client.setup import NEEDED_GB, PACKAGES, BackendSetup, Step
from ..settings import Settings, bundled_wheel
from ..translation import tr
from .widgets import STRETCH, breakable, caption, fill, keep_width

DONE, WAITING, FAILED = "✔", "○", "✘"
COLOURS = {DONE: "#3caa50", FAILED: "#c83232"}


class SetupView(QFrame):
    """Says what a set-up takes, does it at the press of a button, and ticks off each step."""

    begun = pyqtSignal()
    done = pyqtSignal()
    failed = pyqtSignal(object)  # ErrorBody
    logged = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.work = BackendSetup(self)
        self._settings = Settings("")
        self.about = QLabel(wordWrap=True)
        self.button = QPushButton(tr("Set up"), clicked=self.toggle)
        self.steps = {step: QLabel(wordWrap=True) for step in Step}
        self.stage, self._bar = caption(), QProgressBar(minimum=0, maximum=0, textVisible=False)
        keep_width(self.stage)
        row = fill(QHBoxLayout(), self._bar, STRETCH, self.button)
        fill(
            QVBoxLayout(self),
            self.about,
            *self.steps.values(),
            self.stage,
            row,
            margins=(0, 4, 0, 0),
        )
        self.work.stepped.connect(self._stepped)
        self.work.moved.connect(self.stage.setText)
        self.work.logged.connect(self.logged)
        self.work.done.connect(self._done)
        self.work.failed.connect(self._failed)
        self._show(running=False)

    def offer(self, settings: Settings) -> None:
        """Say where the backend would be set up, and what that takes."""
        self._settings = settings
        where = breakable(short(settings.folder))
        source = tr("from the Python Package Index")
        if (Path(settings.folder) / PACKAGES).is_dir():
            source = tr("from its folder {folder}, without internet", folder=PACKAGES)
        self.about.setText(
            tr(
                "“Set up” makes a Python environment in {folder}: about {size} GB, {source}. It "
                "takes some minutes.",
                folder=where,
                size=NEEDED_GB,
                source=source,
            )
        )

    def toggle(self) -> None:
        """Begin, or stop."""
        if self.work.running:
            self.cancel()
        else:
            self.begin()

    def begin(self) -> None:
        """Begin, unless a set-up is under way."""
        wheel = bundled_wheel()
        if self.work.running or wheel is None:
            return
        for step in Step:
            self._mark(step, WAITING)
        self._show(running=True)
        self.begun.emit()
        self.work.start(self._settings, wheel)

    def cancel(self) -> None:
        """Stop before returning."""
        if self.work.running:
            self.work.cancel()
            self._show(running=False)
            self.stage.setText(tr("Cancelled. “Set up” goes on with what is there."))

    def _stepped(self, step: Step, found: str) -> None:
        self._mark(step, DONE, found)

    def _done(self) -> None:
        self._show(running=False)
        self.done.emit()

    def _failed(self, error: ErrorBody) -> None:
        self._show(running=False)
        self.stage.setText("")
        for step, label in self.steps.items():
            if DONE not in label.text():
                self._mark(step, FAILED)
                break
        self.failed.emit(error)

    def _mark(self, step: Step, sign: str, found: str = "") -> None:
        more = f" ({breakable(short(found))})" if found else ""
        style = f"color: {COLOURS[sign]}" if sign in COLOURS else ""
        self.steps[step].setText(f'<span style="{style}">{sign}</span> {tr(step.value)}{more}')
        self.steps[step].show()

    def _show(self, running: bool) -> None:
        self.button.setText(tr("Cancel") if running else tr("Set up"))
        self._bar.setVisible(running)
        self.stage.setVisible(running or bool(self.stage.text()))
        for label in self.steps.values():
            label.setVisible(bool(label.text()))


def short(folder: str) -> str:
    """Return a folder as a shell writes it: with "~" for the user's own."""
    return folder.replace(str(Path.home()), "~")
