"""English of the sentences: plurals, articles, lists, shares and lengths."""

from __future__ import annotations

from collections.abc import Sequence

_SAME = {"aircraft", "spacecraft", "sheep"}
_ODD = {"man": "men", "person": "people", "vehicle": "vehicles", "runway": "runways"}
_UNCOUNTED = {"water", "land", "ground", "vegetation", "sand", "snow", "ice", "soil", "trees"}


def plural(noun: str) -> str:
    """Return more than one of a noun: ship, ships."""
    head, _, last = noun.rpartition(" ")
    lead = f"{head} " if head else ""
    low = last.lower()
    if low in _SAME:
        return noun
    if low in _ODD:
        return lead + _ODD[low]
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return f"{noun}es"
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def counted(number: int, noun: str) -> str:
    """Return a number of something: 1 ship, 2 ships."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def one(noun: str) -> str:
    """Return a noun with its article: a ship, an aircraft; classes of cover have none."""
    if noun.split()[-1].lower() in _UNCOUNTED or noun.lower().endswith("land"):
        return noun
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def listed(parts: Sequence[str]) -> str:
    """Return parts as one phrase: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def percent(share: float) -> str:
    """Return a share as whole percent; a small one as less than 1 %."""
    rounded = int(share * 100 + 0.5)
    return f"{rounded} %" if rounded else "less than 1 %"


def so_much(share: float) -> str:
    """Return a share as it stands in a sentence: about 7 %, less than 1 %, 0 %."""
    if not share:
        return "0 %"
    return f"about {percent(share)}" if share >= 0.005 else percent(share)


def length(metres: float) -> str:
    """Return a length as people say it: 40 m, 2.2 km."""
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{round(metres)} m"
