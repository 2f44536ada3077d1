"""What is kept on the disk: the feature store, and the service's folder."""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from backend.doctor import Finding
from backend.errors import GlueLinkError
from backend.io.disk import writing
from backend.resources import user_path

if TYPE_CHECKING:
    from backend.features.store import FeatureStore

SAMPLE = 50
"""Blocks of the store whose receipts are read."""

NEARLY_FULL = 0.95


def check_store() -> Iterator[Finding]:
    """Check that the feature store is there, can be written, has room, and holds what it says."""
    from backend.features.store import FeatureStore

    place = os.environ.get("GLUELINK_STORE") or str(user_path("features"))
    if place.lower() == "none":
        yield Finding("ok", "Store", "GLUELINK_STORE keeps none.")
        return
    local = None if "://" in place else Path(place).expanduser()
    if local and (not local.exists() or (local.is_dir() and not any(local.iterdir()))):
        yield Finding("ok", "Store", f"{place} is made with the first map.")
        return
    try:
        store = FeatureStore.open(place, writable=False)
        if local:
            _try_to_write(local)
        used, cap = store.home.size(""), store.cap
        broken, seen = _receipts(store)
    except GlueLinkError as error:
        yield Finding("warning", "Store", error.message, error.remedy)
        return
    of_cap = f" of {cap / 1e9:,.2f}" if cap else ""
    found = f"{used / 1e9:,.2f}{of_cap} GB at {place}; {seen - broken} of {seen} receipts are whole"
    if broken:
        remedy = f"python -m backend.store repair --store {place}"
        yield Finding("warning", "Store", f"{found}.", remedy)
    elif cap and used > NEARLY_FULL * cap:
        remedy = f"Let it hold more: python -m backend.store cap 50GB --store {place}"
        yield Finding("warning", "Store", f"{found}: what was not used for longest goes.", remedy)
    else:
        yield Finding("ok", "Store", found)


def _try_to_write(folder: Path) -> None:
    """Raise OutputUnwritable or DiskFull where nothing can be put into a folder."""
    with writing(folder), tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"GLUE-Link")


def _receipts(store: FeatureStore) -> tuple[int, int]:
    """Return how many receipts of a sample are broken, and how many are in it."""
    blocks = [(array, index) for array in store.arrays() for index in array.receipts()]
    sample = random.sample(blocks, min(SAMPLE, len(blocks)))
    return sum(array.receipt(index) is None for array, index in sample), len(sample)


def check_service() -> Iterator[Finding]:
    """Check that the service can write to its folder, and that its tables of jobs are whole."""
    folder = Path(os.environ.get("GLUELINK_STATE") or user_path("service")).expanduser()
    near = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        _try_to_write(near)
    except GlueLinkError as error:
        remedy = "Make it writable for this user, or choose another one: GLUELINK_STATE."
        yield Finding("missing", "Service", error.message, remedy)
        return
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    yield Finding("ok", "Service", f"{len(files)} files, {size / 1e6:,.1f} MB at {folder}")
    for table in (path for path in files if path.name == "jobs.sqlite3"):
        wrong = _wrong_with(table)
        if wrong:
            remedy = "The next start puts it aside, and begins without jobs and scenes."
            yield Finding("warning", "Service", f"{table} is damaged: {wrong}.", remedy)


def _wrong_with(table: Path) -> str:
    """Return what is wrong with a table of jobs; empty where nothing is."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(table))}?mode=ro", uri=True)) as opened:
            (found,) = opened.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return "" if found == "ok" else str(found)
