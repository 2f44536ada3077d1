"""A section is one class and one entry of a list; it changes the session by its methods only."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from gluelink_plugin.client.protocol import ErrorBody
from gluelink_plugin.dock.panel import SECTIONS
from gluelink_plugin.dock.remedies import Action
from gluelink_plugin.dock.section import Section
from gluelink_plugin.session import Session
from tests.plugin.conftest import ROOT, Desk, Window


class NotesSection(Section):
    """A section that the panel has never heard of."""

    name = "notes"
    title = "Notes"

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self.text = QPlainTextEdit()
        self.column.addWidget(self.text)
        self.pinned = QPushButton("Clear the notes")
        self.pinned.clicked.connect(self.text.clear)
        self.opened = self.removed = False
        session.scene_changed.connect(lambda: self.text.setPlainText("another scene"))

    def actions(self) -> dict[Action, Callable[[], None]]:
        return {Action.OPEN_FILE: self.note_that_a_file_is_opened}

    def note_that_a_file_is_opened(self) -> None:
        self.opened = True

    def remove(self) -> None:
        self.removed = True


@pytest.fixture
def noting_desk(window: Window) -> Iterator[Desk]:
    desk = Desk(window, (*SECTIONS, NotesSection))
    yield desk
    desk.close()


def test_a_section_of_the_list_is_in_the_panel(noting_desk: Desk) -> None:
    panel = noting_desk.panel
    notes = panel.sections["notes"]
    assert "<b>Notes</b>" in [label.text() for label in notes.findChildren(QLabel)]
    seen = [each for each in panel.sections.values() if each.isVisible()]
    tops = [each.mapTo(panel, each.rect().topLeft()).y() for each in seen]
    assert tops == sorted(tops)
    notes.text.setPlainText("a harbour")
    QTest.mouseClick(notes.pinned, Qt.MouseButton.LeftButton)
    assert notes.text.toPlainText() == ""


def test_a_section_hears_the_session_and_does_what_others_ask(noting_desk: Desk) -> None:
    notes = noting_desk.panel.sections["notes"]
    noting_desk.session.scene_changed.emit()
    assert notes.text.toPlainText() == "another scene"
    noting_desk.session.report("scene", ErrorBody("band_missing", "There is no VH."))
    (button,) = (
        b for b in noting_desk.panel.message.findChildren(QPushButton) if b.text() == "Open a file…"
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert notes.opened


def test_a_section_leaves_with_the_panel(window: Window) -> None:
    desk = Desk(window, (*SECTIONS, NotesSection))
    notes = desk.panel.sections["notes"]
    desk.close()
    assert notes.removed


@pytest.mark.parametrize("path", sorted((ROOT / "gluelink_plugin" / "dock").glob("*.py")))
def test_no_view_writes_into_the_session(path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else targets
        for target in targets:
            owner = ast.unparse(target.value) if isinstance(target, ast.Attribute) else ""
            assert not owner.endswith("session"), f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            emits = node.func.attr == "emit" and "session." in ast.unparse(node.func.value)
            assert not emits, f"line {node.lineno}"
