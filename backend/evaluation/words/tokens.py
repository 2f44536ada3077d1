"""How texts are split into words before they are compared.

Figures of one text differ by a third between splits, so every table names the one that it used.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

Split = Callable[[str], list[str]]

_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_KEPT_POINT = "\ue000"  # of private use, so no text has it
_ALONE = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA")


class _Characters(dict[int, str]):
    """What each character becomes; found once, when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.name(character, "").startswith(_ALONE):
            kept = f" {character} "
        else:
            kept = character if unicodedata.category(character)[0] in "LMN" else " "
        self[code] = kept
        return kept


_CHARACTERS = _Characters({ord(_KEPT_POINT): "."})


def unicode_words(text: str) -> list[str]:
    """Return the words of a text: runs of letters, marks and digits of any script, without case.

    A decimal number is one word, as is each character of Chinese and Hiragana. Source: Unicode
    Standard Annex 29, but that hyphens and apostrophes divide words.

    Example:
        unicode_words("12 ships, 3.5 km off")  # ["12", "ships", "3.5", "km", "off"]
    """
    whole = unicodedata.normalize("NFC", text).casefold()
    return _POINT.sub(_KEPT_POINT, whole).translate(_CHARACTERS).split()


def spaced_pieces(text: str) -> list[str]:
    """Return what stands between white space: case and punctuation stay, as SARLANG's script does.

    Source: Wei et al., SARLANG-1M (IEEE TGRS 2026).
    """
    return text.split()


SPLITS: Mapping[str, Split] = {"Unicode words": unicode_words, "spaces": spaced_pieces}
"""The ways to split a text, by the name that stands in tables."""
