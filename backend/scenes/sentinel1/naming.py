"""What names and tags say about a radar file: polarisation, date, product type."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

POLARISATIONS = ("VV", "VH")

_POLARISATION = re.compile(r"(?<![a-z0-9])(vv|vh|hh|hv)(?![a-z0-9])", re.IGNORECASE)
_SAFE_NUMBER = re.compile(r"-00\d$")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-:/]?(\d\d)[-:/]?(\d\d)(?=\D|$)")
_PRODUCT_TYPES = {
    "GRD": re.compile(r"(?<![a-z])grd[hmf]?(?![a-z])", re.IGNORECASE),
    "RTC": re.compile(r"(?<![a-z])rtc\d*(?![a-z])", re.IGNORECASE),
}
_DATE_TAGS = ("ACQUISITION", "START_TIME", "DATETIME", "DATE")


def polarisation_of(text: str) -> str | None:
    """Return VV, VH, HH or HV when `text` names exactly one of them; a ratio names two."""
    found = {match.upper() for match in _POLARISATION.findall(text)}
    return found.pop() if len(found) == 1 else None


def pair_key(path: Path) -> str:
    """Return what the two files of a pair have in common: the name without its polarisation.

    The files of a SAFE folder end in -001 and -002 as well.
    """
    return _POLARISATION.sub("*", _SAFE_NUMBER.sub("", path.stem)).lower()


def scene_name(path: Path, whole: bool) -> str:
    """Return what to call the scene; a file of one polarisation loses it, unless it is `whole`."""
    if path.is_dir():
        return path.name
    return path.stem if whole else _POLARISATION.sub("", path.stem).strip("_- ") or path.stem


def date_of(name: str, tags: Mapping[str, str]) -> str | None:
    """Return the ISO date of the acquisition, from the file's name or else its tags."""
    by_tag = [value for part in _DATE_TAGS for key, value in tags.items() if part in key.upper()]
    return next((found for text in [name, *by_tag] if (found := _first_date(text))), None)


def dates_of(files: Iterable[Path], tags: Mapping[str, str]) -> list[str]:
    """Return the ISO dates of the acquisitions in these files, each once, in order."""
    return sorted({found for file in files if (found := date_of(file.stem, tags))})


def product_type_of(texts: Iterable[str]) -> str | None:
    """Return GRD or RTC when a name or tag says so; it is never guessed from values."""
    texts = list(texts)
    named = [name for name, pattern in _PRODUCT_TYPES.items() if any(map(pattern.search, texts))]
    # A terrain-corrected scene keeps the name of the GRD it was made from.
    return named[-1] if named else None


def _first_date(text: str) -> str | None:
    for match in _DATE.finditer(text.replace("T", " ")):
        try:
            return date(*map(int, match.groups())).isoformat()
        except ValueError:
            continue
    return None
