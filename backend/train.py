"""Fit a head on a survey: python -m backend.train --config FILE.yaml."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
import typer
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from backend import __version__
from backend.commands import new_app, progress_bar, run
from backend.encoders import Encoder, load_encoder
from backend.errors import ConfigInvalid
from backend.link import HeadMeta, LinkHead, fit_head, mask_means, save_head
from backend.link.fit import Recipe
from backend.progress import Progress, silent
from backend.resources import user_path
from backend.survey import Survey, open_survey
from backend.survey.build import Simulation, build_simulated_survey
from backend.text import load_text_encoder


class TrainConfig(BaseModel):
    """A training run. Exactly one of `survey` and `simulation` says what to learn from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    encoder: str = "texture-s1"
    text: str = "minilm"
    survey: Path | None = None
    simulation: Simulation | None = None
    solver: Literal["adamw", "ridge"] = "adamw"
    recipe: Recipe = Recipe()
    output: Path


def read_config(path: Path | None, overrides: dict[str, Any]) -> TrainConfig:
    """The configuration of a YAML file with options laid over it. ConfigInvalid names the field."""
    try:
        fields = yaml.safe_load(path.read_text()) if path else {}
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigInvalid(
            f"{path} cannot be read as YAML: {error}.", "Check the file."
        ) from error
    if not isinstance(fields, dict):
        raise ConfigInvalid(f"{path} holds no fields.", "See resources/configs/demo.yaml.")
    epochs = overrides.pop("epochs", None)
    fields |= {name: value for name, value in overrides.items() if value is not None}
    if overrides.get("survey"):
        fields.pop("simulation", None)
    if epochs is not None:
        fields["recipe"] = {**fields.get("recipe", {}), "epochs": epochs}
    try:
        config = TrainConfig.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ConfigInvalid(
            f"The field {field or 'survey'} of the configuration: {first['msg'].lower()}.",
            "See resources/configs/demo.yaml.",
        ) from error
    if (config.survey is None) == (config.simulation is None):
        raise ConfigInvalid(
            "The configuration needs either survey or simulation, not both and not none.",
            "Give --survey DIR, or a simulation in the configuration.",
        )
    return config


def train_head(config: TrainConfig, device: str | None, progress: Progress = silent) -> LinkHead:
    """Build the survey if it is simulated, fit the head, measure it, and write it."""
    encoder = load_encoder(config.encoder, device=device)
    if config.simulation:
        survey = _simulated(config.simulation, config.text, encoder, progress)
    else:
        survey = open_survey(config.survey or Path())
    views = survey.views(encoder.spec, "train")
    head = fit_head(
        views.pooled,
        views.photos,
        views.valid,
        config.solver,
        grid=encoder.spec.grid,
        recipe=config.recipe,
        progress=progress,
    )
    meta = HeadMeta(
        name=config.output.stem,
        title=config.title or f"{encoder.spec.name} on {survey.path.stem}",
        encoder=encoder.spec.name,
        encoder_identity=encoder.spec.identity,
        text=survey.text(),
        text_space=survey.space(survey.text()),
        scores=view_cosines(head, survey, encoder),
        summary=_summary(survey, len(views)),
        training={
            "solver": config.solver,
            "recipe": dataclasses.asdict(config.recipe),
            "survey": survey.source,
            "points": {"train": len(views), "all": len(survey)},
            "version": __version__,
        },
    )
    head = dataclasses.replace(head, meta=meta)
    save_head(head, config.output)
    return head


def view_cosines(head: LinkHead, survey: Survey, encoder: Encoder) -> dict[str, float]:
    """Mean over the views of cos(g_v, photograph), validation and test.

    Beside it what the mean photograph of the training split reaches: a head that has learnt
    nothing about places comes to that.
    """
    train = survey.views(encoder.spec, "train")
    mean_photo = train.photos[train.valid].float().mean(dim=0)
    means = mask_means(encoder.spec.grid).to(mean_photo)[:, None]
    scores = {}
    for split in ("validation", "test"):
        held = survey.views(encoder.spec, split)
        photos, valid = held.photos.float(), held.valid
        views = held.pooled.float() @ head.weight + means * head.bias
        for name, guess in (("cosine", views), ("cosine_of_mean", mean_photo)):
            cosines = torch.nn.functional.cosine_similarity(guess.expand_as(photos), photos, dim=-1)
            scores[f"{split}_{name}"] = round(float(cosines[valid].mean()), 4)
    return scores


def _simulated(simulation: Simulation, text: str, encoder: Encoder, progress: Progress) -> Survey:
    """The survey of this simulation, kept between runs."""
    made_by = [dataclasses.asdict(simulation), text, encoder.spec.identity, __version__]
    identity = json.dumps(made_by)
    key = hashlib.sha256(identity.encode()).hexdigest()[:16]
    path = user_path("surveys", f"simulated-{key}")
    text_encoder = load_text_encoder(text, device=encoder.device, remember=False)
    return build_simulated_survey(path, simulation, encoder, text_encoder, progress)


def _summary(survey: Survey, points: int) -> str:
    kind = survey.source.get("kind") if isinstance(survey.source, dict) else None
    if kind == "simulated":
        return (
            f"Trained on {points} points of simulated landscapes only; it never saw a real scene."
        )
    return f"Trained on {points} points of the survey {survey.path.stem}."


app = new_app()


@app.command()
def main(
    config: Annotated[Path | None, typer.Option(help="A training configuration in YAML.")] = None,
    encoder: Annotated[str | None, typer.Option(help="Encoder to link.")] = None,
    text: Annotated[str | None, typer.Option(help="Text encoder to link to.")] = None,
    survey: Annotated[Path | None, typer.Option(help="Folder of a survey cache.")] = None,
    solver: Annotated[str | None, typer.Option(help="adamw or ridge.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs of adamw.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Head to write.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; chosen when left out.")] = None,
) -> None:
    """Fit a head on a survey.

    Example: python -m backend.train --config resources/configs/demo.yaml -o head.safetensors
    """
    options = {
        "encoder": encoder,
        "text": text,
        "survey": survey,
        "solver": solver,
        "epochs": epochs,
        "output": output,
    }
    with progress_bar() as progress:
        head = train_head(read_config(config, options), device, progress)
    scores = ", ".join(f"{name} {value:.3f}" for name, value in head.meta.scores.items())
    typer.echo(f"{head.meta.name}: {scores}")


if __name__ == "__main__":
    run(app)
