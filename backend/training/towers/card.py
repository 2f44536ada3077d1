"""The model card of a tower: the card of its file on one page of Markdown."""

from collections.abc import Mapping
from typing import Any

from backend.evaluation.words.retrieval import DEPTHS, Retrieval
from backend.towers.files import TowerCard
from backend.training.lora import describe_adapter
from backend.training.towers.pairs import Part

LM = "lm"
"""The score that is the loss of a written word on test chips."""

RETRIEVAL = """\
## Retrieval on test chips

{table}

By contrast alone. Of n chips, chance finds K / n among the first K; a tower that looks only at
texts, or only at chips, does no better.

"""

WRITING = """\
## What it writes

It learnt {writes}, {beside}. The loss of a word on test chips is {loss:.3f}. Texts are written
{beams}, with {least} to {how.most} tokens. `evaluate --with` measures them.

"""

CARD = """\
# {card.title}

{card.summary}

| | |
|---|---|
| tower | `{card.name}`: {sizes.dim} numbers in the shared space |
| for chips | {image.depth} layers of {image.width}, patches of {sizes.patch_px} px |
| for texts | {text.depth} layers of {text.width} |
| chips | {sizes.side_px} × {sizes.side_px} pixels of {card.pixel_m:g} m, VV and VH in dB |
| texts | {sizes.most_tokens} tokens at most |
| begun with | {start} |
| licence of the corpus | {card.licence} |

## Stages

{stages}

{decisions}

{scores}{writing}{adapter}The last epoch is kept, whatever validation says.

## Limits

- It knows what the texts of its corpus say, in their words.
- A cosine ranks places for a phrase. It is not a probability, and not a class.
- One vector stands for a whole chip: what is small in it may not show.

Made on {training[date]} with GLUE-Link {training[version]}.
"""


def model_card(card: TowerCard) -> str:
    """Return the page."""
    counts, sizes = card.training["decisions"], card.sizes
    judged = sum(counts.values())
    decisions = "No fragment was judged."
    if judged:
        decisions = (
            f"Of {judged:,} fragments that were judged last, {counts['noise']:,} count as noise "
            f"and {counts['rebuilt']:,} were written anew."
        )
    stages = "\n".join(
        f"{number}. {stage['kind']}: {stage['epochs']} epoch{'s' * (stage['epochs'] != 1)}"
        for number, stage in enumerate(card.training["stages"], 1)
    )
    return CARD.format(
        card=card,
        sizes=sizes,
        image=sizes.image,
        text=sizes.text,
        training=card.training,
        start=card.training["start"] or "random weights",
        stages=stages,
        decisions=decisions,
        scores=_retrieval(card),
        writing=_writing(card),
        adapter=describe_adapter(card.training, "tower"),
    )


def named_scores(found: Retrieval) -> dict[str, float]:
    """Return the recalls by name, their mean as mR, and the share of chips that are outscored."""
    ways = {"image_to_text": found.image_to_text, "text_to_image": found.text_to_image}
    scores = {f"{way}_{k}": round(of[k], 6) for way, of in ways.items() for k in DEPTHS}
    return {
        **scores,
        "mR": round(found.mean_recall, 6),
        "outscored": round(found.outscored, 6),
    }


def chance_of(part: Part) -> float:
    """Return the mean recall of a random order of chips, both ways."""
    return sum(min(1.0, k / len(part)) for k in DEPTHS) / len(DEPTHS)


def _retrieval(card: TowerCard) -> str:
    """Return the section of retrieval; nothing where the decoder learnt alone."""
    table = retrieval_table(card.scores, card.training) if "mR" in card.scores else ""
    return RETRIEVAL.format(table=table) if table else ""


def _writing(card: TowerCard) -> str:
    """Return the section of what is written; nothing without a decoder."""
    if card.search is None:
        return ""
    how, alone = card.search, card.training["decoder"]["alone"]
    groups = f" in {how.groups} groups" if how.groups > 1 else ""
    return WRITING.format(
        writes=" and ".join(f"{kind}s" for kind in card.writes),
        beside="and nothing else" if alone else "beside the other losses",
        loss=card.scores[LM],
        beams="greedily" if how.beams == 1 else f"by {how.beams} beams{groups}",
        least=how.least if "caption" in card.writes else 1,  # answers may always be short
        how=how,
    )


def retrieval_table(scores: Mapping[str, float], training: Mapping[str, Any]) -> str:
    """Return recalls both ways as a table, with chance for so many test chips."""
    chips = training["test_chips"]
    rows = ["| | R@1 | R@5 | R@10 |", "|---|---:|---:|---:|"]
    for way, words in (("image_to_text", "image → text"), ("text_to_image", "text → image")):
        values = " | ".join(f"{100 * scores[f'{way}_{k}']:.1f}" for k in DEPTHS)
        rows.append(f"| {words} | {values} |")
    values = " | ".join(f"{100 * min(1, k / chips):.1f}" for k in DEPTHS)
    rows.append(f"| chance, of {chips:,} chips | {values} |")
    mean, chance = 100 * scores["mR"], 100 * training["chance"]
    outscored = 100 * scores["outscored"]
    return "\n".join(
        [
            *rows,
            "",
            f"mR {mean:.1f}; by chance {chance:.1f}. A chip outscores {outscored:.1f} % of others "
            "on a text of its own; by chance 50. Where many chips have nearly the same text, as "
            "simulated ones do, that says more than recall.",
        ]
    )
