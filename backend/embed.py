"""Encode scenes into a feature store: python -m backend.embed SCENE… --store DIR."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from backend.commands import (
    Device,
    new_app,
    progress_bar,
    require_names,
    require_path,
    require_scene,
    run,
    with_options,
)
from backend.scenes.options import SceneOptions

app = new_app()


@app.command(
    epilog="Example: python -m backend.embed scene.tif --store features. Run it again to go on "
    "where it was stopped. --debug shows the traceback of an error."
)
@with_options(SceneOptions)
def embed(
    scenes: Annotated[list[str], typer.Argument(help="Scenes, as backend.query takes them.")],
    options: SceneOptions,
    store: Annotated[str, typer.Option(help="Folder, or s3://bucket/folder; made if it is new.")],
    encoder: Annotated[str, typer.Option(help="Name of the encoder.")] = "texture-s1",
    aoi: Annotated[Path | None, typer.Option(help="GeoJSON polygon; all there is if left out.")] = (
        None
    ),
    precision: Annotated[
        Literal["int8", "float16"],
        typer.Option(help="How numbers are kept; float16 takes twice the room."),
    ] = "int8",
    quality: Annotated[
        Literal["fine", "fast"], typer.Option(help="How windows lie: see backend.query.")
    ] = "fine",
    match_product_type: Annotated[
        bool, typer.Option(help="Add what GRD and RTC differ by, if the encoder saw the other.")
    ] = True,
    device: Device = None,
    shard: Annotated[
        str, typer.Option(metavar="i/n", help="Take every n-th block alone, from the i-th on.")
    ] = "0/1",
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS|local|local:N",
            help="Encode on the workers of a Dask scheduler, or in N processes of this machine.",
        ),
    ] = None,
) -> None:
    """Encode what the store lacks of each scene, for every later phrase."""
    require_names(encoder)
    require_path(aoi)
    for scene in scenes:
        require_scene(scene, options)
    from backend.features.many.engines import engine_of
    from backend.features.many.shards import Shard

    part = Shard.parse(shard)
    engine = engine_of(cluster, encoder, device) if cluster else None
    from backend.features.many.embed import embed_here, embed_on, require_all
    from backend.features.many.job import Job
    from backend.scenes.area import Area

    area = Area.read(aoi) if aoi else None
    about = (encoder, options, area, quality, precision, match_product_type, device)
    jobs = [Job(_absolute(scene), _absolute(store), *about) for scene in scenes]
    done = []
    with progress_bar() as progress:
        run = embed_on(engine, jobs, part, progress) if engine else embed_here(jobs, part, progress)
        for each in run:
            filled = each.filled
            typer.echo(
                f"{each.name}: {filled.encoded:,} blocks encoded, {filled.found:,} were there, "
                f"{filled.cells:,} cells"
            )
            done.append(each)
    require_all(done)


def _absolute(place: str) -> str:
    """Return a path as workers in other folders find it; an address as it is."""
    return place if "://" in place else str(Path(place).expanduser().absolute())


if __name__ == "__main__":
    run(app)
