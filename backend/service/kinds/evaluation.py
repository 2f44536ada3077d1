"""Jobs that measure heads on a survey of the user's folder; each leaves the tables.

The evaluation is imported when it is asked for: few services ever measure.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from backend.errors import ConfigInvalid, HeadUnknown
from backend.progress import Progress
from backend.resources import head_files
from backend.service.context import Context
from backend.service.kinds import Checked, Kind, KindRequest, KindResult
from backend.service.names import require_name, survey_path
from backend.service.schemas import ResultFile

if TYPE_CHECKING:
    from backend.evaluation.comparison import Candidate
    from backend.survey import Survey

MEDIA_TYPES = {
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".tex": "text/x-tex; charset=utf-8",
}
"""By the ending of a table's name."""


class EvaluationRequest(KindRequest):
    """Measure heads, and encoders that need none, on the test split of a survey."""

    kind: Literal["evaluation"]
    survey: str
    """The name of a survey in the user's folder."""
    heads: Annotated[list[str], Field(max_length=16)] = Field(default_factory=list)
    """Names of heads; the tables are as wide as a page."""
    references: Annotated[list[str], Field(max_length=16)] = Field(default_factory=list)
    """Names of encoders that bring their own text space, such as towers: measured beside heads, on
    the photographs in the space of the first head, or the survey's only one."""
    seed: int = Field(0, ge=0, lt=2**32)
    """Draws phrases and resamples."""
    resamples: int = Field(200, ge=0, le=1000)
    """Resamples behind an interval."""

    @property
    def summary(self) -> str:
        """The heads and the survey."""
        return f"measure {', '.join(self.heads + self.references)} on {self.survey}"


class EvaluationResult(KindResult):
    """Tables 1 and 2 as text, CSV, JSON and LaTeX."""

    kind: Literal["evaluation"] = "evaluation"
    files: list[ResultFile]
    tiles: dict[str, int]
    """How many tiles each head was measured on."""
    seconds: float


def check(request: EvaluationRequest, context: Context) -> Checked:
    """Raise what is known at once: names, survey, and heads that do not fit it."""
    from backend.survey import open_survey

    survey = open_survey(survey_path(request.survey))
    _require_heads(request)
    candidates = _candidates(request, survey)
    measured = [
        str(one.head.sha256 if one.head else one.spec.identity) for one in candidates.values()
    ]
    return Checked(depends_on=" ".join(measured))


def _candidates(request: EvaluationRequest, survey: "Survey") -> "dict[str, Candidate]":
    """Return the heads and references that are measured.

    Raises:
        ConfigInvalid: there is none, or photographs are in several spaces and no head chooses one.
        GlueLinkError: what `open_candidates` raises.
    """
    from backend.evaluation.comparison import open_candidates

    if not request.heads and not request.references:
        raise ConfigInvalid(
            "Neither a head nor a reference was given.", "Give heads, or references."
        )
    return open_candidates(request.heads, request.references, survey)


def _require_heads(request: EvaluationRequest) -> None:
    """Check the names of heads.

    Raises:
        HeadUnknown: there is none of a name, or it is a path.
    """
    known = {path.stem for path in head_files()}
    for name in request.heads:
        if require_name(name, "head") not in known:
            raise HeadUnknown(
                f'There is no head "{name}".', "GET /v1/capabilities lists the heads."
            )


def run(
    request: EvaluationRequest, context: Context, folder: Path, progress: Progress
) -> EvaluationResult:
    """Write the tables into `folder`."""
    from backend.evaluation import write_tables
    from backend.evaluation.comparison import (
        compare_heads,
        embed_questions,
        load_texts,
    )
    from backend.survey import open_survey
    from backend.text.vocabulary import load_vocabulary

    began = time.monotonic()
    survey, words = open_survey(survey_path(request.survey)), load_vocabulary(None)
    candidates = _candidates(request, survey)
    progress("Loading the text encoder", 0, 1)
    texts = load_texts(candidates, survey, None, None)
    questions = embed_questions(texts, words, progress)
    evaluations = compare_heads(
        survey,
        candidates,
        questions,
        words,
        seed=request.seed,
        resamples=request.resamples,
        progress=progress,
    )
    write_tables(folder, evaluations)
    files = [
        ResultFile(name=path.name, bytes=path.stat().st_size, media_type=MEDIA_TYPES[path.suffix])
        for path in sorted(folder.iterdir())
    ]
    tiles = {name: evaluation.tiles for name, evaluation in evaluations.items()}
    return EvaluationResult(files=files, tiles=tiles, seconds=time.monotonic() - began)


KIND = Kind(EvaluationRequest, EvaluationResult, check, run)
