"""Measure heads on a survey: python -m backend.evaluate --survey DIR --head HEAD -o DIR.

With `--reference`, encoders that answer text by themselves stand beside them. Generated captions
and answers on a corpus: python -m backend.evaluate --corpus DIR --answers FILE -o DIR; with
--with MODEL in place of a file, a describer is asked for them. Retrieval on a corpus by a tower or
a CLIP: python -m backend.evaluate --corpus DIR --tower NAME -o DIR.
"""

from pathlib import Path
from typing import Annotated

import typer

from backend.commands import (
    Device,
    Picture,
    new_app,
    require_names,
    require_path,
    require_survey,
    run,
)
from backend.commands.measuring import (
    Chips,
    TextSpace,
    ask_describer,
    ask_recogniser,
    measure_answers,
    measure_heads,
    measure_recognised,
    measure_tower,
    measure_vectors,
)
from backend.errors import ConfigInvalid

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
    device: Device = None,
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
            "--with",
            help="Ask this describer first: facts, a tower or CoCa, a model, an adapter's folder, "
            "a URL.",
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
    require_names(text=text)
    space, how = TextSpace(text, text_weights, device), {"seed": seed, "resamples": resamples}
    sources = (answers, speaker, recognised, recogniser, tower)
    if not any((corpus, vectors, *sources)):
        opened = _require_heads(survey, head or [], reference or [])
        for path in (vocabulary, text_weights, points):
            require_path(path)
        files = (scenes, photos, points)
        measure_heads(*opened, output, space, vocabulary, how, phrase, files, figures)
        return
    twice = (answers and speaker) or (recognised and recogniser) or (tower and vectors)
    _require_corpus(corpus, any(sources), bool(twice or survey or head or reference))
    if closed and speaker is None:
        raise ConfigInvalid(
            "A closed list is for a describer that is asked.", "Give --with MODEL as well."
        )
    for path in (answers, vectors, text_weights, recognised, recogniser):
        require_path(path)
    if corpus is not None:
        chips = Chips(corpus, split, output, device)
        if speaker is not None:
            answers = ask_describer(chips, speaker, picture, closed)
        if answers is not None:
            measure_answers(chips, answers, judge, space, {**how, "categories": category or []})
        if recogniser is not None:
            recognised = ask_recogniser(chips, recogniser)
        if recognised is not None:
            measure_recognised(chips, recognised)
        if tower is not None:
            measure_tower(chips, tower, rerank)
    if vectors is not None:
        measure_vectors(vectors, output)


def _require_heads(
    survey: Path | None, heads: list[str], references: list[str]
) -> tuple[Path, list[str], list[str]]:
    """Return a survey and what is measured on it.

    Raises:
        ConfigInvalid: there is no survey, or nothing to measure.
        HeadUnknown: there is no head of a name.
        EncoderUnknown: there is no encoder of a reference's name.
    """
    if survey is None:
        raise ConfigInvalid("Neither a survey nor a corpus was given.", "Give --survey DIR.")
    for name in heads:
        require_names(head=name)
    for name in references:
        require_names(encoder=name)
    require_survey(survey)
    if not heads and not references:
        raise ConfigInvalid("Neither a head nor a reference was given.", "Give --head HEAD.")
    return survey, heads, references


def _require_corpus(corpus: Path | None, asked: bool, others: bool) -> None:
    """Refuse a corpus of which nothing is asked, answers without one, and other things beside.

    Raises:
        ConfigInvalid: they do not belong together.
    """
    if (corpus is None) == asked or others:
        raise ConfigInvalid(
            "A corpus and answers, by --answers or --with, or a tower belong together, without "
            "a survey or its heads.",
            "Give --corpus DIR with --answers FILE, --with MODEL, --recognised FILE, "
            "--recogniser FILE or --tower NAME; or --vectors FILE.",
        )


if __name__ == "__main__":
    run(app)
