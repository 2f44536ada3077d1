"""Captions that a model writes in five levels of knowledge, from large chips to small ones.

The prompts are those of `backend.language.prompts`. What is written of a chip is told with the
smaller ones inside it, so a large one gives the context and a small one the detail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from backend.corpus import Chip, Corpus, Fragment, Text
from backend.corpus.files import TEXTS
from backend.corpus.records import Ground, plain_values
from backend.corpus.screening import left_out
from backend.describers.base import Chip as Seen
from backend.describers.base import Describer
from backend.describers.corpora import chip_of
from backend.errors import CorpusInvalid, ReplyInvalid
from backend.language import Place
from backend.language.prompts import LEVELS, Level, Subject, fragments, prompts
from backend.progress import Progress, silent

MOST_REFUSED = 3
"""Replies one after another of which none can be used: then the model is not fit for it."""


@dataclass
class ChainReport:
    """What was written."""

    written: int = 0
    """Chips that got a caption."""
    present: int = 0
    """Chips that had one of this model already."""
    problems: list[str] = field(default_factory=list)
    """Why chips got none, a sentence each."""


def write_chain(
    describer: Describer,
    corpus: Corpus,
    subject: Subject = "terrain",
    levels: Collection[Level] = LEVELS,
    progress: Progress = silent,
) -> ChainReport:
    """Add a caption of a field a fragment to each chip that the screen has not left out.

    A run that was stopped goes on with the chips that have none by this model.

    Example:
        write_chain(Endpoint("http://127.0.0.1:8080/v1"), open_corpus(Path("harbours")))

    Raises:
        ConfigInvalid: the describer holds no conversation, or the last level is left out.
        CorpusInvalid: a chip's file is missing or damaged.
        ReplyInvalid: three replies one after another cannot be used.
    """
    report, refused = ChainReport(), 0
    written = {
        text.chip: text.plain
        for text in corpus.texts()
        if text.source == "chain" and text.task == subject and text.more.get("by") == describer.name
    }
    out = left_out(corpus)
    chips = [chip for chip in corpus.chips() if chip.name not in out]
    largest_first = sorted(chips, key=lambda chip: -_side_m(chip))
    with corpus.adding(TEXTS) as lines:
        for number, chip in enumerate(largest_first):
            progress("asking the model", number, len(chips))
            if chip.name in written:
                report.present += 1
                continue
            wider = _wider(chip, largest_first[:number], written)
            try:
                text = describe_chip(describer, seen(corpus, chip), subject, levels, wider)
            except ReplyInvalid as error:
                refused += 1
                report.problems.append(f"{chip.name}: {error.message}")
                if refused == MOST_REFUSED:
                    raise
                continue
            refused, report.written = 0, report.written + 1
            written[chip.name] = text.plain
            lines.add(plain_values(text))
    return report


def describe_chip(
    describer: Describer,
    chip: Seen,
    subject: Subject,
    levels: Collection[Level] = LEVELS,
    wider: str = "",
) -> Text:
    """Return what a model writes of a chip; each fragment names what it rests on.

    Raises:
        ConfigInvalid: the describer holds no conversation, or the last level is left out.
        ReplyInvalid: a field of the last reply is missing, one too many, or names no basis.
    """
    turns = prompts(subject, chip.record, levels, wider)
    reply = describer.converse([turn.text for turn in turns], chip)[-1]
    return Text(
        chip.record.chip,
        tuple(
            Fragment(one.text, one.field, one.basis) for one in fragments(reply, subject, levels)
        ),
        task=subject,
        source="chain",
        more={"by": describer.name, "levels": [turn.level for turn in turns]},
    )


def seen(corpus: Corpus, chip: Chip) -> Seen:
    """Return a chip with all that a model may be told of it: its place, pixels and date.

    Raises:
        CorpusInvalid: its file is missing or damaged.
    """
    found = chip_of(corpus, chip)
    record = replace(
        found.record,
        place=Place(*chip.ground.centre) if chip.ground else None,
        metres_per_pixel=chip.metres_per_pixel,
        date=chip.date,
    )
    return replace(found, record=record)


def _wider(chip: Chip, larger: Iterable[Chip], written: dict[str, str]) -> str:
    """Return what was written of the smallest chip that holds this one; nothing without one."""
    around = [one for one in larger if one.name in written and _holds(one, chip)]
    return written[around[-1].name] if around else ""


def _holds(large: Chip, small: Chip) -> bool:
    if not (large.ground and small.ground) or large.ground.crs != small.ground.crs:
        return False
    if _side_m(large) <= _side_m(small):
        return False
    (west, south, east, north), inner = _bounds(large, large.ground), _bounds(small, small.ground)
    near = (small.metres_per_pixel or 0.0) / 2
    return (
        west - near <= inner[0]
        and south - near <= inner[1]
        and inner[2] <= east + near
        and inner[3] <= north + near
    )


def _bounds(chip: Chip, ground: Ground) -> tuple[float, float, float, float]:
    a, _, x, _, e, y = ground.transform
    if chip.width is None or chip.height is None:
        raise CorpusInvalid(
            f"The chip {chip.name} has map coordinates and no size.", "Slice the scenes anew."
        )
    across, down = x + a * chip.width, y + e * chip.height
    return min(x, across), min(y, down), max(x, across), max(y, down)


def _side_m(chip: Chip) -> float:
    return (chip.width or 0) * (chip.metres_per_pixel or 0.0)
