"""Cut scenes into chips that cover the same ground, whatever the size of their pixels.

A chip is `extent_m` wide and its pixels are `pixel_m` wide, so it has extent_m / pixel_m of them
along a side. Chips of one scene lie side by side in its middle; those of twice the extent hold four
smaller ones exactly, for texts that go from large to small. Coarser pixels are
means of power. Each scene's chips are one run's piece of work: a killed run goes on with the chips
that are missing.
Source: Yang et al., SAR-KnowLIP (2025), slicing with one ground extent for all sensors.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

from backend import __version__
from backend.corpus.files import CHIPS, FACTS, About, Corpus, create_corpus
from backend.corpus.ground import crop_transform, locate_chip
from backend.corpus.records import Chip, plain_values
from backend.errors import ConfigInvalid, NotRadar
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.language import Place, Record, to_json
from backend.progress import Progress, silent
from backend.scenes import PIXEL_M, PixelBox, Scene, open_scene, read_scene_index
from backend.scenes.sentinel1.picture import Cut, Picture, measure_cut
from backend.scenes.sentinel1.units import to_db

EXTENT_M = 2240.0
"""224 pixels of 10 m: the window of most encoders."""
MOST_NODATA = 0.01
"""A chip with a larger share of pixels without data is never cut."""
POLARISATIONS = ("VV", "VH")
PICTURE = Picture(("VV", "VH", "VV-VH"))
"""Chips keep dB; the cut of each channel over the whole scene is noted beside them."""

_DB = np.float32(10 / np.log(10))
_UNFIT = re.compile(r"[^\w.-]+")  # in the name of a file


@dataclass(frozen=True)
class Slicing:
    """How scenes are cut.

    Raises:
        ConfigInvalid: the pixels are not whole steps of 10 m, or do not fill an extent exactly.
    """

    extents_m: tuple[float, ...] = (EXTENT_M,)
    """Sides of the chips on the ground, in metres."""
    pixel_m: float = PIXEL_M
    """Side of a pixel."""

    def __post_init__(self) -> None:
        """Check that every chip has whole pixels."""
        fits = self.pixel_m >= PIXEL_M and self.pixel_m % PIXEL_M == 0
        if not fits or any(side < self.pixel_m or side % self.pixel_m for side in self.extents_m):
            raise ConfigInvalid(
                f"Chips of {' and '.join(f'{side:g}' for side in self.extents_m)} m with pixels of "
                f"{self.pixel_m:g} m do not have whole pixels.",
                f"Expected pixels of 10, 20 or 40 m, and extents such as {EXTENT_M:g} m.",
            )

    @property
    def factor(self) -> int:
        """How many pixels of 10 m lie along the side of one."""
        return round(self.pixel_m / PIXEL_M)


@dataclass
class SliceReport:
    """What became of the scenes."""

    cut: int = 0
    """New chips."""
    present: int = 0
    """Chips from an earlier run."""
    empty: int = 0
    """Places without enough data, or that the scene does not fill."""


def begin_corpus(folder: Path, name: str, licence: str, slicing: Slicing) -> Corpus:
    """Return the corpus that chips are cut into: a new one, or the one that was begun so.

    Raises:
        CorpusInvalid: the folder holds another corpus.
    """
    made = {
        "by": "slice",
        "extents_m": list(slicing.extents_m),
        "pixel_m": slicing.pixel_m,
        "picture": PICTURE.facts,
        "version": __version__,
    }
    return create_corpus(folder, About(name, licence, made))


def open_scenes(paths: Sequence[Path]) -> Iterator[tuple[str, Scene]]:
    """Yield name and scene of each path, and of each scene of a folder, open while it is used.

    Files of one name in several folders are called by their folders, too: they are other scenes.

    Raises:
        SceneUnreadable: there is no scene at a path.
        NotRadar: it is one of an embedding.
    """
    stems = Counter(path.stem for path in {one.absolute() for one in paths} if not path.is_dir())
    for path in paths:
        if not path.is_dir():
            name = (
                path.stem if stems[path.stem] == 1 else f"{path.absolute().parent.name}_{path.stem}"
            )
            with open_scene(path) as scene:
                yield name, scene
            continue
        for entry in read_scene_index(path).scenes:
            with entry.open() as found:
                if not isinstance(found, Scene):
                    raise NotRadar(f"{entry.name} is not radar.", "Give Sentinel-1 scenes.")
                yield entry.name, found


def slice_scene(
    corpus: Corpus, scene: Scene, name: str, slicing: Slicing, progress: Progress = silent
) -> SliceReport:
    """Cut a scene into chips of a corpus; those that are there already stay.

    Each chip comes with a first record of facts: its size, place, and date.

    Raises:
        BandMissing: the scene lacks VV or VH.
        SceneUnreadable: a file is damaged.
        DiskFull: the disk has no room for a chip.
    """
    scene = scene.for_encoder(POLARISATIONS, None)
    report, known = SliceReport(), {chip.name for chip in corpus.chips()}
    places = [(chip_name(name, extent, box), box) for extent, box in _places(scene.extent, slicing)]
    report.present = sum(chip in known for chip, _ in places)
    missing = [(chip, box) for chip, box in places if chip not in known]
    if not missing:
        return report
    with writing(corpus.images):
        corpus.images.mkdir(exist_ok=True)
    cut = measure_cut(scene, PICTURE, progress)
    with corpus.adding(CHIPS) as chips, corpus.adding(FACTS) as facts:
        described = {row.fields.get("chip") for row in corpus.rows(FACTS)}
        for done, (chip_id, box) in enumerate(missing):
            progress(f"cutting {name}", done, len(missing))
            db = _coarser(scene.read(box), slicing.factor)
            if not np.isfinite(db).all(axis=0).mean() >= 1 - MOST_NODATA:
                report.empty += 1
                continue
            chip = _write_chip(corpus, scene, chip_id, box, db, cut)
            if chip.name not in described:
                facts.add(to_json(first_record(chip)))
            chips.add(plain_values(chip))  # last: what it names is there
            report.cut += 1
    return report


def chip_name(scene: str, extent_m: float, box: PixelBox) -> str:
    """Return what a chip of a scene is called: the scene, its extent, its absolute place."""
    return f"{_UNFIT.sub('_', scene)}_{extent_m:g}m_{box.row0}_{box.col0}"


def first_record(chip: Chip) -> Record:
    """Return what is known of a chip before anybody has looked at it.

    Raises:
        RecordInvalid: the chip has no size.
    """
    place = None if chip.ground is None else Place(*chip.ground.centre)
    return Record(
        chip.name,
        chip.width or 0,
        chip.height or 0,
        place=place,
        metres_per_pixel=chip.metres_per_pixel,
        date=chip.date,
    )


def _places(extent: PixelBox, slicing: Slicing) -> Iterator[tuple[float, PixelBox]]:
    """Yield the extents and boxes that lie in a scene as a whole, the large ones first.

    The smallest ones lie in the middle of the scene, since the edges of most are slanted.
    """
    sides = {extent_m: round(extent_m / PIXEL_M) for extent_m in slicing.extents_m}
    least = min(sides.values())
    row0 = extent.row0 + extent.height % least // 2
    col0 = extent.col0 + extent.width % least // 2
    for extent_m, side in sorted(sides.items(), reverse=True):
        for row in range(row0, extent.row1 - side + 1, side):
            for col in range(col0, extent.col1 - side + 1, side):
                yield extent_m, PixelBox(row, col, row + side, col + side)


def _coarser(db: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return dB of the mean power of squares of pixels; NaN where one of them has no data."""
    if factor == 1:
        return db
    bands, height, width = db.shape
    power = np.exp(db / _DB).reshape(bands, height // factor, factor, width // factor, factor)
    return to_db(power.mean(axis=(2, 4)))


def _write_chip(
    corpus: Corpus,
    scene: Scene,
    name: str,
    box: PixelBox,
    db: NDArray[np.float32],
    cut: Cut,
) -> Chip:
    file = f"{name}.tif"
    height, width = db.shape[1:]
    scale = box.width / width
    crs = f"EPSG:{scene.utm_epsg}"
    grid = Affine(PIXEL_M, 0, 0, 0, -PIXEL_M, 0)
    transform = crop_transform(grid, box.col0, box.row0, (scale, scale))
    write_geotiff(corpus.images / file, db, crs, transform, scene.info.date)
    return Chip(
        name,
        file,
        width,
        height,
        ground=locate_chip(crs, transform, width, height),
        metres_per_pixel=scale * PIXEL_M,
        sensor=scene.info.source,
        polarisations=POLARISATIONS,
        date=scene.info.date,
        scene=scene.info.name,
        cut_db=cut,
    )


def write_geotiff(
    path: Path,
    pixels: NDArray[np.float32] | NDArray[np.uint8],
    crs: str,
    transform: Affine,
    date: str | None,
    bands: Sequence[str] = POLARISATIONS,
) -> None:
    """Write dB (bands, h, w) as a GeoTIFF that every reader of scenes takes, whole or not at all.

    Pixels of 8 bits are the colours of a picture, in which 0 is no data.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: it cannot be written.
    """
    count, height, width = pixels.shape
    coloured = pixels.dtype == np.uint8
    with (
        writing(path),
        atomic(path) as partial,
        rasterio.open(
            partial,
            "w",
            driver="GTiff",
            count=count,
            height=height,
            width=width,
            dtype=pixels.dtype,
            nodata=0 if coloured else np.nan,
            crs=crs,
            transform=transform,
            compress="deflate",
            predictor=2 if coloured else 3,
        ) as file,
    ):
        file.write(pixels)
        file.descriptions = tuple(bands)
        units = {} if coloured else {"units": "dB"}
        file.update_tags(**units, **({"datetime": date} if date else {}))
