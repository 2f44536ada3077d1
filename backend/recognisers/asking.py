"""What a recogniser finds in the chips of a corpus, as the file of lines that is measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.corpus import Chip, Corpus
from backend.corpus.lines import write_lines
from backend.corpus.segments import SEGMENTS, as_png, picture_in
from backend.encoders import Encoder
from backend.errors import CorpusInvalid
from backend.io.disk import require_folder, write_file
from backend.progress import Progress, silent
from backend.recognisers.base import Recogniser
from backend.recognisers.features import batches_of, encode_chips, require_fit, shape_of
from backend.recognisers.files import RecogniserCard

RECOGNISED = "recognised.jsonl"


def write_recognised(
    recogniser: Recogniser,
    card: RecogniserCard,
    encoder: Encoder,
    corpus: Corpus,
    split: str,
    folder: Path,
    progress: Progress = silent,
) -> Path:
    """Write what is found in the chips of a split, of all where there is no split; return the file.

    Raises:
        HeadMismatch: the encoder is another than the recogniser's.
        ConfigInvalid: the encoder does not suit the chips.
        CorpusInvalid: the split has no chips, or one cannot be read or has a name of no file.
        DiskFull: the disk has no room.
        OutputUnwritable: nothing can be written into the folder.
    """
    card.check(encoder.spec)
    splits = corpus.splits()
    names = set(splits.get(split, ())) if splits else None
    chips = [chip for chip in corpus.chips() if names is None or chip.name in names]
    if not chips and not splits:
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no chips.", "Cut some with `backend.corpus slice`."
        )
    if not chips:
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no chips in the split {split}.",
            f"It has the splits {', '.join(splits)}.",
        )
    shape = shape_of(chips)
    require_fit(encoder.spec, card.task, shape)
    require_folder(folder)

    def lines() -> Iterator[dict[str, Any]]:
        done = 0
        for some in batches_of(chips):
            progress(f"asking {card.name}", done, len(chips))
            # In half precision, as it learnt from them.
            grids = torch.from_numpy(encode_chips(corpus, some, encoder)).half().float()
            with torch.no_grad():
                replies = recogniser.reply(grids.to(encoder.device), shape)
            for chip, reply in zip(some, replies, strict=True):
                yield {"chip": chip.name, **_plain(reply, chip, card, folder)}
            done += len(some)

    write_lines(folder / RECOGNISED, lines())
    return folder / RECOGNISED


def _plain(reply: dict[str, Any], chip: Chip, card: RecogniserCard, folder: Path) -> dict[str, Any]:
    """Return a reply as JSON has it; segments become a picture beside the file."""
    if "segments" not in reply:
        return reply
    picture = picture_in(folder / SEGMENTS, chip.name)
    numbers = np.array(card.numbers, np.int64)[reply["segments"]]
    write_file(picture, as_png(numbers))
    return {"segments": picture.relative_to(folder).as_posix()}
