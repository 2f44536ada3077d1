"""The other file of a pair: producers store VV and VH of one acquisition in files of their own."""

from __future__ import annotations

import re
from pathlib import Path

from ..client.protocol import ErrorBody
from ..translation import tr

# As the backend reads names: of several polarisations the last counts (VV+VH_VH), and TU Wien
# writes the orbit's letter after it (VVA).
POLARISATION = re.compile(
    r"(?<![a-z])(vv|vh)(?=db|lin|amp|pow|[ad]?(?![a-z]))(?!.*(?<![a-z])(vv|vh))", re.IGNORECASE
)
OTHER = {"vv": "vh", "vh": "vv"}


def polarisation_of(path: Path) -> str:
    """Return VV or VH, as the file's name says; empty where it does not."""
    found = POLARISATION.search(path.stem)
    return found.group(1).upper() if found else ""


def partner_of(path: Path) -> Path | None:
    """Return the file beside this one that is named alike but for VV and VH, if there is one."""
    found = POLARISATION.search(path.stem)
    if found is None:
        return None
    start, end = found.span(1)
    wanted = path.stem[:start] + OTHER[found.group(1).lower()] + path.stem[end:] + path.suffix
    for file in sorted(path.parent.iterdir()):
        if file.name.lower() == wanted.lower() and file.is_file():
            return file
    return None


def sent_alone(path: Path, error: ErrorBody) -> ErrorBody:
    """Return the error about a file that was sent alone, with what would have to go with it."""
    if error.code != "band_missing" or not polarisation_of(path):
        return error
    return ErrorBody(
        error.code,
        tr(
            "{file} was sent alone: no file beside it is named alike but for VV and VH.",
            file=path.name,
        ),
        tr(
            "Put both files into one folder, or merge them in QGIS: Raster › Miscellaneous › "
            "Merge, each file in a separate band."
        ),
    )
