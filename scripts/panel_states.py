"""Photograph every section of the panel in every state and look: a missing one fails.

`.venv-qgis/bin/python -m scripts.panel_states [FOLDER] [--only SECTION] [--look LOOK]` plays each
state with a real backend, on real scenes where ../shared/data is there, else on a simulated one.
The panel is 320 × 700 px; the looks are QGIS's default theme, Night Mapping, and letters of 14 pt.
A state fails when its words are not to be read, when anything is cut off, or when the panel
scrolls sideways. FOLDER gets the pictures, and a sheet a section with a row for each look.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qgis.PyQt.QtCore import QPoint
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QWidget,
)

from gluelink_plugin.dock.panel import SECTIONS, Panel
from scripts import panel_stories as play
from scripts.panel_desk import Desk
from scripts.panel_pictures import LOOKS, ROOT, SIZE, shown_window
from scripts.panel_stories import Story

STATES = ("empty", "loading", "error", "success")
FOOT = "foot"
HEIGHT = 700
SETTLED = 4  # looks at the panel that find all where it was
WRONG = (
    "backend not reachable",
    "no VH band",
    "units unclear",
    "AOI outside the scene",
    "weights missing",
    "out of GPU memory",
    "QGIS closed during a run",
    "backend killed during a run",
    "disk full",
)
"""What goes wrong; each of these is provoked by one of the states."""


@dataclass(frozen=True)
class State:
    """A section in one state, how it comes there, and what can be read then."""

    section: str
    kind: str
    """One of STATES."""
    story: Callable[[Desk], Story]
    words: str
    """A regular expression of what stands in the panel."""
    wrong: str = ""
    """What of WRONG it provokes."""

    @property
    def name(self) -> str:
        """The name of its picture."""
        return f"{self.section}-{self.kind}-{re.sub(r'[^a-z]+', '-', self.words.lower())[:24]}"


SHOWN = (
    State("status", "empty", play.nothing, "Stopped"),
    State("ask", "empty", play.nothing, "listed once the backend has started"),
    State("status", "error", play.not_installed, "is not installed"),
    State("status", "error", play.unreachable, "No answer|does not answer", WRONG[0]),
    State("status", "loading", play.starting, "Starting…"),
    State("status", "success", play.ready, "Ready on"),
    State("scene", "empty", play.ready, "Choose a Sentinel-1 layer"),
    State("scene", "loading", play.checking, "Checking the scene…"),
    State("scene", "error", play.scene_of("one_band"), "needs VV and VH|band", WRONG[1]),
    State("scene", "error", play.scene_of("unclear"), "cannot be used", WRONG[2]),
    State("scene", "success", play.scene_of("hundredths"), "dB times 100"),
    State("scene", "success", play.scene_of("scene"), "VV and VH"),
    State("area", "empty", play.ready, "stands here once there is a scene"),
    State("area", "loading", play.estimating, "Working out size and time…"),
    State("area", "error", play.elsewhere, "do not overlap", WRONG[3]),
    State("area", "success", play.estimated, r"km² · \d+.windows?"),
    State("area", "success", play.closed, "is encoded already", WRONG[6]),
    State("ask", "loading", play.live_asking, "asking…"),
    State("ask", "error", play.question_among_phrases, "is a question, which is asked alone"),
    State("ask", "error", play.weights_missing, "The weights of .* are not", WRONG[4]),
    State("ask", "success", play.live, "answered in"),
    State("map", "empty", play.ready, "how it is looked at is set here"),
    State("map", "loading", play.making_best, "Working out the best phrase…"),
    State("map", "error", play.map_gone, "The map of the best phrase cannot be made"),
    State("map", "success", play.mapped, r"from 0\.\d\d: .* % of the cells, "),
    State("words", "empty", play.ready, "A few sentences about the area"),
    State("words", "loading", play.describing, "Describing the area…"),
    State("words", "error", play.described_elsewhere, "The area was not described"),
    State("words", "success", play.described, "Rests on"),
    State("words", "success", play.written, "It may be wrong. Measured in the same place: "),
    State("places", "empty", play.ready, "the best places of its map are listed here"),
    State("places", "loading", play.looking, "Looking for them…"),
    State("places", "error", play.places_gone, "cannot be read"),
    State("places", "success", play.placed, r"1 · score"),
    State("runs", "empty", play.ready, "Each question is listed here"),
    State("runs", "loading", play.asking, "“open water” is being asked"),
    State("runs", "error", play.again_at_once, "Another run is under way"),
    State("runs", "success", play.asked, "a dense town, a harbour"),
    State(FOOT, "empty", play.ready, "Ask"),
    State(FOOT, "loading", play.encoding, r"\d+ of \d+"),
    State(FOOT, "error", play.killed, "was killed or crashed", WRONG[7]),
    State(FOOT, "error", play.disk_full, "The disk became full", WRONG[8]),
    State(FOOT, "error", play.out_of_memory, "memory of the device is too small", WRONG[5]),
    State(FOOT, "success", play.answered, r"Done in \d+ s"),
    State("map", "success", play.ranked, "50.0 %"),
    State("places", "success", play.ranked, r"1 · score \d+\.\d %"),
    State("ask", "success", play.rank_changed, "As r.* among words"),
)
"""Every state that is photographed, in an order that starts few backends."""


def missing() -> list[str]:
    """Return what is not in the list: a state of a section, or something that goes wrong."""
    shown = {(state.section, state.kind) for state in SHOWN}
    sections = [*(section.name for section in SECTIONS), FOOT]
    lacking = [
        f"{each} {kind}" for each in sections for kind in STATES if (each, kind) not in shown
    ]
    return lacking + sorted(set(WRONG) - {state.wrong for state in SHOWN})


def photograph(desk: Desk, state: State, folder: Path, look: str) -> Iterator[str]:
    """Keep a picture of a state, and yield what is wrong with it."""
    with contextmanager(state.story)(desk):
        panel = desk.panel
        scroll_to(panel, state.section)
        text = text_of(panel)
        if re.search(state.words, text) is None:
            yield f"“{state.words}” is not to be read, but: {' | '.join(text.splitlines())}"
        yield from faults_of(panel)
        panel.grab().save(str(folder / f"{look}-{state.name}.png"))
    desk.tidy()


def faults_in(desk: Desk, state: State, folder: Path, look: str) -> list[str]:
    """Photograph a state, and return what is wrong with it; a story that fails is one thing."""
    faults: list[str] = []
    try:
        faults += photograph(desk, state, folder, look)
    except (Exception, SystemExit) as error:
        faults.append(f"It was not reached: {error!r}")
        desk.tidy()
    return faults


def scroll_to(panel: Panel, section: str) -> None:
    """Show a section from its top, once everything has found its place."""
    panel.resize(SIZE[0], HEIGHT)
    scroll, shown = panel.findChild(QScrollArea), panel.sections.get(section)
    places: list[int] = []
    while len(places) < SETTLED or len(set(places[-SETTLED:])) > 1:
        QTest.qWait(50)
        scroll.verticalScrollBar().setValue(0 if shown is None else shown.y())
        heights = [each.y() + each.height() for each in panel.sections.values()]
        places.append(hash(tuple(heights)))


def text_of(panel: Panel) -> str:
    """Return all that stands in the panel."""
    texts = []
    for each in seen(panel):
        if isinstance(each, (QLabel, QAbstractButton, QLineEdit)):
            texts.append(each.text().replace("\u00a0", " "))
        elif isinstance(each, QListWidget):
            texts += [each.item(row).text() for row in range(each.count())]
        elif hasattr(each, "currentText"):
            texts.append(each.currentText())
    return "\n".join(filter(None, texts))


def seen(panel: Panel) -> list[QWidget]:
    """Return the widgets that are visible."""
    return [each for each in panel.findChildren(QWidget) if each.isVisibleTo(panel)]


def faults_of(panel: Panel) -> Iterator[str]:
    """Yield what is cut off, and whether the panel is too wide."""
    if panel.width() != SIZE[0]:
        yield f"The panel is {panel.width()} px wide."
    if panel.findChild(QScrollArea).horizontalScrollBar().maximum():
        yield "The panel scrolls sideways."
    for each in seen(panel):
        if is_cut(each):
            yield f"“{each.text()}” is cut off."


def is_cut(widget: QWidget) -> bool:
    """Return whether a button is narrower than its words, or a text lower than its lines."""
    if isinstance(widget, QAbstractButton):
        return bool(widget.text()) and widget.width() < widget.minimumSizeHint().width() - 1
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() < widget.heightForWidth(widget.width()) - 1
    return False


def draw_sheets(only: str, folder: Path, looks: Sequence[str]) -> None:
    """Put all pictures of each section beside each other, a row for each look."""
    for section in dict.fromkeys(state.section for state in SHOWN):
        if only in ("", section):
            draw_sheet(section, folder, looks)


def draw_sheet(section: str, folder: Path, looks: Sequence[str]) -> None:
    """Draw one sheet."""
    states = [state for state in SHOWN if state.section == section]
    names = [state.name for state in sorted(states, key=lambda each: STATES.index(each.kind))]
    rows = [[QImage(str(folder / f"{look}-{name}.png")) for name in names] for look in looks]
    width, height = SIZE[0] + 8, HEIGHT + 8
    sheet = QImage(width * len(names), height * len(rows), QImage.Format.Format_RGB32)
    sheet.fill(0xFF808080)
    painter = QPainter(sheet)
    for row, images in enumerate(rows):
        for column, image in enumerate(images):
            painter.drawImage(QPoint(column * width + 4, row * height + 4), image)
    painter.end()
    sheet.save(str(folder / f"{section}.png"), "PNG", 0)


def shoot(look: str, folder: Path, only: str) -> int:
    """Photograph all states in one look, and return how many are not as they should be."""
    bad = 0
    with shown_window(LOOKS[look]) as (window, home):
        desk = Desk(window, home, HEIGHT)
        try:
            for state in SHOWN:
                if only in ("", state.section):
                    faults = faults_in(desk, state, folder, look)
                    bad += bool(faults)
                    for fault in faults:
                        print(f"{look} {state.section} {state.kind}: {fault}", flush=True)
        finally:
            desk.panel.close_session()
    return bad


def main() -> None:
    """Check the list, photograph each look in a process of its own, and draw the sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", default="", help="one section")
    parser.add_argument("--look", choices=LOOKS, help="one look, in this process")
    chosen = parser.parse_args()
    if lacking := missing():
        sys.exit(f"These states are not in the list: {', '.join(lacking)}.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if chosen.look:
            bad = shoot(chosen.look, folder, chosen.only)
            draw_sheets(chosen.only, folder, [chosen.look])
            sys.exit(min(1, bad))
        command = [sys.executable, "-m", "scripts.panel_states", str(folder), "--only", chosen.only]
        codes = [subprocess.run([*command, "--look", each], cwd=ROOT).returncode for each in LOOKS]
        draw_sheets(chosen.only, folder, list(LOOKS))
        if any(codes):
            sys.exit("Not all states are as they should be.")
        print(f"PANEL {len(SHOWN)} states in {len(LOOKS)} looks, {len(WRONG)} faults provoked")


if __name__ == "__main__":
    main()
