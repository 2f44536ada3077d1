"""Draw the rooms of the project and who imports whom: docs/images/architecture.svg.

python -m scripts.draw_architecture [--check]

All comes from the code. A room stands above every room that it imports; arrows are imports, but for
those that a longer way of arrows shows already. A box carries what its package's docstring says
first.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from functools import cache
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "architecture.svg"
BACKEND = ROOT / "backend"
COMMAND_FILES = [file for file in BACKEND.glob("*.py") if "__main__" in file.read_text("utf-8")]
SHARED = ("commands", "__init__")
PLUGIN, COMMANDS = "gluelink_plugin", "commands"
BASE = ", ".join(
    sorted(
        file.stem
        for file in BACKEND.glob("*.py")
        if file not in COMMAND_FILES and file.stem not in SHARED
    )
)
DATA = ("io", "scenes", "encoders", "features", "link", "maps", "service", PLUGIN)
"""The way of the data of a map; each box on it has its number."""

WIDTH, MARGIN, GAP, WIDEST = 1040, 24, 40, 300
BOX, STEP = 66, 112
INK, PALE, LINE, ACCENT = "#1f2933", "#eef3f7", "#8796a5", "#0b6e8a"
CHARACTER = 6.2  # width of a letter of the sentences, in pixels

Pairs = frozenset[tuple[str, str]]
Box = tuple[float, float, float]
"""Left, top and width."""


def main() -> None:
    """Write the drawing, or with --check say whether it is up to date."""
    drawing = draw(direct_imports())
    if sys.argv[1:] != ["--check"]:
        PICTURE.write_text(drawing, encoding="utf-8")
    elif PICTURE.read_text(encoding="utf-8") != drawing:
        sys.exit(f"{PICTURE.name} is stale: python -m scripts.draw_architecture")


def direct_imports() -> Pairs:
    """Return which room imports which, and the plugin above the service that it talks to."""
    graph = grimp.build_graph("backend")
    pairs = {
        (room_of(module), room_of(imported))
        for module in graph.modules
        if not _is_command_below(graph, module)
        for imported in graph.find_modules_directly_imported_by(module)
    }
    return frozenset({(a, b) for a, b in pairs if a != b and a and b} | {(PLUGIN, "service")})


def _is_command_below(graph: grimp.ImportGraph, module: str) -> bool:
    """Return whether a module is a command that lives in a room below, as those of corpora do."""
    is_command = "backend.commands" in graph.find_modules_directly_imported_by(module)
    return module.endswith("__main__") or (is_command and room_of(module) != COMMANDS)


def room_of(module: str) -> str:
    """Return the room of a module of the backend; empty for the package itself."""
    name = (*module.split("."), "")[1]
    if name in BASE.split(", "):
        return BASE
    return COMMANDS if name and not (BACKEND / name).is_dir() else name


def reduced(pairs: Pairs) -> list[tuple[str, str]]:
    """Return the arrows that no longer way shows."""
    return sorted((a, b) for a, b in pairs if not leads(a, b, pairs - {(a, b)}))


@cache
def leads(start: str, end: str, pairs: Pairs) -> bool:
    """Return whether arrows lead from one room to another."""
    nearby = {b for a, b in pairs if a == start}
    return end in nearby or any(leads(room, end, pairs) for room in nearby)


@cache
def height_of(room: str, pairs: Pairs) -> int:
    """Return how many rooms stand below one another under a room; the plugin is on top."""
    if room == PLUGIN:
        return height_of(COMMANDS, pairs)
    return max((1 + height_of(b, pairs) for a, b in pairs if a == room), default=0)


def sentence_of(room: str) -> str:
    """Return what a room is, in the words of its docstring."""
    if room == BASE:
        return "What all rooms use."
    if room == COMMANDS:
        names = sorted(file.stem for file in COMMAND_FILES)
        return f"python -m backend.{', '.join([*names, 'survey', 'models'])}"
    file = (ROOT if room == PLUGIN else BACKEND) / room / "__init__.py"
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    sentence = " ".join(text.partition("\n\n")[0].split()).partition(". ")[0]
    return sentence.replace("`", "").rstrip(".")


def place(pairs: Pairs) -> dict[str, Box]:
    """Return where each box stands: rows by height, in a row by the middle of what they import."""
    rooms = sorted({room for pair in pairs for room in pair})
    top = max(height_of(room, pairs) for room in rooms)
    middle: dict[str, float] = {}
    boxes: dict[str, Box] = {}
    for row in range(top + 1):
        names = [room for room in rooms if height_of(room, pairs) == row]
        for name in names:
            below = [middle[b] for a, b in pairs if a == name and b in middle and b != BASE]
            middle[name] = sum(below) / len(below) if below else WIDTH / 2
        names.sort(key=middle.__getitem__)
        room = (WIDTH - 2 * MARGIN - GAP * (len(names) - 1)) / len(names)
        width = WIDTH - 2 * MARGIN if names == [BASE] else min(room, WIDEST)
        left = (WIDTH - width * len(names) - GAP * (len(names) - 1)) / 2
        for name in names:
            boxes[name] = (left, MARGIN + (top - row) * STEP, width)
            middle[name] = left + width / 2
            left += width + GAP
    return boxes


def draw(pairs: Pairs) -> str:
    """Return the drawing as SVG."""
    boxes, arrows = place(pairs), reduced(pairs)
    height = max(top for _, top, _ in boxes.values()) + BOX + MARGIN
    leaves = {
        room: sorted((b for a, b in arrows if a == room), key=boxes.__getitem__) for room in boxes
    }
    comes = {
        room: sorted((a for a, b in arrows if b == room), key=boxes.__getitem__) for room in boxes
    }
    lines = [
        arrow(
            (along(boxes[a], leaves[a].index(b), len(leaves[a])), boxes[a][1] + BOX),
            (along(boxes[b], comes[b].index(a), len(comes[b])), boxes[b][1]),
            "HTTP: docs/openapi.json" if a == PLUGIN else "",
        )
        for a, b in arrows
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        'font-family="DejaVu Sans, Helvetica, Arial, sans-serif">',
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="white"/>',
        *lines,
        *(box(name, where) for name, where in sorted(boxes.items())),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def along(where: Box, number: int, count: int) -> float:
    """Return the x of one of several ends that share a side of a box."""
    return where[0] + where[2] * (number + 1) / (count + 1)


def arrow(start: tuple[float, float], end: tuple[float, float], label: str) -> str:
    """Return an arrow from one box down to another; a labelled one is dashed."""
    (x0, y0), (x1, y1) = start, end
    bend = (y1 - y0) / 2
    colour, dash = (ACCENT, ' stroke-dasharray="5 4"') if label else (LINE, "")
    parts = [
        f'<path d="M{x0:.0f} {y0:.0f}C{x0:.0f} {y0 + bend:.0f} {x1:.0f} {y1 - bend:.0f} '
        f'{x1:.0f} {y1 - 6:.0f}" fill="none" stroke="{colour}"{dash}/>',
        f'<path d="M{x1 - 4:.0f} {y1 - 8:.0f}h8l-4 8z" fill="{colour}"/>',
    ]
    if label:
        x, y = (x0 + x1) / 2 + 10, (y0 + y1) / 2
        parts.append(f'<text x="{x:.0f}" y="{y:.0f}" font-size="11" fill="{INK}">{label}</text>')
    return "".join(parts)


def box(name: str, where: Box) -> str:
    """Return a room: its name, its sentence, and its number on the way of the data."""
    left, top, width = where
    lines = textwrap.wrap(sentence_of(name), int((width - 20) / CHARACTER))[:3]
    texts = [
        f'<text x="{left + 10:.0f}" y="{top + 34 + 13 * k}" font-size="10.5" '
        f'fill="{INK}">{escape(line)}</text>'
        for k, line in enumerate(lines)
    ]
    badge = ""
    if name in DATA:
        x, y = left + width - 14, top + 14
        badge = (
            f'<circle cx="{x:.0f}" cy="{y}" r="9" fill="{ACCENT}"/><text x="{x:.0f}" y="{y + 4}" '
            f'font-size="11" fill="white" text-anchor="middle">{DATA.index(name) + 1}</text>'
        )
    return (
        f'<rect x="{left:.0f}" y="{top}" width="{width:.0f}" height="{BOX}" rx="6" fill="{PALE}" '
        f'stroke="{LINE}"/><text x="{left + 10:.0f}" y="{top + 19}" font-size="13" '
        f'font-weight="bold" fill="{INK}">{name}</text>{"".join(texts)}{badge}'
    )


if __name__ == "__main__":
    main()
