"""Write tables of comma-separated values that are read back as they were."""

import csv
from collections.abc import Iterable
from typing import Any, TextIO


class TableWriter:
    """Writes rows of CSV, each of which ends in a line feed.

    Example:
        with path.open("w", encoding="utf-8", newline="") as file:
            TableWriter(file).add(["id", 'a "name"'])
    """

    def __init__(self, file: TextIO, delimiter: str = ",") -> None:
        """Take an open file, or a `StringIO`."""
        self._file = file
        # Before Python 3.13 a carriage return is quoted only where the ends of lines have one.
        self._writer = csv.writer(self, delimiter=delimiter, lineterminator="\r\n")

    def add(self, row: Iterable[Any]) -> None:
        """Write a row."""
        self._writer.writerow(row)

    def write(self, line: str) -> int:
        """Write a line as `csv` hands it over."""
        return self._file.write(line.removesuffix("\r\n") + "\n")
