"""What windows side by side do to maps of vision transformers, which see all of their window.

python -m scripts.quality [--scene SCENE.tif --date DAY --water LABEL.tif] [-o PICTURE.png]

Each encoder makes two maps of one scene by one head: fine (windows overlap by half and blend) and
fast (side by side). Networks are random, in the published layouts but smaller; heads are fitted on
the water of the very scene. So the picture shows where windows show and how much, and says nothing
of skill. Without a scene the simulated one of the demo is taken.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, get_args

import backend  # noqa: F401  (before torch)

# isort: split
import matplotlib
import numpy as np
import typer
from numpy.typing import NDArray

from backend.commands import new_app, run
from backend.encoders import Encoder, EncoderSpec
from backend.features.lattice import Quality
from backend.features.plan import for_encoder
from backend.maps import align
from backend.scenes import open_scene
from backend.text import TextEncoder, load_text_encoder
from scripts.encoder_maps import PHRASE, Subject, fit_on_the_scene, radar_encoders, read_map, show

PICTURE = Path("docs/images/quality.png")
ENCODERS = ("ssl4eo-s1", "dinov2-s1")

app = new_app()


@dataclass(frozen=True)
class Pair:
    """The two maps of an encoder."""

    spec: EncoderSpec
    """The encoder."""

    fine: NDArray[np.float32]
    """(h, w): cosines with windows that overlap."""

    fast: NDArray[np.float32]
    """(h, w): cosines with windows side by side."""

    seconds: tuple[float, float]
    """Time for the fine map and for the fast one."""

    km2: float
    """Size of the scene."""

    @property
    def gap(self) -> NDArray[np.float32]:
        """What the fast cosines are above the fine ones (h, w)."""
        return self.fast - self.fine

    def sentence(self) -> str:
        """Return time and differences as a row of a table."""
        gap = np.abs(self.gap[np.isfinite(self.gap)])
        rates = [self.km2 / seconds for seconds in self.seconds]
        spread = np.nanstd(self.fine)
        return (
            f"| `{self.spec.name}` | {rates[0]:.0f} | {rates[1]:.0f} | {spread:.4f} | "
            f"{gap.mean():.4f} | {np.percentile(gap, 99):.4f} | {gap.max():.4f} |"
        )


def draw_pair(subject: Subject, encoder: Encoder, text: TextEncoder) -> Pair:
    """Make both maps by one head, which was fitted on fine features."""
    maps, seconds, km2 = [], [], 0.0
    with (
        open_scene(subject.scene, date=subject.date) as scene,
        tempfile.TemporaryDirectory() as made,
    ):
        dated, output = encoder.with_date(scene.info.date), Path(made, "map.tif")
        head = fit_on_the_scene(for_encoder(scene, dated.spec), dated, text, subject.water)
        for quality in get_args(Quality):
            began = time.perf_counter()
            done = align(scene, None, [PHRASE], dated, head, text, output, quality=quality)
            seconds.append(time.perf_counter() - began)
            maps.append(read_map(output))
            km2 = done.km2
    return Pair(encoder.spec, maps[0], maps[1], (seconds[0], seconds[1]), km2)


def draw_pairs(subject: Subject, folder: Path) -> Iterator[Pair]:
    """Yield the maps of each encoder; weights are made in `folder`."""
    text = load_text_encoder("minilm")
    for encoder in radar_encoders(folder):
        if encoder.spec.name in ENCODERS:
            yield draw_pair(subject, encoder, text)


@app.command()
def main(
    scene: Annotated[Path | None, typer.Option(help="A GeoTIFF with VV and VH.")] = None,
    date: Annotated[str | None, typer.Option(help="Its ISO date, if it tells none.")] = None,
    water: Annotated[Path | None, typer.Option(help="Its label, 1 where water is.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The picture.")] = PICTURE,
) -> None:
    """Draw fine and fast maps of one scene, and print what they differ by.

    Example: python -m scripts.quality -o quality.png
    """
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, rows = plt.subplots(len(ENCODERS), 3, figsize=(10, 6.8), layout="constrained")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        subject = Subject.of(scene, water, date, folder)
        typer.echo("| encoder | fine, km²/s | fast | deviation | mean gap | 99 % | largest |")
        for (fine, fast, gap), pair in zip(rows, draw_pairs(subject, folder), strict=True):
            show(fine, f"{pair.spec.name}, fine", pair.fine)
            show(fast, "fast", pair.fast)
            most = 3 * float(np.nanstd(pair.fine))
            drawn = gap.imshow(pair.gap, cmap="RdBu_r", vmin=-most, vmax=most)
            gap.set_title("fast less fine", fontsize=10)
            gap.set_axis_off()
            figure.colorbar(drawn, ax=gap, shrink=0.8)
            typer.echo(pair.sentence())
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=90)
    typer.echo(str(output))


if __name__ == "__main__":
    run(app)
