"""A corpus that every task can be solved on: bright and pale squares on speckle."""

from pathlib import Path

import numpy as np
from affine import Affine

from backend.corpus.files import CHIPS, About, Corpus, create_corpus
from backend.corpus.ground import locate_chip
from backend.corpus.records import Chip, plain_values
from backend.corpus.segments import write_segment_classes, write_segments
from backend.corpus.slicing import write_geotiff
from backend.language import Record
from backend.language.record import Box, Object

SIDE = 96
KINDS = ("bright", "pale")
GROUND = "ground"
_SPLITS = {"train": 10, "validation": 2, "test": 4}
_DB = {"bright": 3.0, "pale": -8.0}


def plant_squares(folder: Path, per_split: int = 4, several: bool = True) -> Corpus:
    """Chips with up to three squares of one kind each, or with one square in every chip.

    Facts hold their boxes, and segments where they lie. Training has 10 × `per_split` chips.
    """
    corpus = create_corpus(folder, About("squares", "CC0", {"by": "slice"}))
    corpus.images.mkdir()
    write_segment_classes(corpus, [GROUND, *KINDS])
    splits: dict[str, list[str]] = {name: [] for name in _SPLITS}
    records = []
    with corpus.adding(CHIPS) as chips:
        for number in range(per_split * sum(_SPLITS.values())):
            split = next(n for n in _SPLITS if len(splits[n]) < per_split * _SPLITS[n])
            chip, record = _square_chip(corpus, number, several)
            chips.add(plain_values(chip))
            splits[split].append(chip.name)
            records.append(record)
    corpus.write_facts(records)
    corpus.write_splits(splits, {})
    return corpus


def _square_chip(corpus: Corpus, number: int, several: bool) -> tuple[Chip, Record]:
    name, rng = f"c{number:03d}", np.random.default_rng(number)
    kind = KINDS[number % 2]
    speckle = 10 * np.log10(rng.gamma(4.0, 0.25, (2, SIDE, SIDE)))
    db = np.array([-16.0, -23.0])[:, None, None] + speckle
    segments, objects = np.zeros((SIDE, SIDE), np.uint8), []
    # Squares lie in different quarters, so that they never touch.
    quarters = rng.permutation(4)[: number // 2 % 3 + 1 if several else 1]
    for quarter in quarters:
        side = int(rng.integers(16, 33))
        x, y = (
            int(k) * SIDE // 2 + int(rng.integers(0, SIDE // 2 - side)) for k in divmod(quarter, 2)
        )
        db[:, y : y + side, x : x + side] += _DB[kind] + 16.0
        segments[y : y + side, x : x + side] = 1 + KINDS.index(kind)
        objects.append(Object(kind, Box(x, y, side, side)))
    transform = Affine(10, 0, 600_000 + 5000 * number, 0, -10, 5_000_000)
    values = db.astype(np.float32)
    write_geotiff(corpus.images / f"{name}.tif", values, "EPSG:32632", transform, "2024-06-15")
    write_segments(corpus, name, segments)
    ground = locate_chip("EPSG:32632", transform, SIDE, SIDE)
    cut = dict.fromkeys(("VV", "VH", "VV-VH"), (-25.0, 0.0))
    chip = Chip(name, f"{name}.tif", SIDE, SIDE, ground, 10.0, cut_db=cut, date="2024-06-15")
    return chip, Record(name, SIDE, SIDE, objects=tuple(objects))
