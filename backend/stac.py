"""Imagery from a STAC catalogue: python -m backend.stac search area.geojson --from 2024-05-01."""

from __future__ import annotations

import dataclasses
import json
import shlex
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from backend.commands import new_app, parse_date, progress_bar, require_path, run
from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    from backend.scenes.stac import FoundScene

app = new_app("Imagery from STAC catalogues, such as the Planetary Computer's.")

AREA = Annotated[Path, typer.Argument(help="GeoJSON polygon of the area.")]
CATALOGUE = Annotated[
    str,
    typer.Option(help="planetary-computer, opera, eodc, one of catalogues.yaml, or a URL."),
]
COLLECTION = Annotated[
    str | None, typer.Option(help="Collection to search; the catalogue's own when left out.")
]


@app.command(
    epilog="Example: python -m backend.stac search area.geojson --from 2024-05-01 "
    "--to 2024-06-01 --orbit ascending. Four dates of a year: --to 2024-06-01 --dates 4."
)
def search(
    area: AREA,
    last: Annotated[str, typer.Option("--to", help="Last day, year-month-day.")],
    first: Annotated[
        str | None, typer.Option("--from", help="First day; left out, a year before the last.")
    ] = None,
    dates: Annotated[
        int | None,
        typer.Option(
            min=2,
            help="So many dates of one orbit, spread over the time, for an encoder that stacks "
            "them; all when left out.",
        ),
    ] = None,
    catalogue: CATALOGUE = "planetary-computer",
    collection: COLLECTION = None,
    orbit: Annotated[
        Literal["ascending", "descending"] | None, typer.Option(help="Any when left out.")
    ] = None,
    relative_orbit: Annotated[int | None, typer.Option(help="Number of the track.")] = None,
    polarisations: Annotated[str, typer.Option(help="All must be there.")] = "VV,VH",
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON.")] = False,
) -> None:
    """List the scenes that a catalogue has of an area."""
    begin = parse_date(first) if first else None
    end = parse_date(last)
    require_path(area)
    from backend.scenes.area import Area
    from backend.scenes.stac import SceneQuery, find_provider, newest_date, search_scenes

    bands = polarisations.upper().split(",")
    query = SceneQuery(begin or end - timedelta(days=364), end, orbit, relative_orbit, bands, dates)
    provider = find_provider(catalogue, collection)
    place = Area.read(area).degrees
    if not as_json and (newest := newest_date(provider)):
        typer.echo(f"Newest scene of {provider.collection} at {provider.name}: {newest.day}.")
    with progress_bar() as progress:
        found = search_scenes(provider, place, query, progress)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(scene) for scene in found], indent=1))
    else:
        show(found)


@app.command(
    epilog="Example: python -m backend.stac fetch area.geojson --item "
    "S1A_IW_GRDH_1SDV_20240509T053512_20240509T053537_053789_068928_rtc -o scene.tif"
)
def fetch(
    area: AREA,
    item: Annotated[
        list[str],
        typer.Option(help="Id of the scene, as `search` prints it; give it again for more dates."),
    ],
    catalogue: CATALOGUE = "planetary-computer",
    collection: COLLECTION = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Copy it here; it is kept in the user's folder."),
    ] = None,
) -> None:
    """Fetch scenes, as far as they lie in and around an area."""
    require_path(area)
    if output is not None and len(item) > 1:
        raise ConfigInvalid(f"{len(item)} scenes cannot be copied to one file.", "Leave out -o.")
    from backend.scenes.area import Area
    from backend.scenes.stac import fetch_scene, find_provider

    provider, place, paths = find_provider(catalogue, collection), Area.read(area).degrees, []
    for each in item:
        with progress_bar() as progress:
            fetched = fetch_scene(provider, each, place, output, progress)
        typer.echo(f"Scene: {fetched.path}{'' if fetched.fresh else ' (was fetched before)'}")
        typer.echo(
            f"{fetched.scene.time or 'Date unknown'}; {fetched.cover:.0%} of the area have data."
        )
        paths.append(shlex.quote(str(fetched.path)))
    if len(paths) > 1:
        typer.echo(f"Ask all dates: python -m backend.query {' --also '.join(paths)} PHRASE")


def show(found: list[FoundScene]) -> None:
    """Print scenes as a table."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("time (UTC)", "orbit", "", "bands", "type", "cover", "id"):
        table.add_column(title, no_wrap=True, justify="right" if title in ("", "cover") else "left")
    for scene in found:
        number = "" if scene.relative_orbit is None else str(scene.relative_orbit)
        table.add_row(
            scene.time[:16].replace("T", " "),
            scene.orbit or "unknown",
            number,
            " ".join(scene.polarisations),
            scene.product_type or "unknown",
            f"{scene.cover:.0%}",
            scene.id,
        )
    # An id is for copying: a narrow terminal may wrap its line, but nothing is cut off.
    Console(width=200, soft_wrap=True).print(table)
    for reason in sorted({scene.unavailable for scene in found} - {""}):
        count = sum(scene.unavailable == reason for scene in found)
        typer.echo(f"{count} of these cannot be fetched: {reason}.")


if __name__ == "__main__":
    run(app)
