"""Count lines, statements and long functions of a checkout: python -m scripts.code_size [CHECKOUT]

Docstrings do not count, neither as statements nor as lines of a function. What is counted is what
git tracks.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST = 40
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def main() -> None:
    """Print a row for each folder, and the functions over 40 lines outside the tests."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    print(
        "| folder | files | lines | statements | functions over 40 lines |\n|---|---|---|---|---|"
    )
    found = []
    for folder in sorted({name.partition("/")[0] for name in listed if "/" in name}):
        names = [name for name in listed if name.startswith(f"{folder}/")]
        texts = {name: (root / name).read_text(encoding="utf-8") for name in names}
        trees = {name: ast.parse(text) for name, text in texts.items()}
        own = [
            f"{lines} {name} {title}"
            for name, tree in trees.items()
            for title, lines in long_functions(tree)
        ]
        lines = sum(text.count("\n") for text in texts.values())
        count = sum(map(statements, trees.values()))
        print(f"| {folder} | {len(names)} | {lines:,} | {count:,} | {len(own)} |")
        found += own if folder != "tests" else []
    print(*sorted(found, key=lambda each: -int(each.partition(" ")[0])), sep="\n")


def statements(tree: ast.Module) -> int:
    """Return the number of statements, docstrings apart."""
    return sum(isinstance(node, ast.stmt) and not is_text(node) for node in ast.walk(tree))


def is_text(node: ast.AST) -> bool:
    """Return whether a statement is a text alone, as a docstring is."""
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def long_functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield name and lines of each function that is too long."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            first = node.body[0]
            text = lines_of(first) if is_text(first) else 0
            if lines_of(node) - text > LONGEST:
                yield node.name, lines_of(node) - text


def lines_of(node: ast.stmt) -> int:
    """Return how many lines a statement has."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


if __name__ == "__main__":
    main()
