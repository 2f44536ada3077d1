"""Measure heads on a survey: python -m backend.evaluate --survey DIR --head HEAD -o DIR.

With `--reference`, encoders that answer text by themselves stand beside them. Generated captions
and answers on a corpus: python -m backend.evaluate --corpus DIR --answers FILE -o DIR; with
--with MODEL in place of a file, a describer is asked for them. Retrieval on a corpus by a tower or
a CLIP: python -m backend.evaluate --corpus DIR --tower NAME -o DIR.
"""

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.commands import (
    Picture,
    new_app,
    progress_bar,
    require_names,
    require_path,
    require_survey,
    run,
)
from backend.errors import ConfigInvalid

NARROW = 120  # characters that the tables need
TEXT_WIDTH = 150

app = new_app()


@app.command(
    epilog="Example: python -m backend.evaluate --survey lucas.zarr --head ssl4eo.safetensors "
    "-o tables. --debug shows the traceback of an error."
)
def evaluate(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    survey: Annotated[Path | None, typer.Option(help="Folder of a survey cache.")] = None,
    head: Annotated[
        list[str] | None, typer.Option(help="Name or path of a head; repeat for more.")
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(help="An encoder that needs no head: clip-rgb, ms-clip; repeat for more."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            help="Space of photographs beside references, or of captions; that of heads if not."
        ),
    ] = None,
    vocabulary: Annotated[
        Path | None, typer.Option(help="Phrases by category in YAML; the project's when left out.")
    ] = None,
    text_weights: Annotated[
        Path | None,
        typer.Option(help="Folder of the weights that the photographs were embedded with."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Draws phrases and resamples.")] = 0,
    resamples: Annotated[int, typer.Option(min=0, help="Resamples behind an interval.")] = 200,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; chosen when left out.")] = None,
    figures: Annotated[bool, typer.Option(help="Draw the figures, too.")] = True,
    phrase: Annotated[
        list[str] | None, typer.Option(help="A phrase for the figures; repeat for more.")
    ] = None,
    scenes: Annotated[
        Path | None, typer.Option(help="Radar scenes, for pictures of the best tiles.")
    ] = None,
    photos: Annotated[
        Path | None, typer.Option(help="Photographs, for pictures of the best tiles.")
    ] = None,
    points: Annotated[
        Path | None, typer.Option(help="Table of points, which names the photographs.")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of a corpus, in place of a survey.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Captions and answers to measure, one JSON object a line.")
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            "--with", help="Ask this describer first: facts, a model, an adapter's folder, a URL."
        ),
    ] = None,
    picture: Picture = "vv",
    closed: Annotated[
        bool,
        typer.Option("--closed", help="Its answers come from those of the train split, by rank."),
    ] = False,
    recognised: Annotated[
        Path | None,
        typer.Option(
            help="Classes, counts, boxes and segments to measure, one JSON object a line."
        ),
    ] = None,
    recogniser: Annotated[
        Path | None, typer.Option(help="A recogniser that is asked first, by its file.")
    ] = None,
    vectors: Annotated[
        Path | None, typer.Option(help="Vectors of chips and texts (.npz), for retrieval.")
    ] = None,
    tower: Annotated[
        str | None,
        typer.Option(help="Name or file of a tower or CLIP, for retrieval on the corpus."),
    ] = None,
    rerank: Annotated[
        int, typer.Option(min=1, help="How many of the best by contrast a tower matches.")
    ] = 128,
    split: Annotated[str, typer.Option(help="The split of the corpus.")] = "test",
    judge: Annotated[
        str | None, typer.Option(help="A model that judges answers: http://127.0.0.1:8080/v1#NAME.")
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option(help="A class of SARChat's scores; repeat for more.")
    ] = None,
) -> None:
    """Measure heads and references on the test split of a survey: Tables 1 and 2, Figures 1 to 3.

    Writes tables.txt, .csv, .json, .tex and the figures as PNG. On a corpus it measures captions
    and answers instead, and writes measures.txt and .json; of a tower or vectors, retrieval.txt and
    .json; of classes, counts, boxes and segments, recognition.txt and .json.
    """
    asked = (answers, speaker, recognised, recogniser, tower)
    sources = [one for one in asked if one is not None]
    if corpus or vectors or sources:
        twice = (answers and speaker) or (recognised and recogniser) or (tower and vectors)
        if (corpus is None) == bool(sources) or twice or survey is not None or head or reference:
            raise ConfigInvalid(
                "A corpus and answers, by --answers or --with, or a tower belong together, without "
                "a survey or its heads.",
                "Give --corpus DIR with --answers FILE, --with MODEL, --recognised FILE, "
                "--recogniser FILE or --tower NAME; or --vectors FILE.",
            )
        if closed and speaker is None:
            raise ConfigInvalid(
                "A closed list is for a describer that is asked.", "Give --with MODEL as well."
            )
        require_names(text=text)
        for path in (answers, vectors, text_weights, recognised, recogniser):
            require_path(path)
        if corpus is not None and speaker is not None:
            answers = _ask_describer(corpus, (speaker, device, picture), output, split, closed)
        if corpus is not None and answers is not None:
            how = {"resamples": resamples, "seed": seed, "categories": category or []}
            space = (text, text_weights, device)
            _measure_texts(corpus, answers, output, split, judge, space, how)
        if corpus is not None and recogniser is not None:
            recognised = _ask_recogniser(corpus, recogniser, output, split, device)
        if corpus is not None and recognised is not None:
            _measure_recognition(corpus, recognised, output, split)
        if corpus is not None and tower is not None:
            _measure_tower(corpus, tower, output, split, rerank, device)
        if vectors is not None:
            _measure_vectors(vectors, output)
        return
    if survey is None:
        raise ConfigInvalid("Neither a survey nor a corpus was given.", "Give --survey DIR.")
    for name in head or []:
        require_names(head=name)
    for name in reference or []:
        require_names(encoder=name)
    require_names(text=text)
    require_survey(survey)
    if not head and not reference:
        raise ConfigInvalid("Neither a head nor a reference was given.", "Give --head HEAD.")
    for path in (vocabulary, text_weights, points):
        require_path(path)
    _measure_heads(
        survey,
        head or [],
        reference or [],
        output,
        text=text,
        text_weights=text_weights,
        vocabulary=vocabulary,
        how={"seed": seed, "resamples": resamples},
        device=device,
        phrases=phrase,
        files=(scenes, photos, points),
        figures=figures,
    )


def _measure_heads(
    survey: Path,
    heads: list[str],
    references: list[str],
    output: Path,
    *,
    text: str | None,
    text_weights: Path | None,
    vocabulary: Path | None,
    how: dict[str, int],
    device: str | None,
    phrases: list[str] | None,
    files: tuple[Path | None, Path | None, Path | None],
    figures: bool,
) -> None:
    """Measure heads and references on a survey, print the tables, write them and the figures.

    `phrases` and `files` (scenes, photographs, points) are for the figures.
    """
    from rich.console import Console

    from backend.device import choose_device
    from backend.evaluation import all_tables, write_tables
    from backend.evaluation.comparison import (
        add_references,
        compare_heads,
        embed_questions,
        load_texts,
        open_candidates,
    )
    from backend.evaluation.gallery import PHRASES, Gallery, draw_figures
    from backend.evaluation.pictures import PictureFiles
    from backend.io.disk import require_folder
    from backend.maps.inquiry import check_phrases
    from backend.survey import open_survey
    from backend.text.vocabulary import load_vocabulary

    pictures, shown = PictureFiles(*files), check_phrases(phrases or PHRASES)
    opened, words = open_survey(survey), load_vocabulary(vocabulary)
    candidates = add_references(
        references, open_candidates(heads, opened, choose_device(device)), opened, text
    )
    texts = load_texts(candidates, opened, text_weights, device)
    require_folder(output)
    with progress_bar() as progress:
        questions = {name: embed_questions(text, words, progress) for name, text in texts.items()}
        evaluations = compare_heads(opened, candidates, questions, words, **how, progress=progress)
    write_tables(output, evaluations)
    for name, candidate in candidates.items():
        if candidate.head is None:
            typer.echo(f"{name} is compared with the photographs in {candidate.photos}.")
    console = Console(width=max(NARROW, shutil.get_terminal_size().columns))
    for table in all_tables(evaluations):
        console.print(table)
    if figures:
        gallery = Gallery(opened, candidates, texts, questions, shown, pictures)
        with progress_bar() as progress:
            left_out = draw_figures(gallery, evaluations, output, progress)
        for sentence in left_out:
            typer.echo(sentence)
    typer.echo(f"Tables{' and figures' if figures else ''} are in {output}.")


def _ask_describer(
    folder: Path, speaker: tuple[str, str | None, str], output: Path, split: str, closed: bool
) -> Path:
    """Ask a describer about the chips of a split, and return the file of what it said."""
    from backend.corpus import open_corpus
    from backend.describers import load_describer
    from backend.describers.corpora import write_answers
    from backend.io.disk import require_folder

    describer, corpus = load_describer(*speaker), open_corpus(folder)
    require_folder(output)
    with progress_bar() as progress:
        write_answers(describer, corpus, split, output / "answers.jsonl", progress, closed)
    return output / "answers.jsonl"


def _measure_texts(
    folder: Path,
    answers: Path,
    output: Path,
    split: str,
    judge: str | None,
    space: tuple[str | None, Path | None, str | None],
    how: dict[str, Any],
) -> None:
    """Measure generated captions and answers, print the tables and write them."""
    from rich.console import Console

    from backend.corpus import open_corpus
    from backend.describers.endpoint import open_endpoint
    from backend.describers.judge import KeptJudge
    from backend.evaluation.words.joined import join_answers
    from backend.evaluation.words.report import measure_texts
    from backend.evaluation.words.tables import left_out_line, text_tables, write_report
    from backend.io.disk import require_folder

    joined = join_answers(open_corpus(folder), answers, split)
    require_folder(output)
    kept = KeptJudge(open_endpoint(judge), output / "verdicts.jsonl") if judge else None
    name, weights, device = space
    if name is not None:
        from backend.text import load_text_encoder

        how["embed"] = load_text_encoder(name, weights, device, remember=False).embed
    report = measure_texts(joined, judge=kept, **how)
    made = {"text": name, "judge": kept.model.name if kept else None, "seed": how["seed"]}
    write_report(output, report, made)
    console = Console(width=max(TEXT_WIDTH, shutil.get_terminal_size().columns))
    for table in text_tables(report):
        console.print(table)
    if line := left_out_line(report):
        typer.echo(line)
    typer.echo(f"measures.txt and measures.json are in {output}.")


def _ask_recogniser(folder: Path, file: Path, output: Path, split: str, device: str | None) -> Path:
    """Ask a recogniser about the chips of a split, and return the file of what it found."""
    from backend.corpus import open_corpus
    from backend.device import choose_device
    from backend.encoders import load_encoder
    from backend.recognisers.asking import write_recognised
    from backend.recognisers.files import load_recogniser

    corpus = open_corpus(folder)
    recogniser, card = load_recogniser(file, choose_device(device))
    encoder = load_encoder(card.encoder, device=device)
    with progress_bar() as progress:
        return write_recognised(recogniser, card, encoder, corpus, split, output, progress)


def _measure_recognition(folder: Path, recognised: Path, output: Path, split: str) -> None:
    """Measure classes, counts, boxes and segments, print the tables and write them."""
    from rich.console import Console

    from backend.corpus import open_corpus
    from backend.evaluation.recognition.report import measure_recognition
    from backend.evaluation.recognition.tables import recognition_tables, write_recognition
    from backend.io.disk import require_folder

    report = measure_recognition(open_corpus(folder), recognised, split)
    require_folder(output)
    write_recognition(output, report)
    console = Console(width=max(NARROW, shutil.get_terminal_size().columns))
    for table in recognition_tables(report):
        console.print(table)
    typer.echo(f"recognition.txt and recognition.json are in {output}.")


def _measure_tower(
    folder: Path, name: str, output: Path, split: str, rerank: int, device: str | None
) -> None:
    """Measure how a tower or a CLIP finds chips and captions, print the table and write it."""
    from rich.console import Console

    from backend.resources import tower_path

    path = tower_path(name)

    from backend.corpus import open_corpus
    from backend.device import choose_device
    from backend.evaluation.words.searching import search_table, write_search
    from backend.io.disk import require_folder
    from backend.training.searching import measure_search

    corpus = open_corpus(folder)
    with progress_bar() as progress:
        report = measure_search(path, corpus, split, rerank, choose_device(device), progress)
    require_folder(output)
    write_search(output, report)
    console = Console(width=max(NARROW, shutil.get_terminal_size().columns))
    console.print(search_table(report))
    typer.echo(f"retrieval.txt and retrieval.json are in {output}.")


def _measure_vectors(path: Path, output: Path) -> None:
    """Measure retrieval and similarity of vectors, print the table and write it."""
    from rich.console import Console

    from backend.evaluation.words.tables import retrieval_table, write_retrieval
    from backend.evaluation.words.vectors import measure_vectors
    from backend.io.disk import require_folder

    report = measure_vectors(path)
    require_folder(output)
    write_retrieval(output, report)
    Console().print(retrieval_table(report))
    typer.echo(f"retrieval.txt and retrieval.json are in {output}.")


if __name__ == "__main__":
    run(app)
