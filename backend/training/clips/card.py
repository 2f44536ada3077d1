"""What is told of a CLIP that was trained on: the fields in its file, and one page of Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.encoders.clips import PictureName
from backend.training.lora import describe_adapter
from backend.training.towers.card import retrieval_table

PICTURES: Mapping[PictureName, str] = {
    "grey": "VV from -25 to 0 dB as three equal channels",
    "dual": "VV from -25 to 0 dB, VH from -32 to -7 dB and VV - VH from 0 to 15 dB",
}
CARD = """\
# {card.title}

Begun with `{training[start]}`, and trained by contrast {how}{simulated}.

| | |
|---|---|
| CLIP | `{card.name}`: in open_clip's layout, its configuration beside it |
| radar | {picture}, {card.side_px} × {card.side_px} pixels of {card.pixel_m:g} m |
| licence | {card.licence} |

## Stages

{stages}

## Retrieval on test chips of the last stage

{scores}

{adapter}The last epoch is kept, whatever validation says.

## Limits

- It knows what its start knew, and what the texts of its corpora say, in their words.
- A cosine ranks places for a phrase. It is not a probability, and not a class.
- One vector stands for a whole chip: what is small in it may not show.

Made on {training[date]} with GLUE-Link {training[version]}.
"""


@dataclass(frozen=True)
class ClipCard:
    """What the file of a CLIP that was trained here says of itself."""

    name: str
    """What it was called when it was trained."""
    title: str
    """What people read."""
    licence: str
    """Of what it was trained on."""
    picture: PictureName
    """How it looks at radar."""
    side_px: int
    """Side of a chip of radar in pixels."""
    pixel_m: float
    """Side of a pixel of most chips of the last stage, in metres."""
    simulated: bool
    """Whether the last stage never saw a real scene."""
    writes: bool = False
    """Whether it is a CoCa, which writes captions."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """What was measured of it."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """How and on what it was trained."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """Types of the captions that it learnt last, such as concise; all where it is empty."""
        return tuple(self.training["stages"][-1]["tasks"])


def clip_card(card: ClipCard) -> str:
    """Return the page."""
    stages = "\n".join(
        f"{number}. {stage['name'] or stage['corpus']}: {stage['chips']:,} chips, "
        f"{stage['epochs']} epoch{'s' * (stage['epochs'] != 1)}"
        for number, stage in enumerate(card.training["stages"], 1)
    )
    return CARD.format(
        card=card,
        training=card.training,
        picture=PICTURES[card.picture],
        how="and by writing captions" if card.writes else "alone",
        simulated="; the last chips are simulated, it never saw a real scene"
        if card.simulated
        else "",
        stages=stages,
        scores=retrieval_table(card.scores, card.training),
        adapter=describe_adapter(card.training, "CLIP"),
    )
