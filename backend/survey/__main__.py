"""Build surveys and demo scenes: python -m backend.survey COMMAND."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from backend.commands import (
    Device,
    new_app,
    parse_date,
    print_lines,
    progress_bar,
    require_names,
    require_path,
    run,
)
from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    from backend.scenes.stac import PointScenes
    from backend.survey.points import SurveyPoints

# The library's own defaults, which a test compares: they stand here to be shown without it.
DEMO_SEED = 40
LUCAS_SIZES = (160_936, 21_439, 22_634)
DAYS = 12

app = new_app("Build a survey, the photographs and features that training reads.")


@app.command()
def simulate(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the survey cache.")],
    points: Annotated[int, typer.Option(min=10, help="Number of survey points.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same survey.")] = 0,
    encoder: Annotated[str, typer.Option(help="Encoder of the features.")] = "texture-s1",
    text: Annotated[str, typer.Option(help="Text encoder of the captions.")] = "minilm",
    device: Device = None,
) -> None:
    """Simulate landscapes, radar and views.

    Goes on where an earlier run stopped.

    Example: python -m backend.survey simulate --points 10000 --seed 1 -o survey.zarr
    """
    require_names(encoder, text)
    from backend.encoders import load_encoder
    from backend.simulation.survey.build import Simulation, build_simulated_survey
    from backend.text import load_text_encoder

    with progress_bar() as progress:
        build_simulated_survey(
            output,
            Simulation(points=points, seed=seed),
            load_encoder(encoder, device=device),
            load_text_encoder(text, device=device, remember=False),
            progress,
        )
    typer.echo(f"{points} points in {output}")


@app.command()
def scene(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed gives the same landscape.")
    ] = DEMO_SEED,
    size: Annotated[int, typer.Option(min=256, help="Side in pixels of 10 m.")] = 1024,
) -> None:
    """Simulate one radar scene with its land cover.

    Writes scene.tif and scene_truth.tif.

    Example: python -m backend.survey scene --size 1024 -o demo
    """
    from backend.simulation import write_demo_scene

    output.mkdir(parents=True, exist_ok=True)
    for path in write_demo_scene(output, seed=seed, size_px=size):
        typer.echo(str(path))


Table = Annotated[Path, typer.Argument(help="A table of points, as `lucas` or `points` write.")]
TableOutput = Annotated[Path, typer.Option("--output", "-o", help="The table of points to write.")]
Sizes = Annotated[
    tuple[float, float, float],
    typer.Option(help="Train, validation and test; scaled to the number of points."),
]
Sample = Annotated[
    int | None,
    typer.Option(help="Keep this many points, of every class and region their share."),
]


@app.command()
def lucas(
    table: Annotated[Path, typer.Argument(help="EU_2018_20200213.CSV or the harmonised table.")],
    output: TableOutput,
    sizes: Sizes = LUCAS_SIZES,
    sample: Sample = None,
) -> None:
    """Make a table of points of LUCAS 2018, split by NUTS-2 region.

    Example: python -m backend.survey lucas EU_2018_20200213.CSV -o lucas.csv
    """
    require_path(table)
    from backend.survey.lucas import read_lucas
    from backend.survey.split import split_points

    with progress_bar() as progress:
        points, counts = read_lucas(table, progress)
        write_split(split_points(points, sizes, str(table)), sample, output)
    print_lines(counts.sentences())


@app.command()
def points(
    table: Annotated[Path, typer.Argument(help="CSV with id, lon, lat, date, region, photo …")],
    output: TableOutput,
    sizes: Sizes = (80, 10, 10),
    sample: Sample = None,
) -> None:
    """Check a table of points, and split it by region.

    The table may be of any survey; one that has a split keeps it.

    Example: python -m backend.survey points mine.csv -o points.csv
    """
    require_path(table)
    from backend.survey.points import read_points
    from backend.survey.split import split_points

    with progress_bar() as progress:
        read = read_points(table, progress)
        split = read if read.split is not None else split_points(read, sizes, str(table))
        write_split(split, sample, output)


@app.command()
def photos(
    table: Table,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the photographs.")],
    connections: Annotated[int, typer.Option(min=1, max=16, help="Connections at once.")] = 4,
    delay: Annotated[
        float, typer.Option(min=0, help="Seconds between two requests to one host.")
    ] = 0.05,
) -> None:
    """Fetch the photographs of a table of points.

    Goes on where an earlier run stopped.

    Example: python -m backend.survey photos lucas.csv -o photos
    """
    require_path(table)
    from backend.survey.photos import FAILURES, POLICY, fetch_photographs
    from backend.survey.points import read_points

    with progress_bar() as progress:
        policy = replace(POLICY, connections=connections, delay_s=delay)
        report = fetch_photographs(read_points(table, progress), output, policy, progress)
    print_lines(report.sentences())
    if report.failures:
        typer.echo(f"They are listed in {output / FAILURES}; run it again to try them once more.")


@app.command()
def encode(
    table: Table,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the survey cache.")],
    photos: Annotated[Path | None, typer.Option(help="Folder that `photos` filled.")] = None,
    text: Annotated[str | None, typer.Option(help="Text encoder of their embeddings.")] = None,
    text_weights: Annotated[Path | None, typer.Option(help="Folder of its weights.")] = None,
    scenes: Annotated[
        str | None,
        typer.Option(
            help="Folder of Sentinel-1 scenes, or of Sentinel-2 pictures for clip-rgb and ms-clip; "
            "or an embedding's folder, index or address."
        ),
    ] = None,
    tiles: Annotated[
        str | None, typer.Option(help="Folder or address of the tiles that an index lists.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="Encoder of the features.")] = None,
    weights: Annotated[Path | None, typer.Option(help="File of its weights.")] = None,
    catalogue: Annotated[
        str | None,
        typer.Option(
            help="STAC catalogue to read from instead: planetary-computer, another name, a URL."
        ),
    ] = None,
    collection: Annotated[
        str | None, typer.Option(help="Its collection; the usual one if not given.")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=0, help=f"Most days from a point's date to a scene's; {DAYS} if left out."
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day for all points, whatever their date.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day for all points.")] = None,
    settle: Annotated[
        bool,
        typer.Option("--settle", help="Leave out scenes that cannot be reached at the moment."),
    ] = False,
    extent_m: Annotated[
        float | None,
        typer.Option(
            help="Metres along the side of the ground to pool; all of a window if not given."
        ),
    ] = None,
    pooling: Annotated[
        Literal["wedge", "mean"] | None,
        typer.Option(
            help="How to pool features; wedge when left out, mean where a window is one cell."
        ),
    ] = None,
    device: Device = None,
) -> None:
    """Embed photographs, encode the radar around points, or both.

    Goes on where an earlier run stopped. Photographs and radar may come one after the other, and a
    cache may have the features of many encoders.

    Example: python -m backend.survey encode lucas.csv -o lucas.zarr --photos photos
    --text siglip2-giant --scenes s1 --encoder ssl4eo-s1; or --catalogue planetary-computer
    in place of --scenes s1, to read nothing but the windows from where the scenes lie.
    """
    stac_options = {"--collection": collection, "--days": days, "--from": first, "--to": last}
    check_source(scenes, tiles, catalogue, {**stac_options, "--settle": settle or None})
    imagery = {"--catalogue" if catalogue else "--scenes": catalogue or scenes}
    check_halves({"--photos": photos, "--text": text}, {**imagery, "--encoder": encoder})
    if photos and not photos.is_dir():
        raise ConfigInvalid(
            f"There is no folder {photos}.", "Fill it: python -m backend.survey photos."
        )
    require_path(table)
    require_names(encoder, text)
    source = point_scenes(catalogue, collection, days, first, last) if catalogue else scenes
    from backend.encoders import load_encoder
    from backend.link import WEDGES, choose_pooling
    from backend.survey.cache import create_survey
    from backend.survey.embed import embed_photographs
    from backend.survey.features import pool_points
    from backend.survey.points import read_points
    from backend.survey.split import require_split
    from backend.text import load_image_encoder

    images = load_image_encoder(text, text_weights, device) if text else None
    radar = load_encoder(encoder, weights, device, "auto") if encoder else None
    pool = choose_pooling(radar.spec.grid, extent_m, pooling) if radar else WEDGES
    if radar:
        pool.grid(radar.spec.grid, radar.spec.cell_m)  # refuses before hours of work
    with progress_bar() as progress:
        points = read_points(table, progress)
        require_split(points, str(table))
        survey = create_survey(output, points, {"kind": "table"})
        if photos and images:
            layer = survey.photo_layer(images.name, images.space)
            print_lines(embed_photographs(points, photos, layer, images, progress).sentences())
        if source and radar:
            report = pool_points(survey, source, radar, pool, progress, tiles, settle)
            print_lines(report.sentences())


def check_source(
    scenes: str | None, tiles: str | None, catalogue: str | None, stac_options: dict[str, object]
) -> None:
    """Refuse two sources of imagery.

    Raises:
        ConfigInvalid: there are two, or options of the other one.
    """
    if scenes and catalogue:
        raise ConfigInvalid(
            f"Two sources were given, --scenes {scenes} and --catalogue {catalogue}.",
            "Give one of them.",
        )
    given = [name for name, value in stac_options.items() if value is not None]
    if given and not catalogue:
        raise ConfigInvalid(f"{given[0]} was given without --catalogue.", "Give both, or neither.")
    if tiles and catalogue:
        raise ConfigInvalid("--tiles was given with --catalogue.", "Leave it out.")


def point_scenes(
    catalogue: str, collection: str | None, days: int | None, first: str | None, last: str | None
) -> PointScenes:
    """Return the scenes of a catalogue that are asked for.

    Raises:
        ConfigInvalid: the catalogue is unknown, or days are given in two ways.
    """
    span = None
    if first is not None or last is not None:
        if first is None or last is None or days is not None:
            raise ConfigInvalid(
                "--from and --to were not given together, or were given with --days.",
                "Give --days, or both --from and --to.",
            )
        span = (parse_date(first), parse_date(last))
    from backend.scenes.stac import PointScenes, find_provider

    return PointScenes(find_provider(catalogue, collection), DAYS if days is None else days, span)


def check_halves(*halves: dict[str, object]) -> None:
    """Refuse half an order: photographs and scenes need two options each.

    Raises:
        ConfigInvalid: one of the two is missing, or nothing is asked for.
    """
    for half in halves:
        given = [name for name, value in half.items() if value]
        if len(given) == 1:
            (other,) = half.keys() - given
            raise ConfigInvalid(f"{given[0]} was given without {other}.", "Give both.")
    if not any(any(half.values()) for half in halves):
        raise ConfigInvalid(
            "Neither photographs nor scenes were given to encode.",
            "Give --photos with --text, or --scenes or --catalogue with --encoder, or all four.",
        )


def write_split(points: SurveyPoints, sample: int | None, output: Path) -> None:
    """Write a table of points, or a sample of them, and print how it is split."""
    import numpy as np

    from backend.survey.points import SPLITS, write_points
    from backend.survey.split import describe_split, require_split, sample_points

    if sample is not None:
        points = sample_points(points, sample)
    write_points(points, output)
    typer.echo(f"{len(points):,} points in {output}: {describe_split(points)}.")
    if len(np.unique(require_split(points, output.name))) < len(SPLITS):
        typer.echo(
            "A split is empty; training and evaluation need all three. Take a larger sample."
        )


if __name__ == "__main__":
    run(app)
