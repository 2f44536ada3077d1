"""Fit a head; train a tower, CLIP, adapter or recogniser: python -m backend.train FILE."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from backend.commands import (
    Device,
    new_app,
    progress_bar,
    require_names,
    require_path,
    require_survey,
    run,
)
from backend.device import require_alone
from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    from backend.towers.files import TowerCard
    from backend.training import RunFolder
    from backend.training.clips.card import ClipCard

HEAD, TOWER, CLIP = "head", "tower", "clip"
SHARED = (TOWER, CLIP)
"""The kinds that several processes train together."""
OF_HEADS = (
    *("survey", "captions", "captions_weight", "encoder", "text", "solver", "epochs"),
    *("pooling", "extent_m"),
)
"""The options that say how a head is fitted."""

app = new_app()


@app.command()
def main(
    configuration: Annotated[
        Path | None, typer.Argument(help="A training configuration in YAML, also by --config.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="A training configuration in YAML.")] = None,
    encoder: Annotated[
        str | None, typer.Option(help="Encoder to link, or of a recogniser.")
    ] = None,
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
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of the corpus; heads learn from a survey instead.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Name or folder of the model of an adapter.")
    ] = None,
    pooling: Annotated[
        Literal["wedge", "mean"] | None,
        typer.Option(help="Of the features: wedge, unless the configuration says mean."),
    ] = None,
    extent_m: Annotated[
        float | None, typer.Option(help="Side of the ground that was pooled, as in `encode`.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File of the model to write, or folder of an adapter."),
    ] = None,
    device: Device = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what an earlier run did.")] = False,
) -> None:
    """Fit a head on a survey; go on where an earlier run stopped.

    Writes NAME.safetensors, and a folder NAME with its configuration, learning curve and card.
    A configuration of the kind tower trains a tower on a corpus instead, one of the kind clip a
    published CLIP further (docs/towers.md), one of the kind recogniser what finds classes, counts,
    segments or boxes (docs/recognisers.md), one of the kind adapter an adapter of a published
    model, which is a folder (docs/adapters.md).

    Example: python -m backend.train --config resources/configs/paper.yaml --survey lucas.zarr
    --encoder ssl4eo-s1 -o runs/ssl4eo.safetensors
    """
    if configuration is not None and config is not None:
        raise ConfigInvalid("Two configurations were given.", "Leave --config out.")
    config = config or configuration
    require_names(encoder, text)
    require_path(config)
    require_survey(survey)
    require_survey(captions)
    of_head = (survey, captions, captions_weight, encoder, text, solver, epochs, pooling, extent_m)
    given = dict(zip(OF_HEADS, of_head, strict=True)) | {"corpus": corpus, "model": model}
    kind = _kind_of(config) if config else HEAD
    if kind not in SHARED:
        require_alone(f"What is of the kind {kind} is trained")
    what, takes, train = KINDS[kind]
    own = {name: value for name, value in given.items() if name in takes}
    stray = next((name for name in given if name not in takes and given[name] is not None), None)
    if stray is not None:
        raise ConfigInvalid(
            f"{config or 'The configuration'} trains {what}, which --{stray.replace('_', '-')} is "
            "not for.",
            "Leave it out, or give a configuration of another kind: see resources/configs.",
        )
    train(config, own | {"output": output, "device": device}, fresh)


def _fit_head(config: Path | None, options: Mapping[str, Any], fresh: bool) -> None:
    """Fit a head on a survey, and say what became of it."""
    from backend.training import RunFolder, read_config, train_head
    from backend.training.linking.card import describe_l2, shortfall_of

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
    _show_end(folder, was_finished)


def _train_adapter(config: Path, options: Mapping[str, Any], fresh: bool) -> None:
    """Train an adapter, and say where it is."""
    require_path(options["corpus"], "folder")
    from backend.training import RunFolder, train
    from backend.training.adapting import Adapting, read_adapter_config

    configuration = read_adapter_config(config, options)
    folder = RunFolder(configuration.output)
    was_finished = folder.finished and not fresh
    with progress_bar() as progress:
        train(Adapting(configuration, progress), fresh=fresh)
    _show_end(folder, was_finished)


def _train_recogniser(config: Path, options: Mapping[str, Any], fresh: bool) -> None:
    """Train a recogniser, and say what became of it."""
    require_path(options["corpus"], "folder")
    from backend.training import RunFolder, train
    from backend.training.recognising import Recognising, read_recogniser_config
    from backend.training.recognising.card import shown

    configuration = read_recogniser_config(config, options)
    folder = RunFolder(configuration.output)
    was_finished = folder.finished and not fresh
    with progress_bar() as progress:
        card = train(Recognising(configuration, progress), fresh=fresh)
    for name in (one for one in card.scores if " " not in one):  # not those of single classes
        figure, chance = (shown(name, of[name]) for of in (card.scores, card.chance))
        typer.echo(f"{card.name}: {name} {figure} on test chips, {chance} by chance")
    _show_end(folder, was_finished)


def _kind_of(path: Path) -> str:
    """Return what a configuration trains."""
    from backend.training.fields import read_fields

    kind = read_fields(path).get("kind", HEAD)
    if not isinstance(kind, str) or kind not in KINDS:
        *others, last = KINDS
        raise ConfigInvalid(
            f"The field kind of {path} is {json.dumps(kind, default=str)}; expected "
            f"{', '.join(others)} or {last}.",
            "See resources/configs.",
        )
    return kind


def _train_tower(path: Path, options: Mapping[str, Any], fresh: bool) -> None:
    """Train a tower, and say what became of it."""
    from backend.training import RunFolder
    from backend.training.towers import read_tower_config, train_tower

    configuration = read_tower_config(path, options)
    folder = RunFolder(configuration.output)
    was_finished = folder.finished and not fresh
    with progress_bar() as progress:
        card = train_tower(configuration, fresh=fresh, progress=progress)
    if card is None:  # one of several processes, of which the first tells
        return
    if "mR" in card.scores:
        _show_recall(card)
    if card.writes:
        kinds = " and ".join(f"{kind}s" for kind in card.writes)
        typer.echo(
            f"{card.name} writes {kinds}: a word's loss is {card.scores['lm']:.3f} on test chips"
        )
    _show_end(folder, was_finished, "towers", "it")


def _train_clip(path: Path, options: Mapping[str, Any], fresh: bool) -> None:
    """Train a CLIP further, and say what became of it."""
    from backend.training import RunFolder
    from backend.training.clips import read_clip_config, train_clip

    configuration = read_clip_config(path, options)
    folder = RunFolder(configuration.output)
    was_finished = folder.finished and not fresh
    with progress_bar() as progress:
        card = train_clip(configuration, fresh=fresh, progress=progress)
    if card is None:  # one of several processes, of which the first tells
        return
    _show_recall(card)
    _show_end(folder, was_finished, "clips", "it and its JSON")


def _show_recall(card: "TowerCard | ClipCard") -> None:
    mean, chance = 100 * card.scores["mR"], 100 * card.training["chance"]
    typer.echo(f"{card.name}: mR {mean:.1f} on test chips, {chance:.1f} by chance")


def _show_end(
    folder: "RunFolder", was_finished: bool, place: str | None = None, what: str = ""
) -> None:
    """Say where the result lies, and into which of the user's folders what of it belongs."""
    from backend.resources import user_path

    if was_finished:
        typer.echo(f"{folder.output} was trained before; --fresh trains it anew.")
        return
    typer.echo(f"{folder.output} is ready; {folder.card} tells about it.")
    if place and folder.output.parent.resolve() != user_path(place).resolve():
        typer.echo(f"To choose it as an encoder, put {what} into {user_path(place)}.")


class Kind(NamedTuple):
    """What configurations of a kind train."""

    what: str
    takes: frozenset[str]
    """The options that it has a use for, beside output and device."""
    train: Callable[[Any, Mapping[str, Any], bool], None]


KINDS = {
    HEAD: Kind("a head", frozenset(OF_HEADS), _fit_head),
    TOWER: Kind("a tower", frozenset({"corpus"}), _train_tower),
    CLIP: Kind("a CLIP", frozenset({"corpus"}), _train_clip),
    "adapter": Kind("an adapter", frozenset({"corpus", "model", "epochs"}), _train_adapter),
    "recogniser": Kind(
        "a recogniser", frozenset({"corpus", "encoder", "epochs"}), _train_recogniser
    ),
}


if __name__ == "__main__":
    run(app)
