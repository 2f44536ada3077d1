"""What covers each chip, sampled from rasters of classes: land cover, or a segmentation.

Each pixel of a chip takes the class under its middle. Where rasters overlap the first one counts;
no raster is warped.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.corpus.files import Corpus
from backend.corpus.records import Chip
from backend.corpus.segments import add_segment_classes, recode, write_segments
from backend.corpus.slicing import first_record
from backend.errors import CorpusInvalid, RecordInvalid
from backend.language import Record, cover_of
from backend.progress import Progress, silent
from backend.scenes.crs import stated_crs
from backend.scenes.files import open_raster
from backend.scenes.grid import grid_of

_TAG = "CLASS_"
_NOWHERE = -1


@dataclass(frozen=True)
class _Raster:
    """A raster of classes, open."""

    name: str
    file: DatasetReader
    crs: CRS
    names: Mapping[int, str]

    def sample(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the values under places in its CRS; -1 where it has none."""
        found = np.full(x.shape, _NOWHERE, np.int64)
        columns, rows = (np.floor(part) for part in ~self.file.transform @ (x, y))
        inside = (columns >= 0) & (columns < self.file.width)
        inside &= (rows >= 0) & (rows < self.file.height)
        if not inside.any():
            return found
        row, column = rows[inside].astype(int), columns[inside].astype(int)
        top, left = int(row.min()), int(column.min())
        window = Window(left, top, int(column.max()) - left + 1, int(row.max()) - top + 1)
        try:
            values = self.file.read(1, window=window)[row - top, column - left]
        except RasterioError as error:
            raise CorpusInvalid(f"{self.name} is damaged.", "Fetch it again.") from error
        found[inside] = values
        if self.file.nodata is not None:
            found[found == self.file.nodata] = _NOWHERE
        return found


def add_cover(
    corpus: Corpus,
    rasters: Sequence[Path],
    names: Mapping[int, str] | None = None,
    progress: Progress = silent,
) -> int:
    """Write into the facts of chips what covers them, and return how many are covered.

    Their segmentations are written, too (`backend.corpus.segments`). Without `names` those in the
    rasters' tags `CLASS_number` count.

    Raises:
        CorpusInvalid: a raster has no names of classes, or too many, or a chip has no CRS.
        SceneUnreadable: a raster cannot be read.
        NotGeoreferenced: a raster has no CRS.
    """
    covered, known = 0, {record.chip: record for record in corpus.facts()}
    with ExitStack() as stack:
        opened = [_open(stack, path, names) for path in rasters]
        classes = add_segment_classes(
            corpus, (name for raster in opened for name in raster.names.values())
        )

        def records() -> Iterator[Record]:
            nonlocal covered
            for done, chip in enumerate(corpus.chips()):
                progress("sampling cover", done, len(known))
                record = known.get(chip.name) or first_record(chip)
                raster, values = _sampled(chip, opened)
                if raster is None:
                    yield record
                    continue
                covered += 1
                write_segments(corpus, chip.name, recode(values, raster.names, classes))
                yield _with_cover(record, raster, values)

        corpus.write_facts(records())
    return covered


def _open(stack: ExitStack, path: Path, names: Mapping[int, str] | None) -> _Raster:
    file = stack.enter_context(open_raster(path))
    tagged = {
        int(tag.removeprefix(_TAG)): name.lower()
        for tag, name in file.tags().items()
        if tag.startswith(_TAG) and tag.removeprefix(_TAG).isdigit()
    }
    if not (names or tagged):
        raise CorpusInvalid(
            f"{path.name} does not name its classes.",
            "Give their names with --classes: CSV with the columns number and name.",
        )
    return _Raster(path.name, file, grid_of(file, path.name).crs, names or tagged)


def _sampled(chip: Chip, rasters: Sequence[_Raster]) -> tuple[_Raster | None, NDArray[np.int64]]:
    """Return the first raster that knows the ground of a chip, and its values (h, w) there."""
    if chip.ground is None or chip.width is None or chip.height is None:
        raise CorpusInvalid(
            f"The chip {chip.name} has no CRS, so what covers it is not known.",
            "Use chips that were cut from scenes.",
        )
    columns, rows = np.meshgrid(np.arange(chip.width) + 0.5, np.arange(chip.height) + 0.5)
    x, y = Affine(*chip.ground.transform) @ (columns, rows)
    own = stated_crs(chip.ground.crs)
    for raster in rasters:
        to_raster = Transformer.from_crs(own, raster.crs, always_xy=True)
        values = raster.sample(*(np.asarray(part) for part in to_raster.transform(x, y)))
        if np.isin(values, list(raster.names)).any():
            return raster, values
    return None, np.full(columns.shape, _NOWHERE, np.int64)


def _with_cover(record: Record, raster: _Raster, values: NDArray[np.int64]) -> Record:
    try:
        return replace(record, cover=cover_of(values, raster.names))
    except RecordInvalid as error:
        raise CorpusInvalid(error.message, error.remedy) from error
