"""What is measured of generated texts: as tables on screen, as text and as JSON."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from rich.table import Table

from backend.evaluation.results import Figure
from backend.evaluation.tables import as_text, without_nan
from backend.evaluation.words.measures import MEASURES
from backend.evaluation.words.published import (
    CAPTIONS,
    KNOWLIP,
    KNOWLIP_ANSWERS,
    QUESTIONS,
    SARCHAT_TOTALS,
    SARLANG,
    SARLANG_ANSWERS,
)
from backend.evaluation.words.report import TextReport
from backend.evaluation.words.retrieval import DEPTHS
from backend.evaluation.words.vectors import VectorReport
from backend.io.disk import write_file

NONE = "–"
ELSEWHERE = "Of other chips and texts, and not reproduced here."


def text_tables(report: TextReport) -> list[Table]:
    """Return every table that has a row, as they stand on screen."""
    made = (
        caption_table,
        printed_captions,
        answer_table,
        printed_answers,
        sarchat_table,
        diversity_table,
    )
    return [table for table in (make(report) for make in made) if table.row_count]


def _title(what: str, report: TextReport) -> str:
    return f"{what}, {report.split}" if report.split else what


def caption_table(report: TextReport) -> Table:
    """Return BLEU, ROUGE-L and CIDEr-D, times 100 as tables of the field print them."""
    table = Table(title=_title("Captions, figures × 100", report))
    for heading in ("texts", "variant"):
        table.add_column(heading)
    headings = list(chain.from_iterable(measure.headings for measure in MEASURES))
    for heading in ("n", "chips", "under 4 words", "empty", *headings):
        table.add_column(heading, justify="right")
    keys = list(chain.from_iterable(measure.keys for measure in MEASURES))
    for row in report.captions:
        numbers = (row.items, row.chips, row.short, row.empty)
        figures = (_show(row.figures[key]) for key in keys)
        texts = f"{row.task}, {row.baseline}" if row.baseline else row.task
        table.add_row(texts, row.variant, *(f"{number:,}" for number in numbers), *figures)
    table.caption = (
        "Below a figure: half the width of its 95 % interval over chips. References together: the "
        "captions of a chip are references of one item, as COCO counts; each alone: as SARLANG's "
        "script counts. No image: of every chip the caption of training that is the "
        "most like all others. Nearest chip: a caption of the chip of training that looks the most "
        f"alike. {_missing(report, 'captions', 'empty')}"
    )
    return table


def printed_captions(report: TextReport) -> Table:
    """Return what papers printed of captions, of the types that were measured."""
    table = Table("model", "texts", title="Captions, printed by papers, figures × 100")
    for heading in CAPTIONS:
        table.add_column(heading, justify="right")
    measured = {row.task for row in report.captions}
    for (model, task), figures in SARLANG.items():
        if task in measured:
            row = (figures.get(name) for name in CAPTIONS)
            table.add_row(f"{model} (SARLANG)", task, *map(_printed, row))
    for one in KNOWLIP if measured else ():
        row = (one.captions.get(name) for name in CAPTIONS)
        table.add_row(f"{one.model} (SAR-KnowLIP)", NONE, *map(_printed, row))
    table.caption = f"{ELSEWHERE} Compare SARLANG's with the variant of each reference alone."
    return table


def printed_answers(report: TextReport) -> Table:
    """Return what papers printed of answers, where answers were measured."""
    table = Table("model", title="Answers, printed by papers, % right")
    for heading in (*QUESTIONS, "all types"):
        table.add_column(heading, justify="right")
    if report.answers:
        rows = {one.model: one.answers for one in KNOWLIP} | KNOWLIP_ANSWERS
        for model, figures in rows.items():
            table.add_row(f"{model} (SAR-KnowLIP)", *map(_printed, figures), NONE)
        for model, figure in SARLANG_ANSWERS.items():
            table.add_row(f"{model} (SARLANG)", *[NONE] * len(QUESTIONS), _printed(figure))
    table.caption = f"{ELSEWHERE} SARLANG's were judged by GPT-4."
    return table


def _printed(figure: float | None) -> str:
    return NONE if figure is None else f"{figure:.2f}"


def answer_table(report: TextReport) -> Table:
    """Return the accuracy of answers by type and rule, in percent."""
    table = Table(title=_title("Answers, % right", report))
    table.add_column("type")
    baselines = report.answers[0].baselines if report.answers else {}
    figures = ("strict", "SARLANG", "judged", *baselines)
    for heading in ("n", *figures, "needs a judge", "inside a word"):
        table.add_column(heading, justify="right")
    for row in report.answers:
        others = (row.baselines.get(name) for name in baselines)
        shown = (_show(one) for one in (row.strict, row.sarlang, row.judged, *others))
        counts = (f"{row.undecided:,}", f"{row.inside_word:,}")
        table.add_row(row.kind, f"{row.questions:,}", *shown, *counts)
    table.caption = (
        "Strict: the same words. SARLANG: the truth stands in the answer; what needs a judge "
        "counts as wrong without one; inside a word: right by that alone, as no in north. "
        "No image: what the train split answers most often, to the same question or else to its "
        "type; nearest chip: most often about the chips of training that look the most alike, "
        "whatever was asked; both strictly. "
        f"{_missing(report, 'answers', 'wrong')}"
    )
    return table


def sarchat_table(report: TextReport) -> Table:
    """Return SARChat's scores by subtask and task, in percent, beside those of baselines."""
    table = Table("score", title=_title("SARChat, %", report))
    for heading in ("n", "accuracy", *report.sarchat_baselines):
        table.add_column(heading, justify="right")
    if report.sarchat is not None:
        scores = report.sarchat
        every = (scores, *report.sarchat_baselines.values())

        def add(name: str, n: str, accuracies: Iterable[float]) -> None:
            table.add_row(name, n, *(f"{100 * accuracy:.2f}" for accuracy in accuracies))

        for name in scores.subtasks:
            add(name, "", (one.subtasks[name] for one in every))
        table.add_section()
        for task in scores.tasks:
            add(task, f"{scores.questions[task]:,}", (one.tasks[task] for one in every))
        table.add_section()
        add("total", f"{sum(scores.questions.values()):,}", (one.total for one in every))
        table.add_section()
        for model, figure in SARCHAT_TOTALS.items():
            table.add_row(f"total, {model}, printed", "", _printed(figure))
        table.caption = f"Printed: SARChat's paper. {ELSEWHERE}"
    return table


def diversity_table(report: TextReport) -> Table:
    """Return how diverse generated captions and references are."""
    table = Table("captions", title=_title("Diversity", report))
    for heading in ("n", "different", "words", "MTLD", "cosine, mean", "cosine, variance"):
        table.add_column(heading, justify="right")
    for name, row in report.diversity.items():
        similarity = row.similarity
        cosines = (
            (f"{similarity.mean:.4f}", f"{similarity.variance:.4f}") if similarity else (NONE, NONE)
        )
        numbers = (row.texts, row.different, row.words)
        diverse = NONE if math.isnan(row.mtld) else f"{row.mtld:.1f}"
        table.add_row(name, *(f"{number:,}" for number in numbers), diverse, *cosines)
    return table


def _show(figure: Figure | None) -> str:
    if figure is None or math.isnan(figure.value):
        return NONE
    if math.isnan(figure.low):
        return f"{100 * figure.value:.2f}"
    return f"{100 * figure.value:.2f}\n±{50 * (figure.high - figure.low):.2f}"


def _missing(report: TextReport, what: str, counted: str) -> str:
    number = report.missing[what]
    return f"{number:,} {what} are missing and count as {counted}." if number else ""


def notes(report: TextReport) -> list[str]:
    """Return a line for what is not measured: types that the answers are not about, a baseline."""
    found = list[str]()
    if report.left_out:
        kinds = ", ".join(f"{number:,} {name}" for name, number in report.left_out.items())
        found.append(f"Not measured, since the answers are of other types: {kinds}.")
    if report.not_compared:
        found.append(f"Not compared with the nearest chip of training. {report.not_compared}")
    return found


def report_json(report: TextReport, more: dict[str, Any]) -> str:
    """Return all figures; shares from 0 to 1, CIDEr-D from 0 to 10, null where there is none."""
    values = asdict(report) | more
    if report.sarchat is not None:
        values["sarchat"]["total"] = report.sarchat.total
    for name, scores in report.sarchat_baselines.items():
        values["sarchat_baselines"][name]["total"] = scores.total
    return json.dumps(without_nan(values), indent=1, ensure_ascii=False) + "\n"


def retrieval_table(report: VectorReport) -> Table:
    """Return R@K both ways in percent, with how alike vectors are."""
    found = report.retrieval
    table = Table("from", title=f"Retrieval, % of {found.images:,} chips, {found.texts:,} texts")
    for heading in (*(f"R@{depth}" for depth in DEPTHS), "cosine, mean", "cosine, variance"):
        table.add_column(heading, justify="right")
    rows = (
        ("chip to text", found.image_to_text, report.images),
        ("text to chip", found.text_to_image, report.texts),
    )
    for name, recall, alike in rows:
        shares = (f"{100 * recall[depth]:.2f}" for depth in DEPTHS)
        table.add_row(name, *shares, f"{alike.mean:.4f}", f"{alike.variance:.4f}")
    by_chance = report.chance
    for name, recall in zip(
        ("chip to text", "text to chip"),
        (by_chance.image_to_text, by_chance.text_to_image),
        strict=True,
    ):
        table.add_row(f"{name}, by chance", *(f"{100 * recall[depth]:.2f}" for depth in DEPTHS))
    table.caption = (
        f"mR, the mean of the six: {100 * found.mean_recall:.2f}, by chance "
        f"{100 * by_chance.mean_recall:.2f}. Of equal scores the right one comes last. Cosines: of "
        "all chips, and of all texts."
    )
    return table


def write_retrieval(folder: Path, report: VectorReport) -> None:
    """Write retrieval.txt and retrieval.json into a folder, each whole.

    Raises:
        DiskFull: the disk of the folder is full.
        OutputUnwritable: nothing can be written there.
    """
    found, chance = report.retrieval.mean_recall, report.chance.mean_recall
    values = asdict(report) | {"mean_recall": found, "mean_recall_by_chance": chance}
    write_file(folder / "retrieval.txt", as_text([retrieval_table(report)]).encode())
    write_file(folder / "retrieval.json", (json.dumps(values, indent=1) + "\n").encode())


def write_report(folder: Path, report: TextReport, more: dict[str, Any]) -> None:
    """Write measures.txt and measures.json into a folder, each whole.

    Raises:
        DiskFull: the disk of the folder is full.
        OutputUnwritable: nothing can be written there.
    """
    text = as_text(text_tables(report)) + "\n".join(notes(report))
    write_file(folder / "measures.txt", f"{text.rstrip()}\n".encode())
    write_file(folder / "measures.json", report_json(report, more).encode())
