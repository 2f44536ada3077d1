"""Maps of one scene by every encoder of the paper's Table 1, as one picture.

python -m scripts.encoder_maps [--scene SCENE.tif --date DAY --water LABEL.tif] [-o PICTURE.png]

No published weights are needed: networks are random, in the published layouts, of full size but for
the vision transformers. The two embeddings are tiles in their published formats, whose vectors a
random network made of the scene. Every head is fitted on the land cover of the very scene that it
is then asked about. So the picture shows cells, edges and seams; it says nothing of skill.
Without a scene the simulated one of the demo is taken.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import backend  # noqa: F401  (before torch)

# isort: split
import matplotlib
import numpy as np
import rasterio
import torch
import typer
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from numpy.typing import NDArray
from rasterio.warp import Resampling, reproject

from backend.commands import new_app, run
from backend.encoders import Encoder, EncoderSpec, load_encoder
from backend.errors import ConfigInvalid
from backend.features.plan import for_encoder, make_plan
from backend.features.strips import blended_strips
from backend.link import HeadMeta, LinkHead, RidgeSums
from backend.maps import align
from backend.progress import silent
from backend.scenes import AnyScene, Scene, open_any, open_scene
from backend.simulation import write_demo_scene
from backend.simulation.cover import WATER
from backend.text import TextEncoder, load_text_encoder
from scripts.samples.embeddings import write_alphaearth, write_tessera
from scripts.samples.weights import write_betaearth, write_dinov2, write_vit

PHRASE, ELSE = "open water", "dry land"
L2 = 0.01
GAMMA = 2.5
PICTURE = Path("docs/images/encoders.png")

app = new_app()


def radar_encoders(folder: Path) -> Iterator[Encoder]:
    """Yield the encoders that read radar, with random weights."""
    vit = write_vit(folder / "vit.pth", width=384, depth=4)
    dinov2 = write_dinov2(folder / "dinov2", hidden_size=384, num_attention_heads=6)
    betaearth = write_betaearth(folder / "betaearth.pt")
    yield load_encoder("ssl4eo-s1", vit)
    yield load_encoder("dinov2-s1", dinov2)
    yield load_encoder("betaearth-s1", betaearth)
    yield load_encoder("betaearth-s1-10m", betaearth)


def write_embeddings(scene: Scene, dense: Encoder, folder: Path) -> tuple[Path, Path]:
    """Write a tile of AlphaEarth and one of Tessera over a scene, of a dense encoder's vectors."""
    vectors, (west, north) = dense_vectors(scene, dense)
    place: dict[str, Any] = {"epsg": scene.utm_epsg, "corner": (west, north)}
    stored = np.round(np.sign(vectors) * np.sqrt(np.abs(vectors)) * 127.5)
    lost = ~np.isfinite(vectors[0])
    stored[:, lost] = -128
    alphaearth = write_alphaearth(folder / "alphaearth.tiff", stored.astype(np.int8), **place)
    double = np.nan_to_num(np.concatenate([vectors, vectors**2])).transpose(1, 2, 0)
    scales = np.maximum(np.abs(double).max(axis=2), 1e-6).astype(np.float32) / 127
    values = np.round(double / scales[..., None]).astype(np.int8)
    land = (~lost).astype(np.uint8)
    tessera = write_tessera(folder / "tessera", values, scales, land=land, **place)
    return alphaearth, tessera


def dense_vectors(scene: Scene, dense: Encoder) -> tuple[NDArray[np.float32], tuple[float, float]]:
    """Vectors (d, h, w) of all pixels of a scene, and its north-western corner in metres."""
    plan = make_plan(scene, None, dense.spec)
    size = (dense.spec.dim, plan.cells.height, plan.cells.width)
    vectors = np.full(size, np.nan, np.float32)
    for strip in blended_strips(scene, plan, dense, silent):
        rows, columns = strip.cells.within(plan.cells)
        unit = torch.nn.functional.normalize(strip.features, dim=2).numpy()
        unit[~strip.answered] = np.nan
        vectors[:, rows, columns] = unit.transpose(2, 0, 1)
    corner = plan.cells.transform(plan.lattice.cell_m)
    return vectors, (corner.c, corner.f)


def fit_on_the_scene(scene: AnyScene, encoder: Encoder, text: TextEncoder, water: Path) -> LinkHead:
    """Fit a head that draws cells of water towards one phrase, the others towards another."""
    plan = make_plan(scene, None, encoder.spec)
    wet, dry = torch.from_numpy(text.embed([PHRASE, ELSE])).double()
    sums = RidgeSums(encoder.spec.dim, len(wet))
    for strip in blended_strips(scene, plan, encoder, silent):
        share = np.zeros((strip.cells.height, strip.cells.width), np.float32)
        with rasterio.open(water) as label:
            reproject(
                is_water(label),
                share,
                src_transform=label.transform,
                src_crs=label.crs,
                dst_transform=strip.cells.transform(plan.lattice.cell_m),
                dst_crs=f"EPSG:{scene.utm_epsg}",
                resampling=Resampling.average,
            )
        x = strip.features[torch.from_numpy(strip.answered)].double()
        part = torch.from_numpy(share[strip.answered]).double()[:, None]
        g = torch.nn.functional.normalize(part * wet + (1 - part) * dry, dim=1)
        sums.add(torch.cat([x, torch.ones(len(x), 1)], dim=1), g)
    meta = HeadMeta(
        encoder=encoder.spec.name,
        encoder_identity=encoder.spec.identity,
        text=text.name,
        text_space=text.space,
    )
    return replace(sums.solve(L2), meta=meta)


def is_water(label: rasterio.DatasetReader) -> NDArray[np.float32]:
    """1 where a label is water, else 0: class 1, or in a simulated scene what is drawn as water."""
    simulated = any(tag.startswith("CLASS_") for tag in label.tags())
    return np.isin(label.read(1), list(WATER) if simulated else [1]).astype(np.float32)


def read_map(path: Path) -> NDArray[np.float32]:
    """Return the first band of a map (h, w)."""
    with rasterio.open(path) as file:
        return file.read(1)


def show(axes: Axes, title: str, values: NDArray[np.float32]) -> None:
    """Draw a map nearly as the panel does, but for the few brightest cells."""
    low, high = np.nanpercentile(values, (2, 99.5))
    norm = PowerNorm(GAMMA, float(low), float(high), clip=True)
    axes.imshow(values, cmap="inferno", norm=norm, interpolation="nearest")
    axes.set_title(title, fontsize=10)
    axes.set_axis_off()


@dataclass(frozen=True)
class Subject:
    """What every encoder is shown: a scene, its date where it does not tell one, and its water."""

    scene: Path
    water: Path
    date: str | None = None

    @classmethod
    def of(cls, scene: Path | None, water: Path | None, date: str | None, folder: Path) -> Subject:
        """Return what the options name, or the demo's scene, which is then made in `folder`.

        Raises:
            ConfigInvalid: a scene was given without its label, or the reverse.
        """
        if scene and water:
            return cls(scene, water, date)
        if scene or water:
            raise ConfigInvalid(
                "--scene and --water were not given together.", "Give both, or none."
            )
        return cls(*write_demo_scene(folder), date)


def draw_map(
    subject: Subject, path: Path, date: str | None, encoder: Encoder, text: TextEncoder
) -> NDArray[np.float32]:
    """Return the map (h, w) of a scene or embedding over the subject, by a head fitted there."""
    with open_any(path, date=date) as scene, tempfile.TemporaryDirectory() as made:
        dated, output = encoder.with_date(scene.info.date), Path(made, "map.tif")
        head = fit_on_the_scene(for_encoder(scene, dated.spec), dated, text, subject.water)
        align(scene, None, [PHRASE], dated, head, text, output)
        return read_map(output)


def draw_maps(
    subject: Subject, folder: Path, text: TextEncoder
) -> Iterator[tuple[EncoderSpec, NDArray[np.float32]]]:
    """Return the map of every encoder; weights and embeddings are made in `folder`."""
    encoders = list(radar_encoders(folder))
    for encoder in encoders:
        yield encoder.spec, draw_map(subject, subject.scene, subject.date, encoder, text)
    with open_scene(subject.scene, date=subject.date) as scene:
        dense = encoders[-1].with_date(scene.info.date)
        seen = scene.for_encoder(dense.spec.bands, dense.spec.product_type)
        embeddings = write_embeddings(seen, dense, folder)
    for name, path in zip(("alphaearth", "tessera"), embeddings, strict=True):
        encoder = load_encoder(name)
        yield encoder.spec, draw_map(subject, path, None, encoder, text)


def show_subject(subject: Subject, radar: Axes, truth: Axes) -> None:
    """VV in grey, and the water."""
    with open_scene(subject.scene, date=subject.date) as scene:
        vv = scene.read(scene.extent)[0]
    low, high = np.nanpercentile(vv, (2, 98))
    radar.imshow(vv, cmap="gray", vmin=low, vmax=high)
    with rasterio.open(subject.water) as label:
        truth.imshow(is_water(label), cmap="Blues", interpolation="nearest")
    for axes, title in ((radar, "VV"), (truth, "water")):
        axes.set_title(title, fontsize=10)
        axes.set_axis_off()


@app.command()
def main(
    scene: Annotated[Path | None, typer.Option(help="A GeoTIFF with VV and VH.")] = None,
    date: Annotated[str | None, typer.Option(help="Its ISO date, if it tells none.")] = None,
    water: Annotated[Path | None, typer.Option(help="Its label, 1 where water is.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The picture.")] = PICTURE,
) -> None:
    """Draw one scene by every encoder of the paper's Table 1.

    Example: python -m scripts.encoder_maps -o encoders.png
    """
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, ((radar, *upper, truth), lower) = plt.subplots(
        2, 4, figsize=(13, 6.8), layout="constrained"
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        subject = Subject.of(scene, water, date, folder)
        maps = draw_maps(subject, folder, load_text_encoder("minilm"))
        for axes, (spec, values) in zip([*upper, *lower], maps, strict=True):
            show(axes, f"{spec.name}, cells of {spec.cell_m:.0f} m", values)
            typer.echo(spec.name)
        show_subject(subject, radar, truth)
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=110)
    typer.echo(str(output))


if __name__ == "__main__":
    run(app)
