"""What an upload sends: one file, or two as one body."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from qgis.PyQt.QtCore import QIODevice, QObject


class JoinedFiles(QIODevice):
    """The bytes of several files, one after another, read when they are sent."""

    def __init__(self, paths: Sequence[Path], parent: QObject | None = None) -> None:
        """Open the files.

        Raises:
            OSError: one of them cannot be read.
        """
        super().__init__(parent)
        with ExitStack() as opened:
            self._files = [opened.enter_context(path.open("rb")) for path in paths]
            self._opened = opened.pop_all()
        self.sizes = [path.stat().st_size for path in paths]
        self._place = 0
        self.open(QIODevice.OpenModeFlag.ReadOnly | QIODevice.OpenModeFlag.Unbuffered)

    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(self.sizes)

    def seek(self, place: int) -> bool:
        """Go to a place in the bytes of all files; Qt does so to send them once more."""
        self._place = place
        return bool(super().seek(place))

    def readData(self, most: int) -> bytes | None:
        """Return the next bytes, those of one file at a time; None where the disk fails."""
        try:
            return self._read(most)
        except OSError:
            return None

    def _read(self, most: int) -> bytes:
        start = self._place
        for file, size in zip(self._files, self.sizes):
            if start < size:
                file.seek(start)
                data = file.read(min(most, size - start))
                self._place += len(data)
                return data
            start -= size
        return b""

    def close(self) -> None:
        """Close the files."""
        super().close()
        self._opened.close()
