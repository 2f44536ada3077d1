"""Feature grids of chips by a frozen encoder, computed once and kept in a file.

An encoder that takes windows of any size gets a chip as it is; another gets it window by window.
A chip that does not divide into windows, or cells, is continued by its mirror image.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from backend.corpus import Chip, Corpus
from backend.corpus.pixels import read_db
from backend.encoders import Encoder, EncoderSpec
from backend.errors import ConfigInvalid, CorpusInvalid
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.progress import Progress, silent
from backend.recognisers.base import Task
from backend.scenes import PIXEL_M

BATCH = 16
BANDS = 2


def require_fit(spec: EncoderSpec, task: Task, shape: tuple[int, int]) -> None:
    """Raise ConfigInvalid unless an encoder suits radar chips of `shape`, and a task."""
    if spec.modality != "sentinel-1" or spec.dates == "stacked" or spec.least_dates > 1:
        what = f"{spec.least_dates} dates" if spec.modality == "sentinel-1" else spec.modality
        raise ConfigInvalid(
            f"{spec.name} takes {what}; chips have one date of VV and VH.",
            "Choose an encoder of Sentinel-1, such as texture-s1.",
        )
    if spec.reach_px is None and min(shape) < spec.window_px:
        raise ConfigInvalid(
            f"The chips have {shape[1]} × {shape[0]} pixels; {spec.name} takes windows of "
            f"{spec.window_px}.",
            f"Cut chips of {spec.window_px * PIXEL_M:g} m: python -m backend.corpus slice.",
        )
    if task in ("segment", "detect") and min(shape) < 2 * spec.cell_px:
        raise ConfigInvalid(
            f"{spec.name} gives a chip of {shape[1]} × {shape[0]} pixels one vector, which has no "
            "places in it.",
            f"Choose an encoder of several cells in a window, or larger chips, to {task}.",
        )


def shape_of(chips: Sequence[Chip]) -> tuple[int, int]:
    """Return rows and columns of chips, which are all of one size and of 10 m.

    Raises:
        CorpusInvalid: they are not.
    """
    first = chips[0]
    for chip in chips:
        if (chip.height, chip.width) != (first.height, first.width):
            raise CorpusInvalid(
                f"The chip {chip.name} has {chip.width} × {chip.height} pixels, {first.name} "
                f"{first.width} × {first.height}.",
                "Put chips of one size into the splits.",
            )
        if chip.metres_per_pixel != PIXEL_M:
            size = f"{chip.metres_per_pixel:g}" if chip.metres_per_pixel else "unknown"
            raise CorpusInvalid(
                f"The pixels of the chip {chip.name} are of {size} m; encoders take {PIXEL_M:g} m.",
                f"Cut chips with pixels of {PIXEL_M:g} m: python -m backend.corpus slice.",
            )
    if first.height is None or first.width is None:
        raise CorpusInvalid(
            f"The size of the chip {first.name} is not known.",
            "Write width and height into chips.jsonl.",
        )
    return first.height, first.width


def encode_chips(corpus: Corpus, chips: Sequence[Chip], encoder: Encoder) -> NDArray[np.float32]:
    """Return the feature grids (n, h, w, d) of some chips; upper left cells are the chips'.

    Raises:
        CorpusInvalid: a file is missing, damaged or of another size, or has no pixel with data.
        ConfigInvalid: the encoder takes no chips of this size.
        DateMissing: the encoder needs a date, and a chip has none.
    """
    db, spec = np.stack([_read(corpus, chip) for chip in chips]), encoder.spec
    whole = spec.reach_px is not None
    step = spec.cell_px if whole else spec.window_px
    down, right = (-side % step for side in db.shape[2:])
    db = np.pad(db, ((0, 0), (0, 0), (0, down), (0, right)), mode="symmetric")
    dates = [chip.date for chip in chips]
    if whole:
        return _encode_whole(encoder.with_date(dates), db)
    n, rows, columns = len(db), db.shape[2] // step, db.shape[3] // step
    windows = db.reshape(n, BANDS, rows, step, columns, step).transpose(0, 2, 4, 1, 3, 5)
    dated = encoder.with_date([date for date in dates for _ in range(rows * columns)])
    grids = dated.encode(windows.reshape(-1, BANDS, step, step)).float().cpu().numpy()
    h, w, d = grids.shape[1:]
    together = grids.reshape(n, rows, columns, h, w, d).swapaxes(2, 3)
    return together.reshape(n, rows * h, columns * w, d)


def _encode_whole(encoder: Encoder, db: NDArray[np.float32]) -> NDArray[np.float32]:
    try:
        return encoder.encode(db).float().cpu().numpy()
    except ConfigInvalid as error:  # said of windows, which nobody has chosen here
        raise ConfigInvalid(
            f"{encoder.spec.name} does not take chips of {db.shape[3]} × {db.shape[2]} pixels.",
            "Cut larger chips, or choose another encoder.",
        ) from error


def _read(corpus: Corpus, chip: Chip) -> NDArray[np.float32]:
    db = read_db(corpus, chip)
    if len(db) != BANDS or not np.isfinite(db).any():
        problem = "no pixel with data" if len(db) == BANDS else f"{len(db)} bands, not VV and VH"
        raise CorpusInvalid(
            f"The chip {chip.name} has {problem}.",
            "Leave it out: python -m backend.corpus screen, then split.",
        )
    return db


def features_key(spec: EncoderSpec, corpus: Corpus, chips: Sequence[Chip]) -> str:
    """Return what tells features apart: the encoder, and names and sizes of the chips' files."""
    files = [(chip.name, _size(corpus.images / chip.file)) for chip in chips]
    return hashlib.sha256(repr([spec.identity, spec.cell_px, files]).encode()).hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def keep_features(
    path: Path, corpus: Corpus, chips: Sequence[Chip], encoder: Encoder, progress: Progress = silent
) -> NDArray[np.float16]:
    """Return the features (n, h, w, d) of chips in a file, which is written if it is missing.

    They stay on the disk, in half precision.

    Raises:
        CorpusInvalid: a chip cannot be read.
        DiskFull: the disk has no room for them.
    """
    if not path.exists():
        with writing(path), atomic(path) as partial, partial.open("wb") as file:
            for number, some in enumerate(batches_of(chips)):
                progress(f"encoding chips by {encoder.spec.name}", number * BATCH, len(chips))
                grids = encode_chips(corpus, some, encoder)
                if number == 0:
                    header = {"descr": "<f2", "fortran_order": False}
                    shape = (len(chips), *grids.shape[1:])
                    np.lib.format.write_array_header_1_0(file, {**header, "shape": shape})
                file.write(grids.astype("<f2").tobytes())
    kept: NDArray[np.float16] = np.load(path, mmap_mode="r", allow_pickle=False)
    return kept


def batches_of(chips: Sequence[Chip]) -> Iterator[Sequence[Chip]]:
    """Yield chips some at a time, as many as are encoded at once."""
    return (chips[start : start + BATCH] for start in range(0, len(chips), BATCH))


def as_grids(
    features: NDArray[np.float16], rows: Sequence[int], device: torch.device
) -> torch.Tensor:
    """Return some of the features (k, h, w, d) as float32 on a device."""
    return torch.from_numpy(np.ascontiguousarray(features[list(rows)])).to(device).float()
