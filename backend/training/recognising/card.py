"""The model card of a recogniser: the card of its file on one page of Markdown."""

from backend.encoders import EncoderSpec
from backend.recognisers.files import RecogniserCard

FINDS = {
    "classify": "the class of a chip",
    "count": "how many objects of each category a chip has",
    "segment": "what covers each pixel of a chip",
    "detect": "where objects lie in a chip",
}
NUMBERS = ("mae",)
"""Figures in objects; the others are shares."""

CARD = """\
# {card.title}

It says {finds}, by features of `{card.encoder}`.

| | |
|---|---|
| recogniser | `{card.name}`: {parameters:,} weights |
| encoder | `{card.encoder}`: {spec.title}; frozen |
| identity | `{card.encoder_identity}`: version or weights, and scaling |
| cells | {card.cell_px} × {card.cell_px} pixels, {card.dim} numbers each |
| finds | {names} |
| chips | {training[train_chips]:,} in training, {training[validation_chips]:,} in validation |
| kept | epoch {training[kept]}, by the loss of validation chips |
| licence of the corpus | {card.licence} |

## On {training[test_chips]:,} test chips

{scores}

## Limits

- It knows the classes of its corpus, in radar such as the corpus has.
- What is much smaller than a cell may not show in features.

Made on {training[date]} with GLUE-Link {training[version]}.
"""


def recogniser_card(card: RecogniserCard, spec: EncoderSpec, parameters: int) -> str:
    """Return the page."""
    rows = ["| figure | this | chance |", "|---|---:|---:|"]
    for name, value in card.scores.items():
        rows.append(f"| {name} | {shown(name, value)} | {shown(name, card.chance[name])} |")
    return CARD.format(
        card=card,
        spec=spec,
        finds=FINDS[card.task],
        names=", ".join(card.names),
        parameters=parameters,
        training=card.training,
        scores="\n".join(rows),
    )


def shown(name: str, value: float) -> str:
    """Return a figure as people read it: in percent, or in objects."""
    if value != value:
        return "–"
    return f"{value:.2f}" if name.split()[0] in NUMBERS else f"{100 * value:.1f} %"
