"""What `evaluate` measures: heads on a survey; texts, recognition and retrieval on a corpus."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from backend.commands import print_lines, progress_bar

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 120
"""Characters that tables need."""
TEXT_WIDTH = 150
"""Characters that the tables of captions and answers need."""


class Chips(NamedTuple):
    """The chips that are measured, with what, and where the figures go."""

    corpus: Path
    """Folder of the corpus."""
    split: str
    output: Path
    """Folder that is written into."""
    device: str | None


class TextSpace(NamedTuple):
    """A text encoder that measures how alike texts are, or embedded photographs."""

    name: str | None
    """None for that of the heads, or for no similarity of texts."""
    weights: Path | None
    device: str | None


def measure_heads(
    survey: Path,
    heads: list[str],
    references: list[str],
    output: Path,
    space: TextSpace,
    vocabulary: Path | None,
    how: dict[str, int],
    phrases: list[str] | None,
    files: tuple[Path | None, Path | None, Path | None],
    figures: bool,
) -> None:
    """Measure heads and references on a survey, print the tables, write them and the figures.

    `phrases` and `files` (scenes, photographs, points) are for the figures; `how` has the seed and
    the number of resamples.
    """
    from backend.evaluation import all_tables, comparison, write_tables
    from backend.evaluation.gallery import PHRASES, Gallery, draw_figures
    from backend.evaluation.pictures import PictureFiles
    from backend.io.disk import require_folder
    from backend.maps.inquiry import check_phrases
    from backend.survey import open_survey
    from backend.text.vocabulary import load_vocabulary

    pictures, shown = PictureFiles(*files), check_phrases(phrases or PHRASES)
    opened, words = open_survey(survey), load_vocabulary(vocabulary)
    candidates = comparison.open_candidates(heads, references, opened, space.device, space.name)
    texts = comparison.load_texts(candidates, opened, space.weights, space.device)
    require_folder(output)
    with progress_bar() as progress:
        questions = comparison.embed_questions(texts, words, progress)
        evaluations = comparison.compare_heads(
            opened, candidates, questions, words, **how, progress=progress
        )
    write_tables(output, evaluations)
    for name, candidate in candidates.items():
        if candidate.head is None:
            typer.echo(f"{name} is compared with the photographs in {candidate.photos}.")
    print_tables(all_tables(evaluations))
    if figures:
        gallery = Gallery(opened, candidates, texts, questions, shown, pictures)
        with progress_bar() as progress:
            print_lines(draw_figures(gallery, evaluations, output, progress))
    typer.echo(f"Tables{' and figures' if figures else ''} are in {output}.")


def ask_describer(chips: Chips, speaker: str, picture: str, closed: bool) -> Path:
    """Ask a describer about the chips, and return the file of what it said."""
    from backend.corpus import open_corpus
    from backend.describers import load_describer
    from backend.describers.corpora import write_answers
    from backend.io.disk import require_folder

    describer, corpus = load_describer(speaker, chips.device, picture), open_corpus(chips.corpus)
    require_folder(chips.output)
    answers = chips.output / "answers.jsonl"
    with progress_bar() as progress:
        write_answers(describer, corpus, chips.split, answers, progress, closed)
    return answers


def measure_answers(
    chips: Chips, answers: Path, judge: str | None, space: TextSpace, how: dict[str, Any]
) -> None:
    """Measure generated captions and answers, print the tables and write them.

    `how` has the seed, the number of resamples and the categories.
    """
    from backend.corpus import open_corpus
    from backend.describers.endpoint import open_endpoint
    from backend.describers.judge import KeptJudge
    from backend.evaluation.words.joined import join_answers
    from backend.evaluation.words.report import measure_texts
    from backend.evaluation.words.tables import notes, text_tables, write_report
    from backend.io.disk import require_folder

    with progress_bar() as progress:
        joined = join_answers(open_corpus(chips.corpus), answers, chips.split, progress)
    require_folder(chips.output)
    verdicts = chips.output / "verdicts.jsonl"
    kept = KeptJudge(open_endpoint(judge), verdicts) if judge else None
    if space.name is not None:
        from backend.text import load_text_encoder

        how["embed"] = load_text_encoder(
            space.name, space.weights, space.device, remember=False
        ).embed
    report = measure_texts(joined, judge=kept, **how)
    made = {"text": space.name, "judge": kept.model.name if kept else None, "seed": how["seed"]}
    write_report(chips.output, report, made)
    print_tables(text_tables(report), width=TEXT_WIDTH)
    for line in notes(report):
        typer.echo(line)
    say_written("measures", chips.output)


def ask_recogniser(chips: Chips, file: Path) -> Path:
    """Ask a recogniser about the chips, and return the file of what it found."""
    from backend.corpus import open_corpus
    from backend.device import choose_device
    from backend.encoders import load_encoder
    from backend.recognisers.asking import write_recognised
    from backend.recognisers.files import load_recogniser

    corpus = open_corpus(chips.corpus)
    recogniser, card = load_recogniser(file, choose_device(chips.device))
    encoder = load_encoder(card.encoder, device=chips.device)
    with progress_bar() as progress:
        return write_recognised(
            recogniser, card, encoder, corpus, chips.split, chips.output, progress
        )


def measure_recognised(chips: Chips, recognised: Path) -> None:
    """Measure classes, counts, boxes and segments, print the tables and write them."""
    from backend.corpus import open_corpus
    from backend.evaluation.recognition.report import measure_recognition
    from backend.evaluation.recognition.tables import recognition_tables, write_recognition
    from backend.io.disk import require_folder

    report = measure_recognition(open_corpus(chips.corpus), recognised, chips.split)
    require_folder(chips.output)
    write_recognition(chips.output, report)
    print_tables(recognition_tables(report))
    say_written("recognition", chips.output)


def measure_tower(chips: Chips, name: str, rerank: int) -> None:
    """Measure how a tower or a CLIP finds chips and captions, print the table and write it."""
    from backend.resources import tower_path

    path = tower_path(name)  # a wrong name is refused before torch is imported

    from backend.corpus import open_corpus
    from backend.device import choose_device
    from backend.evaluation.words.searching import search_table, write_search
    from backend.io.disk import require_folder
    from backend.training.searching import measure_search

    corpus, device = open_corpus(chips.corpus), choose_device(chips.device)
    with progress_bar() as progress:
        report = measure_search(path, corpus, chips.split, rerank, device, progress)
    require_folder(chips.output)
    write_search(chips.output, report)
    print_tables([search_table(report)])
    say_written("retrieval", chips.output)


def measure_vectors(path: Path, output: Path) -> None:
    """Measure retrieval and similarity of vectors, print the table and write it."""
    from backend.evaluation.words import vectors
    from backend.evaluation.words.tables import retrieval_table, write_retrieval
    from backend.io.disk import require_folder

    report = vectors.measure_vectors(path)
    require_folder(output)
    write_retrieval(output, report)
    print_tables([retrieval_table(report)])
    say_written("retrieval", output)


def print_tables(tables: Iterable[Table], width: int = WIDTH) -> None:
    """Print tables as wide as they need."""
    from rich.console import Console

    console = Console(width=max(width, shutil.get_terminal_size().columns))
    for table in tables:
        console.print(table)


def say_written(name: str, output: Path) -> None:
    """Say where the figures are."""
    typer.echo(f"{name}.txt and {name}.json are in {output}.")
