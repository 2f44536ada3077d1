"""Numbers as people read them, in the format of QGIS's locale."""

from __future__ import annotations

from qgis.PyQt.QtCore import QLocale

from .translation import tr


def decimal(value: float, decimals: int = 0) -> str:
    """Return a number with this many decimals: 0.25, and 0,25 where that is usual."""
    return str(QLocale().toString(float(value), "f", decimals))


def significant(value: float, digits: int) -> str:
    """Return a number with at most this many digits that matter: 0.25, 12.5, 340."""
    return str(QLocale().toString(float(value), "g", digits))


def signed(value: float, decimals: int = 0) -> str:
    """Return a number with its sign, also where that is a plus."""
    return f"{'+' if value >= 0 else ''}{decimal(value, decimals)}"


def seconds_in_words(seconds: float) -> str:
    """Return about how long it is: 8 s, 3 min, 1 h 20 min."""
    if seconds < 90:
        return tr("{seconds} s", seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("{minutes} min", minutes=minutes)
    return tr("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def share_in_words(share: float) -> str:
    """Return a share of 0 to 1 in per cent; only nothing is 0 %, and only all is 100 %."""
    if share <= 0 or share >= 1:
        return "0 %" if share <= 0 else "100 %"
    return f"{min(99, max(1, round(100 * share)))} %"


def sizes_in_words(part: int, whole: int) -> str:
    """Return how much there is of a file: 12.5 of 800.0 MB."""
    return tr("{part} of {whole} MB", part=decimal(part / 1e6, 1), whole=decimal(whole / 1e6, 1))


def km2_in_words(km2: float) -> str:
    """Return an area with as many digits as matter: 0.25, 8.4, 340 km²."""
    return f"{decimal(km2, 0 if km2 >= 100 else 1 if km2 >= 1 else 2)} km²"


def cannot_write(file: object, reason: object) -> str:
    """Return that a file cannot be written, and why."""
    return tr("{file} cannot be written: {reason}.", file=file, reason=reason)


def listed(parts: list[str]) -> str:
    """Return parts as one phrase: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return tr("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])
