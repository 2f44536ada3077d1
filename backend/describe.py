"""Say in words what is in a scene: python -m backend.describe SCENE [--ask "Is there water?"]."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from backend.commands import (
    Device,
    Picture,
    new_app,
    progress_bar,
    require_names,
    require_path,
    require_scene,
    run,
    with_options,
)
from backend.errors import PhraseInvalid
from backend.scenes.options import SceneOptions

if TYPE_CHECKING:
    from backend.describers import Measured, View

app = new_app()


@app.command(
    epilog='Example: python -m backend.describe scene.tif --ask "Is there water?". '
    "--debug shows the traceback of an error."
)
@with_options(SceneOptions)
def describe(
    scene: Annotated[
        str, typer.Argument(help="A GeoTIFF, one file of a VV and VH pair, or a folder of them.")
    ],
    options: SceneOptions,
    aoi: Annotated[
        Path | None, typer.Option(help="GeoJSON polygon of the area to describe.")
    ] = None,
    ask: Annotated[
        str | None, typer.Option(help="A question; the answer is all that is printed.")
    ] = None,
    objects: Annotated[
        Path | None, typer.Option(help="Write the bright objects on water here, as GeoJSON.")
    ] = None,
    speaker: Annotated[
        str,
        typer.Option(
            "--with",
            help="Who describes: facts, a tower (chip by chip), a model, its folder, an adapter's, "
            "or http://…/v1#MODEL.",
        ),
    ] = "facts",
    picture: Picture = "vv",
    quality: Annotated[
        Literal["fine", "fast"], typer.Option(help="How windows lie; see backend.query.")
    ] = "fine",
    encoder: Annotated[str, typer.Option(help="Name of the encoder.")] = "texture-s1",
    head: Annotated[str | None, typer.Option(help="Name or path of the head.")] = None,
    device: Device = None,
    store: Annotated[
        str | None, typer.Option(help="Folder or address where what is encoded is kept.")
    ] = None,
) -> None:
    """Print a description of an area of a scene, or the answer to a question about it."""
    require_names(encoder, head=head)
    if ask is not None and not ask.strip():
        raise PhraseInvalid("The question is empty.", "Type one, such as: Is there water?")
    require_path(aoi)
    require_path(objects and objects.expanduser().absolute().parent, "folder")
    require_scene(scene, options)
    from backend.describers import load_describer, look, measure
    from backend.encoders import load_encoder
    from backend.features.store import FeatureStore
    from backend.link import find_head
    from backend.scenes import open_any
    from backend.scenes.area import Area
    from backend.text import load_text_encoder

    describer = load_describer(speaker, device, picture)
    area = Area.read(aoi) if aoi else None
    with open_any(scene, options, area.degrees if area else None) as opened:
        for check in opened.info.checks:
            if check.level == "warning":
                typer.echo(f"Warning: {check.text} {check.remedy}", err=True)
        frozen = load_encoder(encoder, device=device, precision="auto")
        link = find_head(head, frozen.spec)
        text = load_text_encoder(link.meta.text)
        kept = FeatureStore.open(store) if store else None
        with progress_bar() as progress:
            measured = measure(opened, area, frozen, link, text, kept, progress, quality=quality)
            views = look(opened, measured, describer)
    for number, view in enumerate(views):
        reply = describer.answer(view.chip, ask) if ask else describer.caption(view.chip)
        if describer.needs_pixels and number == 0:
            typer.echo(f"Written by {describer.name}, which may be wrong.", err=True)
        typer.echo(reply.text if len(views) == 1 else f"{_middle(view)}: {reply.text}")
    if objects:
        typer.echo(write_objects(measured, objects.expanduser()), err=True)


def _middle(view: View) -> str:
    """Return where a chip lies, longitude first."""
    place = view.chip.record.place
    return f"{place.longitude:.4f},{place.latitude:.4f}" if place else view.chip.record.chip


def write_objects(measured: Measured, output: Path) -> str:
    """Write the objects of an area as GeoJSON, and return what was written in a sentence.

    Raises:
        DiskFull: the disk is full.
        OutputUnwritable: the file cannot be written.
    """
    from backend.io.disk import write_file

    found = measured.objects_geojson()
    write_file(output, json.dumps(found, ensure_ascii=False, indent=1).encode())
    return f"Objects: {len(found['features'])} in {output}"


if __name__ == "__main__":
    run(app)
