"""Numbers as people read them."""

from __future__ import annotations


def seconds_in_words(seconds: float) -> str:
    """Return about how long it is: 8 s, 3 min, 1 h 20 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def share_in_words(share: float) -> str:
    """Return a share of 0 to 1 in per cent; only nothing is 0 %, and only all is 100 %."""
    if share <= 0 or share >= 1:
        return "0 %" if share <= 0 else "100 %"
    return f"{min(99, max(1, round(100 * share)))} %"


def sizes_in_words(part: int, whole: int) -> str:
    """Return how much there is of a file: 12.5 of 800.0 MB."""
    return f"{part / 1e6:.1f} of {whole / 1e6:.1f} MB"


def km2_in_words(km2: float) -> str:
    """Return an area with as many digits as matter: 0.25, 8.4, 340 km²."""
    return f"{km2:.{0 if km2 >= 100 else 1 if km2 >= 1 else 2}f} km²"


def counted(number: int, noun: str) -> str:
    """Return a number of something: 1 ship, 2 ships."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(parts: list[str]) -> str:
    """Return parts as one phrase: a, b and c."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
