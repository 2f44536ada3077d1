"""Corpora of radar chips and texts: python -m backend.corpus COMMAND."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backend.commands import (
    Device,
    new_app,
    print_lines,
    progress_bar,
    require_names,
    require_path,
    run,
)
from backend.corpus.writing import Folder, chain, rewrite, text
from backend.errors import CorpusInvalid

# The library's own defaults, which a test compares: they stand here to be shown without it.
EXTENT_M = 2240.0
SIZES = (80.0, 10.0, 10.0)
SQUARE_KM = 20.0
MOST_FAULTS = 20

app = new_app("Make, read, check and export corpora of radar chips and texts.")

Output = Annotated[Path, typer.Option("--output", "-o", help="Folder of the corpus.")]


@app.command("slice")
def slice_(
    scenes: Annotated[
        list[Path], typer.Argument(help="Sentinel-1 scenes, or folders that hold some.")
    ],
    output: Output,
    extent_m: Annotated[
        list[float] | None,
        typer.Option(help=f"Metres along the side of a chip; repeat for more. {EXTENT_M:g}."),
    ] = None,
    pixel_m: Annotated[float, typer.Option(help="Metres along the side of a pixel.")] = 10.0,
    name: Annotated[str | None, typer.Option(help="What the corpus is called.")] = None,
    licence: Annotated[
        str, typer.Option(help="The licence of the scenes, which becomes the chips'.")
    ] = "not stated",
) -> None:
    """Cut scenes into chips of equal ground.

    Goes on where an earlier run stopped.

    Example: python -m backend.corpus slice s1 -o harbours --extent-m 2240 --extent-m 4480
    """
    for path in scenes:
        require_path(path, "scene or folder")
    from backend.corpus.slicing import Slicing, begin_corpus, open_scenes, slice_scene

    slicing = Slicing(tuple(extent_m or [EXTENT_M]), pixel_m)
    corpus = begin_corpus(output, name or output.name, licence, slicing)
    with progress_bar() as progress:
        for scene_name, scene in open_scenes(scenes):
            report = slice_scene(corpus, scene, scene_name, slicing, progress)
            if not report.cut + report.present + report.empty:
                typer.echo(f"{scene_name} holds no whole chip: give a smaller --extent-m.")
                continue
            typer.echo(
                f"{scene_name}: {report.cut:,} chips cut, {report.present:,} were there, "
                f"{report.empty:,} places have too little data."
            )


@app.command()
def simulate(
    output: Output,
    chips: Annotated[int, typer.Option(help="How many chips.")] = 4000,
    side_px: Annotated[int, typer.Option(help="Side of a chip in pixels of 10 m.")] = 64,
    wrong: Annotated[
        float,
        typer.Option(help="Share of the fragments in training that are another chip's instead."),
    ] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same corpus.")] = 0,
    optical: Annotated[
        bool,
        typer.Option("--optical", help="Draw the same ground in optical colours, not as radar."),
    ] = False,
) -> None:
    """Make a corpus of simulated chips.

    They come with captions, cover and splits. Those in optical colours are for the middle stage of
    transfer: docs/towers.md.

    Example: python -m backend.corpus simulate -o simulated --chips 4000 --side-px 64
    """
    from backend.simulation.corpus import SimulatedChips, simulate_corpus

    simulation = SimulatedChips(
        chips=chips, side_px=side_px, wrong=wrong, seed=seed, optical=optical
    )
    with progress_bar() as progress:
        corpus = simulate_corpus(output, simulation, progress)
    parts = ", ".join(f"{name} {len(names):,}" for name, names in corpus.splits().items())
    typer.echo(f"{output} holds chips of simulated landscapes: {parts}.")


@app.command()
def undo(corpus: Folder) -> None:
    """Put captions back as they were before a tower judged them.

    Example: python -m backend.corpus undo harbours
    """
    from backend.corpus.decisions import undo_decisions
    from backend.corpus.files import open_corpus

    typer.echo(f"{undo_decisions(open_corpus(corpus)):,} texts are as they were before.")


@app.command()
def screen(
    corpus: Folder,
    labels: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns chip and good (1 or 0), of some chips."),
    ] = None,
) -> None:
    """Leave out chips without data, blank, saturated or odd ones.

    Chips that were measured by an earlier run are not measured again.

    Example: python -m backend.corpus screen harbours
    """
    require_path(labels)
    from backend.corpus.files import SCREEN, open_corpus
    from backend.corpus.screening import read_labels, screen_corpus

    opened = open_corpus(corpus)
    with progress_bar() as progress:
        report = screen_corpus(opened, read_labels(labels) if labels else None, progress)
    typer.echo(f"{report.kept:,} chips stay.")
    for reason, count in report.out.most_common():
        typer.echo(f"{count:,} {'is' if count == 1 else 'are'} out: {reason}.")
    typer.echo(f"{corpus / SCREEN} has what was measured of each.")


for command in (text, rewrite, chain):
    app.command()(command)


@app.command()
def split(
    corpus: Folder,
    sizes: Annotated[
        tuple[float, float, float],
        typer.Option(help="Train, validation and test; scaled to the number of chips."),
    ] = SIZES,
    square_km: Annotated[
        float, typer.Option(min=0.1, help="Side of the squares, each of which is in one split.")
    ] = SQUARE_KM,
) -> None:
    """Divide chips into train, validation and test by place.

    Example: python -m backend.corpus split harbours
    """
    from backend.corpus.files import open_corpus
    from backend.corpus.splitting import split_corpus

    report = split_corpus(open_corpus(corpus), sizes, square_km)
    for name, count in report.chips.items():
        squares = report.squares[name]
        typer.echo(f"{name}: {count:,} chips in {squares:,} square{'s' * (squares != 1)}.")
    if report.left_out:
        typer.echo(f"{report.left_out:,} chips reach into ground of another split: left out.")
    if report.screened:
        typer.echo(f"{report.screened:,} chips were left out by the screen.")


@app.command()
def layouts() -> None:
    """List the layouts, each with its licence.

    Example: python -m backend.corpus layouts
    """
    from backend.corpus.exchange import find_layouts

    for name, layout in find_layouts().items():
        typer.echo(f"{name}: {layout.title}, {layout.source}. Licence: {layout.licence}.")


@app.command()
def read(
    layout: Annotated[str, typer.Argument(help="As `layouts` lists them.")],
    path: Annotated[Path, typer.Argument(help="A published file, or the folder of the files.")],
    output: Output,
    images: Annotated[
        Path | None, typer.Option(help="Folder of the pictures, where it is another one.")
    ] = None,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Leave out records that are broken.")
    ] = False,
) -> None:
    """Read a published corpus.

    Nothing is downloaded, and pictures stay where they are.

    Example: python -m backend.corpus read sarlang SARLANG_1M -o sarlang
    """
    require_path(path, "file or folder")
    require_path(images, "folder")
    from backend.corpus.exchange import find_layout, read_published

    chosen = find_layout(layout)
    typer.echo(f"{chosen.title}, {chosen.source}. Licence: {chosen.licence}.")
    with progress_bar() as progress:
        report = read_published(chosen, path, output, images, skip_broken, progress)
    typer.echo(
        f"{report.records:,} records: {report.chips:,} chips, {report.texts:,} texts, "
        f"{report.objects:,} boxes."
    )
    if report.without_size:
        typer.echo(
            f"The boxes of {report.without_size:,} chips were left out: their pictures are not "
            "there. Name their folder with --images."
        )
    if report.broken:
        typer.echo(f"{report.broken:,} broken records were left out:")
        for problem in report.problems:
            typer.echo(f"  {problem}")


@app.command()
def export(
    corpus: Folder,
    layout: Annotated[str, typer.Argument(help="As `layouts` lists them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
) -> None:
    """Write a corpus in a published layout.

    Chips that were cut from scenes become pictures of 8 bits.

    Example: python -m backend.corpus export harbours sar-text -o exported
    """
    from backend.corpus.exchange import export_corpus, find_layout
    from backend.corpus.files import open_corpus

    chosen, opened = find_layout(layout), open_corpus(corpus)
    typer.echo(f"Licence of {opened.about.name}: {opened.about.licence}.")
    with progress_bar() as progress:
        report = export_corpus(opened, chosen, output, progress)
    typer.echo(
        f"{output} holds {opened.about.name} as {chosen.title}: {report.texts:,} texts, "
        f"{report.boxes:,} boxes; {report.drawn:,} chips were drawn."
    )
    for name, count in report.without.items():
        typer.echo(f"{chosen.title} has no place for {count:,} {name}.")


@app.command()
def check(
    corpus: Folder,
    pixels: Annotated[bool, typer.Option(help="Look for the files of the chips, too.")] = True,
) -> None:
    """Say what is wrong with a corpus.

    Every fault is a sentence with file, line and field.

    Example: python -m backend.corpus check harbours
    """
    from backend.corpus.checking import check_corpus
    from backend.corpus.files import open_corpus

    opened = open_corpus(corpus)
    typer.echo(f"{opened.about.name}. Licence: {opened.about.licence}.")
    with progress_bar() as progress:
        report = check_corpus(opened, pixels, MOST_FAULTS, progress)
    typer.echo(
        f"{report.chips:,} chips, {report.texts:,} texts, {report.facts:,} records of facts."
    )
    if report.without_place:
        typer.echo(f"{report.without_place:,} chips have no CRS, as they were published.")
    for fault in report.faults:
        typer.echo(f"  {fault}")
    if report.count:
        raise CorpusInvalid(
            f"{corpus} has {report.count:,} fault{'s' * (report.count > 1)}.",
            "Correct or delete these lines, or make the corpus anew.",
        )
    typer.echo("No fault was found.")


@app.command()
def survey(
    corpus: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the survey cache.")],
    encoder: Annotated[str, typer.Option(help="Encoder of the features.")] = "texture-s1",
    text: Annotated[str, typer.Option(help="Text encoder of the captions.")] = "minilm",
    task: Annotated[
        list[str] | None, typer.Option(help="Take captions of this type alone; repeat for more.")
    ] = None,
    device: Device = None,
) -> None:
    """Make a survey, so that heads learn from captions.

    Goes on where an earlier run stopped.

    Example: python -m backend.corpus survey harbours -o captions.zarr; then
    python -m backend.train --survey captions.zarr --pooling mean -o captions, or with photographs
    python -m backend.train --survey lucas.zarr --captions captions.zarr -o both
    """
    require_names(encoder, text)
    from backend.corpus.files import open_corpus
    from backend.corpus.survey import build_caption_survey
    from backend.encoders import load_encoder
    from backend.text import load_text_encoder

    with progress_bar() as progress:
        report = build_caption_survey(
            open_corpus(corpus),
            output,
            load_encoder(encoder, device=device),
            load_text_encoder(text, device=device, remember=False),
            task or (),
            progress,
        )
    typer.echo(f"{report.points:,} chips with captions in {output}.")
    if report.without:
        typer.echo(f"{report.without:,} chips of the splits have no caption.")


@app.command()
def stats(
    corpus: Folder,
    text: Annotated[
        str | None, typer.Option(help="A text encoder, to say how alike captions are: minilm.")
    ] = None,
    device: Device = None,
) -> None:
    """Print counts, diversity and similarity.

    Example: python -m backend.corpus stats harbours --text minilm
    """
    require_names(text=text)
    from backend.corpus.files import open_corpus
    from backend.evaluation.corpora import measure_corpus

    opened, encoder = open_corpus(corpus), None
    if text:
        from backend.text import load_text_encoder

        encoder = load_text_encoder(text, device=device, remember=False)
    with progress_bar() as progress:
        found = measure_corpus(opened, encoder, progress)
    typer.echo(f"{opened.about.name}. Licence: {opened.about.licence}.")
    print_lines(f"{sentence}." for sentence in found.sentences())


if __name__ == "__main__":
    run(app)
