"""BigEarthNet.txt: captions, questions and boxes in words for patches of Sentinel-1 at 10 m.

One Parquet file of 9.5 million rows without pixels; the patches are those of BigEarthNet v2, 120 ×
120 pixels with VV and VH in dB. Latitude and longitude are the middle of a patch. Where a box in
words begins to count, and in which direction, is not documented: boxes stay words.
Source: Herzog et al., BigEarthNet.txt (2026), and the page of its file.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from backend.corpus.files import Corpus
from backend.corpus.layouts.base import (
    Entry,
    Images,
    Layout,
    file_of,
    leftover,
)
from backend.corpus.lines import FILE, Row
from backend.corpus.records import Chip, Fragment, Text
from backend.corpus.sinks import Sinks
from backend.errors import CorpusInvalid, ExtraMissing
from backend.language import Place

COLUMNS = (
    "ID", "s1_name", "patch_id", "input", "output", "type", "category", "split",
    "latitude", "longitude", "country", "season", "climate_zone",
)  # fmt: skip
SIDE_PX, PIXEL_M = 120, 10.0
ROWS = 10_000
NAME = "BigEarthNet.txt.parquet"
_TAKEN = ("s1_name", "output", "split", "type", "category")


class BigEarthNetText(Layout):
    """BigEarthNet.txt."""

    name, title = "bigearthnet-txt", "BigEarthNet.txt"
    holds = frozenset({"captions", "questions"})
    source = "huggingface.co/datasets/BIFOLD-BigEarthNetv2-0/BigEarthNet.txt"
    licence = "CDLA-Permissive-1.0"
    patterns, expected = (r"(.*/)?BigEarthNet\.txt[^/]*\.parquet",), NAME
    pictures = False

    def records(self, file: Path, name: str) -> Iterator[Row]:
        """Yield the rows, some thousand in memory at a time; the first row's line is 1.

        Raises:
            CorpusInvalid: a file cannot be read as Parquet.
        """
        arrow = _arrow()
        line = 0
        try:
            with arrow.ParquetFile(file) as table:
                for batch in table.iter_batches(ROWS):
                    for values in batch.to_pylist():
                        line += 1
                        yield Row(str(file), line, {**values, FILE: name})
        except (OSError, arrow_errors()) as error:
            raise CorpusInvalid(
                f"{file} cannot be read as Parquet: {str(error).splitlines()[0]}.",
                "Fetch it again.",
            ) from error

    def about(self, path: Path) -> Mapping[str, Any]:
        """Return the columns in order.

        Raises:
            CorpusInvalid: a file cannot be read as Parquet.
        """
        arrow = _arrow()
        try:
            names = [arrow.read_schema(file).names for file in self.files(path)]
        except (OSError, arrow_errors()) as error:
            raise CorpusInvalid(
                f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}.",
                "Fetch it again.",
            ) from error
        return {"more": {"columns": names[0] if names else list(COLUMNS)}}

    def entry(self, row: Row, images: Images) -> Entry:
        """Return a caption, or a question with its answer; what is asked is the input."""
        name, kind = row.text("s1_name"), row.text("type")
        latitude, longitude = row.number("latitude"), row.number("longitude")
        for field, value, limit in (("latitude", latitude, 90), ("longitude", longitude, 180)):
            if abs(value) > limit:
                raise row.invalid(field, value, f"degrees from -{limit} to {limit}")
        chip = Chip(
            name,
            name,
            SIDE_PX,
            SIDE_PX,
            metres_per_pixel=PIXEL_M,
            sensor="Sentinel-1",
            polarisations=("VV", "VH"),
            date=_date_of(name),
            split=row.text("split"),
        )
        caption = kind == "captioning"
        text = Text(
            name,
            (Fragment(row.text("output"), evidence="both"),),
            "caption" if caption else "question",
            "" if caption else row.text("input"),
            f"{kind}/{row.get('category', default='')}",
            "segmentation",
            more=leftover(row, *_TAKEN, *(() if caption else ("input",))),
        )
        return Entry(chip, (text,), place=Place(longitude, latitude))

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write one Parquet file of the published columns."""
        columns = corpus.about.more.get("columns", list(COLUMNS))
        places = {record.chip: record.place for record in corpus.facts()}
        splits = {chip.name: chip.split for chip in corpus.chips()}
        rows: list[dict[str, Any]] = []
        writer = _Writer(sinks)
        with writer:
            for number, text in enumerate(corpus.texts()):
                values = _values(text, number, places.get(text.chip), splits[text.chip])
                rows.append({name: values.get(name) for name in columns})
                if len(rows) == ROWS:
                    writer.add(file_of(text, NAME), rows)
                    rows = []
            if rows:
                writer.add(file_of(text, NAME), rows)


def _values(text: Text, number: int, place: Place | None, split: str) -> dict[str, Any]:
    kind, _, category = text.task.partition("/")
    caption = text.kind == "caption"
    own = {
        "ID": number,
        "patch_id": text.chip,
        "input": "Describe the picture." if caption else text.question,
        "latitude": place and place.latitude,
        "longitude": place and place.longitude,
    }
    return {
        **own,
        **text.more,
        "s1_name": text.chip,
        "output": text.plain,
        "split": text.split or split,
        "type": "captioning" if caption else kind or "binary",
        "category": category or text.task,
    }


class _Writer:
    """A Parquet file that rows are added to, with the types of the first ones."""

    def __init__(self, sinks: Sinks) -> None:
        self._sinks, self._arrow, self._parquet = sinks, _core(), _arrow()
        self._file: Any = None

    def __enter__(self) -> "_Writer":
        return self

    def add(self, name: str, rows: list[dict[str, Any]]) -> None:
        if self._file is None:
            schema = self._schema(self._arrow.Table.from_pylist(rows).schema)
            self._file = self._parquet.ParquetWriter(self._sinks.path(name), schema)
        self._file.write_table(self._arrow.Table.from_pylist(rows, schema=self._file.schema))

    def _schema(self, first: Any) -> Any:
        """Return the types of the first rows; a column that is empty there holds text."""
        text = self._arrow.string()
        for number, column in enumerate(first):
            if self._arrow.types.is_null(column.type):
                first = first.set(number, column.with_type(text))
        return first

    def __exit__(self, *error: object) -> None:
        if self._file:
            self._file.close()


def _date_of(name: str) -> str | None:
    """Return the day in the name of a patch: S1A_IW_GRDH_1SDV_20170613T165043_33UUP_61_39."""
    day = next((part[:8] for part in name.split("_") if len(part) == 15 and part[8] == "T"), "")
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if day.isdigit() else None


def _core() -> ModuleType:
    try:
        import pyarrow
    except ImportError as error:
        raise ExtraMissing(
            "Parquet files need the package pyarrow, which is not installed.",
            "Install it: pip install 'gluelink[corpora]'.",
        ) from error
    return pyarrow


def _arrow() -> ModuleType:
    _core()
    import pyarrow.parquet

    return pyarrow.parquet


def arrow_errors() -> type[Exception]:
    """Return what pyarrow raises for a file that it cannot read."""
    kind: type[Exception] = _core().ArrowException
    return kind


LAYOUTS = (BigEarthNetText(),)
