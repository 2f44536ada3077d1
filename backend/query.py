"""Ask a scene in words: python -m backend.query SCENE "open water" -o map.tif."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from backend.commands import (
    Device,
    new_app,
    parse_place,
    progress_bar,
    require_names,
    require_path,
    require_scene,
    run,
    with_options,
)
from backend.errors import ConfigInvalid
from backend.scenes.options import UNITS, SceneOptions

if TYPE_CHECKING:
    from backend.maps import AlignmentResult, Inquiry, Place
    from backend.scenes import SceneInfo

app = new_app()


@app.command(
    epilog='Example: python -m backend.query scene.tif "open water" "dense town" -o map.tif. '
    "--debug shows the traceback of an error."
)
@with_options(SceneOptions)
def query(
    scene: Annotated[
        str,
        typer.Argument(
            help="A GeoTIFF, one file of a VV and VH pair, or a folder of them; or an annual "
            "embedding: a tile, a folder, an index of tiles, an address."
        ),
    ],
    options: SceneOptions,
    phrases: Annotated[
        list[str] | None,
        typer.Argument(help="What to look for; one band each. None are needed beside --like."),
    ] = None,
    but_not: Annotated[
        list[str] | None,
        typer.Option(
            help="Subtract how well a place fits this phrase from every band; of several, their "
            "mean.",
        ),
    ] = None,
    like: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LON,LAT",
            help="A place in a cell of the scene that is an example: how well a place fits it and "
            "how well it fits a phrase are averaged.",
        ),
    ] = None,
    unlike: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LON,LAT",
            help="A place in a cell that is an example of what is not looked for; it is subtracted "
            "as --but-not is.",
        ),
    ] = None,
    measure: Annotated[
        Literal["cosine", "rank"],
        typer.Option(
            help="rank writes the share of the head's neutral words that fit a cell worse than "
            "the phrase does, which compares between phrases and scenes.",
        ),
    ] = "cosine",
    aoi: Annotated[Path | None, typer.Option(help="GeoJSON polygon of the area to ask.")] = None,
    match_product_type: Annotated[
        bool,
        typer.Option(
            "--match-product-type/--no-match-product-type",
            "--match-product/--no-match-product",
            help="Add what GRD and RTC differ by, if the encoder saw the other.",
        ),
    ] = True,
    quality: Annotated[
        Literal["fine", "fast"],
        typer.Option(
            help="fast takes a quarter of the work, and windows may show in the map. It changes "
            "nothing for encoders that look no farther than a known reach, such as texture-s1."
        ),
    ] = "fine",
    encoder: Annotated[str, typer.Option(help="Name of the encoder.")] = "texture-s1",
    head: Annotated[str | None, typer.Option(help="Name or path of the head.")] = None,
    device: Device = None,
    store: Annotated[
        str | None,
        typer.Option(help="Folder or address where what is encoded is kept for later phrases."),
    ] = None,
    best: Annotated[
        int | None, typer.Option(min=1, help="Print so many of the best places of each phrase.")
    ] = None,
    apart: Annotated[
        float, typer.Option(min=0, help="Metres from one of the best places to the next.")
    ] = 0.0,
    coarser: Annotated[
        int,
        typer.Option(
            min=1, help="Answer N × N cells of a store as one, by their mean: for large areas."
        ),
    ] = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The map to write; map.tif when left out, none with --best."
        ),
    ] = None,
) -> None:
    """Write a map of how well each place of a scene fits each phrase, or print the best places."""
    require_names(encoder, head=head)
    require_path(aoi)
    if not phrases and not like:
        raise ConfigInvalid(
            "Nothing is asked.", "Give a phrase, such as open water, or an example: --like LON,LAT."
        )
    liked, unliked = (tuple(map(parse_place, places or ())) for places in (like, unlike))
    require_scene(scene, options)
    from backend.encoders import load_encoder
    from backend.features.store import FeatureStore
    from backend.link import find_head
    from backend.maps import Examples, Inquiry
    from backend.scenes import open_any
    from backend.scenes.area import Area
    from backend.text import load_text_encoder

    area = Area.read(aoi) if aoi else None
    with open_any(scene, options, area.degrees if area else None) as opened:
        typer.echo(scene_summary(opened.info))
        frozen = load_encoder(encoder, device=device, precision="auto")
        link = find_head(head, frozen.spec)
        asked = Inquiry.of(
            opened,
            area,
            phrases or (),
            frozen,
            link,
            load_text_encoder(link.meta.text),
            match_product_type,
            quality,
            FeatureStore.open(store) if store else None,
            coarser,
            but_not or (),
            Examples(liked, unliked),
            measure,
        )
        show_answers(asked, best, apart, output)


def show_answers(asked: Inquiry, best: int | None, apart: float, output: Path | None) -> None:
    """Write the map, find the best places, or both, and print what was found.

    Raises:
        GlueLinkError: what `write_map` raises.
    """
    from backend.maps import find_places, write_map
    from backend.maps.places import best_cells, places_of

    with progress_bar() as progress:
        if best and output is None:
            places, result = find_places(asked, best, apart, progress), None
        else:
            found = best_cells(asked, best, apart) if best else None
            result = write_map(asked, output or Path("map.tif"), progress, found)
            places = places_of(asked, found) if found else []
    for phrase, of_phrase in zip(asked.labels, places, strict=bool(places)):
        typer.echo(places_summary(phrase, of_phrase, asked.measure))
    if asked.spread:
        typer.echo(spread_summary(asked))
    if result:
        typer.echo(map_summary(result))


def scene_summary(info: SceneInfo) -> str:
    """Return what was read, in a few lines."""
    kind = info.product_type or ("" if info.units in UNITS else info.source)
    width, height = info.size
    across, down = info.pixel_m
    lines = [
        f"Scene: {info.name}, {kind and kind + ', '}{info.date or 'date unknown'}",
        f"Grid: {width} × {height} px of {across:.1f} × {down:.1f} m in {info.crs}; "
        f"asked in {info.utm}",
        *([f"Read as: {info.summary}"] if info.findings else []),
    ]
    for check in info.checks:
        warns = check.level == "warning"
        lines.append(f"Warning: {check.text} {check.remedy}" if warns else check.text)
    return "\n".join(lines)


def places_summary(phrase: str, places: list[Place], measure: str = "cosine") -> str:
    """Return the best places of a phrase: longitude, latitude and cosine or rank, a line each."""
    lines = [f"{one.longitude:.5f}, {one.latitude:.5f}  {one.cosine:+.4f}" for one in places]
    return "\n".join([f"{phrase}: longitude, latitude, {measure}", *lines])


def spread_summary(asked: Inquiry) -> str:
    """Return how far single cells may be from the means that were answered."""
    import numpy as np

    spread = np.concatenate([each.ravel() for each in asked.spread])
    half, most = np.nanquantile(spread, [0.5, 1])
    n = asked.coarser
    return (
        f"Each answer is the mean of {n} × {n} cells. For any phrase, single cells differ from it "
        f"by at most {half:.2f} in half of the places, by {most:.2f} anywhere."
    )


def map_summary(result: AlignmentResult) -> str:
    """Return the spread of each phrase's cosines, and where the map is."""
    from backend.maps.provenance import dates_text, offset_text

    widest = max(len(one.phrase) for one in result.phrases)
    lines = [
        f"{one.phrase:<{widest}}  min {one.minimum:+.3f}  mean {one.mean:+.3f}  "
        f"max {one.maximum:+.3f}"
        for one in result.phrases
    ]
    lines += [
        f"{one.phrase:<{widest}}  {one.reading.sentence}" for one in result.phrases if one.reading
    ]
    offset = offset_text(result.provenance)
    if offset:
        seen = result.provenance["encoder"]["product_type"]
        lines.insert(0, f"The encoder saw {seen}: {offset} dB were added to the scene.")
    dates = dates_text(result.provenance)
    if dates:
        lines.insert(0, f"Dates {dates}.")
    size = f"{result.cells:,} cells, {result.km2:,.1f} km², {result.seconds:.1f} s"
    if result.filled:
        filled = result.filled
        lines.append(f"Store: {filled.found:,} blocks found, {filled.encoded:,} encoded")
        if filled.encoded and filled.unkept:
            lines.append(f"Warning: not all of them were kept. {filled.unkept}")
    return "\n".join([*lines, f"Map: {result.path} ({size})"])


if __name__ == "__main__":
    run(app)
