"""The commands that write texts about chips: from facts, from optical pairs, by a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from backend.commands import Device, Picture, progress_bar, require_path

Folder = Annotated[Path, typer.Argument(metavar="CORPUS", help="Folder of the corpus.")]
MOST_PROBLEMS = 20


def text(
    corpus: Folder,
    cover: Annotated[
        list[Path] | None,
        typer.Option(help="A raster of classes that says what covers the chips; repeat for more."),
    ] = None,
    classes: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns number and name, where a raster names none."),
    ] = None,
    boxes: Annotated[
        list[Path] | None,
        typer.Option(help="GeoJSON of objects with a category, drawn on a map; repeat for more."),
    ] = None,
    captions: Annotated[bool, typer.Option(help="Write captions.")] = True,
    questions: Annotated[bool, typer.Option(help="Write questions, too.")] = True,
    all_forms: Annotated[
        bool,
        typer.Option(
            "--all-forms",
            help="Write the tasks and captions of boxes that SARChat and KnowLIP have, too.",
        ),
    ] = False,
) -> None:
    """Write captions and questions that follow from the facts.

    Texts of other sources stay.

    Example: python -m backend.corpus text harbours --cover worldcover.tif --classes classes.csv
    """
    for path in [*(cover or []), *(boxes or [])]:
        require_path(path)
    require_path(classes)
    from backend.corpus.cover import add_cover
    from backend.corpus.files import open_corpus
    from backend.corpus.objects import add_objects
    from backend.corpus.segments import read_classes
    from backend.corpus.texts import write_texts

    opened = open_corpus(corpus)
    with progress_bar() as progress:
        if cover:
            names = read_classes(classes) if classes else None
            covered = add_cover(opened, cover, names, progress)
            typer.echo(f"The cover of {covered:,} chips is known.")
        if boxes:
            found = add_objects(opened, boxes, progress)
            typer.echo(f"{found:,} objects lie in chips.")
        report = write_texts(opened, questions, progress, all_forms, captions)
    typer.echo(f"{report.captions:,} captions and {report.questions:,} questions from facts.")
    if report.kept:
        typer.echo(f"{report.kept:,} texts of other sources stay.")
    if report.unknown:
        typer.echo(f"Of {report.unknown:,} chips neither boxes nor cover are known.")


def rewrite(
    corpus: Folder,
    captions: Annotated[Path, typer.Argument(help="CSV with the columns chip and caption.")],
) -> None:
    """Make captions of optical pairs radar's.

    Colours, sky and shadows go; the caption as it was is kept beside each.

    Example: python -m backend.corpus rewrite harbours optical.csv
    """
    require_path(captions)
    from backend.corpus.files import open_corpus
    from backend.corpus.optical import write_optical

    with progress_bar() as progress:
        report = write_optical(open_corpus(corpus), captions, progress)
    typer.echo(f"{report.written:,} captions, {report.changed:,} of them changed.")
    if report.empty:
        typer.echo(f"Of {report.empty:,} captions nothing is left.")


def chain(
    corpus: Folder,
    speaker: Annotated[
        str,
        typer.Option("--with", help="A model, its folder or an adapter's, or http://…/v1#MODEL."),
    ],
    about: Annotated[
        Literal["terrain", "land targets", "sea targets"],
        typer.Option(help="What the fields are about."),
    ] = "terrain",
    leave_out: Annotated[
        list[str] | None,
        typer.Option(help="earth, society, radar or instance; repeat for more."),
    ] = None,
    picture: Picture = "vv",
    device: Device = None,
) -> None:
    """Let a model caption chips in five levels of knowledge.

    Large chips come before the small ones inside them.
    Goes on where an earlier run stopped.

    Example: python -m backend.corpus chain harbours --with http://127.0.0.1:8080/v1#qwen2.5-vl-7b
    --leave-out earth --leave-out society
    """
    from backend.corpus.files import open_corpus
    from backend.describers import load_describer
    from backend.describers.chain import write_chain
    from backend.language.prompts import levels_without

    levels = levels_without(leave_out or [])
    opened, describer = open_corpus(corpus), load_describer(speaker, device, picture)
    with progress_bar() as progress:
        report = write_chain(describer, opened, about, levels, progress)
    typer.echo(f"{report.written:,} captions by {describer.name}; {report.present:,} were there.")
    for problem in report.problems[:MOST_PROBLEMS]:
        typer.echo(f"  {problem}")
    if report.problems:
        typer.echo(f"{len(report.problems):,} chips got none; run it again to ask of these again.")
