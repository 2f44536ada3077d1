"""The panel of a packaged plugin sets the backend up, with what a stand-in of the wheel needs.

The stand-in says that it listens where a scripted backend does: environment, pip and the process
are real, and take seconds.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QPushButton

from gluelink_plugin import settings
from gluelink_plugin.client import setup
from gluelink_plugin.client.backend import State
from gluelink_plugin.client.setup import NEEDED_GB, PACKAGES, Step
from gluelink_plugin.dock.setup import SetupView
from gluelink_plugin.settings import Settings
from tests.plugin.conftest import PATIENCE_MS, Desk, wait_until
from tests.plugin.scripted import ScriptedBackend

SERVE = """
import json, os, sys
if __name__ == "__main__":
    port = int(os.environ["STAND_IN_PORT"])
    print(json.dumps({"gluelink": "ready", "host": "127.0.0.1", "port": port}), flush=True)
    sys.stdin.read()
"""
PAGES = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
EXTRAS = "Provides-Extra: demo\nProvides-Extra: stac\nProvides-Extra: fast\n"


def write_wheel(folder: Path, name: str, files: dict[str, str], more: str = "") -> Path:
    """Write a wheel of the version 1.0."""
    folder.mkdir(parents=True, exist_ok=True)
    path, about = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    files = {
        **files,
        f"{about}/METADATA": PAGES.format(name=name, version="1.0") + more,
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{about}/RECORD"] = "".join(f"{each},,\n" for each in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in files.items():
            archive.writestr(each, text)
    return path


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plugin with a stand-in of the backend's wheel, which needs one package."""
    bundle = tmp_path / "wheel"
    backend = {
        "backend/__init__.py": "import needed",
        "backend/serve.py": SERVE,
        "backend/service/__init__.py": "",
        "backend/service/server.py": "",
    }
    needs = EXTRAS + 'Requires-Dist: needed ; extra == "demo"\n'
    write_wheel(bundle, "gluelink", backend, needs)
    (bundle / "constraints.txt").write_text("needed==1.0\n")
    monkeypatch.setattr(settings, "BUNDLE", bundle)
    monkeypatch.setattr(setup, "NEEDED_GB", 0)
    return tmp_path


@pytest.fixture
def desk(new_desk: Desk, packaged: Path, scripted: ScriptedBackend) -> Iterator[Desk]:
    """A desk whose backend is to be set up in a folder that is not there yet."""
    backend = new_desk.session.backend
    backend.configure(replace(backend.settings, folder=str(packaged / "gluelink")))
    yield new_desk


def view(desk: Desk) -> SetupView:
    return desk.status.setup


def press(desk: Desk) -> None:
    QTest.mouseClick(view(desk).button, Qt.MouseButton.LeftButton)


def ticked(desk: Desk) -> list[Step]:
    return [step for step, label in view(desk).steps.items() if "✔" in label.text()]


def test_one_press_makes_the_environment_and_starts_the_backend(
    desk: Desk, packaged: Path, scripted: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_PORT", str(scripted.server_port))
    backend, packages = desk.session.backend, packaged / "gluelink" / PACKAGES
    write_wheel(packages, "needed", {"needed.py": ""})
    assert backend.state is State.MISSING and view(desk).isVisible()
    stages: list[str] = []
    view(desk).work.moved.connect(stages.append)
    press(desk)
    wait_until(lambda: desk.said or backend.state is State.READY, 4 * PATIENCE_MS)
    assert desk.said == ""
    assert ticked(desk) == list(Step)
    assert "collected" not in "".join(stages)  # pip lists dozens of names behind this word
    assert not view(desk).isVisible()
    newer = packaged / "wheel" / "gluelink-1.0-py3-none-any.whl"
    newer.rename(newer.with_name("gluelink-1.1-py3-none-any.whl"))
    assert not backend.settings.installed  # of an earlier version of the plugin


def test_size_and_place_are_said_before(desk: Desk, packaged: Path) -> None:
    desk.status.refresh()
    said = view(desk).about.text().replace("\u200b", "")
    assert str(packaged / "gluelink") in said and f"{NEEDED_GB} GB" in said
    desk.session.backend.configure(Settings(str(Path.home() / "gluelink")))
    assert "in ~/gluelink:" in view(desk).about.text().replace("\u200b", "")


def test_a_cancel_stops_at_once_and_nothing_counts_as_installed(desk: Desk) -> None:
    press(desk)
    assert view(desk).button.text() == "Cancel"
    press(desk)
    assert not view(desk).work.running
    assert view(desk).button.text() == "Set up"
    assert view(desk).stage.text().startswith("Cancelled.")
    assert desk.session.backend.state is State.MISSING


def test_a_computer_without_python_is_told_in_one_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "pythons", lambda: ["a-python-that-is-not-there", "false"])
    press(desk)
    wait_until(lambda: desk.said)
    assert desk.said.startswith("There is no Python 3.11, 3.12 or 3.13")
    assert "✘" in view(desk).steps[Step.PYTHON].text()


def test_a_step_that_fails_is_told_with_what_its_process_wrote(
    desk: Desk, packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = packaged / "python"
    python.write_text(
        '#!/bin/sh\n[ "$1" = -c ] && echo Python 3.12.1 || { echo no room; exit 1; }\n'
    )
    python.chmod(0o755)
    monkeypatch.setattr(setup, "pythons", lambda: [str(python)])
    press(desk)
    wait_until(lambda: desk.said)
    assert desk.said.startswith("The environment could not be made: no room.")
    assert ticked(desk) == [Step.PYTHON]
    assert "✘" in view(desk).steps[Step.ENVIRONMENT].text()
    assert desk.session.backend.state is State.MISSING


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    desk: Desk, packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "NEEDED_GB", 10**9)
    press(desk)
    wait_until(lambda: desk.said)
    assert "GB are needed" in desk.said
    assert not (packaged / "gluelink" / ".venv").exists()


def test_an_environment_of_somebody_else_is_left_alone(desk: Desk, packaged: Path) -> None:
    about = packaged / "gluelink" / ".venv" / "pyvenv.cfg"
    about.parent.mkdir(parents=True)
    about.write_text("home = /usr/bin\n")
    press(desk)
    wait_until(lambda: desk.said)
    assert "is an environment that no set-up has made" in desk.said.replace("\u200b", "")
    assert [each.name for each in about.parent.iterdir()] == ["pyvenv.cfg"]


def test_a_set_up_that_was_cut_short_counts_as_none_beside_the_code(packaged: Path) -> None:
    here = Settings(str(packaged))
    for each in ("backend/serve.py", ".venv/bin/python", ".venv/Scripts/python.exe"):
        (packaged / each).parent.mkdir(parents=True, exist_ok=True)
        (packaged / each).touch()
    assert here.installed  # an environment of the user's own
    (packaged / ".venv" / "pyvenv.cfg").write_text("prompt = 'gluelink'\n")
    assert not here.installed
    here.mark.write_text("gluelink-1.0-py3-none-any.whl")
    assert here.installed
    here.mark.write_text("")
    assert not here.installed


def test_other_settings_end_a_set_up(desk: Desk) -> None:
    backend = desk.session.backend
    press(desk)
    assert view(desk).work.running
    backend.configure(replace(backend.settings, python="/a/python/of/its/own"))
    assert not view(desk).work.running
    press(desk)
    assert desk.said.startswith("By the settings /a/python/of/its/own runs the backend")


def test_a_question_before_that_leads_to_the_button(desk: Desk) -> None:
    desk.session.report("job", desk.session.unready)
    (button,) = desk.panel.message.findChildren(QPushButton)
    assert button.text() == "Set up"
