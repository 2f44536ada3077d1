"""Published weights: python -m backend.models list, pull NAME, check [NAME]."""

from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from backend.commands import new_app, progress_bar, run
from backend.models import CATALOGUE, Found, Pull, fetch, find_weights, look, plan_pull, verify

app = new_app("Published weights of encoders and text encoders. Nothing is fetched but by `pull`.")

NAME = Annotated[str, typer.Argument(help="As `list` prints it.")]


@app.command("list")
def list_() -> None:
    """List what there is, and what of it is on this disk.

    Example: python -m backend.models list
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("name", "for", "size", "licence", "here", "source"):
        table.add_column(title, no_wrap=True)
    places = []
    for weights in CATALOGUE:
        found = look(weights)
        size = decimal(found.size) if found.state == "present" else weights.size
        source = f"{weights.repository}@{weights.revision[:8]}"
        table.add_row(weights.name, weights.use, size, weights.licence, _here(found), source)
        if found.folder:
            places.append(
                f"{weights.name}: {found.folder}{'; ' * bool(found.problem)}{found.problem}"
            )
    Console(width=200, soft_wrap=True).print(table)
    for place in places:
        typer.echo(place)
    typer.echo("python -m backend.models pull NAME fetches one.")


@app.command()
def pull(
    name: NAME,
    yes: Annotated[bool, typer.Option("--yes", help="Fetch without asking.")] = False,
) -> None:
    """Fetch weights, after showing what they are; go on where an earlier run stopped.

    Example: python -m backend.models pull ssl4eo-s1
    """
    with progress_bar() as progress:
        planned = plan_pull(find_weights(name), progress)
    typer.echo(describe(planned))
    if planned.missing and not yes:
        typer.confirm("Fetch it?", abort=True)
    with progress_bar() as progress:
        fetch(planned, progress)
    typer.echo(f"{name} is whole, in {planned.weights.folder}.")


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="One of `list`; all when left out.")] = None,
) -> None:
    """Read what is on this disk byte by byte, and compare it with what was published.

    Exit code 1 when something of it is damaged or missing.

    Example: python -m backend.models check ssl4eo-s1
    """
    asked = [find_weights(name)] if name else [w for w in CATALOGUE if look(w).folder]
    wrong = False
    for weights in asked:
        with progress_bar() as progress:
            found = verify(weights, progress)
        typer.echo(f"{weights.name}: {_here(found)}{'; ' * bool(found.problem)}{found.problem}")
        wrong |= found.state != "present"
    if not asked:
        typer.echo("No published weights are on this machine.")
    raise typer.Exit(1 if wrong else 0)


def describe(planned: Pull) -> str:
    """What is about to be fetched, in a few lines."""
    weights, release = planned.weights, planned.release
    files, whole = len(release.files), sum(file.size for file in release.files)
    lines = [
        f"{weights.name}: {release.repository} at {release.commit}",
        f"Licence: {weights.licence}",
        f"Size: {decimal(whole)} in {files} file{'s' * (files > 1)}; "
        f"{decimal(planned.to_come)} to come",
        f"From: {release.source}",
        f"To: {weights.folder}",
    ]
    if planned.replaced:
        lines.append(f"Not what is published, and replaced: {', '.join(planned.replaced)}")
    return "\n".join(lines)


def _here(found: Found) -> str:
    """Whether it is there, in a word or two."""
    if found.state == "absent" and found.size:
        return f"absent, {decimal(found.size)} have come"
    return found.state


if __name__ == "__main__":
    run(app)
