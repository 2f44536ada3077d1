"""The card of an adapter: what it was trained on, how, and what that did, on one page."""

from collections.abc import Mapping
from typing import Any

from backend import __version__
from backend.training.adapting.config import AdapterConfig

CARD = """\
# {title}

A low-rank adapter of `{model}`, in PEFT's two files. It does nothing without that model, and is
refused beside another.

| | |
|---|---|
| rank, alpha, dropout | {lora.rank}, {lora.alpha}, {lora.dropout:g} |
| layers | every linear layer but the one that gives words |
| parameters | {parameters:,} |
| corpus | {facts[corpus]}, {facts[licence]} |
| learnt | {texts}{types} |
| texts | {counts} |

AdamW, {recipe.epochs} epochs, {recipe.batch_size} × {recipe.accumulate} texts a step, learning rate
{recipe.learning_rate:g} after a warm-up over {recipe.warm_up:.0%} of the steps, then along half a
cosine to 0, weight decay {recipe.weight_decay:g}, seed {recipe.seed}. Kept is the last epoch.

## Loss of a word, in nats

| split | with the adapter | without |
|---|---:|---:|
{losses}

Of a split the first {config.validate_on:,} texts are measured, all where it has fewer. A loss says
how expected the reference texts are. How good what it writes is:
`python -m backend.evaluate --corpus DIR --with {folder} -o DIR`.

Made with GLUE-Link {version}.
"""


def adapter_card(
    title: str,
    config: AdapterConfig,
    facts: Mapping[str, Any],
    parameters: int,
    losses: Mapping[str, tuple[float, float]],
) -> str:
    """Return the card; `losses` by split, with the adapter and without it."""
    rows = [f"| {name} | {ours:.4f} | {bare:.4f} |" for name, (ours, bare) in losses.items()]
    counts = ", ".join(
        f"{facts[f'texts_{name}']:,} {name}" for name in ("train", "validation", "test")
    )
    return CARD.format(
        title=title,
        model=facts["model"],
        config=config,
        lora=config.lora,
        recipe=config.recipe,
        facts=facts,
        texts="captions and questions" if config.texts == "both" else config.texts,
        types=f" of the types {', '.join(config.types)}" if config.types else "",
        parameters=parameters,
        counts=counts,
        losses="\n".join(rows or ["| none | | |"]),
        folder=config.output,
        version=__version__,
    )
