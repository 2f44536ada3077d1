"""Algorithms run without the panel: alone, in a thread, and one after another in a model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from gluelink_plugin.processing.bestplaces import best_cells
from gluelink_plugin.processing.comparedates import difference
from gluelink_plugin.processing.provider import GlueLinkProvider
from gluelink_plugin.processing.raster import Grid, write_file
from tests.plugin.conftest import NORTH, WEST, Desk, lake_scene, wait_until, write_raster
from tests.plugin.processing.conftest import run

BOX = f"{WEST + 800},{WEST + 3700},{NORTH - 3700},{NORTH - 800} [EPSG:32632]"
LAKE = (WEST + 2240, NORTH - 2240)  # its middle


def test_the_provider_has_each_algorithm_under_its_id(provider: GlueLinkProvider) -> None:
    names = {algorithm.name() for algorithm in provider.algorithms()}
    asked = {"status", "encode", "query", "bestplaces", "comparedates", "accuracy"}
    assert names == {*asked, "describe", "answer", "count"}
    for algorithm in provider.algorithms():
        assert algorithm.shortHelpString().endswith(".") and algorithm.displayName()


def test_the_status_names_what_can_be_used(desk: Desk) -> None:
    found = run("status")
    assert "texture-s1" in found["ENCODERS"].split(",")
    assert found["VERSION"] == desk.session.backend.capabilities.version


def test_a_scene_is_asked_in_a_thread(desk: Desk, scene_path: Path, tmp_path: Path) -> None:
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("gluelink:query")
    output = tmp_path / "map.tif"
    parameters = {
        "INPUT": str(scene_path),
        "PHRASES": "open water\n\na forest",
        "LIKE": "10.3767,48.7334",
        "EXTENT": BOX,
        "OUTPUT": str(output),
    }
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    ended: list[tuple[bool, dict[str, Any]]] = []
    task.executed.connect(lambda ok, results: ended.append((ok, results)))
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: ended)
    ((ok, results),) = ended
    assert ok, feedback.textLog()
    assert results["KM2"] == pytest.approx(8.4, rel=0.1)
    file = gdal.Open(str(output))
    assert [file.GetRasterBand(band).GetDescription() for band in (1, 2)] == [
        "open water like 10.3767,48.7334",
        "a forest like 10.3767,48.7334",
    ]
    provenance = json.loads(file.GetMetadata()["GLUELINK_PROVENANCE"])
    assert provenance["phrases"] == ["open water", "a forest"]


def test_a_model_encodes_asks_and_finds_the_best_places(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    model = QgsProcessingModelAlgorithm("harbours", "tests")
    model.addModelParameter(
        QgsProcessingParameterRasterLayer("scene", "Scene"), QgsProcessingModelParameter("scene")
    )
    of = QgsProcessingModelChildParameterSource
    extent, phrase = of.fromStaticValue(BOX), of.fromStaticValue("open water")
    places = QgsProcessingModelOutput("places", "Places")
    places.setChildOutputName("OUTPUT")
    children = {
        "encode": {"INPUT": of.fromModelParameter("scene"), "EXTENT": extent},
        "query": {
            "INPUT": of.fromChildOutput("encode", "OUTPUT"),
            "EXTENT": extent,
            "PHRASES": phrase,
        },
        "bestplaces": {
            "INPUT": of.fromChildOutput("query", "OUTPUT"),
            "COUNT": of.fromStaticValue(3),
            "DISTANCE": of.fromStaticValue(300),
        },
    }
    for name, sources in children.items():
        child = QgsProcessingModelChildAlgorithm(f"gluelink:{name}")
        child.setChildId(name)
        for parameter, source in sources.items():
            child.addParameterSources(parameter, [source])
        if name == "bestplaces":
            places.setChildId(name)
            child.setModelOutputs({"places": places})
        model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    (destination,) = model.destinationParameterDefinitions()
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    target = str(tmp_path / "places.gpkg")
    parameters = {"scene": str(scene_path), destination.name(): target}
    _, ok = model.run(parameters, context, feedback)
    assert ok, feedback.textLog()
    features = list(QgsVectorLayer(target, "places").getFeatures())
    assert [feature["rank"] for feature in features] == [1, 2, 3]
    assert {feature["phrase"] for feature in features} == {"open water"}
    scores = [feature["score"] for feature in features]
    assert scores == sorted(scores, reverse=True)
    for feature in features:  # inside the lake
        place = feature.geometry().asPoint()
        assert np.hypot(place.x() - LAKE[0], place.y() - LAKE[1]) < 1200


def labels_of(named: list[tuple[str, QgsRectangle | None]]) -> QgsVectorLayer:
    """Return a layer of the project with a box for each class; without one where it is None."""
    labels = QgsVectorLayer("Polygon?crs=EPSG:32632&field=class:string", "labels", "memory")
    for name, box in named:
        feature = QgsFeature(labels.fields())
        if box is not None:
            feature.setGeometry(QgsGeometry.fromRect(box))
        feature.setAttributes([name])
        labels.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(labels)
    return labels


def test_a_map_is_measured_by_a_layer_of_labels(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    lake = QgsRectangle(LAKE[0] - 300, LAKE[1] - 300, LAKE[0], LAKE[1])
    land = QgsRectangle(WEST + 850, NORTH - 1200, WEST + 1150, NORTH - 900)
    named: list[tuple[str, QgsRectangle | None]] = [("lake", None)]  # not drawn yet
    for name, box in (("lake", lake), ("land", land)):
        beside = QgsRectangle(box)
        beside.setXMinimum(box.xMaximum())
        beside.setXMaximum(box.xMaximum() + 300)
        named += [(name, box), (name, beside)]
    labels = labels_of(named)
    made = run(
        "query",
        INPUT=str(scene_path),
        PHRASES="open water",
        EXTENT=BOX,
        OUTPUT=str(tmp_path / "map.tif"),
    )
    found = run("accuracy", INPUT=made["OUTPUT"], TRUTH=labels.id(), FIELD="class", WANTED="lake")
    assert found.get("AUC") == 1 and found["LABELS"] >= 10, found
    wrong = run("accuracy", INPUT=made["OUTPUT"], TRUTH=labels.id(), FIELD="class", WANTED="sea")
    assert "sea" in wrong["error"] or "wanted" in wrong["error"]


def test_a_map_that_cannot_be_measured_or_searched_is_one_sentence(
    desk: Desk, tmp_path: Path
) -> None:
    grid = Grid(WEST, NORTH, 80, "")
    write_file(tmp_path / "map.tif", [np.eye(9, dtype=np.float32)], ["a"], grid)
    turned = Path(shutil.copy(tmp_path / "map.tif", tmp_path / "turned.tif"))
    gdal.Open(str(turned), gdal.GA_Update).SetGeoTransform((WEST, 70, 35, NORTH, 35, -70))
    gdal.FileFromMemBuffer("/vsimem/map.tif", (tmp_path / "map.tif").read_bytes())
    nowhere = QgsRasterLayer("/vsimem/map.tif", "nowhere")
    QgsProject.instance().addMapLayer(nowhere)
    labels = labels_of([])
    places = str(tmp_path / "places.gpkg")
    for name, source, more, told in (
        ("bestplaces", tmp_path / "map.tif", {"BAND": 2}, "has no band 2. Choose one of 1 to 1."),
        ("bestplaces", turned, {}, "turned.tif has no square cells with north up."),
        ("bestplaces", nowhere.id(), {}, "shows no file on this computer"),
        ("accuracy", nowhere.id(), {}, "shows no file on this computer"),
        ("accuracy", tmp_path / "map.tif", {}, "labels has no polygons or points. Draw some"),
        (
            "accuracy",
            tmp_path / "map.tif",
            {"FIELD": "kind"},
            "no field kind. Choose one of: class",
        ),
        ("accuracy", tmp_path / "map.tif", {"WANTED": " ,"}, "no class that the phrase means"),
    ):
        wanted = {"TRUTH": labels.id(), "FIELD": "class", "WANTED": "lake"}
        given = wanted if name == "accuracy" else {"OUTPUT": places}
        error = run(name, INPUT=str(source), **{**given, **more})["error"]
        assert told in error and "Traceback" not in error
    assert not Path(places).exists()
    gdal.Unlink("/vsimem/map.tif")


def test_no_statistics_are_left_beside_a_scene(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    scene = Path(shutil.copy(scene_path, tmp_path / "lake_20240501.tif"))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("gluelink:encode")
    parameters = {"INPUT": str(scene), "EXTENT": BOX}
    context = QgsProcessingContext()
    assert algorithm.checkParameterValues(parameters, context) == (True, "")
    found, ok = algorithm.run(parameters, context, QgsProcessingFeedback(False))
    del context  # and the layers that it has opened
    assert ok and found["OUTPUT"] == str(scene)
    assert [each.name for each in tmp_path.iterdir()] == [scene.name]


def test_a_change_is_the_later_answer_minus_the_earlier_one(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    later = write_raster(tmp_path / "dry_20240601.tif", lake_scene(448)[:, ::-1].copy() * 0 - 12)
    change = tmp_path / "change.tif"
    found = run(
        "comparedates",
        BEFORE=str(scene_path),
        AFTER=str(later),
        PHRASES="open water",
        EXTENT=BOX,
        OUTPUT=str(change),
    )
    assert found.get("CELLS", 0) > 100, found
    values = gdal.Open(str(change)).ReadAsArray()
    middle, corner = values[values.shape[0] // 2, values.shape[1] // 2], values[1, 1]
    assert middle < corner  # the lake is gone


def test_maps_without_data_in_one_place_have_no_change() -> None:
    before, after = np.zeros((2, 4), np.float32), np.zeros((2, 4), np.float32)
    before[:, :2], after[:, 2:] = np.nan, np.nan
    grid = Grid(0.0, 0.0, 80.0, "")
    with pytest.raises(QgsProcessingException, match="no place in common"):
        difference((before, grid), (after, grid))
    after[0, 3] = 1.0
    assert np.nanmax(difference((before, grid), (after, grid))[0]) == 1.0


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("query", {"PHRASES": " \n"}, "There is no phrase. Give one, such as open water."),
        (
            "query",
            {"PHRASES": "a", "ENCODER": "nobody"},
            "The encoder nobody cannot be used with lake_20240501. Choose one of: texture-s1",
        ),
        (
            "query",
            {"PHRASES": "a", "ENCODER": "texture-s1-dates"},
            "The encoder texture-s1-dates cannot be used with lake_20240501.",
        ),
        ("query", {"PHRASES": "a", "HEAD": "nobody"}, "nobody"),
        ("query", {"PHRASES": "a", "EXTENT": "0,9,0,9 [EPSG:32632]"}, "do not overlap"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    desk: Desk, scene_path: Path, tmp_path: Path, name: str, parameters: dict[str, Any], told: str
) -> None:
    found = run(name, INPUT=str(scene_path), OUTPUT=str(tmp_path / "map.tif"), **parameters)
    assert told in found["error"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("apart", [0, 1.5, 4, 30])
def test_the_best_cells_are_those_of_a_search_over_all(apart: float) -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(40, 60)).round(2).astype(np.float32)  # with ties
    values[rng.random(values.shape) < 0.3] = np.nan
    left, wanted = values.copy(), []
    rows, cols = np.mgrid[: values.shape[0], : values.shape[1]]
    while len(wanted) < 25 and np.isfinite(left).any():
        row, col = np.unravel_index(np.nanargmax(left), left.shape)
        wanted.append((row, col))
        left[(np.hypot(rows - row, cols - col) < apart)] = np.nan
        left[row, col] = np.nan
    assert best_cells(values, 25, apart) == wanted


def test_a_map_without_values_has_no_best_cells() -> None:
    assert best_cells(np.full((3, 4), np.nan, np.float32), 5, 0) == []
