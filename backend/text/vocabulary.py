"""The vocabulary that captions and photographs are ranked over, and the LUCAS class prompts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from backend.errors import ConfigInvalid
from backend.resources import resource_path

# The first letter of LUCAS's LC1, in the order of classes everywhere.
LUCAS_CLASSES = {
    "A": "artificial land",
    "B": "cropland",
    "C": "woodland",
    "D": "shrubland",
    "E": "grassland",
    "F": "bare land",
    "G": "water",
    "H": "wetland",
}
CLASS_PROMPTS = (
    "a photograph showing artificial land and built-up areas",
    "a photograph showing cropland and cultivated fields",
    "a photograph showing woodland and forest",
    "a photograph showing shrubland with bushes and heath",
    "a photograph showing grassland, meadows and pastures",
    "a photograph showing bare land, rock and sparse vegetation",
    "a photograph showing open water, rivers and lakes",
    "a photograph showing wetland, marshes and bogs",
)

_FORM = "Write a category and below it its phrases: see resources/vocabulary.yaml."


@dataclass(frozen=True)
class Vocabulary:
    """Landscape phrases (q,), each with its category (q,)."""

    phrases: tuple[str, ...]
    categories: tuple[str, ...]


def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """Return the vocabulary of a YAML file, the project's own when None.

    The file maps every category to a list of phrases. Raises ConfigInvalid, which names the file,
    the row and the phrase: two phrases that differ only in case and spaces are the same.
    """
    path = path or resource_path("vocabulary.yaml")
    seen: dict[str, int] = {}
    phrases, categories = [], []
    for row, category, phrase in _entries(path):
        key = phrase.casefold()
        if key in seen:
            raise ConfigInvalid(
                f'{path.name} has the phrase "{phrase}" in row {row} and in row {seen[key]}.',
                "Remove one of them.",
            )
        seen[key] = row
        phrases.append(phrase)
        categories.append(category)
    return Vocabulary(tuple(phrases), tuple(categories))


def _entries(path: Path) -> Iterator[tuple[int, str, str]]:
    """Row, category and phrase of every entry; nodes are read, since they know their rows."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigInvalid(
            f"{path.name} cannot be read as YAML: {' '.join(str(error).split())}.",
            "Check the file.",
        ) from error
    if not isinstance(root, yaml.MappingNode) or not root.value:
        raise ConfigInvalid(f"{path.name} holds no categories.", _FORM)
    seen: dict[str, int] = {}
    for key, phrases in root.value:
        row = key.start_mark.line + 1
        category = _text(path, key)
        if seen.setdefault(category, row) != row:
            raise ConfigInvalid(
                f'{path.name} has the category "{category}" in row {row} and in row '
                f"{seen[category]}.",
                "Put their phrases together.",
            )
        if not isinstance(phrases, yaml.SequenceNode) or not phrases.value:
            raise ConfigInvalid(
                f'The category "{category}" in row {row} of {path.name} has no phrases.', _FORM
            )
        for phrase in phrases.value:
            yield phrase.start_mark.line + 1, category, _text(path, phrase)


def _text(path: Path, node: yaml.Node) -> str:
    """Return the words of a node, one space between them."""
    words = node.value.split() if isinstance(node, yaml.ScalarNode) else []
    if not words:
        raise ConfigInvalid(
            f"Row {node.start_mark.line + 1} of {path.name} is not a phrase.", _FORM
        )
    return " ".join(words)
