"""Look after a feature store: python -m backend.store list|check|repair|drop|cap --store DIR."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.commands import new_app, progress_bar, require_path, run, with_options
from backend.errors import ConfigInvalid, StoreInvalid
from backend.scenes.options import SceneOptions

if TYPE_CHECKING:
    from backend.features.store import FeatureArray, FeatureStore
    from backend.features.store.check import Problem

Place = Annotated[str, typer.Option(help="Folder or address of the store.")]

app = new_app("Look after a feature store.")

_UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


@app.command("list", epilog="Example: python -m backend.store list --store features")
def list_(store: Place) -> None:
    """List what is encoded of each scene, and when it was used."""
    opened = _open(store, writable=False)
    rows = [_HEADER, *(_row(array) for array in opened.arrays())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())
    cap = "no cap" if opened.cap is None else f"at most {opened.cap / 1e9:,.2f} GB"
    typer.echo(f"{len(rows) - 1} arrays, {opened.home.size('') / 1e6:,.1f} MB, {cap}.")


@app.command(epilog="Example: python -m backend.store check scene.tif --store features")
@with_options(SceneOptions)
def check(
    store: Place,
    options: SceneOptions,
    scenes: Annotated[
        list[str] | None,
        typer.Argument(help="Scenes whose pixels are read anew, and compared with the store's."),
    ] = None,
) -> None:
    """Read all that is kept, and say what is damaged.

    It exits with 1 when something is. Such blocks, and those made of other pixels than a scene has
    now, are encoded again when they are asked for.
    """
    problems = _problems(_open(store), scenes or [], options)
    for problem in problems:
        block = f" block {problem.block[0]}.{problem.block[1]}" if problem.block else ""
        typer.echo(f"{problem.array}{block}: {problem.text}")
    if problems:
        typer.echo(f"Put it right: python -m backend.store repair --store {store}")
        raise typer.Exit(1)
    typer.echo("All is well.")


@app.command(epilog="Example: python -m backend.store repair --store features")
@with_options(SceneOptions)
def repair(
    store: Place,
    options: SceneOptions,
    scenes: Annotated[
        list[str] | None, typer.Argument(help="Scenes whose pixels are read anew: see check.")
    ] = None,
) -> None:
    """Remove what does not count, and write lost metadata.

    Nothing else may write to the store meanwhile.
    """
    _require_there(store)
    from backend.features.store.check import repair as put_right
    from backend.features.store.store import repair_root

    repair_root(store)
    opened = _open(store)
    problems = _problems(opened, scenes or [], options)
    put_right(opened, problems)
    typer.echo(f"{len(problems):,} problems put right; what is lacking is encoded when asked for.")


@app.command(epilog="Example: python -m backend.store drop --older-than 30 --store features")
def drop(
    store: Place,
    names: Annotated[list[str] | None, typer.Argument(help="Arrays, as list names them.")] = None,
    older_than: Annotated[
        float | None, typer.Option(help="Those that were not used for so many days.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
) -> None:
    """Remove arrays by name, by age, or all."""
    opened = _open(store)
    arrays = {array.info.name: array for array in opened.arrays()}
    unknown = [name for name in names or [] if name not in arrays]
    if unknown:
        raise ConfigInvalid(
            f'The store has no array "{unknown[0]}".', "See python -m backend.store list."
        )
    if not names and older_than is None and not everything:
        raise ConfigInvalid("Nothing says what to drop.", "Name arrays, --older-than or --all.")
    old = time.time() - (older_than or 0) * 86400
    dropped = [
        array
        for name, array in arrays.items()
        if everything or name in (names or []) or (older_than is not None and array.used < old)
    ]
    for array in dropped:
        array.drop()
        typer.echo(f"Dropped {array.info.name}.")
    typer.echo(f"{len(dropped)} arrays dropped, {len(arrays) - len(dropped)} kept.")


@app.command(epilog="Example: python -m backend.store cap 50GB --store features")
def cap(store: Place, size: Annotated[str, typer.Argument(help="Such as 50GB; or none.")]) -> None:
    """State how much a store may hold.

    What was not used for longest goes first.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([MGT]B)", size)
    if not found and size != "none":
        raise ConfigInvalid(f'The size is "{size}".', "Expected one such as 50GB, or none.")
    _open(store).set_cap(int(float(found[1]) * _UNITS[found[2]]) if found else None)


_HEADER = (
    *("name", "scene", "date", "encoder", "quality", "precision"),
    *("cells", "encoded", "km²", "MB", "used"),
)


def _row(array: FeatureArray) -> tuple[str, ...]:
    """Return a line of the list."""
    receipts = [array.receipt(index) for index in array.receipts()]
    blocks, cells = array.shape[0] * array.shape[1], sum(one.valid for one in receipts if one)
    used = datetime.fromtimestamp(array.used, UTC).strftime("%Y-%m-%d %H:%M")
    return (
        array.info.name,
        array.info.scene,
        array.info.date or "unknown",
        array.info.encoder,
        array.lattice.quality,
        array.info.precision,
        f"{cells:,}",
        f"{len(receipts) / blocks:.0%}",
        f"{cells * array.lattice.cell_m**2 / 1e6:,.1f}",
        f"{array.bytes / 1e6:,.1f}",
        used if array.used else "unknown",
    )


def _open(store: str, writable: bool = True) -> FeatureStore:
    _require_there(store)
    from backend.features.store import FeatureStore

    return FeatureStore.open(store, writable)


def _require_there(store: str) -> None:
    """Refuse a folder that is not there, or empty: it would become a new store."""
    if "://" not in store:
        require_path(store, "feature store", "Make one: python -m backend.embed SCENE --store DIR.")
        if not any(Path(store).expanduser().iterdir()):
            raise StoreInvalid(f"{store} is empty.", "Give the folder of a feature store.")


def _problems(store: FeatureStore, scenes: list[str], options: SceneOptions) -> list[Problem]:
    """Return all that is wrong, with the pixels of these scenes read anew."""
    from backend.features.store.check import check_pixels, check_store
    from backend.scenes import open_any

    with progress_bar() as progress:
        problems = [*check_store(store, progress)]
        for scene in scenes:
            with open_any(scene, options) as opened:
                problems += check_pixels(store, opened, progress)
    return problems


if __name__ == "__main__":
    run(app)
