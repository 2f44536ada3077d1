"""Jobs that ask a scene, over an area, for phrases; the map of each becomes a layer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QTimer

from ..client.call import unwritable
from ..client.codec import part, parts
from ..client.protocol import (
    EMBEDDING,
    ErrorBody,
    Job,
    JobRequest,
    JobResult,
    ResultFile,
)
from ..layers.result import (
    OPTIONS_PROPERTY,
    READING_PROPERTY,
    add_layers,
    describe,
    new_result_path,
    provenance_lines,
)
from ..layers.scene import open_result
from ..layers.style import ALIKE, AMONG_WORDS, set_date
from ..layers.view import FIXED, MapView, show_view
from ..question import BY_RANK, LonLat, Question, labels_of, place_text
from ..session import Session
from ..translation import plural, tr
from ..words import seconds_in_words
from .scene_run import SceneRun, scene_of

WORDS_RANGE = (0.5, 1.0)
"""What is shown of a rank among words: from no better than any word on."""
LEGEND_LETTERS = 24
MOST_READINGS = 3  # in the foot; the notes of the layers have all


@dataclass(frozen=True)
class AlignmentRequest(JobRequest):
    """Ask a scene where the ground looks like each phrase."""

    scene: str
    phrases: list[str]
    encoder: str
    head: str | None = None
    aoi: dict[str, Any] | None = None
    """A GeoJSON polygon in `aoi_crs`; None for the whole scene."""
    aoi_crs: str = "EPSG:4326"
    but_not: list[str] = field(default_factory=list)
    """What is subtracted from each phrase."""
    like: list[list[float]] = field(default_factory=list)
    """Places in example cells, longitude and latitude; `phrases` may be empty then."""
    unlike: list[list[float]] = field(default_factory=list)
    """Places in cells that are subtracted."""
    measure: str | None = None
    """BY_RANK for the share of the head's neutral words that fit a cell worse; else cosines."""
    only_encoded: bool = False
    """Whether the backend refuses the job where it would have to encode."""
    kind: str = "alignment"

    @property
    def summary(self) -> str:
        """What is asked, in a few words."""
        return ", ".join(self.labels)

    @property
    def labels(self) -> list[str]:
        """What the map of each phrase is called."""
        return labels_of(self.question, self.measure)

    @property
    def question(self) -> Question:
        """The phrases and examples."""
        return Question.of_request(vars(self))


@dataclass(frozen=True)
class Reading:
    """What a map says of its phrase."""

    verdict: str
    """found, nothing or unsure."""
    class_name: str | None
    """The class that the phrase means."""
    probability: float | None
    """Of that class where it is highest; None where no probability holds."""
    share: float | None
    """Mean probability over all cells."""
    percentile: float
    """Per cent of the words for all classes that fit the best cell worse."""
    sentence: str
    """The same in words."""


@dataclass(frozen=True)
class PhraseStatistics:
    """One band of the alignment map: its phrase and how its cosines are spread."""

    band: int
    phrase: str
    minimum: float
    maximum: float
    mean: float
    percentile_2: float
    percentile_98: float
    reading: Reading | None = part(Reading, default=None)
    """Whether anything like the phrase is there; None where the head tells nothing of it."""

    @property
    def is_found(self) -> bool:
        """False where nothing like the phrase is there."""
        return self.reading is None or self.reading.verdict != "nothing"


@dataclass(frozen=True)
class AlignmentResult(JobResult):
    """One map, a band for each phrase."""

    km2: float
    cells: int
    windows: int
    seconds: float
    provenance: dict[str, Any]
    files: list[ResultFile] = parts(ResultFile)
    phrases: list[PhraseStatistics] = parts(PhraseStatistics)
    kind: str = "alignment"


def style_band(
    layer: QgsRasterLayer, statistics: PhraseStatistics, request: AlignmentRequest
) -> None:
    """Show a band as its phrase asks: from the 2nd percentile to the largest value."""
    if request.measure == BY_RANK:
        among = MapView(statistics.band, *WORDS_RANGE, AMONG_WORDS, stretch=FIXED, per_cent=True)
        show_view(layer, among)
        return
    low, high = statistics.percentile_2, statistics.maximum
    words = ALIKE
    asked = request.question
    if asked.subtracted:
        aim = replace(asked, but_not=(), unlike=()).labels[statistics.band - 1]
        words = (
            _rather(" or ".join(asked.subtracted)) if low < 0 else ALIKE[0],
            _rather(aim) if high > 0 else ALIKE[1],
        )
    show_view(layer, MapView(statistics.band, low, high, words, statistics.is_found))


def _rather(words: str) -> str:
    short = words if len(words) <= LEGEND_LETTERS else f"{words[: LEGEND_LETTERS - 1]}…"
    return tr("rather {phrase}", phrase=short)


def _cosine(question: Question, band: int) -> str:
    """Return what a value of a band is, in words."""
    phrase = [f"“{question.phrases[band - 1]}”"] if question.phrases else []
    aims = [*phrase, *_cells(question.like)]
    words = f"the {'mean ' if len(aims) > 1 else ''}cosine with {' and '.join(aims)}"
    others = [*(f"“{each}”" for each in question.but_not), *_cells(question.unlike)]
    if others:
        mean = "the mean of those" if len(others) > 1 else "that"
        words += f" less {mean} with {' and '.join(others)}"
    return words


def _cells(places: Sequence[LonLat]) -> list[str]:
    return [f"the cell at {place_text(place)}" for place in places]


class AlignmentRun(SceneRun):
    """Asks the session's scene, over its area, with its encoder and head; adds the maps."""

    def __init__(self, session: Session, question: Question, measure: str | None = None) -> None:
        scene, source = scene_of(session)
        encoder, head = session.pair
        asked = {**question.fields(), "measure": measure, **session.aoi()}
        request = AlignmentRequest(scene.id, encoder=encoder, head=head, **asked)
        super().__init__(session, source, request)
        self._asked = request
        self._question = question
        self._scene = source.name
        self._opened: list[QgsRasterLayer] = []

    def collect(self, job: Job, result: AlignmentResult) -> None:
        """Fetch the file of the map."""
        name = next((file.name for file in result.files if file.name.endswith(".tif")), "")
        try:
            path = new_result_path(self._scene, self._asked.labels)
        except OSError as error:
            self.failed.emit(unwritable(Path(error.filename), error))
            return
        self._api.download(
            f"/v1/jobs/{job.id}/files/{name}",
            path,
            lambda path: self._open(job, result, path),
            self.failed.emit,
            lane="job",
        )

    def _open(self, job: Job, result: AlignmentResult, path: Path) -> None:
        """Open one band after another: the window stays awake between them."""
        if self.cancelling:
            return
        try:
            self._opened.append(self._layer(job, result, result.phrases[len(self._opened)], path))
        except ValueError as error:
            self.failed.emit(ErrorBody("output_unreadable", str(error)))
            return
        if len(self._opened) < len(result.phrases):
            soon = QTimer(self, singleShot=True, timeout=lambda: self._open(job, result, path))
            soon.start(0)
        else:
            self.done.emit(job, self._opened)

    def show(self, _job: Job, result: AlignmentResult, layers: list[QgsRasterLayer]) -> str:
        """Add the layer of each phrase to the project."""
        add_layers(layers, self._source)
        self._session.show_map(layers[0])
        crs, maps = layers[0].crs(), tuple(layer.id() for layer in layers)
        self._session.keep_run(
            self.kept(result.km2, layers[0].extent(), crs.authid() or crs.toWkt(), layers=maps)
        )
        self._session.logged.emit(f"{layers[0].source()} was added.")
        count = plural("1 map", "%n maps", len(result.phrases))
        readings = [f"“{p.phrase}”: {p.reading.sentence}." for p in result.phrases if p.reading]
        done = tr(
            "Done in {time}: {maps} in “{scene}”.",
            time=seconds_in_words(self.waited_s),
            maps=count,
            scene=self._scene,
        )
        return "\n".join([done, *readings[:MOST_READINGS]])

    def _values_of(self, band: int) -> tuple[str, str]:
        """Return what the values of a band are called, and what they are in a sentence."""
        question = self._question
        if self._asked.measure == BY_RANK:
            title = (
                f"the share of neutral words that fit a cell worse than "
                f"“{question.phrases[band - 1]}” does, for every cell of {self._scene}"
            )
            return "rank among words", title
        value = "contrast" if question.subtracted else "cosine"
        return value, f"{_cosine(question, band)} of every cell of {self._scene}"

    def _layer(
        self, job: Job, result: AlignmentResult, statistics: PhraseStatistics, path: Path
    ) -> QgsRasterLayer:
        phrase = statistics.phrase
        layer = open_result(path, f"{phrase} · {self._scene}")
        style_band(layer, statistics, self._asked)
        reading = statistics.reading.sentence if statistics.reading is not None else ""
        scene = result.provenance.get("scene", {})
        set_date(layer, scene.get("date") or "", scene.get("units") == EMBEDDING)
        span = f"{statistics.minimum:.3f} to {statistics.maximum:.3f}"
        question = self._question
        value, title = self._values_of(statistics.band)
        notes = [
            ("phrase", phrase),
            ("scene", self._scene),
            ("area", f"{result.km2:.1f} km², {result.cells} cells"),
            ("windows encoded", str(result.windows)),
            ("example cells", "; ".join(map(place_text, question.like))),
            ("cells subtracted", "; ".join(map(place_text, question.unlike))),
            (value, span),
            ("reading", reading),
            *provenance_lines(result.provenance),
        ]
        describe(
            layer,
            f"gluelink:{job.id}:{statistics.band}",
            f"Alignment map: {title}, from {span}.",
            {"phrase": [phrase]},
            notes,
            self.request,
            result.provenance,
            self._source,
        )
        layer.setCustomProperty(OPTIONS_PROPERTY, json.dumps(self._options))
        layer.setCustomProperty(READING_PROPERTY, reading)
        return layer
