"""Tasks that make a file beside a map: it is whole and shown, or it is not there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingException, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..translation import tr
from .result import free_path


class FileTask(QgsTask):
    """Makes one file in a thread of QGIS's task manager; `ended` comes on the main thread."""

    ended = pyqtSignal()

    def __init__(self, title: str, target: Path) -> None:
        super().__init__(title)
        self.target = free_path(target)
        self.found: Any = None
        """What `make` has returned."""
        self.problem = ""
        """Why there is no file, in a sentence."""

    def make(self) -> Any:
        """Write the file and return what is known of it; None where it was cancelled."""
        raise NotImplementedError

    def run(self) -> bool:
        """Make the file; an error is kept, for one that escapes would end QGIS."""
        try:
            self.found = self.make()
        except (QgsProcessingException, MemoryError, OSError, RuntimeError, ValueError) as problem:
            self.problem = str(problem) or tr("The map is too large for the memory.")
        if self.found is None:  # nothing half-written stays under a final name
            self.discard()
        return self.found is not None

    def discard(self) -> None:
        """Delete the file."""
        with suppress(OSError):
            self.target.unlink()

    def finished(self, _result: bool) -> None:
        """Tell the section, on the main thread."""
        self.ended.emit()

    def give_up(self) -> None:
        """End before returning, and leave no file: nobody is there to show it."""
        self.ended.disconnect()
        self.cancel()
        self.waitForFinished()
        self.discard()
