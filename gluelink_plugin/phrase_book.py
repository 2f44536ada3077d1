"""Phrases to choose from: those that were asked, those with a star, and the vocabulary."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from qgis.core import QgsSettings

from .settings import GROUP, ROOT
from .translation import mark, tr

VOCABULARY = ROOT / "resources" / "vocabulary.yaml"
MOST_HISTORY = 50
STARRED, ASKED = "★", mark("asked before")


class PhraseBook:
    """Keeps what was asked and what has a star, in QGIS's settings."""

    @property
    def history(self) -> list[str]:
        """What was asked, the latest first."""
        return _load("history")

    @property
    def starred(self) -> list[str]:
        """What has a star, in the order in which it got it."""
        return _load("starred")

    def remember(self, phrases: Iterable[str]) -> None:
        """Note that phrases were asked."""
        latest = list(phrases)
        earlier = [phrase for phrase in self.history if phrase not in latest]
        _save("history", [*latest, *earlier][:MOST_HISTORY])

    def star(self, phrase: str, has_star: bool) -> None:
        """Give a phrase a star, or take it away."""
        others = [each for each in self.starred if each != phrase]
        _save("starred", [*others, phrase] if has_star else others)

    def entries(self) -> list[tuple[str, str]]:
        """Return each phrase once, with where it comes from: a star, the history, a category."""
        found = dict.fromkeys(self.starred, STARRED)
        for phrase in self.history:
            found.setdefault(phrase, tr(ASKED))
        for category, phrases in vocabulary().items():
            for phrase in phrases:
                found.setdefault(phrase, category)
        return list(found.items())


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, list[str]]:
    """Return the phrases of the vocabulary by category; none where its file is missing.

    The file is read as far as it is simple, line by line: QGIS need not come with a YAML parser.
    """
    found: dict[str, list[str]] = {}
    try:
        lines = VOCABULARY.read_text(encoding="utf-8").splitlines()
    except OSError:
        return found
    phrases: list[str] = []
    for line in lines:
        text = line.strip()
        if text.startswith("- "):
            phrases.append(text[2:].strip("\"'"))
        elif text.endswith(":") and not text.startswith("#"):
            phrases = found.setdefault(text[:-1], [])
    return found


def _load(name: str) -> list[str]:
    try:
        kept = json.loads(str(QgsSettings().value(f"{GROUP}/{name}", "[]")))
    except ValueError:  # written by something else
        return []
    return [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []


def _save(name: str, phrases: list[str]) -> None:
    QgsSettings().setValue(f"{GROUP}/{name}", json.dumps(phrases, ensure_ascii=False))
