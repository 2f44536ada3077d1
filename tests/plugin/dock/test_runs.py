"""Runs are listed, travel with the project, and can be asked again, changed, compared, copied."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.panel import Panel
from gluelink_plugin.dock.run_list import in_words
from gluelink_plugin.dock.runs import NOTHING_YET, RunsView
from gluelink_plugin.layers.runs import MOST_RUNS, KeptRun, keep_runs, kept_runs
from gluelink_plugin.layers.scene import SceneSource
from tests.plugin.conftest import PYTHON, ROOT, Desk, Window
from tests.plugin.jobs.test_alignment import BOX, ask, results

SQUARE = {"type": "Polygon", "coordinates": [[[9, 48], [9.1, 48], [9.1, 48.1], [9, 48]]]}


def a_run(number: int = 0, path: str = "/scenes/a.tif", **request: object) -> KeptRun:
    """A run whose maps are gone."""
    return KeptRun(
        scene=SceneSource(path, "a"),
        options={"units": "db"},
        request={"phrases": [f"phrase {number}"], "encoder": "texture-s1", **request},
        asked="2026-05-01T10:20:30",
        seconds=3.2,
        km2=8.4,
        extent=(600_000.0, 5_390_000.0, 610_000.0, 5_400_000.0),
        crs="EPSG:32632",
        layers=(f"gone_{number}",),
    )


def runs_of(desk: Desk) -> RunsView:
    view: RunsView = desk.panel.sections["runs"]
    return view


def select(view: RunsView, *rows: int) -> None:
    view.list.clearSelection()
    for row in rows:
        view.list.item(row).setSelected(True)


def press(view: RunsView, words: str) -> None:
    QTest.mouseClick(view.buttons[words], Qt.MouseButton.LeftButton)


def test_a_run_is_listed_and_asked_again_after_its_map_and_the_panel_are_others(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    view = runs_of(desk)
    assert view.hint.text() == NOTHING_YET and not view.list.isVisibleTo(desk.panel)
    (first,) = ask(desk, scene_path, "open water")
    (run,) = view.runs
    assert run.question.phrases == ("open water",) and run.maps() == [first] and run.seconds > 0
    where = first.extent()
    QgsProject.instance().removeMapLayer(first)
    assert view.list.item(0).text().endswith("no map")
    desk.open(Path(shutil.copy(scene_path, tmp_path / "other_20240501.tif")))
    desk.click(AreaChoice.VIEW)
    desk.type("a forest")
    select(view, 0)
    press(view, "Ask again")
    desk.wait_for_end()
    assert desk.said == ""
    (again,) = results()
    assert again.extent() == where and again.name() == "open water · lake_20240501"
    assert [len(each.maps()) for each in view.runs] == [1, 0]


def test_two_phrases_of_a_run_are_compared_side_by_side(desk: Desk, scene_path: Path) -> None:
    view = runs_of(desk)
    layers = ask(desk, scene_path, "open water", "a forest")
    select(view, 0)
    press(view, "Compare")
    dialog = view._compared
    assert [each.layers()[0].source() for each in dialog.views] == [layers[0].source()] * 2
    assert [each.layers()[1].source() for each in dialog.views] == [str(scene_path)] * 2
    assert not dialog.one_scale.isEnabled()
    dialog.views[1].setExtent(BOX)
    assert dialog.views[0].extent().contains(BOX.center())
    assert dialog.views[0].extent().width() == pytest.approx(dialog.views[1].extent().width())
    other = QgsProject.instance().addMapLayer(layers[0].clone())
    QgsProject.instance().removeMapLayer(other)  # as the live map is
    assert view._compared is dialog
    QgsProject.instance().removeMapLayer(layers[1])
    assert view._compared is None


def test_one_phrase_of_two_runs_is_compared_on_one_scale(desk: Desk, scene_path: Path) -> None:
    view = runs_of(desk)
    ask(desk, scene_path, "open water")
    desk.click(AreaChoice.SCENE)
    desk.press_enter()
    desk.wait_for_end()
    select(view, 0, 1)
    press(view, "Compare")
    renderers = [each.layers()[0].renderer() for each in view._compared.views]
    ends = {(one.classificationMin(), one.classificationMax()) for one in renderers}
    own = [layer.renderer() for layer in results()]
    assert view._compared.one_scale.isChecked()
    assert ends == {
        (min(o.classificationMin() for o in own), max(o.classificationMax() for o in own))
    }
    assert not view.buttons["Zoom"].isEnabled()


@pytest.fixture
def one_panel(desk: Desk) -> Iterator[None]:
    """One panel writes into the project, as in QGIS, whatever other tests left open."""
    panels = desk.window.main.findChildren(Panel)
    others = [one.sections["runs"] for one in panels if one is not desk.panel]
    written = QgsProject.instance().writeProject
    for view in others:
        written.disconnect(view._project_written)
    yield
    for view in others:
        written.connect(view._project_written)


@pytest.mark.usefixtures("one_panel")
def test_runs_survive_saving_and_opening_and_the_map_is_exported(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    view = runs_of(desk)
    scene = Path(shutil.copy(scene_path, tmp_path))
    ask(desk, scene, "open water")
    project, home = QgsProject.instance(), tmp_path / "home"
    home.mkdir()
    assert project.write(str(home / "work.qgz"))
    project.clear()
    assert view.runs == []
    assert project.read(str(home / "work.qgz"))
    (run,) = view.runs
    (layer,) = run.maps()
    assert run.scene.path == str(scene) and run.question.phrases == ("open water",)
    assert Path(layer.source()).parent == home / "gluelink"
    view.export_to(run, tmp_path / "water.tif")
    assert (tmp_path / "water.tif").read_bytes() == Path(layer.source()).read_bytes()
    view.export_to(run, tmp_path / "no such folder" / "water.tif")
    assert "cannot be written" in desk.said


def test_change_fills_the_panel_and_asks_nothing(desk: Desk, scene_path: Path) -> None:
    view = runs_of(desk)
    view._add(a_run(path=str(scene_path), aoi=SQUARE, aoi_crs="EPSG:4326"))
    select(view, 0)
    press(view, "Change…")
    assert list(desk.ask.box.question().phrases) == ["phrase 0"] and not desk.session.busy
    assert desk.session.source.path == str(scene_path)
    assert desk.session.options == {"units": "db"}
    assert desk.session.aoi()["aoi_crs"] == "EPSG:4326"


def test_a_pair_that_the_backend_lacks_is_said_and_not_replaced(
    desk: Desk, scene_path: Path
) -> None:
    view = runs_of(desk)
    view._add(a_run(path=str(scene_path), head="one that was deleted"))
    select(view, 0)
    press(view, "Ask again")
    assert "the head one that was deleted" in desk.said and not desk.session.busy


def test_the_pair_of_a_run_is_awaited_while_the_backend_starts(
    desk: Desk, scene_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, backend = runs_of(desk), desk.session.backend
    view._add(a_run(path=str(scene_path), head="one that was deleted"))
    select(view, 0)
    with monkeypatch.context() as starting:
        starting.setattr(backend, "capabilities", None)
        starting.setattr(backend, "_starting", True)
        press(view, "Ask again")
        assert desk.session.busy and desk.said == ""
        press(view, "Ask again")
        assert desk.said.startswith("Another run is under way")
    backend.changed.emit()
    assert "the head one that was deleted" in desk.said and not desk.session.busy


def test_no_other_scene_is_asked_where_that_of_a_run_cannot_be_read(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    view, broken = runs_of(desk), tmp_path / "broken.tif"
    broken.write_text("no raster")
    desk.open(scene_path)
    view._add(a_run(path=str(broken)))
    select(view, 0)
    press(view, "Ask again")
    assert "QGIS cannot read broken.tif" in desk.said and not desk.session.busy


def test_runs_outlast_the_panel_of_a_plugin_that_is_reloaded(window: Window) -> None:
    first = Desk(window)
    runs_of(first)._add(a_run(7))
    first.close()
    second = Desk(window)
    assert [run.question.phrases for run in runs_of(second).runs] == [("phrase 7",)]
    QgsProject.instance().clear()
    second.close()


def test_zoom_goes_to_a_place_whose_map_is_gone(desk: Desk) -> None:
    view = runs_of(desk)
    view._add(a_run())
    desk.canvas.setDestinationCrs(a_run().map_crs)
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert desk.canvas.extent().contains(QgsRectangle(*a_run().extent))


def test_the_command_line_asks_the_same(desk: Desk, tmp_path: Path) -> None:
    view = runs_of(desk)
    scene = tmp_path / "it's a scene.tif"
    view._add(a_run(path=str(scene), head="texture-s1-demo", aoi=SQUARE, aoi_crs="EPSG:4326"))
    select(view, 0)
    view.actions_of_run["Copy as command line"].trigger()
    command = QgsApplication.clipboard().text()
    assert command.startswith(f'cd "{ROOT}" && "{PYTHON}" -m backend.query ')
    words = shlex.split(command)[6:]
    area = Path(words[words.index("--aoi") + 1])
    assert json.loads(area.read_text())["coordinates"] == SQUARE["coordinates"]
    assert area.name in desk.panel.foot.stage.text()
    code = (
        "import sys, typer, json; from backend.query import app;"
        "from backend.scenes.area import Area;"
        "from pathlib import Path; command = typer.main.get_command(app);"
        "found = command.make_context('query', sys.argv[1:]).params; Area.read(found['aoi']);"
        "print(json.dumps([found[n] for n in ('scene', 'phrases', 'encoder', 'head', 'units')]))"
    )
    parsed = subprocess.run(
        [str(PYTHON), "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(parsed.stdout) == [
        str(scene),
        ["phrase 0"],
        "texture-s1",
        "texture-s1-demo",
        "db",
    ]


def test_json_has_all_that_was_asked(desk: Desk) -> None:
    view = runs_of(desk)
    view._add(a_run())
    select(view, 0)
    view.actions_of_run["Copy as JSON"].trigger()
    assert json.loads(QgsApplication.clipboard().text()) == {
        "scene": "/scenes/a.tif",
        "units": "db",
        "phrases": ["phrase 0"],
        "encoder": "texture-s1",
    }


def test_runs_are_removed_by_the_keyboard(desk: Desk) -> None:
    view = runs_of(desk)
    for number in range(3):
        view._add(a_run(number))
    desk.window.main.activateWindow()
    select(view, 0, 1)
    view.list.setFocus()
    QTest.keyClick(view.list, Qt.Key.Key_Delete)
    assert [run.question.phrases for run in view.runs] == [("phrase 0",)]


def test_rows_follow_one_another_without_gaps_at_any_width(new_desk: Desk) -> None:
    rows = runs_of(new_desk).list
    rows.setParent(None)
    rows.addItems([in_words(a_run(1)), in_words(a_run(2))])
    heights = set()
    for width in range(150, 400):
        rows.resize(width, 300)
        rows.show()
        QTest.qWait(0)
        first, second = (rows.visualItemRect(rows.item(row)) for row in (0, 1))
        assert second.top() - first.bottom() == 1 + 2 * rows.spacing()
        heights.add(first.height())
    assert len(heights) > 1  # words were broken where there was less room
    rows.deleteLater()


@pytest.mark.usefixtures("qgis_app")
class TestKeeping:
    def test_the_oldest_go_where_there_are_many(self) -> None:
        keep_runs([a_run(number) for number in range(MOST_RUNS + 5)])
        kept = [run.question.phrases for run in kept_runs()]
        assert kept == [(f"phrase {n}",) for n in range(MOST_RUNS)]
        QgsProject.instance().clear()

    def test_areas_of_many_corners_leave_room_for_fewer_runs(self) -> None:
        corners = [[9 + n * 1e-5, 48.123456789] for n in range(20_000)]
        heavy = {"type": "Polygon", "coordinates": [corners]}
        keep_runs([a_run(number, aoi=heavy) for number in range(3)])
        assert 1 <= len(kept_runs()) < 3
        QgsProject.instance().clear()

    def test_what_another_version_has_kept_is_left_out(self) -> None:
        keep_runs([a_run()])
        texts, _ = QgsProject.instance().readListEntry("gluelink", "runs")
        QgsProject.instance().writeEntry("gluelink", "runs", ['{"scene": {}}', "no JSON", *texts])
        assert kept_runs() == [a_run()]
        QgsProject.instance().clear()
