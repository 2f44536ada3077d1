"""Tell how right a map is: python -m backend.accuracy MAP --truth FILE."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.commands import new_app, require_path, run
from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    from backend.accuracy import Accuracy, Comparison, Estimate

app = new_app()


@app.command(
    epilog="Example: python -m backend.accuracy water.tif --truth fields.geojson --class water. "
    "--debug shows the traceback of an error."
)
def accuracy(
    map_: Annotated[Path, typer.Argument(metavar="MAP", help="A map, as `query` writes it.")],
    truth: Annotated[
        Path,
        typer.Option(help="Polygons or points (GeoJSON), points (CSV), or a raster of classes."),
    ],
    class_: Annotated[
        list[str] | None,
        typer.Option("--class", help="A class that the phrase means; repeat for more. Default: 1."),
    ] = None,
    unknown: Annotated[
        list[str] | None, typer.Option(help="A class that is left out; repeat for more.")
    ] = None,
    field: Annotated[
        str, typer.Option(help="The property or column that holds the labels.")
    ] = "label",
    phrase: Annotated[
        str | None, typer.Option(help="Which band is meant, where a map has several.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Another map: which is better on the same places?")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="JSON to write all figures to.")
    ] = None,
) -> None:
    """Measure a map against labelled places: AUC, best threshold, precision and recall.

    Intervals hold 95 %. Cells of one polygon, or of one square kilometre of a raster, count as one.
    """
    for path, what in ((map_, "map"), (truth, "file"), (against, "map")):
        require_path(path, what)
    from dataclasses import asdict

    from backend.accuracy.measures import Comparison
    from backend.accuracy.report import judge, phrases_of
    from backend.io.disk import write_file

    bands = [_band(one, phrases_of(one), phrase) for one in (map_, against) if one]
    classes = class_ or ["1"], unknown or []
    found = judge(
        map_, truth, *classes, field=field, band=bands[0], against=against, against_band=bands[-1]
    )
    if isinstance(found, Comparison):
        _print(str(map_), found.first)
        _print(str(against), found.second)
        _print_verdict(found)
    else:
        _print(str(map_), found)
    if output:
        write_file(output, json.dumps(asdict(found), indent=2).encode())


def _band(path: Path, phrases: tuple[str, ...], phrase: str | None) -> int:
    """Return the number of a phrase's band; of a map with one band it needs no phrase."""
    if phrase in phrases:
        return phrases.index(phrase) + 1
    if len(phrases) == 1:
        return 1
    raise ConfigInvalid(
        f"{path.name} has the phrases {', '.join(map(repr, phrases))}"
        + (f"; {phrase!r} is none of them." if phrase else "."),
        "Choose one of them with --phrase.",
    )


def _print(name: str, found: Accuracy) -> None:
    typer.echo(
        f"{name}: {found.labels:,} labelled cells in {found.places:,} places, "
        f"{found.wanted:,} of them wanted"
    )
    for title, figure in (
        ("AUC", found.auc), ("precision", found.precision), ("recall", found.recall)
    ):  # fmt: skip
        typer.echo(f"  {title:<10} {_with_interval(figure)}")
    typer.echo(f"  {'threshold':<10} {found.threshold:.4f}")


def _with_interval(figure: Estimate) -> str:
    return f"{figure.value:.3f}  ({figure.low:.3f} to {figure.high:.3f})"


def _print_verdict(found: Comparison) -> None:
    better = "first" if found.difference.value > 0 else "second"
    verdict = f"the {better} is better" if found.p_value < 0.05 else "neither is shown to be better"
    typer.echo(
        f"difference   {_with_interval(found.difference)}, p = {found.p_value:.2g}: {verdict}"
    )


if __name__ == "__main__":
    run(app)
