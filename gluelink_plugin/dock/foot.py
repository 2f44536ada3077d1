"""The foot: what is being done, how far it is, and the button that stops it."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..session import Session
from ..words import seconds_in_words
from .widgets import fill, keep_width

STEPS = 1000


class FootView(QWidget):
    """Follows the job; between jobs it says how the last one ended."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.stage = QLabel(wordWrap=True)
        keep_width(self.stage)
        self.bar = QProgressBar(textVisible=False)
        self.cancel = QPushButton("&Cancel", clicked=session.cancel)
        row = fill(QHBoxLayout(), (self.bar, 1), self.cancel)
        fill(QVBoxLayout(self), self.stage, row)
        session.job_changed.connect(self.refresh)
        session.job_done.connect(self.say)
        self.refresh()

    def say(self, text: str) -> None:
        """Say how the last job ended."""
        self.stage.setText(text)
        self.stage.setVisible(bool(text))

    def refresh(self) -> None:
        """Show the job as it stands."""
        busy = self._session.busy
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        if not busy:
            self.say("")
            return
        run = self._session.run
        self.cancel.setEnabled(run is None or not run.cancelling)
        job = run.job if run is not None else None
        known = job is not None and job.total > 0
        self.bar.setRange(0, STEPS if known else 0)
        if job is not None and known:
            self.bar.setValue(STEPS * job.done // job.total)
        self.say(self._words())

    def _words(self) -> str:
        run = self._session.run
        if run is None:
            return "Waiting for the backend to check the scene…"
        if run.cancelling:
            return "Cancelling…"
        job = run.job
        if job is None:
            return "Sending the request…"
        words = [job.stage]
        if job.total > 1:
            words.append(f"{job.done} of {job.total}")
        if job.seconds_left is not None and job.state == "running":
            words.append(f"{seconds_in_words(job.seconds_left)} left")
        return " · ".join(words)
