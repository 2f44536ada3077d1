"""The pixels of a chip: dB of a chip that was cut from a scene, or a published picture as it is."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rasterio.errors import RasterioError

from backend.corpus.files import Corpus
from backend.corpus.records import Chip
from backend.errors import CorpusInvalid, SceneUnreadable
from backend.scenes.files import open_raster
from backend.scenes.sentinel1.picture import Picture, filter_db

Grey = NDArray[np.uint8]


def read_db(corpus: Corpus, chip: Chip) -> NDArray[np.float32]:
    """Return the dB (bands, h, w) of a chip that was cut from a scene, NaN without data.

    Raises:
        CorpusInvalid: its file is missing, damaged or of another size, or holds a picture.
    """
    path = require_file(corpus, chip)
    if not chip.cut_db:
        raise CorpusInvalid(
            f"{path.name} is a picture; its backscatter is not known.",
            "Cut chips from scenes: python -m backend.corpus slice.",
        )
    with open_raster(path) as file:
        try:
            db = file.read(out_dtype="float32", masked=True).filled(np.nan)
        except RasterioError as error:
            raise _damaged(path) from error
    rows, columns = db.shape[1:]
    if (rows, columns) != (chip.height or rows, chip.width or columns):
        raise CorpusInvalid(
            f"The file of the chip {chip.name} has {columns} × {rows} pixels, and not "
            f"{chip.width} × {chip.height}, as chips.jsonl says.",
            "Cut it again, or leave it out of the splits.",
        )
    db[np.isinf(db)] = np.nan  # the dB of no power
    return db


def read_picture(corpus: Corpus, chip: Chip, channels: tuple[str, ...] = ("VV",)) -> Grey:
    """Return a chip as a picture (c, h, w), by its scene's cut; a published one as it is.

    Raises:
        CorpusInvalid: its file is missing or damaged.
    """
    if chip.cut_db:
        return Picture(channels).draw(filter_db(read_db(corpus, chip)), chip.cut_db)
    return read_published(require_file(corpus, chip))


def read_vv(corpus: Corpus, chip: Chip) -> tuple[Grey, NDArray[np.float32] | None]:
    """Return the picture (h, w) of VV with its speckle filtered, and dB (h, w) as measured.

    A published picture has no dB.

    Raises:
        CorpusInvalid: its file is missing or damaged.
    """
    if not chip.cut_db:
        return read_published(require_file(corpus, chip))[0], None
    db = read_db(corpus, chip)
    return Picture().draw(filter_db(db), chip.cut_db)[0], db[0]


def read_published(path: Path) -> Grey:
    """Return a published picture (1, h, w) of 8 bits: PNG, JPEG, or a GeoTIFF's first band.

    Values of more bits are cut at 2 and 98 %.

    Raises:
        CorpusInvalid: the file is missing or damaged.
    """
    try:
        if path.suffix.lower() in (".tif", ".tiff"):
            with open_raster(path) as file:
                values = file.read(1)
        else:
            with Image.open(path) as image:
                # Pillow cuts more than 8 bits at 255 when it makes them L.
                deep = image.mode.startswith(("I", "F"))
                values = np.asarray(image if deep else image.convert("L"))
    except (OSError, RasterioError, SceneUnreadable) as error:
        raise _damaged(path) from error
    if values.dtype == np.uint8:
        return values[None]
    low, high = np.nanpercentile(values, [2, 98])
    scaled = np.clip((values - low) / max(high - low, 1e-12), 0, 1)
    return np.where(np.isfinite(values), 1 + np.rint(scaled * 254), 0).astype(np.uint8)[None]


def read_colours(corpus: Corpus, chip: Chip) -> Grey:
    """Return a published picture (3, h, w) of 8 bits: red, green and blue, or grey three times.

    Raises:
        CorpusInvalid: its file is missing or damaged.
    """
    path = require_file(corpus, chip)
    try:
        if path.suffix.lower() in (".tif", ".tiff"):
            with open_raster(path) as file:
                if file.count == 3 and set(file.dtypes) == {"uint8"}:
                    return file.read()
        else:
            with Image.open(path) as image:
                if image.mode in ("RGB", "RGBA", "P"):
                    return np.asarray(image.convert("RGB")).transpose(2, 0, 1)
    except (OSError, RasterioError, SceneUnreadable) as error:
        raise _damaged(path) from error
    return np.repeat(read_published(path), 3, axis=0)


def require_chip(corpus: Corpus, chip: Chip | None, name: str) -> Chip:
    """Return the chip that texts are about.

    Raises:
        CorpusInvalid: there is none of this name.
    """
    if chip is None:
        raise CorpusInvalid(
            f"There are texts about the chip {name}, which {corpus.folder} lacks.",
            "Run python -m backend.corpus check.",
        )
    return chip


def require_file(corpus: Corpus, chip: Chip) -> Path:
    """Return the file of a chip.

    Raises:
        CorpusInvalid: it is missing, or leads out of the folder of the images.
    """
    path = (corpus.images / chip.file).resolve()
    if not path.is_relative_to(corpus.images.resolve()) or not path.is_file():
        raise CorpusInvalid(
            f"There is no file {chip.file} of the chip {chip.name} in {corpus.images}.",
            "Put the images there, or name their folder: python -m backend.corpus read --images.",
        )
    return path


def _damaged(path: Path) -> CorpusInvalid:
    return CorpusInvalid(f"{path.name} is cut short or damaged.", "Fetch or cut it again.")
