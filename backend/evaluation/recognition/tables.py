"""What was recognised as tables: ours, what ignorance gets, and the rows of SAR-KnowLIP."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from backend.evaluation.recognition.published import (
    CLASSIFIED,
    DETECTED,
    PUBLISHED,
    SEGMENTED,
    SOURCE,
)
from backend.evaluation.recognition.report import Measure, RecognitionReport
from backend.evaluation.tables import as_text, without_nan
from backend.io.disk import write_file

NONE = "–"
NAMES = {
    "top1": "top-1",
    "top3": "top-3",
    "exact": "exact",
    "mae": "MAE",
    "ap50": "AP50",
    "accuracy": "OA",
    "miou": "mIoU",
}
RULES = {
    "classes": "Chance: always the most frequent classes.",
    "counts": "Exact: right when rounded. Chance: always the most frequent count, and the median "
    "for the mean absolute error. Mean over categories.",
    "boxes": "Chance: the same boxes, each taken for those of another chip. Mean over categories.",
    "segments": "Chance: all of the most frequent class. Mean over classes that occur.",
}


def recognition_tables(report: RecognitionReport) -> list[Table]:
    """Return a table for each of classes, counts, boxes and segments that was measured."""
    tables = (
        ("classes", "Classification, %", report.classes, ("top1", "top3"), CLASSIFIED),
        ("counts", "Counts, % and objects", report.counts, ("exact", "mae"), ()),
        ("boxes", "Detection, AP at IoU 0.5, %", report.boxes, ("ap50",), DETECTED),
        ("segments", "Segmentation, %", report.segments, ("accuracy", "miou"), SEGMENTED),
    )
    published = {
        "classes": [(row.model, row.classified) for row in PUBLISHED],
        "counts": [],
        "boxes": [(row.model, row.detected) for row in PUBLISHED],
        "segments": [(row.model, row.segmented) for row in PUBLISHED],
    }
    return [
        _table(report, part, title, found, keys, sets, published[part])
        for part, title, found, keys, sets in tables
        if found
    ]


def _table(
    report: RecognitionReport,
    part: str,
    title: str,
    found: Mapping[str, Measure],
    keys: Sequence[str],
    sets: Sequence[str],
    published: Iterable[tuple[str, tuple[float, ...]]],
) -> Table:
    where = f", {report.split}" if report.split else ""
    table = Table("model", title=f"{title}{where}, {report.chips[part]:,} chips")
    for data in ("this corpus", *sets):
        for key in keys:
            table.add_column(f"{data}\n{NAMES[key]}", justify="right")
    elsewhere = [NONE] * (len(keys) * len(sets))
    table.add_row("this file", *(_shown(key, found[key].value) for key in keys), *elsewhere)
    table.add_row("chance", *(_shown(key, found[key].chance) for key in keys), *elsewhere)
    for name in found:
        if name not in keys:
            kind, both = name.split()[0], found[name]
            row = [""] * len(keys)
            row[keys.index(kind) if kind in keys else -1] = (
                f"{_percent(both.value)} ({_percent(both.chance)})"
            )
            table.add_row(f"  {name}", *row, *[""] * len(elsewhere))
    table.add_section()
    for model, figures in published:
        table.add_row(model, *[NONE] * len(keys), *(f"{figure:.2f}" for figure in figures))
    missing = report.missing.get(part, 0)
    lacking = f" {missing:,} chips are missing and count as wrong." if missing else ""
    below = f" Below: {SOURCE}." if sets else ""
    table.caption = f"{RULES[part]}{lacking}{below}"
    return table


def _shown(key: str, value: float) -> str:
    return f"{value:.2f}" if key == "mae" else _percent(value)


def _percent(share: float) -> str:
    return NONE if math.isnan(share) else f"{100 * share:.2f}"


def write_recognition(folder: Path, report: RecognitionReport) -> None:
    """Write recognition.txt and recognition.json into a folder, each whole.

    Raises:
        DiskFull: the disk of the folder is full.
        OutputUnwritable: nothing can be written there.
    """
    write_file(folder / "recognition.txt", as_text(recognition_tables(report)).encode())
    values = json.dumps(without_nan(asdict(report)), indent=1, ensure_ascii=False)
    write_file(folder / "recognition.json", f"{values}\n".encode())
