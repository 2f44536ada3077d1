"""The plugin uses no name of Qt that PyQt6 does not have, so QGIS 4 can load it."""

from pathlib import Path

import pytest

from scripts.qt6 import PLUGIN, problems, read_names

KNOWN = read_names()


def test_every_qt_name_of_the_plugin_is_there_in_pyqt6() -> None:
    found = [each for file in PLUGIN.rglob("*.py") for each in problems(file, KNOWN)]
    assert found == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("from qgis.PyQt.QtCore import QRegExp", "PyQt6.QtCore has no QRegExp"),
        ("from qgis.PyQt.QtWidgets import QDesktopWidget", "PyQt6.QtWidgets has no QDesktopWidget"),
        ("from qgis.PyQt.QtCore import Qt\nQt.UserRole", "PyQt6.QtCore.Qt has no UserRole"),
        (
            "from qgis.PyQt.QtWidgets import QFrame\nQFrame.NoFrame",
            "PyQt6.QtWidgets.QFrame has no NoFrame",
        ),
        (
            "from qgis.PyQt.QtCore import Qt\nQt.ItemDataRole.BackgroundColorRole",
            "PyQt6.QtCore.Qt.ItemDataRole has no BackgroundColorRole",
        ),
        ("dialog.exec_()", "PyQt6 has no exec_"),
    ],
)
def test_a_name_of_qt_5_alone_is_found(tmp_path: Path, code: str, problem: str) -> None:
    file = tmp_path / "own.py"
    file.write_text(code)
    (found,) = problems(file, KNOWN)
    assert found.endswith(f": {problem}")


@pytest.mark.parametrize(
    "code",
    [
        "from qgis.PyQt.QtCore import Qt\nQt.ItemDataRole.UserRole.value",
        "from qgis.PyQt.QtWidgets import QAction\nQAction.Priority.LowPriority",
        "from qgis.PyQt.QtWidgets import QScrollArea\nQScrollArea.Shape.NoFrame",  # of a base
        "from qgis.PyQt.QtCore import Qt\nQt.Orientations() if hasattr(Qt, 'Orientations') else 0",
    ],
)
def test_what_qgis_4_knows_is_left_alone(tmp_path: Path, code: str) -> None:
    file = tmp_path / "own.py"
    file.write_text(code)
    assert [*problems(file, KNOWN)] == []
