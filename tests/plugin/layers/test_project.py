"""A project that is opened again has its scene, and what was stated of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.core import QgsProject

from gluelink_plugin.layers.scene import SceneSource
from tests.plugin.conftest import Desk


def save_and_open(project_file: Path) -> None:
    project = QgsProject.instance()
    assert project.write(str(project_file))
    project.clear()
    assert project.read(str(project_file))


def test_the_scene_of_a_project_is_chosen_when_it_is_opened(
    new_desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    scene = Path(shutil.copy(scene_path, tmp_path))
    new_desk.scene.add_file(scene_path)
    new_desk.scene.add_file(scene)
    new_desk.session.set_option("units", "db")
    save_and_open(tmp_path / "work.qgz")
    assert new_desk.session.source.path == str(scene)
    assert new_desk.session.options == {"units": "db"}
    assert new_desk.scene.layers.currentLayer().source() == str(scene)


def test_a_scene_that_no_layer_shows_travels_with_the_folder_of_the_project(
    new_desk: Desk, tmp_path: Path
) -> None:
    home, moved = tmp_path / "home", tmp_path / "moved"
    (home / "pair").mkdir(parents=True)
    new_desk.scene.add_path(SceneSource(str(home / "pair"), "pair"))
    assert QgsProject.instance().write(str(home / "work.qgz"))
    QgsProject.instance().clear()
    assert new_desk.session.source is None
    home.rename(moved)
    QgsProject.instance().read(str(moved / "work.qgz"))
    assert new_desk.session.source.path == str(moved / "pair")
    assert new_desk.scene.layers.currentText() == "pair"


def test_a_project_without_a_scene_chooses_none(new_desk: Desk, tmp_path: Path) -> None:
    save_and_open(tmp_path / "work.qgz")
    assert new_desk.session.source is None and new_desk.said == ""
