"""Check that every Qt name which the plugin uses is there in PyQt6, so that QGIS 4 loads it.

    python -m scripts.qt6                      # what `make lint` runs
    python -m scripts.qt6 PYQT6 PYQT5          # make the list of names anew, in QGIS's Python

The list, scripts/qt6_names.txt, is made from the stubs (*.pyi) in the folders of both packages:
those of PyQt6 are in its wheel, those of PyQt5 in Debian's python3-pyqt5. Each module, class and
enumeration has a line, with its bases and with what may stand behind its name and a dot. The last
line has what PyQt5 alone knows, such as exec_.

A name for which a file asks by hasattr may be missing.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "gluelink_plugin"
NAMES = ROOT / "scripts" / "qt6_names.txt"
MODULES = ("QtCore", "QtGui", "QtWidgets", "QtNetwork")
LEFT_OUT = re.compile(r"Qt\w+\.(QLocale|QOpenGL|QVulkan|QSsl|QChar\b|QPageSize|QNativeInterface)")
"""Hundreds of names each, of which the plugin uses none."""

GIVEN_BY_QGIS = {"QtWidgets": {"QAction", "QShortcut"}, "QtCore": {"NULL"}}
"""What qgis.PyQt has where PyQt6 has it elsewhere, or not at all."""

OF_ENUMS = {"name", "value"}
GONE = "gone"


@dataclass
class Known:
    """What may stand behind a name and a dot."""

    bases: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)
    """Those that need an object; not in the list."""


def read_names() -> dict[str, Known]:
    """Return the list of names, by module, class and enumeration."""
    known = {}
    for line in NAMES.read_text(encoding="utf-8").splitlines()[1:]:
        name, bases, names = line.split("|")
        known[name.strip()] = Known(bases.split(), set(names.split()))
    return known


def problems(path: Path, known: dict[str, Known]) -> Iterator[str]:
    """Yield a sentence for each name of a file that PyQt6 does not have."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    asked = {name for node in nodes if (name := _asked_for(node))}
    imported: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis.PyQt.Qt"):
            module = str(node.module).rpartition(".")[2]
            imported |= {each.asname or each.name: f"{module}.{each.name}" for each in node.names}
            if module in known:
                there = known[module].names | GIVEN_BY_QGIS.get(module, set())
                lost = [each.name for each in node.names if each.name not in there]
                yield from (f"{path}:{node.lineno}: PyQt6.{module} has no {each}" for each in lost)
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr not in asked:
            if node.attr in known[GONE].names:
                yield f"{path}:{node.lineno}: PyQt6 has no {node.attr}"
            chain = _chain(node)
            if chain and chain[0] in imported:
                place = _place(imported[chain[0]], known)
                yield from _missing(f"{path}:{node.lineno}", place, chain[1:], known)


def _asked_for(node: ast.AST) -> str | None:
    """Return the name that a call of hasattr asks for."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "hasattr":
        name = node.args[1]
        return str(name.value) if isinstance(name, ast.Constant) else None
    return None


def _chain(node: ast.Attribute) -> list[str]:
    """Return the names of a dotted expression; nothing for one that begins with a value."""
    names, inner = [node.attr], node.value
    while isinstance(inner, ast.Attribute):
        names.append(inner.attr)
        inner = inner.value
    return [inner.id, *reversed(names)] if isinstance(inner, ast.Name) else []


def _place(name: str, known: dict[str, Known]) -> str:
    """Return where PyQt6 has a class that qgis.PyQt has in another module."""
    if name in known:
        return name
    own = name.partition(".")[2]
    return next((f"{module}.{own}" for module in MODULES if f"{module}.{own}" in known), name)


def _missing(where: str, place: str, names: list[str], known: dict[str, Known]) -> Iterator[str]:
    """Follow the names behind a class, and yield the one that is not there."""
    for name in names:
        if place not in known:
            return
        home = next((each for each in _ancestry(place, known) if name in known[each].names), None)
        if home is None and name not in OF_ENUMS:
            yield f"{where}: PyQt6.{place} has no {name}"
            return
        place = f"{home or place}.{name}"


def _ancestry(place: str, known: dict[str, Known]) -> Iterator[str]:
    yield place
    for base in known[place].bases:
        if base in known:
            yield from _ancestry(base, known)


def read_stubs(folder: Path) -> dict[str, Known]:
    """Return the names in the stubs of PyQt5 or PyQt6."""
    known: dict[str, Known] = {}
    for module in MODULES:
        text = (folder / f"{module}.pyi").read_text(encoding="utf-8")
        text = re.sub(r"(\*args: [^,)]*), /", r"\1", text)  # some are no Python
        _take(module, ast.parse(text).body, known)
    return known


def _take(place: str, body: list[ast.stmt], known: dict[str, Known]) -> None:
    """Take in what a module or a class has."""
    mine = known.setdefault(place, Known())
    module = place.partition(".")[0]
    for node in body:
        if isinstance(node, ast.Assign):
            mine.names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            mine.names.add(node.target.id)
        elif isinstance(node, ast.FunctionDef):
            static = any(ast.unparse(each) == "staticmethod" for each in node.decorator_list)
            (mine.names if static or place == module else mine.methods).add(node.name)
        elif isinstance(node, ast.ClassDef):
            mine.names.add(node.name)
            inner = f"{place}.{node.name}"
            bases = [ast.unparse(base) for base in node.bases]
            known[inner] = Known([b if b.startswith("Qt") else f"{module}.{b}" for b in bases])
            _take(inner, node.body, known)


def write_names(six: dict[str, Known], five: dict[str, Known], version: str) -> None:
    """Write the list; of methods only those that may be called without an object."""
    lines = [f"Names of PyQt6 {version}: see scripts/qt6.py"]
    for name, each in six.items():
        if not LEFT_OUT.match(name) and (each.names or each.bases):
            bases = [base for base in each.bases if base in six]
            names = sorted(one for one in each.names if not one.startswith("__"))
            lines.append(f"{name} | {' '.join(bases)} | {' '.join(names)}")
    gone = _all_names(five) - _all_names(six) - (_names_of_qgis() - {"exec_"})
    own = sorted(name for name in gone if name[0].islower())
    NAMES.write_text("\n".join([*lines, f"{GONE} | | {' '.join(own)}", ""]), encoding="utf-8")


def _names_of_qgis() -> set[str]:
    """Return what classes of QGIS have: an object with such a name need not be Qt's."""
    from qgis import analysis, core, gui

    classes = [each for module in (analysis, core, gui) for each in vars(module).values()]
    return {name for each in classes if isinstance(each, type) for name in vars(each)}


def _all_names(known: dict[str, Known]) -> set[str]:
    return {name for each in known.values() for name in each.names | each.methods}


def main() -> None:
    """Check the plugin, or make the list anew from two folders of stubs."""
    if len(sys.argv) > 1:
        six, five = map(Path, sys.argv[1:])
        (about,) = six.parent.glob("[Pp]y[Qq]t6-*.dist-info")
        write_names(read_stubs(six), read_stubs(five), about.name.split("-")[1].rpartition(".")[0])
        return
    known = read_names()
    found = [each for file in sorted(PLUGIN.rglob("*.py")) for each in problems(file, known)]
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
