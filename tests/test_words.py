"""The project's words: docstrings that begin with a verb, and nouns that a stranger recognises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    file
    for room in ("backend", "gluelink_plugin", "scripts")
    for file in (ROOT / room).rglob("*.py")
]
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
ERRORS = {
    node.name
    for node in ast.parse((ROOT / "backend" / "errors.py").read_text()).body
    if isinstance(node, ast.ClassDef)
}
Function = ast.FunctionDef | ast.AsyncFunctionDef

NO_VERB = re.compile(
    r"(The|A|An|What|Whether|How|Which|Where|Why|When|Who|Is|Are|Does|Has|Can|Those|These|This|That|One|"
    r"All|Each|Every|It|Its|No|None|As|At|In|From|Of|On|By|With|Without|Some|Many|Up|Unit|True|False|"
    r"Returns|Reads|Raises|Writes|Makes|Gives|Takes|Shows|Sets|Gets)\b"
)
OLD_WORDS = {
    "told", "said", "amiss", "lack", "lacks", "brought", "slab", "slabs", "hindered", "Hindered",
    "Manners", "Patience", "Descent", "Spread", "Treatment", "Draft", "Around", "way_between",
    "zone_of", "seen_by", "taken_by", "cure", "cures", "CURE", "hair", "Catalogue", "match_product",
}  # fmt: skip
ODD_ENGLISH = re.compile(
    r"(?<!there )(?<!There )\b(is|are|was|were) no (?!longer|more|data)(?=[a-z])|Has it no|"
    r"there is no getting|belongs into|\bshown to who\b|\bwho chooses\b"
)


def functions(tree: ast.Module) -> Iterator[Function]:
    """Functions and methods that are not properties, with a docstring."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and ast.get_docstring(node):
            names = {getattr(one, "attr", getattr(one, "id", "")) for one in node.decorator_list}
            if not names & {"property", "cached_property", "fixture"}:
                yield node


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def docstrings() -> Iterator[tuple[str, str]]:
    """Where each function with a docstring stands, and what that says."""
    for file in FILES:
        for node in functions(ast.parse(file.read_text())):
            yield f"{name_of(file)}:{node.lineno}", ast.get_docstring(node) or ""


def test_docstrings_of_functions_begin_with_a_verb() -> None:
    found = [
        f"{where} {text.splitlines()[0]}" for where, text in docstrings() if NO_VERB.match(text)
    ]
    assert not found, "\n".join(found)


def test_errors_stand_under_raises() -> None:
    names = "|".join(sorted(ERRORS))
    ending = re.compile(rf"(?:^|[.;] )(?:(?:{names})(?:, | and |\.|$))+\s*$", re.MULTILINE)
    found = [where for where, text in docstrings() if ending.search(text.partition("Raises:")[0])]
    assert not found, "\n".join(found)


def test_no_old_word_is_a_name() -> None:
    found = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            for field in ("id", "attr", "arg", "name"):
                value = getattr(node, field, None)
                if isinstance(value, str) and value.strip("_") in OLD_WORDS:
                    found.append(f"{name_of(file)}:{getattr(node, 'lineno', 0)} {value}")
    assert not found, "\n".join(found)


def test_english_is_written_as_it_is_today() -> None:
    found = [
        f"{name_of(file)}:{number} {line.strip()}"
        for file in (*FILES, *PAGES)
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if ODD_ENGLISH.search(line)
    ]
    assert not found, "\n".join(found)
