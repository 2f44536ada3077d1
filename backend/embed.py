"""Encode scenes into a feature store: python -m backend.embed SCENE… --store DIR."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from backend.commands import new_app, progress_bar, require_names, require_path, run, with_options
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
    store: Annotated[Path, typer.Option(help="Folder of the store; made if it is new.")],
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
    device: Annotated[str | None, typer.Option(help="cpu or cuda; chosen when left out.")] = None,
) -> None:
    """Encode what the store lacks of each scene, for every later phrase."""
    require_names(encoder)
    require_path(aoi)
    for scene in scenes:
        if "://" not in scene:
            require_path(scene)
    from backend.encoders import load_encoder
    from backend.features.plan import for_encoder, make_plan
    from backend.features.store import FeatureStore, fill
    from backend.scenes import open_any
    from backend.scenes.area import Area

    area = Area.read(aoi) if aoi else None
    kept = FeatureStore.open(store)
    frozen = load_encoder(encoder, device=device, precision="auto")
    for scene in scenes:
        with open_any(scene, options, area.degrees if area else None) as opened:
            dated = frozen.with_date(opened.info.date)
            seen = for_encoder(opened, dated.spec, match_product_type)
            plan = make_plan(seen, area, dated.spec, quality)
            array = kept.array_for(seen, dated.spec, plan.lattice, precision)
            with progress_bar() as progress:
                filled = fill(array, seen, plan, dated, progress)
        typer.echo(
            f"{array.info.name}: {filled.encoded:,} blocks encoded, {filled.found:,} were there, "
            f"{filled.cells:,} cells"
        )


if __name__ == "__main__":
    run(app)
