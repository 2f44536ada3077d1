"""Tables 1 and 2 with several heads side by side: on screen, as CSV, JSON and LaTeX."""

import io
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from backend.evaluation import metrics
from backend.evaluation.metrics import NONE, Metric, metric, precision_by_chance
from backend.evaluation.paper import PAPER
from backend.evaluation.results import Evaluation, Figure
from backend.evaluation.scores import DEPTHS
from backend.io.disk import write_file
from backend.io.tables import TableWriter
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
    by_metric: Mapping[str, Figure]
    """Figures by the key of their metric."""

    @property
    def title(self) -> str:
        """The name as it stands on screen and in print."""
        return self.name if self.source == "here" else f"{self.name} (paper)"

    @property
    def figures(self) -> list[Figure]:
        """A figure for every metric, NaN where there is none."""
        return [self.by_metric.get(column.key, Figure(math.nan)) for column in metrics.METRICS]


def rows(evaluations: Evaluations) -> list[Row]:
    """Return our heads, the values expected by chance on as many tiles, and the paper's rows."""
    ours = [Row(name, "here", evaluation.figures) for name, evaluation in evaluations.items()]
    for tiles, evaluation in {each.tiles: each for each in evaluations.values()}.items():
        chance = {key: Figure(metric(key).chance(tiles)) for key in evaluation.figures}
        ours.append(Row(f"chance, {tiles:,} tiles", "here", chance))
    paper = [
        Row(name, "paper", {key: Figure(value) for key, value in values.items()})
        for name, values in PAPER.items()
    ]
    return ours + paper


def main_table(evaluations: Evaluations) -> Table:
    """Return Tables 1 and 2 in one, intervals below the figures."""
    caption = "Below a figure: half the width of its 95 % interval over tiles."
    if not any(evaluation.zero_shot for evaluation in evaluations.values()):
        caption += " No tile has a class, so there is no zero-shot accuracy."
    fewest = min((evaluation.tiles for evaluation in evaluations.values()), default=0)
    if unranked := [f"P@{depth}" for depth in DEPTHS if depth > fewest]:
        caption += f" {fewest:,} tiles are too few for {' and '.join(unranked)}."
    table = Table(title="Tables 1 and 2", caption=caption)
    table.add_column("head", no_wrap=True)
    for column in metrics.METRICS:
        table.add_column(column.heading, justify="right")
    for _, part in groupby(rows(evaluations), key=attrgetter("source")):
        table.add_section()
        for row in part:
            cells = (
                f"{column.show(figure.value)}\n{column.show_half_width(figure)}".strip()
                for column, figure in zip(metrics.METRICS, row.figures, strict=True)
            )
            table.add_row(row.title, *cells)
    return table


def class_table(evaluations: Evaluations) -> Table:
    """Return the zero-shot accuracy of every LUCAS class, in percent."""
    heads = {name: of.zero_shot.by_class for name, of in evaluations.items() if of.zero_shot}
    empty = [
        label
        for letter, label in LUCAS_CLASSES.items()
        if all(math.isnan(by_class[letter].value) for by_class in heads.values())
    ]
    labels = {letter: f"{letter} {label}" for letter, label in LUCAS_CLASSES.items()}
    table = _table_of_parts("class", metric("top1"), labels, heads)
    table.title = "Zero-shot accuracy by class, %"
    table.caption = f"No tile: {', '.join(empty)}." if empty else None
    return table


def category_table(evaluations: Evaluations) -> Table:
    """Return the caption agreement by category of the vocabulary."""
    heads = {name: evaluation.by_category for name, evaluation in evaluations.items()}
    labels = {name: name for by_category in heads.values() for name in by_category}
    table = _table_of_parts("category", metric("caption_rho"), labels, heads)
    table.title = "Caption agreement by category"
    return table


def _table_of_parts(
    heading: str,
    column: Metric,
    labels: Mapping[str, str],
    heads: Mapping[str, Mapping[str, Figure]],
) -> Table:
    """Return a column for every head and a row for every part of what a metric is a mean of."""
    table = Table(heading)
    for head in heads:
        table.add_column(head, justify="right")
    for part, label in labels.items():
        table.add_row(label, *(column.show(of[part].value) for of in heads.values()))
    return table


def confusion_table(name: str, evaluation: Evaluation) -> Table:
    """Return the tiles of one head by true class (rows) and answered class (columns)."""
    table = Table(title=f"Tiles by class and by answer: {name}")
    table.add_column("class")
    for letter in LUCAS_CLASSES:
        table.add_column(letter, justify="right")
    confusion = evaluation.zero_shot.confusion if evaluation.zero_shot else ()
    for (letter, label), counts in zip(LUCAS_CLASSES.items(), confusion, strict=False):
        table.add_row(f"{letter} {label}", *(f"{count:,}" for count in counts))
    return table


def all_tables(evaluations: Evaluations) -> list[Table]:
    """Return every table, as they stand on screen."""
    with_classes = {
        name: evaluation for name, evaluation in evaluations.items() if evaluation.zero_shot
    }
    confusions = [
        confusion_table(name, evaluation)
        for name, evaluation in with_classes.items()
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
    writer = TableWriter(file)
    keys = [column.key + end for column in metrics.METRICS for end in ("", "_low", "_high")]
    writer.add(["name", "source", *keys])
    for row in rows(evaluations):
        values = [v for f in row.figures for v in (f.value, f.low, f.high)]
        writer.add([row.name, row.source, *("" if math.isnan(v) else v for v in values)])
    return file.getvalue()


def as_json(evaluations: Evaluations) -> str:
    """Return every figure of every head and the paper's rows; null where there is none."""
    heads = {name: _report(evaluation) for name, evaluation in evaluations.items()}
    return json.dumps(without_nan({"heads": heads, "paper": PAPER}), indent=1, ensure_ascii=False)


def _report(evaluation: Evaluation) -> dict[str, Any]:
    """Return all figures of a head, each where its metric says, and the details beside them."""
    report: dict[str, Any] = {"tiles": evaluation.tiles, "views": evaluation.views}
    for column in metrics.METRICS:
        path = column.path or (column.key,)
        if column.key in evaluation.figures:
            _put(report, path, asdict(evaluation.figures[column.key]))
        else:
            report.setdefault(path[0], None)
    for name, value in asdict(evaluation.zero_shot).items() if evaluation.zero_shot else ():
        _put(report, ("zero_shot", name), value)
    by_category = {name: asdict(figure) for name, figure in evaluation.by_category.items()}
    _put(report, ("caption", "by_category"), by_category)
    chance = {depth: precision_by_chance(depth, evaluation.tiles) for depth in DEPTHS}
    _put(report, ("retrieval", "chance"), chance)
    _put(report, ("retrieval", "by_phrase"), [asdict(phrase) for phrase in evaluation.by_phrase])
    return report


def _put(report: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at its path, below groups that are made when they are missing or None."""
    *groups, last = path
    place: Any = report
    for group in groups:
        if place.get(group) is None:
            place[group] = {}
        place = place[group]
        if not isinstance(place, dict):
            break
    if not isinstance(place, dict) or place.get(last) is not None:
        taken = "/".join(path)
        raise ValueError(f"{taken} is taken in tables.json; give the metric another path.")
    place[last] = value


def without_nan(value: Any) -> Any:
    """Return the value with None for NaN, which JSON does not have."""
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def as_latex(evaluations: Evaluations) -> str:
    """Return the main table as a tabular for booktabs."""
    headings = [column.latex or column.heading for column in metrics.METRICS]
    lines = [
        rf"\begin{{tabular}}{{l{'r' * len(headings)}}}",
        r"\toprule",
        " & ".join(["head", *headings]) + r" \\",
    ]
    for _, part in groupby(rows(evaluations), key=attrgetter("source")):
        lines.append(r"\midrule")
        for row in part:
            cells = (c.show(f.value) for c, f in zip(metrics.METRICS, row.figures, strict=True))
            name = _escaped(row.title)
            lines.append(" & ".join([name, *(cell.replace(NONE, "--") for cell in cells)]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def _escaped(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(special.get(c, f"\\{c}" if c in "&%$#_{}" else c) for c in text)


def write_tables(folder: Path, evaluations: Evaluations) -> None:
    """Write tables.txt, tables.csv, tables.json and tables.tex into `folder`, each whole.

    Raises:
        DiskFull: the disk of the folder is full.
        OutputUnwritable: nothing can be written there.
    """
    texts = {
        "txt": as_text(all_tables(evaluations)),
        "csv": as_csv(evaluations),
        "json": as_json(evaluations),
        "tex": as_latex(evaluations),
    }
    for suffix, text in texts.items():
        write_file(folder / f"tables.{suffix}", text.encode())
