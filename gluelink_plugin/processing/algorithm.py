"""What all algorithms share: how they are listed, and the parameters of those that ask scenes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ..client.protocol import EncoderInfo, SceneInfo
from ..jobs.alignment import AlignmentRequest
from ..jobs.describe import DescribeRequest
from ..layers.scene import file_of, no_statistics
from ..maptools.area import Area
from ..translation import mark, tr
from .service import Service

UNITS = {
    "": mark("Automatic"),
    "db": "dB",
    "linear": mark("Linear power"),
    "amplitude": mark("Amplitude"),
    "dn": mark("Digital numbers"),
}


class Algorithm(QgsProcessingAlgorithm):
    """One algorithm; a subclass names itself and does the work in `processAlgorithm`."""

    id_name = ""
    """Its id, without the provider's."""
    title = ""
    """What the toolbox calls it."""
    help_text = ""
    """What it does, in a few sentences."""

    def name(self) -> str:
        """Return the id."""
        return self.id_name

    def displayName(self) -> str:
        """Return what the toolbox shows."""
        return tr(self.title)

    def shortHelpString(self) -> str:
        """Return what the dialog shows beside the parameters."""
        return tr(self.help_text)

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """Return whether an algorithm can run; rasters are opened for it."""
        with no_statistics():
            ok, problem = super().checkParameterValues(parameters, context)
        return bool(ok), str(problem)

    def raster(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsRasterLayer:
        """Return the layer of a parameter. Raises QgsProcessingException."""
        with no_statistics():
            layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        return layer

    def file(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> Path:
        """Return the file of a raster parameter. Raises QgsProcessingException."""
        try:
            return file_of(self.raster(parameters, name, context))
        except ValueError as error:
            raise QgsProcessingException(str(error)) from error

    def createInstance(self) -> Algorithm:
        """Return another one of the kind."""
        return type(self)()


def add_area(algorithm: Algorithm) -> None:
    """Add the parameters of an area: polygons, or else an extent, or else the whole scene."""
    polygons = [QgsProcessing.TypeVectorPolygon]  # in newer versions the scoped name is another
    algorithm.addParameter(
        QgsProcessingParameterFeatureSource("AREA", tr("Area (polygons)"), polygons, optional=True)
    )
    algorithm.addParameter(
        QgsProcessingParameterExtent("EXTENT", tr("or area (extent)"), optional=True)
    )


def add_scene(algorithm: Algorithm, name: str = "INPUT", words: str = "") -> None:
    """Add the parameter of a scene."""
    algorithm.addParameter(QgsProcessingParameterRasterLayer(name, words or tr("Scene")))


def add_phrases(algorithm: Algorithm, optional: bool = False) -> None:
    """Add the parameter of phrases; `optional` where examples may stand alone."""
    words = tr("Phrases, one a line")
    algorithm.addParameter(
        QgsProcessingParameterString("PHRASES", words, multiLine=True, optional=optional)
    )


def add_encoder(algorithm: Algorithm, has_head: bool = True) -> None:
    """Add, under "Advanced", the encoder, the head and the units."""
    extras: list[QgsProcessingParameterDefinition] = [
        QgsProcessingParameterString("ENCODER", tr("Encoder"), optional=True),
        QgsProcessingParameterEnum(
            "UNITS", tr("Units"), [tr(each) for each in UNITS.values()], defaultValue=0
        ),
    ]
    if has_head:
        extras.insert(1, QgsProcessingParameterString("HEAD", tr("Head"), optional=True))
    for extra in extras:
        extra.setFlags(extra.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
        algorithm.addParameter(extra)


def add_describer(algorithm: Algorithm) -> None:
    """Add, under "Advanced", who writes beside the measurements, and state what comes of it."""
    chosen = QgsProcessingParameterString(
        "DESCRIBER", tr("Words by (a tower or model of the backend)"), optional=True
    )
    chosen.setFlags(chosen.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    algorithm.addParameter(chosen)
    written = tr("What the tower or model wrote, which may be wrong")
    algorithm.addOutput(QgsProcessingOutputString("WRITTEN", written))


class Question:
    """The parameters of an algorithm that asks scenes, as they were given."""

    def __init__(
        self, algorithm: Algorithm, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> None:
        self._algorithm, self._parameters, self._context = algorithm, parameters, context

    def path(self, name: str = "INPUT") -> str:
        """Return the file of a scene. Raises QgsProcessingException."""
        return str(self._algorithm.file(self._parameters, name, self._context))

    def options(self) -> dict[str, Any]:
        """Return what is stated of the scene."""
        place = self._algorithm.parameterAsEnum(self._parameters, "UNITS", self._context)
        units = list(UNITS)[place]
        return {"units": units} if units else {}

    def phrases(self) -> list[str]:
        """Return the phrases; lines left empty do not count. None are needed beside examples.

        Raises:
            QgsProcessingException: there is none.
        """
        phrases = self._lines("PHRASES")
        if not phrases and not self._lines("LIKE"):
            raise QgsProcessingException(tr("There is no phrase. Give one, such as open water."))
        return phrases

    def _lines(self, name: str) -> list[str]:
        """Return the lines of a text; none where the algorithm has no such parameter."""
        text = self._algorithm.parameterAsString(self._parameters, name, self._context)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def area(self) -> dict[str, Any]:
        """Return the area as the fields of a request; none for the whole scene.

        Raises:
            QgsProcessingException: the layer has no polygons.
        """
        algorithm, parameters, context = self._algorithm, self._parameters, self._context
        source = algorithm.parameterAsSource(parameters, "AREA", context)
        if source is not None:
            shapes = [each.geometry() for each in source.getFeatures() if each.hasGeometry()]
            if not shapes:
                raise QgsProcessingException(
                    tr("{layer} has no polygons.", layer=source.sourceName())
                )
            area = Area(QgsGeometry.unaryUnion(shapes), source.sourceCrs())
        elif parameters.get("EXTENT"):
            crs: QgsCoordinateReferenceSystem = algorithm.parameterAsExtentCrs(
                parameters, "EXTENT", context
            )
            extent = algorithm.parameterAsExtent(parameters, "EXTENT", context)
            area = Area(QgsGeometry.fromRect(extent), crs)
        else:
            return {}
        return {"aoi": area.as_geojson(), "aoi_crs": area.crs_name()}

    def request(self, service: Service, scene: SceneInfo, phrases: list[str]) -> AlignmentRequest:
        """Return the job that asks a scene. Raises QgsProcessingException."""
        encoder = self.encoder(service, scene).name
        head = self._algorithm.parameterAsString(self._parameters, "HEAD", self._context)
        return AlignmentRequest(
            scene.id,
            phrases,
            encoder,
            head or None,
            but_not=self._lines("BUT_NOT"),
            like=self._places("LIKE"),
            unlike=self._places("UNLIKE"),
            **self.area(),
        )

    def _places(self, name: str) -> list[list[float]]:
        """Return the places of a text, one a line. Raises QgsProcessingException."""
        places = []
        for line in self._lines(name):
            try:
                longitude, latitude = map(float, line.split(","))
            except ValueError as error:
                raise QgsProcessingException(
                    tr(
                        "“{place}” cannot be read as a place. Give longitude and latitude, such as "
                        "11.5755,48.1372.",
                        place=line,
                    )
                ) from error
            places.append([longitude, latitude])
        return places

    def description(
        self, service: Service, scene: SceneInfo, question: str | None = None
    ) -> DescribeRequest:
        """Return the job that describes a scene, or answers. Raises QgsProcessingException."""
        encoder = self.encoder(service, scene).name
        head = self._algorithm.parameterAsString(self._parameters, "HEAD", self._context)
        model = self._algorithm.parameterAsString(self._parameters, "DESCRIBER", self._context)
        return DescribeRequest(
            scene.id,
            encoder,
            question,
            head or None,
            describer=model.strip() or None,
            **self.area(),
        )

    def encoder(self, service: Service, scene: SceneInfo) -> EncoderInfo:
        """Return the encoder that was stated, or the first that reads the scene and has a head.

        One that takes several dates does not read a scene of one.

        Raises:
            QgsProcessingException: none can be used, or not the one that was stated.
        """
        stated = self._algorithm.parameterAsString(self._parameters, "ENCODER", self._context)
        with_heads = {head.encoder for head in service.capabilities.heads}
        usable = [
            each
            for each in service.capabilities.encoders
            if each.available
            and each.modality == scene.modality
            and each.least_dates <= scene.dates
            and each.name in with_heads
        ]
        if not usable:
            raise QgsProcessingException(
                tr(
                    "No encoder that has a head reads {scene}. “Backend status” lists those that "
                    "can be used; give a scene for one of them, or train a head.",
                    scene=scene.name,
                )
            )
        if stated not in ("", *(each.name for each in usable)):
            names = ", ".join(each.name for each in usable)
            raise QgsProcessingException(
                tr(
                    "The encoder {encoder} cannot be used with {scene}. Choose one of: {names}.",
                    encoder=stated,
                    scene=scene.name,
                    names=names,
                )
            )
        return next((each for each in usable if each.name == stated), usable[0])
