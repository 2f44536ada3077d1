"""What names and tags say about a radar file: polarisation, quantity, units, date, product type.

A name is read by its words: the runs of letters and digits between other characters. Units
and what is not backscatter count beside the polarisation or at the end: `mask_lake_VV` is radar,
`VV_mask` is not.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

POLARISATIONS = ("VV", "VH")

# SGRT writes the orbit's letter after it: 1VVA. Others write VVdB.
_POLARISATION = re.compile(
    r"(?<![a-z])(vv|vh|hh|hv)(?=db|lin|amp|pow|[ad]?(?![a-z]))", re.IGNORECASE
)
_WORD = re.compile(r"d[bB](?![a-z])|[A-Z]+(?![a-z])0?|[A-Z]?[a-z]+0?|\d+")
_SAFE_NUMBER = re.compile(r"-00\d$")

_DATE = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<mark>[-:/._]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?=\D|$)"
)
_DATE_IN_WORDS = re.compile(r"(?<!\d)(\d\d)([A-Za-z]{3})(20\d\d)(?!\d)")  # SNAP: 30Oct2017
_SENTINEL1 = re.compile(r"(?<![a-z0-9])s1[a-d]?_|sentinel-?1", re.IGNORECASE)
_PRODUCT_TYPES = {
    "GRD": re.compile(r"(?<![a-z])grd[hmf]?(?![a-z])", re.IGNORECASE),
    "RTC": re.compile(r"(?<![a-z])rtc\d*(?![a-z])|(?<![a-z])nrb(?![a-z])", re.IGNORECASE),
}
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_LATER = ("PROCESS", "CREAT", "GENERAT", "MODIF", "PUBLI")
_ORDINAL = re.compile(r"_(mst|ref|slv\d+|sec\d+)(?=_|$)")
"""SNAP numbers the bands of a stack, not its dates: VV and VH of one date are slv1 and slv2."""
_DATE_TAGS = ("ACQUISITION", "START_TIME", "DATETIME", "DATE")
MOST_FOLDERS = 2

UNIT_WORDS = {
    "db": "db",
    "decibel": "db",
    "decibels": "db",
    "log": "db",
    "linear": "linear",
    "lin": "linear",
    "power": "linear",
    "pow": "linear",
    "intensity": "linear",
    "amplitude": "amplitude",
    "amp": "amplitude",
    "magnitude": "amplitude",
    "pwr": "linear",
    "dn": "dn",
}
"""Units by the words that name them; SNAP calls power an intensity."""

QUANTITY_WORDS = {
    "gamma0": "gamma0",
    "gamma": "gamma0",
    "gammanought": "gamma0",
    "sigma0": "sigma0",
    "sigma": "sigma0",
    "sig0": "sigma0",
    "sigmanought": "sigma0",
    "beta0": "beta0",
}
"""What backscatter is related to, by the words that name it."""

OTHER_WORDS = {
    **dict.fromkeys(("coh", "coherence", "cc"), "coherence"),
    **dict.fromkeys(("ratio", "div", "minus", "diff", "change", "rvi", "rfdi"), "an index"),
    **dict.fromkeys(("angle", "incidence", "lia"), "an angle"),
    **dict.fromkeys(("phase", "i", "q"), "phase"),
    **dict.fromkeys(("entropy", "alpha", "anisotropy"), "a decomposition"),
    **dict.fromkeys(("std", "dev", "stdev", "var", "variance", "iqr", "cv", "rmse"), "a spread"),
    **dict.fromkeys(("count", "nobs", "obs", "weight"), "a count"),
    **dict.fromkeys(("mask", "layover", "shadow", "border"), "a mask"),
    **dict.fromkeys(("nesz", "nebz", "negz", "np", "noise"), "noise"),
    **dict.fromkeys(("glcm", "contrast", "homogeneity", "dissimilarity", "asm"), "a texture"),
}
"""What a band is that is not backscatter, by the words beside its polarisation that say so."""

_PLACES = {"var", "alpha", "border", "change", "shadow", "i", "q", "weight", "noise"}
"""Of these words, those that name places as well: before a polarisation they say nothing."""

QUANTITY_RANK = ("gamma0", "sigma0", None, "uncalibrated", "beta0")
"""Of bands that differ in this alone the first is taken."""


@dataclass(frozen=True)
class Name:
    """What one name says; None where it says nothing."""

    text: str
    polarisation: str | None = None
    """VV, VH, HH or HV."""
    quantity: str | None = None
    """gamma0, sigma0, beta0 or uncalibrated."""
    units: str | None = None
    """db, linear, amplitude or dn."""
    other: str = ""
    """What it is instead of backscatter; empty for backscatter."""
    date: str | None = None
    """ISO."""
    key: tuple[str, ...] = ()
    """Its other words in lower case: what the two bands of one acquisition share."""


@lru_cache(maxsize=4096)
def read_name(text: str) -> Name:
    """Return what the name of a band, or of a file without its suffix, says.

    Of several polarisations the last one counts, after those of the whole product (VV+VH_VH); two
    name a ratio, or both bands.
    """
    stem = _ORDINAL.sub("", _SAFE_NUMBER.sub("", text))
    found = _polarisation_in(stem)
    start, end = found.span() if found else (len(stem), len(stem))
    before, after = (_words(part) for part in (stem[:start], stem[end:]))
    beside = [*after[:2], *after[2:][-1:], *reversed(before[-1:])]
    # SNAP's components i_VV and q_VV begin with the letter.
    place = before[-1:] if len(before) > 1 or found is None else []
    telling = [word for word in beside if word in after or word not in _PLACES.intersection(place)]
    units = next((UNIT_WORDS[word] for word in beside if word in UNIT_WORDS), None)
    words = [*before, *after]
    quantity = next((QUANTITY_WORDS[word] for word in words if word in QUANTITY_WORDS), None)
    if quantity is None and beside and not {"amplitude", "intensity"}.isdisjoint(beside):
        quantity = "uncalibrated"
    known = QUANTITY_WORDS.keys() | (UNIT_WORDS.keys() & set(beside))
    return Name(
        text=text,
        polarisation=found.group().upper() if found else None,
        quantity=quantity,
        units=units,
        other=next((OTHER_WORDS[word] for word in telling if word in OTHER_WORDS), ""),
        date=_first_date(text),
        key=tuple(word for word in words if word not in known),
    )


def polarisation_of(text: str) -> str | None:
    """Return VV, VH, HH or HV when `text` names exactly one of them; a ratio names two."""
    return read_name(text).polarisation


def _polarisation_in(stem: str) -> re.Match[str] | None:
    found = list(_POLARISATION.finditer(stem))
    distinct = {match.group().upper() for match in found}
    return found[-1] if len(distinct) == 1 or len(found) > 2 else None


def _words(text: str) -> list[str]:
    return [match.group().lower() for match in _WORD.finditer(text)]


def scene_name(path: Path, whole: bool) -> str:
    """Return what to call the scene; a file of one polarisation loses it, unless it is `whole`."""
    found = None if path.is_dir() or whole else _polarisation_in(path.stem)
    if path.is_dir() or found is None:
        return path.stem if path.is_file() else path.name
    return (path.stem[: found.start()] + path.stem[found.end() :]).strip("_- ") or path.stem


def date_of(name: str, tags: Mapping[str, str], folders: Iterable[str] = ()) -> str | None:
    """Return the ISO date of the acquisition: from the file's name, its tags, or its folders.

    A folder counts when it is named as Sentinel-1's products are.
    """
    by_tag = [value for part in _DATE_TAGS for key, value in tags.items() if _tells(part, key)]
    texts = [name, *by_tag, *filter(is_product, folders)]
    return next((day for text in texts if (day := _first_date(text))), None)


def is_product(folder: str) -> bool:
    """Return whether a folder is named as products of Sentinel-1 are."""
    return bool(_SENTINEL1.search(folder))


def product_type_of(texts: Iterable[str]) -> str | None:
    """Return GRD or RTC when a name or tag says so; it is never guessed from values."""
    texts = list(texts)
    named = [name for name, pattern in _PRODUCT_TYPES.items() if any(map(pattern.search, texts))]
    # A terrain-corrected scene keeps the name of the GRD it was made from.
    return named[-1] if named else None


def _tells(part: str, key: str) -> bool:
    """Return whether a tag holds the date of the acquisition, and not of what was done later."""
    return part in key.upper() and not any(word in key.upper() for word in _LATER)


def _first_date(text: str) -> str | None:
    """Return the first date in a text, ISO."""
    found = {match.start(): match.group("year", "month", "day") for match in _DATE.finditer(text)}
    for match in _DATE_IN_WORDS.finditer(text):
        month = _MONTHS.find(match.group(2).lower())
        if month >= 0 and month % 3 == 0:
            found[match.start()] = (match.group(3), str(month // 3 + 1), match.group(1))
    for _, parts in sorted(found.items()):
        try:
            return date(*map(int, parts)).isoformat()
        except ValueError:
            continue
    return None
