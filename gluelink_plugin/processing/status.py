"""Whether there is a backend, and what it can do."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
)

from ..translation import mark, tr
from .algorithm import Algorithm
from .service import open_service


class Status(Algorithm):
    """Starts or finds the backend, and says what it has."""

    id_name = "status"
    title = mark("Backend status")
    help_text = mark(
        "Finds the backend that the panel uses, or starts one, and says its version, the "
        "device that it computes on, and the encoders, heads and describers that can be used."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State what it returns."""
        for name, words in (
            ("VERSION", tr("Version")),
            ("DEVICE", tr("Device")),
            ("ENCODERS", tr("Encoders")),
            ("DESCRIBERS", tr("Describers")),
        ):
            self.addOutput(QgsProcessingOutputString(name, words))

    def processAlgorithm(
        self,
        _parameters: dict[str, Any],
        _context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Ask the backend. Raises QgsProcessingException."""
        with open_service(feedback) as service:
            known = service.capabilities
        encoders = [each.name for each in known.encoders if each.available]
        feedback.pushInfo(f"GLUE-Link {known.version} on {known.device.name}")
        for head in known.heads:
            feedback.pushInfo(f"{head.encoder}: {head.title} ({head.name})")
        for each in known.describers:
            feedback.pushInfo(f"{each.name}: {each.remedy or each.title}")
        return {
            "VERSION": known.version,
            "DEVICE": known.device.name,
            "ENCODERS": ",".join(encoders),
            "DESCRIBERS": ",".join(each.name for each in known.describers if each.available),
        }
