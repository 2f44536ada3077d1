"""Jobs that fit a head on a survey of the user's folder; a killed one goes on at its last epoch.

Training is imported when it is asked for: few services ever train.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from backend.encoders import list_encoders
from backend.errors import ConfigInvalid
from backend.progress import Progress
from backend.resources import head_files, user_path
from backend.service.context import Context
from backend.service.kinds import Checked, Kind, KindRequest, KindResult
from backend.service.names import require_name, survey_path

if TYPE_CHECKING:
    from backend.training import TrainConfig


class TrainingRequest(KindRequest):
    """Fit a head that links an encoder to a text space."""

    kind: Literal["training"]
    head: str
    """The name of the new head. A job of the same request goes on where an earlier one stopped."""
    survey: str
    """The name of a survey in the user's folder."""
    encoder: str
    text: str | None = None
    """The text encoder; the survey's only one when left out."""
    solver: Literal["adamw", "ridge"] = "adamw"
    epochs: int = Field(20, ge=1, le=1000)
    """Of adamw."""
    pooling: Literal["wedge", "mean"] = "wedge"
    extent_m: float | None = Field(None, gt=0, le=100_000)
    """Side of the ground that was pooled; the encoder's whole window when left out."""
    title: str = Field("", max_length=200)

    @property
    def summary(self) -> str:
        """The head and the survey."""
        return f"train {self.head} on {self.survey}"


class TrainingResult(KindResult):
    """The head, which can be asked by its name from now on."""

    kind: Literal["training"] = "training"
    head: str
    scores: dict[str, float]
    """Mean cosines, as on the model card."""
    summary: str
    """What it was trained on, in one sentence."""
    card: str
    """The model card in Markdown."""
    seconds: float


def check(request: TrainingRequest, context: Context) -> Checked:
    """Check names, survey and configuration, before anything is read as a whole.

    Raises:
        ConfigInvalid: another head has that name, or the configuration cannot be.
        GlueLinkError: what `open_survey` and `RunFolder.begin` raise.
    """
    from backend.survey import open_survey
    from backend.training import RunFolder

    config = configuration(request)
    open_survey(survey_path(request.survey)).text(request.text)
    if request.encoder not in [spec.name for spec in list_encoders()]:
        context.models.spec(request.encoder)  # says that there is none
    if any(path.stem == request.head and path != config.output for path in head_files()):
        raise ConfigInvalid(f'There is a head "{request.head}" already.', "Choose another name.")
    RunFolder(config.output).begin(config, fresh=False)
    return Checked(depends_on="")


def configuration(request: TrainingRequest) -> TrainConfig:
    """Return what is asked as the training has it.

    Raises:
        HeadUnknown: the head's name cannot be one.
        SurveyInvalid: the survey's name cannot be one.
        ConfigInvalid: a value is wrong.
    """
    from backend.training import read_config

    fields = request.model_dump(exclude={"kind", "head", "survey"})
    output = user_path("heads", f"{require_name(request.head, 'head')}.safetensors")
    return read_config(None, fields | {"survey": survey_path(request.survey), "output": output})


def run(
    request: TrainingRequest, context: Context, folder: Path, progress: Progress
) -> TrainingResult:
    """Fit the head into the user's folder; the run's own folder lies beside it."""
    from backend.training import RunFolder, train_head

    began = time.monotonic()
    config = configuration(request)
    meta = train_head(config, progress=progress).meta
    return TrainingResult(
        head=request.head,
        scores=meta.scores,
        summary=meta.summary,
        card=RunFolder(config.output).card.read_text(encoding="utf-8").strip(),
        seconds=time.monotonic() - began,
    )


KIND = Kind(TrainingRequest, TrainingResult, check, run)
