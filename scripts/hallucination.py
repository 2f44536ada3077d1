"""How much the facts describer says that is not so: the figures of docs/language.md.

    python -m scripts.hallucination [--data ../shared/data/s1] [--simulated 24]
        [--speckle refined-lee]

Every scene and each of its quarters is described, and every sentence that speaks of what the truth
raster knows is held against it. It is contradicted where
- a share is off by more than a tenth of the ground,
- a class is placed in a region of which it holds less than a quarter, with less than a quarter of
  it,
- classes are beside each other that share less than a fortieth of the shorter outline,
- a class is absent, or hardly there, that covers one hundredth or more,
- of the objects on water fewer than half lie within a cell of water.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio.transform import from_origin
from shapely.geometry import box, mapping

from backend.accuracy.measures import share
from backend.accuracy.truth import Grid, read_labels
from backend.describers import Chip, Measured, load_describer, measure
from backend.describers.cover import BUILT, WATER
from backend.encoders import load_encoder
from backend.language import Cover, Sentence, cover_of
from backend.language.claims import Claim, read_sentence, regions_in, shares_of
from backend.link import find_head
from backend.scenes import open_scene
from backend.scenes.area import Area
from backend.simulation import render_backscatter, simulate_landscape
from backend.simulation.survey.classes import READ_AS
from backend.text import load_text_encoder

OFF, QUARTER, OUTLINE, ABSENT, HALF = 0.1, 0.25, 0.025, 0.01, 0.5
SIZE_PX, CELL_M = 512, 80
OTHER = "other"
WATER_LABEL = {"1": WATER, "0": OTHER}
BY_HAND = {"1": WATER, "5": BUILT, **dict.fromkeys(("0", "2", "3", "4", "6"), OTHER)}
LAND_COVER = {"1": WATER, "5": BUILT, **dict.fromkeys(("2", "3", "4", "6", "7", "9"), OTHER)}
SIMULATED = {
    str(int(ground)): {WATER: WATER, BUILT: BUILT}.get(name, OTHER)
    for name, grounds in READ_AS.items()
    for ground in grounds
}


Truth = tuple[Path, dict[str, str], tuple[str, ...]]
"""A raster, the class of each of its labels, and the classes that it knows."""


@dataclass(frozen=True)
class Subject:
    """A scene, and the rasters that say what is there."""

    name: str
    scene: Path
    truths: tuple[Truth, ...]
    date: str | None = None


@dataclass(frozen=True)
class Judged:
    """A sentence that was held against the truth."""

    subject: str
    area: str
    text: str
    off: float
    """By how much it is wrong, in its own units; above 1 it is contradicted."""
    truth: str
    """What the truth says instead."""


@dataclass
class Bench:
    """The encoder, the demo head and the describer, loaded once."""

    speaker: str = "facts"
    speckle: str | None = None
    judged: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.describer = load_describer(self.speaker)
        self.encoder = load_encoder("texture-s1", device="cpu")
        self.head = find_head(None, self.encoder.spec)
        self.text = load_text_encoder("minilm", device="cpu")

    def describe(self, subject: Subject) -> Iterator[tuple[str, Measured, list[Sentence]]]:
        """Yield the name of the whole scene and of each quarter, what is measured and written."""
        with open_scene(subject.scene, date=subject.date, speckle=self.speckle) as scene:
            west, south, east, north = scene.info.bounds
            x, y = (west + east) / 2, (south + north) / 2
            quarters = {
                "north-west": (west, y, x, north), "north-east": (x, y, east, north),
                "south-west": (west, south, x, y), "south-east": (x, south, east, y),
            }  # fmt: skip
            for name, bounds in {"whole": None, **quarters}.items():
                area = Area.from_geojson(mapping(box(*bounds))) if bounds else None
                measured = measure(scene, area, self.encoder, self.head, self.text)
                sentences = self.describer.caption(Chip(measured.record)).sentences
                yield name, measured, list(sentences)

    def judge(self, subject: Subject) -> None:
        """Hold all that is written of a scene against its truth."""
        for area, measured, sentences in self.describe(subject):
            for path, names, known in subject.truths:
                cover, codes = truth_of(path, names, measured)
                if cover is None:
                    continue
                for sentence in sentences:
                    verdict = judge(sentence, measured, cover, codes, known)
                    if verdict is not None:
                        found = Judged(subject.name, area, sentence.text, *verdict)
                        self.judged.append(found)


def truth_of(
    path: Path, names: dict[str, str], measured: Measured
) -> tuple[Cover | None, np.ndarray]:
    """Return what a truth raster says of a measured area, by its cells, and their codes (h, w)."""
    record, (row, col) = measured.record, measured.corner
    height, width = record.height * 10 // CELL_M, record.width * 10 // CELL_M
    transform = Affine(CELL_M, 0, col * 10, 0, -CELL_M, -row * 10)
    labels = read_labels(path, Grid(CRS.from_epsg(measured.utm_epsg), transform, height, width))
    codes = np.full((height, width), -1)
    rows = ((transform.f - labels.y) / CELL_M).astype(int)
    cols = ((labels.x - transform.c) / CELL_M).astype(int)
    numbers = {name: number for number, name in enumerate((WATER, BUILT, OTHER))}
    codes[rows, cols] = [numbers.get(names.get(str(name), ""), -1) for name in labels.name]
    if (codes >= 0).mean() < HALF:
        return None, codes
    return cover_of(codes, {number: name for name, number in numbers.items()}), codes


def judge(
    sentence: Sentence,
    measured: Measured,
    cover: Cover,
    codes: np.ndarray,
    known: tuple[str, ...],
) -> tuple[float, str] | None:
    """Return how far a sentence is off, and what is true; None for one that cannot be judged."""
    for start in ("No ", "Hardly any "):
        for name in known:
            if sentence.text == f"{start}{name} was found.":
                return cover.shares[name] / ABSENT, f"{cover.shares[name]:.1%} {name}"
    claim = read_sentence(sentence.text)
    if claim is None:
        return None
    if claim.kind == "shares":
        return _shares(claim, cover, known)
    if claim.kind == "where" and claim.parts[0] in known:
        return _where(claim, cover)
    if claim.kind == "beside" and set(claim.parts) <= {*known}:
        found = [one.share for one in cover.contacts if set(one.between) == set(claim.parts)]
        most = max(found, default=0.0)
        return (OUTLINE / most if most else 9.0), f"{most:.1%} of the outline"
    if claim.kind == "types" and WATER in known:
        return _objects(measured, codes)
    return None


def _shares(claim: Claim, cover: Cover, known: tuple[str, ...]) -> tuple[float, str] | None:
    off = {
        name: abs(found - cover.shares[name]) for name, found in shares_of(claim).items()
        if name in known
    }  # fmt: skip
    if not off:
        return None
    worst = max(off, key=lambda name: off[name])
    return off[worst] / OFF, f"{cover.shares[worst]:.1%} {worst}"


def _where(claim: Claim, cover: Cover) -> tuple[float, str]:
    name, held = claim.parts[0], []
    for number in regions_in(claim):
        region = cover.regions[number]
        share_here = region.shares[name]
        part = share_here * region.area / cover.shares[name] if cover.shares[name] else 0.0
        held.append(max(share_here, part))
    least = min(held)
    return (QUARTER / least if least else 9.0), f"{least:.1%} in one of the regions"


def _objects(measured: Measured, codes: np.ndarray) -> tuple[float, str]:
    water = np.pad(codes == 0, 1)
    near = 0
    for each in measured.record.objects or ():
        x, y = each.box.centre
        row, col = (
            min(int(v * 10 // CELL_M), n - 1) for v, n in zip((y, x), codes.shape, strict=True)
        )
        near += bool(water[row : row + 3, col : col + 3].any())
    total = len(measured.record.objects or ())
    return (HALF * total / near if near else 9.0), f"{near} of {total} at water"


def real_subjects(data: Path) -> list[Subject]:
    """Return the shared real scenes with their truths."""
    found = [
        Subject(
            "Spain, flood", data / "spain_flood_2019/s1_grd_db.tif",
            (
                (data / "spain_flood_2019/water_label.tif", WATER_LABEL, (WATER,)),
                (data / "spain_flood_2019/truth_s2.tif", BY_HAND, (BUILT,)),
            ),
        ),
    ]  # fmt: skip
    for name in ("usa_lake_2019", "cambodia_2018", "spain_elche_2019"):
        water: Truth = (data / name / "water_label.tif", WATER_LABEL, (WATER,))
        found.append(Subject(name, data / name / "s1_grd_db.tif", (water,)))
    for name in ("denmark_2017", "tanzania_2023"):
        both: Truth = (data / name / "land_cover.tif", LAND_COVER, (WATER, BUILT))
        found.append(Subject(name, data / name / "s1_rtc_db.tif", (both,)))
    monthly: Truth = (data / "belgium_2021/truth_s2.tif", BY_HAND, (WATER, BUILT))
    belgium = data / "belgium_2021/s1_monthly.nc"
    return [*found, Subject("belgium_2021", belgium, (monthly,), "2021-06-01")]


def simulated_subject(folder: Path, seed: int) -> Subject:
    """Write a simulated scene of a drawn kind with its truth, of a seed no head has seen."""
    landscape = simulate_landscape(seed, SIZE_PX)
    grid = {
        "driver": "GTiff", "height": SIZE_PX, "width": SIZE_PX, "crs": "EPSG:32632",
        "transform": from_origin(640_000, 5_330_000, 10, 10),
    }  # fmt: skip
    scene, truth = folder / f"simulated_{seed}.tif", folder / f"truth_{seed}.tif"
    with rasterio.open(scene, "w", count=2, dtype="float32", **grid) as file:
        file.write(render_backscatter(landscape, seed))
        file.descriptions = ("VV", "VH")
        file.update_tags(units="dB", product=landscape.conditions.product_type)
    with rasterio.open(truth, "w", count=1, dtype="uint8", **grid) as file:
        file.write(landscape.cover, 1)
    return Subject(f"simulated {seed}", scene, ((truth, SIMULATED, (WATER, BUILT)),))


def print_figures(title: str, judged: list[Judged]) -> None:
    """Print n, the share that is contradicted with its interval, and the three worst examples."""
    wrong = np.array([one.off > 1 for one in judged])
    places = np.unique([one.subject for one in judged], return_inverse=True)[1]
    rate = share(wrong, places)
    scenes = len({one.subject for one in judged})
    print(
        f"{title}: {int(wrong.sum())} of {len(judged)} sentences over {scenes} scenes are "
        f"contradicted, {rate.value:.1%} (95 %: {rate.low:.1%} to {rate.high:.1%})"
    )
    for one in sorted(judged, key=lambda one: -one.off)[:3]:
        print(
            f"  {one.off:.1f} times the limit, {one.subject}, {one.area}: {one.text} "
            f"True: {one.truth}."
        )


def main() -> None:
    """Print the figures, and with --all every sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    parser.add_argument("--simulated", type=int, default=24)
    parser.add_argument("--with", dest="speaker", default="facts")
    parser.add_argument("--speckle", choices=["refined-lee"])
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    real, drawn = (Bench(arguments.speaker, arguments.speckle) for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        if arguments.data.is_dir():
            for subject in real_subjects(arguments.data):
                real.judge(subject)
        for number in range(arguments.simulated):
            drawn.judge(simulated_subject(Path(folder), 910_000 + number))
    for title, bench in (("Real", real), ("Simulated", drawn)):
        if bench.judged:
            print_figures(title, bench.judged)
    if arguments.all:
        for one in [*real.judged, *drawn.judged]:
            print(f"{one.off:6.1f} {one.subject}, {one.area}: {one.text} True: {one.truth}.")


if __name__ == "__main__":
    main()
