"""Files of one JSON object a line, and rows of any table, of which a message names file and line.

A file of lines is added to while a run lasts, and a killed run leaves at most its last line torn.
Whoever reads the file leaves that out, and whoever goes on writing cuts it off first.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from backend.errors import CorpusInvalid
from backend.io.atomic import atomic
from backend.io.disk import reason_of, writing

FILE = "__file__"
"""The field of a row that names its file; `more` of a text or chip keeps it for the way back."""

_SHOWN = 60  # characters of a wrong value


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file, with its fields by name."""

    file: str
    """The file, for messages."""
    line: int
    """The line that it begins in; the first is 1."""
    fields: Mapping[str, Any]
    """Its fields by name."""
    fault: CorpusInvalid | None = None
    """Why it cannot be read at all, where those after it can be."""

    def get(self, *names: str, default: Any = None) -> Any:
        """Return the field of the first of these names that there is, or the default."""
        return next((self.fields[name] for name in names if name in self.fields), default)

    def require(self, *names: str) -> Any:
        """Return the field of the first of these names that there is.

        Raises:
            CorpusInvalid: there is none of them; the message lists those that there are. Or the
                record cannot be read at all.
        """
        if self.fault is not None:
            raise self.fault
        for name in names:
            if name in self.fields:
                return self.fields[name]
        found = ", ".join(str(name) for name in self.fields if name != FILE) or "none"
        raise CorpusInvalid(
            f"{self.file}, line {self.line} has the fields {found}; expected {' or '.join(names)}.",
            "Rename the field, or read it by another layout.",
        )

    def text(self, *names: str) -> str:
        """Return the text in a field.

        Raises:
            CorpusInvalid: it is missing, or not a text.
        """
        value = self.require(*names)
        if not isinstance(value, str):
            raise self.invalid(names[0], value, "a text")
        return value

    def number(self, *names: str) -> float:
        """Return the number in a field, which may stand there as text.

        Raises:
            CorpusInvalid: it is missing, or not a finite number.
        """
        value = self.require(*names)
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if isinstance(value, bool) or not abs(number) < float("inf"):
            raise self.invalid(names[0], value, "a number")
        return number

    def invalid(self, field: str, value: Any, expected: str) -> CorpusInvalid:
        """Return the error to raise for a field that is not as expected."""
        shown = json.dumps(value, ensure_ascii=False, default=str)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        return CorpusInvalid(
            f"{self.file}, line {self.line}: {field} is {shown}; expected {expected}.",
            "Correct the record or delete it.",
        )


def read_lines(
    path: Path, damaged: Callable[[CorpusInvalid], None] | None = None, whole: bool = False
) -> Iterator[Row]:
    """Yield the objects of a file of lines; none where there is no file.

    With `damaged` a damaged line is handed to it, and reading goes on. A file that others have
    written is `whole`: its last line counts without an end, too.

    Raises:
        CorpusInvalid: a line is not a JSON object, or the file cannot be read.
    """
    if not path.exists():
        return
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            if not whole and not line.endswith(b"\n"):
                return  # a killed run has left it
            try:
                yield Row(str(path), number, _object(line, f"{path}, line {number}"))
            except CorpusInvalid as error:
                if damaged is None:
                    raise
                damaged(error)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file of a corpus to read its bytes.

    Raises:
        CorpusInvalid: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise CorpusInvalid(
            f"{path} cannot be read: {reason_of(error)}.", "Check the path and who may read it."
        ) from error


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusInvalid(
            f"{where} is not JSON: {error}.", "Correct the line or delete it."
        ) from error
    if not isinstance(values, dict):
        raise CorpusInvalid(
            f"{where} holds {type(values).__name__}; expected an object.",
            "Correct the line or delete it.",
        )
    return values


def read_table(path: Path, name: str, delimiter: str = ",") -> Iterator[Row]:
    """Yield the rows of a CSV file in UTF-8; `FILE` of each is `name`.

    A row that has not as many fields as the header is a row with a fault.

    Raises:
        CorpusInvalid: it cannot be read, or two columns are called the same.
    """
    try:
        with opened(path) as raw, TextIOWrapper(raw, "utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            columns = next(reader, [])
            twice = next((one for one in columns if columns.count(one) > 1), None)
            if twice is not None:
                raise CorpusInvalid(
                    f"{path} has several columns {twice}; expected one of each name.",
                    "Rename or delete all but one.",
                )
            line = reader.line_num + 1
            for values in filter(None, reader):
                fault = None
                if len(values) != len(columns):
                    fault = CorpusInvalid(
                        f"{path}, line {line} has {len(values)} fields; expected {len(columns)}: "
                        f"{', '.join(columns)}.",
                        "Correct the row or delete it.",
                    )
                fields = dict(zip(columns, values, strict=False))
                yield Row(str(path), line, {**fields, FILE: name}, fault)
                line = reader.line_num + 1
    except (csv.Error, UnicodeDecodeError) as error:
        raise CorpusInvalid(f"{path} cannot be read as CSV: {error}.", "Check the file.") from error


def write_lines(path: Path, objects: Iterable[Mapping[str, Any]]) -> int:
    """Write a file of lines, whole or not at all, and return how many.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: the file cannot be written.
    """
    count = 0
    with writing(path), atomic(path) as partial, partial.open("w", encoding="utf-8") as file:
        for one in objects:
            file.write(_line(one))
            count += 1
    return count


class LineWriter:
    """Adds lines to a file; a line is there whole or is left out by readers.

    Example:
        with LineWriter(folder / "chips.jsonl") as chips:
            chips.add({"chip": "a"})
    """

    def __init__(self, path: Path, buffered: bool = False) -> None:
        """Take the file's path; it is opened when the block begins.

        Each line is handed to the system at once, unless `buffered`: where a killed run begins
        anew, nobody needs it.
        """
        self.path, self._buffered = path, buffered

    def __enter__(self) -> Self:
        with writing(self.path):
            _cut_torn_line(self.path)
            self._file = self.path.open("a", encoding="utf-8")
        return self

    def add(self, values: Mapping[str, Any]) -> None:
        """Add a line.

        Raises:
            DiskFull: the disk has no room for it.
            OutputUnwritable: the file cannot be written.
        """
        with writing(self.path):
            self._file.write(_line(values))
            if not self._buffered:
                self._file.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _cut_torn_line(path: Path) -> None:
    """Shorten a file to its last whole line."""
    if not path.exists():
        return
    with path.open("rb+") as file:
        end = file.seek(0, 2)
        while end:
            start = max(0, end - 65536)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        file.truncate(end)
