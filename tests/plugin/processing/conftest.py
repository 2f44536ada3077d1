"""The provider of the algorithms, and an algorithm run without the panel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)

from gluelink_plugin.processing.provider import GlueLinkProvider


@pytest.fixture(scope="session", autouse=True)
def provider(qgis_app: QgsApplication) -> Iterator[GlueLinkProvider]:
    provider = GlueLinkProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


def run(name: str, **parameters: Any) -> dict[str, Any]:
    """Run an algorithm in this thread; a sentence where it fails."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"gluelink:{name}")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    found, ok = algorithm.run(parameters, context, feedback)
    return found if ok else {"error": feedback.textLog()}
