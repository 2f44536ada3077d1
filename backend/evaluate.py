"""Measure heads on a survey: python -m backend.evaluate --survey DIR --head HEAD -o DIR.

With `--reference`, encoders that answer text by themselves stand beside them.
"""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from backend.commands import new_app, progress_bar, require_names, require_path, require_survey, run
from backend.errors import ConfigInvalid

NARROW = 120  # characters that the tables need

app = new_app()


@app.command(
    epilog="Example: python -m backend.evaluate --survey lucas.zarr --head ssl4eo.safetensors "
    "-o tables. --debug shows the traceback of an error."
)
def evaluate(
    survey: Annotated[Path, typer.Option(help="Folder of a survey cache.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    head: Annotated[
        list[str] | None, typer.Option(help="Name or path of a head; repeat for more.")
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(help="An encoder that needs no head: clip-rgb, ms-clip; repeat for more."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(help="Space of the photographs beside references; that of the heads if not."),
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
) -> None:
    """Measure heads and references on the test split of a survey: Tables 1 and 2, Figures 1 to 3.

    Writes tables.txt, .csv, .json, .tex and the figures as PNG.
    """
    for name in head or []:
        require_names(head=name)
    for name in reference or []:
        require_names(encoder=name)
    require_names(text=text)
    require_survey(survey)
    for path in (vocabulary, text_weights, points):
        require_path(path)
    if not head and not reference:
        raise ConfigInvalid("Neither a head nor a reference was given.", "Give --head HEAD.")
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

    files, shown = PictureFiles(scenes, photos, points), check_phrases(phrase or PHRASES)
    opened, words = open_survey(survey), load_vocabulary(vocabulary)
    heads = open_candidates(head or [], opened, choose_device(device))
    candidates = add_references(reference or [], heads, opened, text)
    texts = load_texts(candidates, opened, text_weights, device)
    require_folder(output)
    with progress_bar() as progress:
        questions = {name: embed_questions(text, words, progress) for name, text in texts.items()}
        evaluations = compare_heads(
            opened, candidates, questions, words, seed=seed, resamples=resamples, progress=progress
        )
    write_tables(output, evaluations)
    for name, candidate in candidates.items():
        if candidate.head is None:
            typer.echo(f"{name} is compared with the photographs in {candidate.photos}.")
    console = Console(width=max(NARROW, shutil.get_terminal_size().columns))
    for table in all_tables(evaluations):
        console.print(table)
    if figures:
        gallery = Gallery(opened, candidates, texts, questions, shown, files)
        with progress_bar() as progress:
            left_out = draw_figures(gallery, evaluations, output, progress)
        for sentence in left_out:
            typer.echo(sentence)
    typer.echo(f"Tables{' and figures' if figures else ''} are in {output}.")


if __name__ == "__main__":
    run(app)
