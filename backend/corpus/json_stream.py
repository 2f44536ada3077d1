"""Read JSON that is larger than memory, item by item, with the line that each item begins in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from backend.corpus.lines import FILE, Row, opened
from backend.errors import CorpusInvalid

_CHUNK = 2**20
_SPACE = " \t\r\n"


def read_list(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield line and value of each item of a list, or of each line of an object a line.

    Raises:
        CorpusInvalid: the file cannot be read, or is not JSON.
    """
    with opened(path) as raw, _text(raw) as file:
        scan = _Scan(path, file)
        if scan.peek() != "[":
            while scan.peek():
                yield scan.value()
            return
        yield from scan.items()


def read_records(path: Path, name: str) -> Iterator[Row]:
    """Yield the objects of a list or of lines; `FILE` of each is `name`.

    An item of another kind is a row with a fault.

    Raises:
        CorpusInvalid: the file cannot be read, or is not JSON.
    """
    for line, value in read_list(path):
        row = as_row(path, line, value)
        yield replace(row, fields={**row.fields, FILE: name})


def as_row(path: Path, line: int, value: Any) -> Row:
    """Return an item of a file as a record; one of another kind has a fault."""
    if isinstance(value, dict):
        return Row(str(path), line, value)
    row = Row(str(path), line, {})
    return replace(row, fault=row.invalid("the record", value, "an object"))


def read_object(path: Path) -> Iterator[tuple[str, int, Any]]:
    """Yield key, line and value of an object's members; of lists each item, under the same key.

    Raises:
        CorpusInvalid: the file cannot be read, or is not an object of JSON.
    """
    with opened(path) as raw, _text(raw) as file:
        scan = _Scan(path, file)
        scan.expect("{")
        while scan.peek() != "}":
            _, key = scan.value()
            scan.expect(":")
            if scan.peek() == "[":
                for line, value in scan.items():
                    yield str(key), line, value
            else:
                line, value = scan.value()
                yield str(key), line, value
            if scan.peek() == ",":
                scan.expect(",")


def _text(raw: BinaryIO) -> TextIO:
    return TextIOWrapper(raw, encoding="utf-8-sig")


class _Scan:
    """A place in a file of JSON, of which one item is in memory."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path, self._file = path, file
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._decode = json.JSONDecoder().raw_decode

    def peek(self) -> str:
        """Return the next character that is not a space, or nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Step over a character."""
        if self.peek() != character:
            raise self._broken(f"expected {character}")
        self._at += 1

    def items(self) -> Iterator[tuple[int, Any]]:
        """Yield line and value of the items of a list."""
        self.expect("[")
        while self.peek() != "]":
            yield self.value()
            if self.peek() == ",":
                self._at += 1
            elif self.peek() != "]":
                raise self._broken("expected , or ]")
        self._at += 1

    def value(self) -> tuple[int, Any]:
        """Return line and value of the next item."""
        self.peek()
        line = self._line
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._more():
                    raise self._broken(str(error)) from error
                continue
            if end < len(self._text) or not self._more():  # else a number may go on
                self._line += self._text.count("\n", self._at, end)
                self._at = end
                return line, value

    def _more(self) -> bool:
        """Read on; return whether there was more. What is behind is forgotten."""
        if self._ended:
            return False
        try:
            chunk = self._file.read(max(_CHUNK, len(self._text) - self._at))
        except UnicodeDecodeError as error:
            raise self._broken("it is not UTF-8 text") from error
        self._ended = not chunk
        self._text, self._at = self._text[self._at :] + chunk, 0
        return bool(chunk)

    def _broken(self, why: str) -> CorpusInvalid:
        return CorpusInvalid(
            f"{self._path}, line {self._line} is not JSON as expected: {why}.",
            "Fetch the file again, or correct it.",
        )
