"""Published weights: python -m backend.models list, pull NAME, check [NAME]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from backend.commands import new_app, progress_bar, run

if TYPE_CHECKING:
    from backend.models.disk import Found
    from backend.models.pull import Pull

app = new_app("Published weights of encoders and text encoders. Nothing is fetched but by `pull`.")

NAME = Annotated[str, typer.Argument(help="As `list` prints it.")]


@app.command("list")
def list_() -> None:
    """List what there is, and what of it is on this disk.

    Example: python -m backend.models list
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.filesize import decimal
    from rich.table import Table

    from backend.models.disk import look
    from backend.models.table import list_weights

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("name", "for", "size", "licence", "here", "source"):
        table.add_column(title, no_wrap=True)
    places = []
    for weights, use in list_weights().items():
        found = look(weights)
        size = decimal(found.size) if found.state == "present" else weights.size
        source = f"{weights.repository}@{weights.revision[:8]}"
        table.add_row(weights.name, use, size, weights.licence, _here(found), source)
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
    """Show what would be fetched, ask, and fetch it.

    Goes on where an earlier run stopped.

    Example: python -m backend.models pull ssl4eo-s1
    """
    from backend.models.table import find_weights

    weights = find_weights(name)
    from backend.models.pull import fetch, plan_pull

    with progress_bar() as progress:
        planned = plan_pull(weights, progress)
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
    """Compare what is on this disk with what was published.

    Reads every byte. Exit code 1 when something is damaged or missing.

    Example: python -m backend.models check ssl4eo-s1
    """
    from backend.models.table import find_weights, list_weights

    chosen = [find_weights(name)] if name else list_weights()
    from backend.models.disk import look, verify

    asked = [one for one in chosen if name or look(one).folder]
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
    """Return what is about to be fetched, in a few lines."""
    from rich.filesize import decimal

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
    """Return in a word or two whether it is there."""
    from rich.filesize import decimal

    if found.state == "absent" and found.size:
        return f"absent, {decimal(found.size)} have come"
    return found.state


if __name__ == "__main__":
    run(app)
