"""Read CSV files row by row; an error names the file, the row and the field."""

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from operator import itemgetter
from pathlib import Path

from backend.errors import SurveyInvalid
from backend.progress import Progress, silent

REPORT_ROWS = 2000
MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    table: str
    """The file, for messages."""

    line: int
    """The row's number; the header is row 1."""

    fields: dict[str, str]
    """The fields by lower-case column name, without spaces around them."""

    def number(self, column: str) -> float:
        """Return the number in a field.

        Raises:
            SurveyInvalid: the field is not a finite number.
        """
        try:
            value = float(self.fields[column])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.unreadable(column, "a number")
        return value

    def unreadable(self, column: str, expected: str) -> SurveyInvalid:
        """Return the error to raise for a field that is not as expected."""
        return SurveyInvalid(
            f"{self.table}, row {self.line}: {column} is {self.fields[column]!r}; "
            f"expected {expected}.",
            "Correct the row or delete it.",
        )


def read_table(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    progress: Progress = silent,
) -> Iterator[Row]:
    """Yield the rows of a CSV file with the fields named.

    The file is UTF-8, with commas or semicolons; its columns may stand in any order, and their
    names in capitals or not.

    Raises:
        SurveyInvalid: the file cannot be read, lacks a required column or has no row.
    """
    try:
        size = path.stat().st_size // MEGABYTE
        with path.open("rb") as raw, TextIOWrapper(raw, "utf-8-sig", newline="") as file:

            def report() -> None:
                progress(f"reading {path.name} (MB)", raw.tell() // MEGABYTE, size)

            yield from _rows(path, file, required, optional, report)
    except UnicodeDecodeError as error:
        raise SurveyInvalid(
            f"{path} is not UTF-8 text ({error.reason}).", "Save the table as CSV in UTF-8."
        ) from error
    except OSError as error:
        raise SurveyInvalid(
            f"{path} cannot be read: {error.strerror}.", "Check the path."
        ) from error
    except csv.Error as error:
        raise SurveyInvalid(f"{path} cannot be read as CSV: {error}.", "Check the file.") from error


def _rows(
    path: Path,
    file: TextIOWrapper,
    required: Sequence[str],
    optional: Sequence[str],
    report: Callable[[], None],
) -> Iterator[Row]:
    header = file.readline()
    delimiter = ";" if header.count(";") > header.count(",") else ","
    columns = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    missing = [name for name in required if name not in columns]
    if missing:
        more = f" and {len(columns) - 8} more" if len(columns) > 8 else ""
        raise SurveyInvalid(
            f"{path} lacks the column {', '.join(missing)}; it has "
            f"{', '.join(columns[:8]) or 'none'}{more}.",
            "See docs/training.md for the columns of each table.",
        )
    names = [*required, *(name for name in optional if name in columns)]
    pick = itemgetter(*(columns.index(name) for name in names))
    reader = csv.reader(file, delimiter=delimiter)
    count = 0
    for count, values in enumerate(filter(None, reader), 1):
        if count % REPORT_ROWS == 0:
            report()
        line = reader.line_num + 1  # the header is row 1
        if len(values) != len(columns):
            raise SurveyInvalid(
                f"{path}, row {line} has {len(values)} fields; expected {len(columns)}.",
                "Correct the row or delete it.",
            )
        yield Row(str(path), line, dict(zip(names, map(str.strip, pick(values)), strict=True)))
    if not count:
        raise SurveyInvalid(f"{path} has no points.", "Give a table with a header and rows.")
