"""The model card of a head: the metadata of its file on one page of Markdown."""

from typing import Any

from backend.link import HeadMeta
from backend.link.ridge import L2S

SIMULATED = "- It has seen simulated landscapes only, and captions in place of photographs."
LIMITS = """\
- It knows what the photographs of its survey show, in the regions and seasons they were taken in.
- It fits features of the encoder named above: not of other weights, not of another scaling of dB,
  nor of another radar product than the survey's.
- It learnt from averages over wedges of the ground; a single cell of a map is noisier.
- A cosine ranks places for a phrase. It is not a probability, and not a class."""


CARD = """\

# {meta.title}

{meta.summary}

| | |
|---|---|
| head | `{meta.name}`: one linear layer, {encoder[dim]} to {meta.text_space.dim} dimensions |
| encoder | `{meta.encoder}`: {encoder[title]} |
| identity | `{meta.encoder_identity}`: version or weights, and scaling |
| encoder's source | {encoder[source]}, {encoder[licence]} |
| ground | {extent:g} m around a point, pooled by {pooling[kind]} |
| text encoder | `{meta.text}` |
| text space | {meta.text_space.name}, revision {meta.text_space.revision} |

## Data

{data}

{counts}

No region is in two splits.

## Recipe

{recipe}

## Scores

Mean over views of the cosine between prediction and photograph. A head that knows nothing about
places comes to the mean photograph of the training split.

{scores}

## Limits

{limits}

Made on {training[date]} with GLUE-Link {training[version]}.
"""


def model_card(meta: HeadMeta) -> str:
    """Return the card of a head that a training run has made."""
    training = meta.training
    encoder, pooling = training["encoder"], training["pooling"]
    simulated = training["survey"].get("kind") == "simulated"
    return CARD.format(
        meta=meta,
        training=training,
        encoder=encoder,
        pooling=pooling,
        extent=pooling["extent_m"] or encoder["window_m"],
        data=_data(training),
        counts=_counts(training),
        recipe=_recipe(training),
        scores=_scores(meta),
        limits=f"{SIMULATED}\n{LIMITS}" if simulated else LIMITS,
    )


def _data(training: dict[str, Any]) -> str:
    """Return what the head has learnt from: the survey and the imagery around its points."""
    lines = [_survey(training)]
    if captions := training.get("captions"):
        lines.append(
            f"Captions: {captions['survey_name']}, {captions['points']['train']:,} chips in train, "
            f"{training['captions_weight']:g} pairs for each of a photograph."
        )
    return "\n".join(lines)


def _survey(training: dict[str, Any]) -> str:
    source, name, imagery = training["survey"], training["survey_name"], training["imagery"]
    if source.get("kind") == "simulated":
        details = [
            f"{name.replace('_', ' ')} {of}" for name, of in source.items() if name != "kind"
        ]
        return f"Survey: simulated, {', '.join(details)}."
    what = "captions of chips" if source.get("kind") == "captions" else "photographed"
    lines = [f"Survey: {name}, {what} {_between(training['surveyed'])}."]
    if imagery:
        scenes = f"{imagery['scenes']:,} scenes ({', '.join(imagery['products'])})"
        lines.append(f"Imagery: {scenes}, taken {_between(imagery['dates'])}.")
    return "\n".join(lines)


def _between(dates: list[str]) -> str:
    return f"between {dates[0]} and {dates[1]}" if dates else "on days that are not known"


def _counts(training: dict[str, Any]) -> str:
    points, regions, views = training["points"], training["regions"], training["views"]
    rows = ["| split | points | regions | photographs |", "|---|---:|---:|---:|"]
    rows += [f"| {of} | {points[of]:,} | {regions[of]:,} | {views[of]:,} |" for of in views]
    return "\n".join(rows)


def _recipe(training: dict[str, Any]) -> str:
    return f"{_solver(training)}{_cells(training.get('cells'))}"


def _cells(fit: dict[str, Any] | None) -> str:
    """Return how the head was fitted on single cells, if it was."""
    if fit is None:
        return ""
    houses = fit.get("houses", 1.0)
    return (
        f" Then ridge, drawn towards that head with l2 {fit['l2']:g} and {fit['known']:g} times as "
        f"much for columns that it knows, on single cells of {fit['landscapes']} simulated "
        f"landscapes, towards the words for what they hold; cells with houses count {houses:g} "
        "times. The scores below are those of the first fit. Phrases are compared with cells in a "
        "metric in which paraphrases lie close together."
    )


def _solver(training: dict[str, Any]) -> str:
    recipe = training["recipe"]
    pairs = "the tile, its views' mean" if recipe["supervision"] == "tile" else "the view"
    if training["solver"] == "ridge":
        steps = recipe.get("reweightings", 0)
        towards = f", solved {steps + 1} times towards the optimum of the cosine" if steps else ""
        return f"Ridge in closed form, {describe_l2(training)}, fitted by {pairs}{towards}."
    start = "ridge's solution" if recipe["warm_start"] else "small random weights"
    kept = "the last epoch"
    if training["validated"]:
        kept = f"epoch {training['epoch']}, which has the highest validation cosine"
    return (
        f"AdamW from {start}, fitted by {pairs}: {recipe['epochs']} epochs in batches of "
        f"{recipe['batch_size']} pairs, learning rate {recipe['learning_rate']:g} falling to 0 "
        f"along half a cosine, weight decay {recipe['weight_decay']:g}, seed {recipe['seed']}, "
        f"products with W in {training['precision']}. Kept is {kept}."
    )


def describe_l2(training: dict[str, Any]) -> str:
    """Return the l2 of a ridge, and how it was chosen."""
    if training["recipe"]["l2"] is None and training["validated"]:
        return f"l2 {training['l2']:g}, the best of {len(L2S)} by validation cosine"
    return f"l2 {training['l2']:g}"


def shortfall_of(meta: HeadMeta) -> str:
    """Return a sentence on a head that does worse than the mean photograph; empty for others."""
    pairs = {
        split: (meta.scores[f"{split}_cosine"], meta.scores[f"{split}_cosine_of_mean"])
        for split in ("validation", "test")
        if f"{split}_cosine" in meta.scores
    }
    worse = [f"{of} ({ours:.3f}, {mean:.3f})" for of, (ours, mean) in pairs.items() if ours < mean]
    if not worse:
        return ""
    return (
        f"The head does worse than the mean photograph on {' and '.join(worse)}: what it learnt "
        "does not hold elsewhere. Train on more points, or by ridge with a larger l2."
    )


def _scores(meta: HeadMeta) -> str:
    rows = ["| split | this head | mean photograph |", "|---|---:|---:|"]
    for split in ("validation", "test"):
        if f"{split}_cosine" in meta.scores:
            ours, mean = (meta.scores[f"{split}_{name}"] for name in ("cosine", "cosine_of_mean"))
            rows.append(f"| {split} | {ours:.4f} | {mean:.4f} |")
        else:
            rows.append(f"| {split} | no photographs | |")
    shortfall = shortfall_of(meta)
    return "\n".join([*rows, "", shortfall] if shortfall else rows)
