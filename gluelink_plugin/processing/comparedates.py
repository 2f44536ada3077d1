"""What has changed between two scenes of one place, by phrases."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingMultiStepFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterRasterDestination,
)

from ..translation import mark, tr
from .algorithm import Algorithm, Question, add_area, add_encoder, add_phrases, add_scene
from .raster import Grid, read_file, write_file
from .service import Service, open_service


class CompareDates(Algorithm):
    """Asks two scenes the same, and subtracts the answers."""

    id_name = "comparedates"
    title = mark("Compare two dates")
    help_text = mark(
        "Asks two Sentinel-1 scenes of one place for the same phrases, and writes how "
        "much better the later one fits, as a GeoTIFF with one band a phrase: the cosine "
        "afterwards minus the cosine before, from -2 to 2. Only cells that both scenes "
        "have are written. Scenes of the same orbit and product type compare best: what "
        "differs between orbits is not a change."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        add_scene(self, "BEFORE", tr("Scene before"))
        add_scene(self, "AFTER", tr("Scene after"))
        add_phrases(self)
        add_area(self)
        add_encoder(self)
        self.addParameter(QgsProcessingParameterRasterDestination("OUTPUT", tr("Change")))
        self.addOutput(QgsProcessingOutputNumber("CELLS", tr("Cells that were compared")))

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Ask both, and subtract. Raises QgsProcessingException."""
        question = Question(self, parameters, context)
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        phrases = question.phrases()
        steps = QgsProcessingMultiStepFeedback(2, feedback)
        with tempfile.TemporaryDirectory() as folder, open_service(steps) as service:
            maps = []
            for step, name in enumerate(("BEFORE", "AFTER")):
                steps.setCurrentStep(step)
                maps.append(Path(folder) / f"{name}.tif")
                self._ask(service, question, name, phrases, maps[-1])
            changes = []
            for band in range(1, len(phrases) + 1):
                change, grid = difference(read_file(maps[0], band), read_file(maps[1], band))
                changes.append(change)
        write_file(Path(output), changes, phrases, grid)
        return {"OUTPUT": output, "CELLS": int(np.isfinite(changes[0]).sum())}

    def _ask(
        self, service: Service, question: Question, name: str, phrases: list[str], path: Path
    ) -> None:
        scene = service.register(question.path(name), question.options())
        service.run(question.request(service, scene, phrases), path)


def difference(
    before: tuple[np.ndarray, Grid], after: tuple[np.ndarray, Grid]
) -> tuple[np.ndarray, Grid]:
    """Return later minus earlier values (h, w) where both maps have cells, and their grid.

    Raises:
        QgsProcessingException: the maps lie on different grids, or no cell is in both.
    """
    (old, grid), (new, other) = before, after
    if (grid.wkt, grid.pixel) != (other.wkt, other.pixel):
        raise QgsProcessingException(
            tr(
                "The maps of the two scenes have different grids: the scenes lie in two UTM "
                "zones. Give scenes of one orbit, or an area inside one zone."
            )
        )
    right = round((other.west - grid.west) / grid.pixel)
    down = round((grid.north - other.north) / grid.pixel)
    top, left = max(0, down), max(0, right)
    bottom = max(top, min(old.shape[0], new.shape[0] + down))
    end = max(left, min(old.shape[1], new.shape[1] + right))
    change = new[top - down : bottom - down, left - right : end - right] - old[top:bottom, left:end]
    if not np.isfinite(change).any():
        raise QgsProcessingException(
            tr("The two scenes have no place in common. Give two scenes of one place.")
        )
    west, north = grid.west + left * grid.pixel, grid.north - top * grid.pixel
    return change, Grid(west, north, grid.pixel, grid.wkt)
