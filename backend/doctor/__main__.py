"""The command: runs every check and shows what it finds."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from backend.commands import new_app, run
from backend.doctor import Finding
from backend.doctor.machine import (
    check_device,
    check_packages,
    check_python,
    check_qgis,
    check_rasters,
    check_room,
)
from backend.doctor.models import check_encoders, check_heads, check_query, check_texts
from backend.doctor.storage import check_service, check_store

app = new_app()

CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_python,
    check_device,
    check_room,
    check_packages,
    check_rasters,
    check_encoders,
    check_texts,
    check_heads,
    check_store,
    check_service,
    check_qgis,
    check_query,
)


def examine(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Return the findings of a check; one that breaks is a finding itself."""
    try:
        return list(check())
    except Exception as error:
        text = f"{check.__name__.replace('_', ' ')} broke: {type(error).__name__}: {error}"
        return [Finding("missing", "Doctor", text, "Please report this.")]


def show(findings: list[Finding]) -> None:
    """Print the findings as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    looks = {"ok": "green", "warning": "yellow", "missing": "bold red"}
    table = Table(show_header=False, box=None, pad_edge=False)
    for finding in findings:
        text = Text(finding.text)
        if finding.remedy:
            text.append(f"\n{finding.remedy}", style="italic")
        table.add_row(Text(finding.level, looks[finding.level]), finding.topic, text)
    Console().print(table)


@app.command(epilog="Example: python -m backend.doctor --json")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Say what works here, what is missing and how to mend it.

    Exit code 0 when the embedded default works from scene to map, 1 otherwise.
    """
    findings = [finding for check in CHECKS for finding in examine(check)]
    works = all(finding.level != "missing" for finding in findings)
    if as_json:
        report = {"works": works, "findings": [dataclasses.asdict(one) for one in findings]}
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        show(findings)
        typer.echo("\nGLUE-Link works here." if works else "\nGLUE-Link does not work here yet.")
    raise typer.Exit(0 if works else 1)


if __name__ == "__main__":
    run(app)
