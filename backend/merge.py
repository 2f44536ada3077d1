"""Put an adapter into its tower or CLIP: python -m backend.merge START ADAPTER -o NAME."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backend.commands import new_app, require_path, run
from backend.resources import tower_path, user_path

app = new_app()


@app.command()
def main(
    start: Annotated[
        str, typer.Argument(help="Name or file of the tower or CLIP that the adapter belongs to.")
    ],
    adapter: Annotated[Path, typer.Argument(help="Folder with PEFT's two files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Tower or CLIP to write.")],
) -> None:
    """Write the tower or CLIP that a low-rank adapter makes of another one.

    `train` does this with every adapter that it trains; here with one from elsewhere. An adapter
    of which a tensor would do nothing is refused.

    Example: python -m backend.merge remoteclip harbours/ -o ~/.gluelink/clips/harbours.safetensors
    """
    file = tower_path(start)
    require_path(adapter, "folder")
    from backend.training.linking.config import as_safetensors
    from backend.training.merging import merge_adapter

    output = as_safetensors(output)
    known = merge_adapter(file, adapter, output)
    typer.echo(f"{output} is ready.")
    if not known:
        typer.echo(
            f"The adapter has no hash of the weights that it was trained for, and its tensors fit "
            f"all models of their size: that {file.name} is the right one, nothing says."
        )
    is_clip = output.with_suffix(".json").is_file()
    folder, what = (
        user_path("clips" if is_clip else "towers"),
        "it and its JSON" if is_clip else "it",
    )
    if output.parent.resolve() != folder.resolve():
        typer.echo(f"To choose it as an encoder, put {what} into {folder}.")


if __name__ == "__main__":
    run(app)
