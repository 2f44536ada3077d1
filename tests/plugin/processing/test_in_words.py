"""Descriptions, answers and counts run without the panel, alone and in a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsVectorLayer,
)

from tests.plugin.conftest import NORTH, SHIPS, WEST, Desk
from tests.plugin.processing.conftest import run

BELOW = f"{WEST + 10},{WEST + 4400},{NORTH - 4400},{NORTH - 2240} [EPSG:32632]"


def test_a_scene_is_described_and_its_sentences_have_places(
    desk: Desk, ships_path: Path, tmp_path: Path
) -> None:
    layer = tmp_path / "sentences.gpkg"
    found = run("describe", INPUT=str(ships_path), OUTPUT=str(layer))
    assert found.get("TEXT", "").startswith("The image covers 4.5 km"), found
    rows = list(QgsVectorLayer(str(layer), "sentences").getFeatures())
    assert found["SENTENCES"] == len(rows)
    assert " ".join(row["sentence"] for row in rows) == found["TEXT"]
    date, water = rows[1], rows[2]
    assert date["rests_on"] == "the date" and date.geometry().isEmpty()
    assert water["rests_on"] == "what reads as water" and not water.geometry().isEmpty()
    assert "OUTPUT" not in run("describe", INPUT=str(ships_path))


def test_a_question_is_answered_with_its_kind_and_certainty(
    desk: Desk, ships_path: Path, tmp_path: Path
) -> None:
    layer = tmp_path / "water.gpkg"
    asked = {"INPUT": str(ships_path), "QUESTION": "Is there water?"}
    found = run("answer", OUTPUT=str(layer), **asked)
    assert found.get("ANSWER", "").startswith("Yes: about "), found
    assert (found["KIND"], found["ANSWERED"]) == ("presence", True)
    assert 0.5 < found["CERTAINTY"] <= 1
    (row,) = QgsVectorLayer(str(layer), "water").getFeatures()
    assert row["answer"] == found["ANSWER"] and row.geometry().area() > 0
    unknown = run("answer", **{**asked, "QUESTION": "Is there an airport?"})
    assert unknown["ANSWER"].startswith("Unknown") and unknown["ANSWERED"] is False
    assert unknown["CERTAINTY"] is None


def test_a_model_counts_the_ships_of_an_area(desk: Desk, ships_path: Path, tmp_path: Path) -> None:
    of = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm("ships", "tests")
    model.addModelParameter(
        QgsProcessingParameterRasterLayer("scene", "Scene"), QgsProcessingModelParameter("scene")
    )
    objects = QgsProcessingModelOutput("objects", "Objects")
    objects.setChildOutputName("OUTPUT")
    objects.setChildId("count")
    child = QgsProcessingModelChildAlgorithm("gluelink:count")
    child.setChildId("count")
    child.addParameterSources("INPUT", [of.fromModelParameter("scene")])
    child.addParameterSources("EXTENT", [of.fromStaticValue(BELOW)])
    child.setModelOutputs({"objects": objects})
    model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    (destination,) = model.destinationParameterDefinitions()
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    target = str(tmp_path / "ships.gpkg")
    found, ok = model.run({"scene": str(ships_path), destination.name(): target}, context, feedback)
    assert ok, feedback.textLog()
    assert found["CHILD_RESULTS"]["count"]["COUNT"] == 1  # the other ship lies above
    (ship,) = QgsVectorLayer(target, "ships").getFeatures()
    assert (ship["number"], ship["length_m"], ship["scene"]) == (1, 90, "ships_20240501")
    assert ship["score_db"] > 10 and len(SHIPS) == 2


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("answer", {"QUESTION": " "}, "There is no question. Give one, such as Is there water?"),
        ("count", {"THINGS": "airports"}, "Unknown"),
        ("describe", {"HEAD": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    desk: Desk, ships_path: Path, tmp_path: Path, name: str, parameters: dict, expected: str
) -> None:
    layer = tmp_path / "places.gpkg"
    found = run(name, INPUT=str(ships_path), OUTPUT=str(layer), **parameters)
    assert expected in found["error"] and "Traceback" not in found["error"]
    assert not layer.exists()
