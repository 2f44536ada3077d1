"""Draw the panel in every language that it speaks, into docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.language_pictures [LANGUAGE...]`.
It simulates a scene and asks it; each picture has a narrow panel four times, scrolled from top to
bottom. A section that does not fit ends it with a sentence.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from qgis.PyQt.QtGui import QPainter, QPixmap
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QScrollArea

from gluelink_plugin.dock.panel import Panel
from scripts.panel_pictures import IMAGES, MARGIN, ROOT, Window, shown_panel, wait_until
from scripts.places_pictures import Desk
from scripts.translations import FOLDER, language_of

WIDTH, HEIGHT, VIEWS = 320, 700, 4


def fill(window: Window, panel: Panel, folder: Path) -> None:
    """Have every section show something: a map, its places, sentences and runs."""
    desk = Desk(window, panel, folder)
    desk.ask("open water", "a dense town")
    panel.sections["words"].describe()
    wait_until(lambda: not panel.session.busy, "Describing the area")
    panel.sections["map"].look_at(panel.sections["runs"].runs[-1].maps()[0])
    wait_until(lambda: panel.sections["places"].places, "Looking for places")
    panel.sections["runs"].list.item(0).setSelected(True)
    QTest.qWait(500)


def draw(panel: Panel, picture: Path) -> None:
    """Keep views of the panel beside each other."""
    panel.resize(WIDTH, HEIGHT)
    QTest.qWait(300)
    (scroll,) = (each for each in panel.findChildren(QScrollArea) if each.widget().layout())
    wide = [
        name
        for name, section in panel.sections.items()
        if section.minimumSizeHint().width() > scroll.viewport().width() - 2 * MARGIN
    ]
    if wide or panel.width() != WIDTH:
        sys.exit(f"{picture.stem}: {', '.join(wide) or 'the panel'} does not fit {WIDTH} px.")
    whole = QPixmap(VIEWS * (WIDTH + MARGIN) - MARGIN, HEIGHT)
    whole.fill(panel.palette().color(panel.backgroundRole()).darker(130))
    painter, bar = QPainter(whole), scroll.verticalScrollBar()
    for view in range(VIEWS):
        bar.setValue(round(bar.maximum() * view / (VIEWS - 1)))
        QTest.qWait(200)
        painter.drawPixmap(view * (WIDTH + MARGIN), 0, panel.grab())
    painter.end()
    whole.save(str(picture), "PNG", 0)


def main() -> None:
    """Draw one language; all of them, and those named, in processes of their own."""
    languages = sys.argv[1:] or [language_of(file) for file in sorted(FOLDER.glob("*.ts"))]
    if len(languages) > 1:
        for each in languages:
            command = [sys.executable, "-m", "scripts.language_pictures", each]
            subprocess.run(command, cwd=ROOT, check=True)
        return
    with shown_panel(languages[0]) as (window, panel, folder):
        fill(window, panel, folder)
        draw(panel, IMAGES / f"language-{languages[0]}.png")


if __name__ == "__main__":
    main()
