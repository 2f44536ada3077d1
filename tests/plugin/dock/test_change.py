"""The change between two dates is the later map minus the earlier one, as a layer."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer

from gluelink_plugin.layers.result import shown_band
from gluelink_plugin.layers.scene import open_raster
from tests.plugin.conftest import Desk, Window, lake_scene, wait_until, write_raster
from tests.plugin.dock.test_runs import a_run, runs_of, select
from tests.plugin.jobs.test_alignment import ask, results, value_at


@pytest.fixture
def dried_up(tmp_path: Path) -> Path:
    """The lake's scene a month later, when the lake has dried up."""
    values = lake_scene(448)
    values[:, 150:300, 150:300] += 10
    return write_raster(tmp_path / "lake_20240601.tif", values)


def test_two_runs_of_one_phrase_become_a_map_of_what_has_changed(
    desk: Desk, scene_path: Path, dried_up: Path
) -> None:
    view = runs_of(desk)
    change = view.actions_of_run["Change between two"]
    ask(desk, dried_up, "open water")  # the later day is asked first
    assert not change.isEnabled()
    ask(desk, scene_path, "a forest", "open water")
    select(view, 0, 1)
    assert change.isEnabled()
    shown: list[QgsRasterLayer] = []
    view.shown.connect(shown.append)
    change.trigger()
    wait_until(lambda: shown)
    assert desk.said == ""
    (layer,) = shown
    assert layer.name() == "change of open water · lake_20240501 to lake_20240601"
    before, after = (
        next(each for each in results() if each.name() == f"open water · lake_2024{day}")
        for day in ("0501", "0601")
    )
    bands = [shown_band(each) for each in (before, after)]
    expected = value_at(after, bands[1], 224) - value_at(before, bands[0], 224)
    assert value_at(layer, 1, 224) == pytest.approx(expected, abs=1e-6) and expected < -0.05
    assert abs(value_at(layer, 1, 100)) < 0.05
    legend = layer.renderer().shader().rasterShaderFunction().legendSettings()
    assert legend.minimumLabel().startswith("-") and legend.maximumLabel().startswith("+")
    assert QgsProject.instance().layerTreeRoot().layerOrder()[0] is layer
    combo = desk.scene.layers
    assert layer not in [combo.layer(row) for row in range(combo.count())]


@pytest.mark.parametrize("end", ["unload", "another project"])
def test_nothing_is_left_of_a_change_that_nobody_is_there_to_see(
    window: Window, tmp_path: Path, end: str
) -> None:
    desk = Desk(window)
    view, project = runs_of(desk), QgsProject.instance()
    for day in ("0501", "0601"):
        path = write_raster(tmp_path / f"{day}.tif", lake_scene(64)[:1], ("open water",))
        layer = project.addMapLayer(open_raster(path, f"open water · {day}"))
        view._add(replace(a_run(), layers=(layer.id(),)))
    select(view, 0, 1)
    view.actions_of_run["Change between two"].trigger()
    task = view._task
    while task.found is None and not task.problem:  # before the window hears of it
        time.sleep(0.01)
    assert task.target.exists()
    if end != "unload":
        project.clear()
        wait_until(lambda: view._task is None)
    desk.close()
    layers = [each.name() for each in project.mapLayers().values()]
    project.clear()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0501.tif", "0601.tif"]
    assert not any(name.startswith("change") for name in layers)


def test_maps_that_lie_apart_have_no_change_and_it_is_said(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    view = runs_of(desk)
    ask(desk, scene_path, "open water")
    file = Path(results()[0].source())
    ask(desk, scene_path, "open water")
    moved = gdal.Translate("", gdal.Open(str(file)), format="MEM")
    moved.SetGeoTransform((900_000, 80, 0, 5_400_000, 0, -80))
    gdal.Translate(str(file), moved)
    layers = set(QgsProject.instance().mapLayers())
    select(view, 0, 1)
    view.actions_of_run["Change between two"].trigger()
    wait_until(lambda: desk.said)
    assert desk.said.startswith("The change cannot be shown: The two scenes have no place")
    assert set(QgsProject.instance().mapLayers()) == layers and open_raster(file, "a").isValid()
