"""The files of an export, written as a stream into a folder that appears when all are whole."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

from backend.errors import CorpusInvalid
from backend.io.tables import TableWriter


class Sink(Protocol):
    """A file that records are added to."""

    def add(self, record: Any) -> None:
        """Add a record."""

    def close(self) -> None:
        """Write what comes last."""


class _Table(TableWriter):
    def close(self) -> None:
        pass


class _List:
    def __init__(self, file: TextIO) -> None:
        self._file, self._any = file, False

    def add(self, record: Any) -> None:
        self._file.write(",\n" if self._any else "[\n")
        self._file.write(json.dumps(record, ensure_ascii=False))
        self._any = True

    def close(self) -> None:
        self._file.write("\n]\n" if self._any else "[]\n")


class _Lines:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(self, record: Any) -> None:
        self._file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self) -> None:
        pass


class Sinks:
    """The files of an export by their names, each opened once.

    Example:
        with Sinks(folder) as sinks:
            sinks.list("captions.json").add({"image": "a.png", "caption": "a ship"})
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder that the files are written into."""
        self._folder = folder
        self._sinks: dict[str, Sink] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def table(self, name: str, columns: Sequence[str], delimiter: str = ",") -> Sink:
        """Return a CSV file with a header, to which rows are added."""
        if name not in self._sinks:
            table = self._sinks[name] = _Table(self._open(name), delimiter)
            table.add(columns)
        return self._sinks[name]

    def list(self, name: str) -> Sink:
        """Return a JSON file to which items are added: one list, or one a line in .jsonl."""
        if name not in self._sinks:
            kind = _Lines if name.lower().endswith(".jsonl") else _List
            self._sinks[name] = kind(self._open(name))
        return self._sinks[name]

    def json(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a JSON file at once."""
        self.text(name, json.dumps(value, ensure_ascii=False) + "\n")

    def text(self, name: str, content: str) -> None:
        """Write a file of text at once."""
        path = self.path(name)
        path.write_text(content, encoding="utf-8")

    def path(self, name: str) -> Path:
        """Return where a file of this name is written, in a folder that is made if need be.

        Raises:
            CorpusInvalid: the name leads out of the folder of the export.
        """
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise CorpusInvalid(
                f'The file name "{name}" leads out of the folder of the export.',
                "Correct it in the corpus.",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _open(self, name: str) -> TextIO:
        file = self.path(name).open("w", encoding="utf-8", newline="")
        return self._stack.enter_context(file)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is None:
            for sink in self._sinks.values():
                sink.close()
        self._stack.close()
