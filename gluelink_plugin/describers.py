"""Who describes beside the measurements: what the backend has, and where a choice falls short."""

from __future__ import annotations

from .client.protocol import Capabilities, DescriberInfo, ErrorBody
from .translation import tr


def models_of(capabilities: Capabilities | None) -> list[DescriberInfo]:
    """Return all that write what they take an area for, those that cannot be used included."""
    known = capabilities.describers if capabilities is not None else []
    return [each for each in known if not each.measures]


def find_model(capabilities: Capabilities | None, name: str | None) -> DescriberInfo | None:
    """Return the model of a name; None where the backend cannot use it."""
    return next((m for m in models_of(capabilities) if m.name == name and m.available), None)


def falls_short(capabilities: Capabilities | None, name: str | None, question: str | None) -> str:
    """Return why a model that was chosen is not asked this; empty where it is, or none was."""
    if name is None:
        return ""
    model = find_model(capabilities, name)
    if model is None:
        return tr("{model} is not on the backend's computer. This was measured alone.", model=name)
    if question is None and not model.captions:
        return tr("{model} writes no descriptions. This was measured alone.", model=model.title)
    if question is not None and not model.questions:
        return tr("{model} answers no questions. This was measured alone.", model=model.title)
    return ""


def describer_missing(name: str) -> ErrorBody:
    """Return that the backend cannot ask the same, as it lacks the describer."""
    sentence = tr("This was asked with the describer {name}, which cannot be used now.", name=name)
    remedy = tr("Choose another one under “Words by”, and press “Describe this area”.")
    return ErrorBody("describer_missing", sentence, remedy)
