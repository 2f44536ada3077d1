"""The table of published weights: what can be fetched by name, and what it is for.

Encoders and text encoders declare their own; this collects them, and those of describers.
"""

from backend.encoders.published import PublishedEncoder
from backend.encoders.registry import own_encoders
from backend.errors import ConfigInvalid
from backend.io.weights import PublishedWeights
from backend.models.describers import DESCRIBERS
from backend.text.registry import text_models


def list_weights() -> dict[PublishedWeights, str]:
    """Return all published weights, each with its use: encoder, text, both, or describer."""
    uses: dict[PublishedWeights, str] = {}
    for kind in own_encoders().values():
        if issubclass(kind, PublishedEncoder):
            uses[kind.weights] = "encoder"
    for model in text_models().values():
        if model.weights:
            uses[model.weights] = "encoder, text" if model.weights in uses else "text"
    return uses | dict.fromkeys(DESCRIBERS, "describer")


def find_weights(name: str) -> PublishedWeights:
    """Return the weights of this name.

    Raises:
        ConfigInvalid: there are none.
    """
    known = {weights.name: weights for weights in list_weights()}
    if name not in known:
        raise ConfigInvalid(
            f"There are no published weights {name!r}.", f"There are: {', '.join(known)}."
        )
    return known[name]
