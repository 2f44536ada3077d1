"""Build surveys and demo scenes: python -m backend.survey COMMAND."""

from pathlib import Path
from typing import Annotated

import typer

from backend.commands import new_app, progress_bar, run
from backend.encoders import load_encoder
from backend.scenes.simulator import write_demo_scene
from backend.survey.build import Simulation, build_simulated_survey
from backend.text import load_text_encoder

app = new_app("Build a survey, the photographs and features that training reads.")


@app.command()
def simulate(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the survey cache.")],
    points: Annotated[int, typer.Option(min=10, help="Number of survey points.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same survey.")] = 0,
    encoder: Annotated[str, typer.Option(help="Encoder of the features.")] = "texture-s1",
    text: Annotated[str, typer.Option(help="Text encoder of the captions.")] = "minilm",
    device: Annotated[str | None, typer.Option(help="cpu or cuda; chosen when left out.")] = None,
) -> None:
    """Simulate landscapes, radar and views.

    Example: python -m backend.survey simulate --points 10000 --seed 1 -o survey.zarr
    """
    with progress_bar() as progress:
        build_simulated_survey(
            output,
            Simulation(points=points, seed=seed),
            load_encoder(encoder, device=device),
            load_text_encoder(text, device, remember=False),
            progress,
        )
    typer.echo(f"{points} points in {output}")


@app.command()
def scene(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same landscape.")] = 7,
    size: Annotated[int, typer.Option(min=256, help="Side in pixels of 10 m.")] = 1024,
) -> None:
    """Simulate one radar scene with its land cover: scene.tif and scene_truth.tif.

    Example: python -m backend.survey scene --seed 7 --size 1024 -o demo
    """
    output.mkdir(parents=True, exist_ok=True)
    for path in write_demo_scene(output, seed=seed, size_px=size):
        typer.echo(str(path))


if __name__ == "__main__":
    run(app)
