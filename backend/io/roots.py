"""Folders below which this process reads local imagery; any folder until they are stated.

They hold for the whole process, as its mask of permissions does: scenes are opened in many threads,
and what one file leads to, such as links, masks and sources of virtual rasters, is found far below
whoever named it.
"""

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_roots: tuple[str, ...] | None = None


def read_only_below(folders: Iterable[Path] | None) -> None:
    """Let no imagery be read but below these folders, links resolved; None lifts that."""
    global _roots
    _roots = None if folders is None else tuple(os.path.realpath(each) for each in folders)


def may_be_read(path: str | Path) -> bool:
    """Return whether a path, all links resolved, is one of the folders or lies below one."""
    if _roots is None:
        return True
    try:
        real = os.path.realpath(path)
    except ValueError:  # it holds a zero
        return False
    return any(real == root or real.startswith(os.path.join(root, "")) for root in _roots)


def leads_out(folder: Path) -> bool:
    """Return whether a link in a folder, or in those below it, leads out of what may be read."""
    if _roots is None:
        return False
    return not all(
        may_be_read(path)
        for parent, below, names in os.walk(folder)
        for path in (os.path.join(parent, name) for name in (*below, *names))
        if os.path.islink(path)
    )


def without_foreign_paths(text: str) -> str:
    """Return a text in which paths of this computer keep their last part, but for those to read.

    All stay where any folder may be read: then whoever asks may name them all.
    """
    if _roots is None:
        return text
    return _absolute((*_roots, os.path.expanduser("~"))).sub(_shortened, text)


@cache
def _absolute(known: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds paths that begin with a folder of this computer; a route does not.

    A space ends a path, but for those in `known`.
    """
    tops = (f"/{name}" for name in os.listdir("/") if os.path.isdir(f"/{name}"))
    starts = "|".join(re.escape(start) for start in (*known, *tops) if start != "/")
    return re.compile(rf"""(?<![\w.…-])(?:{starts})(?:/[^/\s"'<>|,;)]+)+""")


def _shortened(path: re.Match[str]) -> str:
    return path[0] if may_be_read(path[0]) else f"…/{os.path.basename(path[0])}"
