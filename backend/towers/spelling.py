"""How texts are written, where a vocabulary of small letters keeps nothing but the words."""

import re
from collections.abc import Iterable

WITHIN = {".": r"\d", "-": r"\w", "_": r"\w"}
"""Signs that may stand within a word, each with what then stands on both sides of it."""
_LOOSE = re.compile(r" ([:;%)\]])|([(\[]) ")
_BEGIN = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")


def tight_signs(texts: Iterable[str]) -> str:
    """Return the signs that stand within words of the texts at least as often as between words.

    Tokens are the same for "2.5 fields" and "2. 5 fields", so what is more frequent is written.
    """
    forms = {sign: re.compile(_form(sign)) for sign in WITHIN}
    balance = dict.fromkeys(WITHIN, 0)
    for text in texts:
        for sign, form in forms.items():
            balance[sign] += sum(-1 if apart else 1 for apart in form.findall(text))
    return "".join(sign for sign, count in balance.items() if count >= 0)


def as_written(words: str, tight: str = "".join(WITHIN)) -> str:
    """Return words of a vocabulary of small letters as people write them.

    Signs that are `tight` stand within words where they can.

    Example:
        as_written("north : a lake. south : none.")  # "North: a lake. South: none."
    """
    text = _LOOSE.sub(lambda found: str(found[1] or found[2]), words.strip())
    for sign in set(tight) & WITHIN.keys():
        text = re.sub(_form(sign), sign, text)
    return _BEGIN.sub(lambda found: found[0].upper(), text)


def _form(sign: str) -> str:
    """Return what matches a sign with its spaces, or without, as the first group says."""
    beside = WITHIN[sign]
    if sign == ".":  # it never stands after a space
        return rf"(?<={beside})\.( ?)(?={beside})"
    return rf"(?<={beside})( ?){sign}\1(?={beside})"
