"""Heads from elsewhere: python -m backend.heads import FILE --encoder NAME --text NAME."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.commands import new_app, require_names, require_path, run
from backend.errors import ConfigInvalid
from backend.resources import head_files, user_path

if TYPE_CHECKING:
    from backend.encoders import EncoderSpec

app = new_app("Heads from elsewhere.")


@app.callback()
def main() -> None:
    """Heads from elsewhere."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Safetensors, or a state dict of torch.")],
    encoder: Annotated[str, typer.Option(help="Encoder that it was fitted on.")],
    text: Annotated[str, typer.Option(help="Text encoder that it was fitted on.")],
    scaling: Annotated[
        str | None,
        typer.Option(help="How the encoder's input was scaled, such as published or z-score."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name to choose it by; the file's when left out.")
    ] = None,
    title: Annotated[str, typer.Option(help="What the panel shows.")] = "",
) -> None:
    """Take a linear layer or a 1 x 1 convolution for a head.

    Its weight is (D, d), its bias (D,) or none. A cell F is linked as F W + b; a view that is
    pooled over its wedge takes b times the mean of the wedge.

    Example: python -m backend.heads import layer.pt --encoder ssl4eo-s1 --scaling z-score
    --text siglip2-so400m --title "SSL4EO-S1, fitted by Jo"
    """
    require_path(file)
    require_names(encoder, text)
    name = _free_name(name or file.stem)
    from backend.link import save_head
    from backend.link.linear import import_head
    from backend.text import load_text_encoder

    spec = scaled_spec(encoder, scaling)
    space = load_text_encoder(text).space
    path = user_path("heads", f"{name}.safetensors")
    save_head(import_head(file, spec, text, space, name, title), path)
    typer.echo(f"{name} belongs to {spec.name} ({spec.identity}) and {text} ({space}).")
    typer.echo(f"It lies in {path}.")


def scaled_spec(name: str, scaling: str | None) -> EncoderSpec:
    """Return the encoder of this name, or the one of the same weights that scales its input so.

    Raises:
        EncoderUnknown: there is no encoder of this name.
        ConfigInvalid: the weights have no encoder of this scaling.
        WeightsMissing: the weights that a head belongs to are not here.
        WeightsInvalid: they are damaged, or another model's.
    """
    from backend.encoders import list_encoders, load_encoder

    specs = {spec.name: spec for spec in list_encoders()}
    if name not in specs or specs[name].unavailable:
        return load_encoder(name).spec
    named = specs[name]
    if scaling in (None, named.scaling):
        return named
    same = [spec for spec in specs.values() if spec.weights_hash == named.weights_hash]
    known = {spec.scaling: spec for spec in same if spec.scaling and spec.grid == named.grid}
    if scaling not in known:
        raise ConfigInvalid(
            f"{name} does not have the scaling {scaling!r}.",
            f"It is known with: {', '.join(known) or 'one alone, which has no name'}.",
        )
    return known[scaling]


def _free_name(name: str) -> str:
    if Path(name).name != name or name.startswith("."):
        raise ConfigInvalid(f"{name!r} cannot be the name of a head.", "Give another: --name.")
    if name in {path.stem for path in head_files()}:
        raise ConfigInvalid(f"There is a head {name} already.", "Give another name: --name.")
    return name


if __name__ == "__main__":
    run(app)
