"""Tables 1 and 2 with several heads side by side: on screen, as CSV, JSON and LaTeX."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from backend.evaluation import metrics
from backend.evaluation.bootstrap import Figure
from backend.evaluation.metrics import NONE, Metric, metric, precision_by_chance
from backend.evaluation.paper import PAPER
from backend.evaluation.results import Evaluation
from backend.evaluation.scores import DEPTHS
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.text.vocabulary import LUCAS_CLASSES

Evaluations = Mapping[str, Evaluation]
MEAN = "mean photograph"  # what the row of a head that has learnt nothing is called
WIDTH = 140  # characters of a page; the main table takes most of them


@dataclass(frozen=True)
class Row:
    """One line of the main table."""

    name: str
    source: str
    """`here` or `paper`."""
    figures: tuple[Figure, ...]
    """One for every metric; NaN where there is none."""

    @property
    def title(self) -> str:
        """The name as it stands on screen and in print."""
        return self.name if self.source == "here" else f"{self.name} (paper)"


def rows(evaluations: Evaluations) -> list[Row]:
    """Return our heads, what chance comes to on as many tiles, and the paper's rows."""
    columns = metrics.METRICS
    ours = [
        Row(name, "here", tuple(found[column.key] for column in columns))
        for name, found in evaluations.items()
    ]
    sizes = {found.tiles: found for found in evaluations.values()}
    chance = [
        Row(f"chance, {tiles:,} tiles", "here", tuple(_chance(found, of) for of in columns))
        for tiles, found in sizes.items()
    ]
    paper = [
        Row(name, "paper", tuple(_number(values.get(column.key)) for column in columns))
        for name, values in PAPER.items()
    ]
    return ours + chance + paper


def _chance(found: Evaluation, metric: Metric) -> Figure:
    return Figure(metric.chance(found.tiles) if metric.key in found.figures else math.nan)


def _number(value: float | None) -> Figure:
    return Figure(math.nan if value is None else value)


def main_table(evaluations: Evaluations) -> Table:
    """Return Tables 1 and 2 in one, intervals below the figures."""
    caption = "Below a figure: half the width of its 95 % interval over tiles."
    if not any(found.zero_shot for found in evaluations.values()):
        caption += " No tile has a class, so there is no zero-shot accuracy."
    fewest = min((found.tiles for found in evaluations.values()), default=0)
    if unranked := [f"P@{depth}" for depth in DEPTHS if depth > fewest]:
        caption += f" {fewest:,} tiles are too few for {' and '.join(unranked)}."
    table = Table(title="Tables 1 and 2", caption=caption)
    table.add_column("head", no_wrap=True)
    for column in metrics.METRICS:
        table.add_column(column.heading, justify="right")
    source = "here"
    for row in rows(evaluations):
        if row.source != source:
            table.add_section()
            source = row.source
        cells = zip(metrics.METRICS, row.figures, strict=True)
        table.add_row(row.title, *(_with_interval(column, figure) for column, figure in cells))
    return table


def _with_interval(column: Metric, figure: Figure) -> str:
    return "\n".join(filter(None, (column.show(figure.value), column.show_half_width(figure))))


def class_table(evaluations: Evaluations) -> Table:
    """Return the zero-shot accuracy of every LUCAS class, in percent."""
    column = metric("top1")
    measured = {name: found.zero_shot for name, found in evaluations.items() if found.zero_shot}
    empty = [
        label
        for letter, label in LUCAS_CLASSES.items()
        if all(math.isnan(found.by_class[letter].value) for found in measured.values())
    ]
    caption = f"No tile: {', '.join(empty)}." if empty else None
    table = Table(title="Zero-shot accuracy by class, %", caption=caption)
    table.add_column("class")
    for name in measured:
        table.add_column(name, justify="right")
    for letter, label in LUCAS_CLASSES.items():
        cells = [column.show(found.by_class[letter].value) for found in measured.values()]
        table.add_row(f"{letter} {label}", *cells)
    return table


def confusion_table(name: str, found: Evaluation) -> Table:
    """Return the tiles of one head by true class (rows) and answered class (columns)."""
    table = Table(title=f"Tiles by class and by answer: {name}")
    table.add_column("class")
    for letter in LUCAS_CLASSES:
        table.add_column(letter, justify="right")
    confusion = found.zero_shot.confusion if found.zero_shot else ()
    for (letter, label), counts in zip(LUCAS_CLASSES.items(), confusion, strict=False):
        table.add_row(f"{letter} {label}", *(f"{count:,}" for count in counts))
    return table


def category_table(evaluations: Evaluations) -> Table:
    """Return the caption agreement by category of the vocabulary."""
    column = metric("caption_rho")
    table = Table(title="Caption agreement by category")
    table.add_column("category")
    for name in evaluations:
        table.add_column(name, justify="right")
    found = [evaluation.by_category for evaluation in evaluations.values()]
    for category in dict.fromkeys(name for of in found for name in of):
        table.add_row(category, *(column.show(of[category].value) for of in found))
    return table


def all_tables(evaluations: Evaluations) -> list[Table]:
    """Return every table, as they stand on screen."""
    with_classes = {name: found for name, found in evaluations.items() if found.zero_shot}
    confusions = [
        confusion_table(name, found)
        for name, found in with_classes.items()
        if not name.startswith(MEAN)  # it always gives the same answer
    ]
    classes = [class_table(with_classes), *confusions] if with_classes else []
    return [main_table(evaluations), *classes, category_table(evaluations)]


def as_text(tables: Iterable[Table]) -> str:
    """Return tables as plain text."""
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None)
    with console.capture() as captured:
        for table in tables:
            console.print(table)
    return captured.get()


def as_csv(evaluations: Evaluations) -> str:
    """Return every row with value, low and high of every column; empty where there is none."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    keys = [column.key + end for column in metrics.METRICS for end in ("", "_low", "_high")]
    writer.writerow(["name", "source", *keys])
    for row in rows(evaluations):
        values = [v for f in row.figures for v in (f.value, f.low, f.high)]
        writer.writerow([row.name, row.source, *("" if math.isnan(v) else v for v in values)])
    return file.getvalue()


def as_json(evaluations: Evaluations) -> str:
    """Return every figure of every head and the paper's rows; null where there is none."""
    heads = {name: _report(found) for name, found in evaluations.items()}
    return json.dumps(_no_nan({"heads": heads, "paper": PAPER}), indent=1, ensure_ascii=False)


def _report(found: Evaluation) -> dict[str, Any]:
    """Return all figures of a head, each where its metric says, and the details beside them."""
    report: dict[str, Any] = {"tiles": found.tiles, "views": found.views}
    for column in metrics.METRICS:
        *groups, last = column.path or (column.key,)
        if column.key not in found.figures:
            report.setdefault(groups[0] if groups else last, None)
            continue
        place = report
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = asdict(found.figures[column.key])
    if found.zero_shot:
        report["zero_shot"] |= asdict(found.zero_shot)
    report["caption"]["by_category"] = {
        name: asdict(figure) for name, figure in found.by_category.items()
    }
    report["retrieval"] |= {
        "chance": {depth: precision_by_chance(depth, found.tiles) for depth in DEPTHS},
        "by_phrase": [asdict(phrase) for phrase in found.by_phrase],
    }
    return report


def _no_nan(value: Any) -> Any:
    """JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _no_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_no_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def as_latex(evaluations: Evaluations) -> str:
    """Return the main table as a tabular for booktabs."""
    headings = [column.latex or column.heading for column in metrics.METRICS]
    lines = [
        rf"\begin{{tabular}}{{l{'r' * len(headings)}}}",
        r"\toprule",
        " & ".join(["head", *headings]) + r" \\",
        r"\midrule",
    ]
    source = "here"
    for row in rows(evaluations):
        if row.source != source:
            lines.append(r"\midrule")
            source = row.source
        cells = (c.show(f.value) for c, f in zip(metrics.METRICS, row.figures, strict=True))
        name = _escaped(row.title)
        lines.append(" & ".join([name, *(cell.replace(NONE, "--") for cell in cells)]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def _escaped(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(special.get(c, f"\\{c}" if c in "&%$#_{}" else c) for c in text)


def write_tables(folder: Path, evaluations: Evaluations) -> None:
    """Write tables.txt, tables.csv, tables.json and tables.tex into `folder`, each whole.

    Raises DiskFull, OutputUnwritable.
    """
    texts = {
        "txt": as_text(all_tables(evaluations)),
        "csv": as_csv(evaluations),
        "json": as_json(evaluations),
        "tex": as_latex(evaluations),
    }
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, text in texts.items():
            with atomic(folder / f"tables.{suffix}") as partial:
                partial.write_text(text, encoding="utf-8")
