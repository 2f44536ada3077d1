"""Fit a head on a survey, or train a tower: python -m backend.train --config FILE.yaml."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from backend.commands import new_app, progress_bar, require_names, require_path, require_survey, run
from backend.errors import ConfigInvalid

app = new_app()


@app.command()
def main(
    config: Annotated[Path | None, typer.Option(help="A training configuration in YAML.")] = None,
    encoder: Annotated[str | None, typer.Option(help="Encoder to link.")] = None,
    text: Annotated[str | None, typer.Option(help="Text encoder to link to.")] = None,
    survey: Annotated[Path | None, typer.Option(help="Folder of a survey cache.")] = None,
    captions: Annotated[
        Path | None,
        typer.Option(help="A survey of captions, learnt from together with the photographs."),
    ] = None,
    captions_weight: Annotated[
        float | None, typer.Option(help="Pairs of captions for each of a photograph; 1.")
    ] = None,
    solver: Annotated[
        Literal["adamw", "ridge"] | None,
        typer.Option(help="adamw, unless the configuration says ridge."),
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs of adamw.")] = None,
    corpus: Annotated[Path | None, typer.Option(help="Folder of the corpus of a tower.")] = None,
    pooling: Annotated[
        Literal["wedge", "mean"] | None,
        typer.Option(help="Of the features: wedge, unless the configuration says mean."),
    ] = None,
    extent_m: Annotated[
        float | None, typer.Option(help="Side of the ground that was pooled, as in `encode`.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Head to write.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; chosen when left out.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what an earlier run did.")] = False,
) -> None:
    """Fit a head on a survey; go on where an earlier run stopped.

    Writes NAME.safetensors, and a folder NAME with its configuration, learning curve and card.
    A configuration of the kind tower trains a tower on a corpus instead: docs/towers.md.

    Example: python -m backend.train --config resources/configs/paper.yaml --survey lucas.zarr
    --encoder ssl4eo-s1 -o runs/ssl4eo.safetensors
    """
    require_names(encoder, text)
    require_path(config)
    require_survey(survey)
    require_survey(captions)
    if config is not None and _kind_of(config) == "tower":
        heads: dict[str, Any] = {
            "--encoder": encoder,
            "--text": text,
            "--survey": survey,
            "--captions": captions,
        }
        heads |= {"--captions-weight": captions_weight, "--solver": solver, "--epochs": epochs}
        heads |= {"--pooling": pooling, "--extent-m": extent_m}
        if given := [name for name, value in heads.items() if value is not None]:
            raise ConfigInvalid(
                f"{config} trains a tower, which {given[0]} is not for.",
                "Leave it out; the fields of the file say the rest.",
            )
        _train_tower(config, {"corpus": corpus, "output": output, "device": device}, fresh)
        return
    if corpus is not None:
        raise ConfigInvalid(
            "--corpus is for a tower, and the configuration trains a head.",
            "Give a configuration of the kind tower, or --survey.",
        )
    from backend.training import RunFolder, read_config, train_head
    from backend.training.linking.card import describe_l2, shortfall_of

    options = {
        "encoder": encoder,
        "text": text,
        "survey": survey,
        "captions": captions,
        "captions_weight": captions_weight,
        "solver": solver,
        "epochs": epochs,
        "pooling": pooling,
        "extent_m": extent_m,
        "output": output,
        "device": device,
    }
    configuration = read_config(config, options)
    folder = RunFolder(configuration.output)
    was_finished = folder.finished and not fresh
    with progress_bar() as progress:
        head = train_head(configuration, fresh=fresh, progress=progress)
    scores = ", ".join(f"{name} {value:.3f}" for name, value in head.meta.scores.items())
    typer.echo(f"{head.meta.name}: {scores or 'no validation or test views to measure it on'}")
    if "l2" in head.meta.training:
        typer.echo(f"Solved with {describe_l2(head.meta.training)}.")
    if shortfall := shortfall_of(head.meta):
        typer.echo(shortfall)
    if was_finished:
        typer.echo(f"{folder.output} was trained before; --fresh trains it anew.")
    else:
        typer.echo(f"{folder.output} is ready; {folder.card} tells about it.")


def _kind_of(path: Path) -> str:
    """Return what a configuration trains."""
    from backend.training.fields import read_fields

    return str(read_fields(path).get("kind", "head"))


def _train_tower(path: Path, options: dict[str, Any], fresh: bool) -> None:
    """Train a tower, and say what became of it."""
    from backend.resources import user_path
    from backend.training import RunFolder
    from backend.training.towers import read_tower_config, train_tower

    configuration = read_tower_config(path, options)
    folder = RunFolder(configuration.output)
    was_finished = folder.finished and not fresh
    with progress_bar() as progress:
        card = train_tower(configuration, fresh=fresh, progress=progress)
    mean, chance = 100 * card.scores["mR"], 100 * card.training["chance"]
    typer.echo(f"{card.name}: mR {mean:.1f} on test chips, {chance:.1f} by chance")
    if was_finished:
        typer.echo(f"{folder.output} was trained before; --fresh trains it anew.")
        return
    typer.echo(f"{folder.output} is ready; {folder.card} tells about it.")
    towers = user_path("towers")
    if folder.output.parent.resolve() != towers.resolve():
        typer.echo(f"To choose it as an encoder, put it into {towers}.")


if __name__ == "__main__":
    run(app)
