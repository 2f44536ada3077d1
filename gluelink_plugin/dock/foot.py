"""The foot: what is being done, how far it is, and the button that stops it."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..backend_words import translated
from ..session import Session
from ..translation import tr
from ..words import seconds_in_words
from .widgets import fill, keep_width

STEPS = 1000


class FootView(QWidget):
    """Follows the job, or the file that is sent; between jobs it says how the last one ended."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.stage = QLabel(wordWrap=True)
        keep_width(self.stage)
        self.bar = QProgressBar(textVisible=False)
        self.cancel = QPushButton(tr("Cancel"), toolTip=tr("Esc"), clicked=self._cancel)
        row = fill(QHBoxLayout(), (self.bar, 1), self.cancel)
        fill(QVBoxLayout(self), self.stage, row)
        session.job_changed.connect(self.refresh)
        session.job_done.connect(self.say)
        session.scene_changed.connect(self._follow_upload)
        self._followed = False
        self.refresh()

    def _cancel(self) -> None:
        """Stop the job; where there is none yet, the upload that it waits for."""
        if self._session.run is None:
            self._session.stop_sending()
        self._session.cancel()

    def _follow_upload(self) -> None:
        """Show how far the upload is, and leave alone what stands here while there is none."""
        if self._session.sending or self._followed:
            self._followed = self._session.sending
            self.refresh()

    def say(self, text: str) -> None:
        """Say how the last job ended."""
        self.stage.setText(text)
        self.stage.setVisible(bool(text))

    def refresh(self) -> None:
        """Show the job as it stands."""
        sending = self._session.sending
        busy = self._session.busy or sending
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        if not busy:
            self.say("")
            return
        run = self._session.run
        self.cancel.setEnabled(run is None or not run.cancelling)
        job = run.job if run is not None else None
        upload = self._session.upload if sending and run is None else None
        done, total = (job.done, job.total) if job is not None else (0, 0)
        if upload is not None:
            done, total = upload.sent, upload.total
        self.bar.setRange(0, STEPS if total else 0)
        if total:
            self.bar.setValue(STEPS * done // total)
        self.say(self._words())

    def _words(self) -> str:
        run = self._session.run
        if run is None and self._session.sending:
            return tr("Sending the scene…")
        if run is None:
            return tr("Waiting for the backend to check the scene…")
        if run.cancelling:
            return tr("Cancelling…")
        job = run.job
        if job is None:
            return tr("Sending the request…")
        words = [translated(job.stage)]
        if job.total > 1:
            words.append(tr("{done} of {total}", done=job.done, total=job.total))
        if job.seconds_left is not None and job.state == "running":
            words.append(tr("{time} left", time=seconds_in_words(job.seconds_left)))
        return " · ".join(words)
