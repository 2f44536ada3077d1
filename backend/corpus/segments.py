"""Segmentations of chips: pictures of class numbers in the folder segments, beside their names.

classes.csv   the columns number and name
CHIP.png      one channel of 8 bits, as large as the chip; 255 where nothing is known
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.corpus.files import Corpus
from backend.corpus.lines import read_table
from backend.errors import CorpusInvalid
from backend.io.disk import write_file

SEGMENTS, CLASSES = "segments", "classes.csv"
UNKNOWN = 255
"""The number of pixels of which nothing is known."""
MAKE = "Sample a raster of classes: python -m backend.corpus text --cover; or put pictures there."


def read_classes(path: Path) -> dict[int, str]:
    """Return the names of classes: CSV with the columns number and name.

    Raises:
        CorpusInvalid: a column is missing, or a number is not whole or stands there twice.
    """
    names: dict[int, str] = {}
    for row in read_table(path, path.name):
        number = row.number("number", "value")
        if not number.is_integer() or int(number) in names:
            raise row.invalid("number", number, "a whole number that no other class has")
        names[int(number)] = row.text("name", "class").strip().lower()
    return names


def segment_classes(corpus: Corpus) -> dict[int, str]:
    """Return the names of the classes in a corpus' segmentations; none where it has none.

    Raises:
        CorpusInvalid: the file of names is damaged, a number is none of a picture's, or two classes
            have one name.
    """
    path = corpus.folder / SEGMENTS / CLASSES
    if not path.is_file():
        return {}
    names = read_classes(path)
    for number, name in names.items():
        if not 0 <= number < UNKNOWN:
            raise CorpusInvalid(
                f"{path} has a class of the number {number}; expected 0 to {UNKNOWN - 1}.",
                "Give it another number, there and in the pictures.",
            )
        if list(names.values()).count(name) > 1:
            raise CorpusInvalid(
                f"{path} has several classes of the name {name}.",
                "Give each a name of its own, or all of them one number in the pictures.",
            )
    return names


def write_segment_classes(corpus: Corpus, names: Sequence[str]) -> None:
    """Name the classes of a corpus' segmentations, which are numbered from 0 on."""
    _write_classes(corpus, dict(enumerate(names)))


def add_segment_classes(corpus: Corpus, names: Iterable[str]) -> dict[str, int]:
    """Return the numbers of classes by name; new ones are added to those that the corpus has.

    No class that is there gets another number, so segmentations that were written stay right.

    Raises:
        CorpusInvalid: the file of names is damaged, or there are more classes than numbers.
    """
    numbers = {name: number for number, name in segment_classes(corpus).items()}
    free = sorted(set(range(UNKNOWN)) - set(numbers.values()))
    new = sorted(set(names) - set(numbers))
    if len(new) > len(free):
        raise CorpusInvalid(
            f"There are {len(numbers) + len(new)} classes; segmentations have {UNKNOWN} at most.",
            "Name only those that occur: --classes, CSV with the columns number and name.",
        )
    numbers |= dict(zip(new, free, strict=False))
    _write_classes(corpus, {number: name for name, number in numbers.items()})
    return numbers


def _write_classes(corpus: Corpus, names: Mapping[int, str]) -> None:
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("number", "name"))
    rows.writerows(sorted(names.items()))
    write_file(corpus.folder / SEGMENTS / CLASSES, table.getvalue().encode())


def write_segments(corpus: Corpus, chip: str, numbers: NDArray[np.integer]) -> None:
    """Write class numbers (h, w) of a chip, whole or not at all; negative ones are not known."""
    write_file(segments_file(corpus, chip), as_png(numbers))


def as_png(numbers: NDArray[np.integer]) -> bytes:
    """Return class numbers (h, w) as a picture; negative ones are not known."""
    known = np.where((numbers < 0) | (numbers > UNKNOWN), UNKNOWN, numbers)
    picture = io.BytesIO()
    Image.fromarray(known.astype(np.uint8)).save(picture, "PNG")
    return picture.getvalue()


def recode(
    numbers: NDArray[np.integer], names: Mapping[int, str], classes: Mapping[str, int]
) -> NDArray[np.int64]:
    """Return for numbers (h, w) with `names` those of `classes`; -1 without a name."""
    codes = np.full(numbers.shape, -1, np.int64)
    for number, name in names.items():
        codes[numbers == number] = classes[name]
    return codes


def read_segments(path: Path) -> NDArray[np.int64]:
    """Return the class numbers (h, w) of a picture, -1 where nothing is known.

    Raises:
        CorpusInvalid: it is missing or damaged, or not of one channel of 8 bits.
    """
    try:
        with Image.open(path) as image:
            values = np.asarray(image)
    except (OSError, Image.DecompressionBombError) as error:
        raise CorpusInvalid(f"{path} is not a picture of class numbers.", MAKE) from error
    if values.ndim != 2 or values.dtype != np.uint8:
        raise CorpusInvalid(
            f"{path} has other than one channel of 8 bits.", "Write class numbers as a grey PNG."
        )
    return np.where(values == UNKNOWN, -1, values.astype(np.int64))


def segments_file(corpus: Corpus, chip: str) -> Path:
    """Return where the segmentation of a chip lies.

    Raises:
        CorpusInvalid: the name of the chip leads out of the folder.
    """
    return picture_in(corpus.folder / SEGMENTS, chip)


def picture_in(folder: Path, chip: str) -> Path:
    """Return where the picture of a chip lies in a folder.

    Raises:
        CorpusInvalid: the name of the chip leads out of the folder.
    """
    path = folder / f"{chip}.png"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusInvalid(f"The chip {chip} cannot have a file of its name.", "Rename it.")
    return path
