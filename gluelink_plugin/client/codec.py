"""Messages of the protocol from and to JSON: dataclasses whose fields say how they are sent.

A reply may have fields that this plugin does not know; without a field that it needs it is refused.
"""

from __future__ import annotations

from dataclasses import MISSING, field, fields
from typing import Any, TypeVar

Message = TypeVar("Message")


class ProtocolError(ValueError):
    """A reply that does not follow the protocol."""


def part(message: type, default: Any = MISSING) -> Any:
    """Return a field that holds one message, or None."""
    return field(default=default, metadata={"part": message})


def parts(message: type, default: Any = MISSING) -> Any:
    """Return a field that holds a list of messages; `default` makes the list when it is missing."""
    return field(default_factory=default, metadata={"parts": message})


def flat(default: Any) -> Any:
    """Return a field that holds a dictionary whose entries are sent beside the other fields."""
    return field(default_factory=default, metadata={"flat": True})


def decode(message: type[Message], payload: Any) -> Message:
    """Return `payload`, as parsed from JSON, as a message, or as the subclass of its `kind`.

    Raises:
        ProtocolError: it does not fit.
    """
    if not isinstance(payload, dict):
        raise ProtocolError(f"{message.__name__} is not an object but {type(payload).__name__}.")
    message = _of_its_kind(message, payload)
    values: dict[str, Any] = {}
    for item in fields(message):  # type: ignore[arg-type]
        if item.name not in payload:
            if item.default is MISSING and item.default_factory is MISSING:
                raise ProtocolError(f"{message.__name__} has no field {item.name!r}.")
            continue
        value = payload[item.name]
        if "part" in item.metadata and value is not None:
            value = decode(item.metadata["part"], value)
        elif "parts" in item.metadata:
            if not isinstance(value, list):
                raise ProtocolError(f"{message.__name__}.{item.name} is not a list.")
            value = [decode(item.metadata["parts"], each) for each in value]
        values[item.name] = value
    return message(**values)


def _of_its_kind(message: type[Message], payload: dict[str, Any]) -> type[Message]:
    """Return the subclass of `message` that has the payload's kind; itself if it has none."""
    kinds = {getattr(each, "kind", ""): each for each in message.__subclasses__()}
    if kinds and payload.get("kind") not in kinds:
        raise ProtocolError(f"{message.__name__} of an unknown kind, {payload.get('kind')!r}.")
    return kinds[payload["kind"]] if kinds else message


def encode(message: Any) -> dict[str, Any]:
    """Return a message as a JSON object, without what is None, where a default holds."""
    values: dict[str, Any] = {}
    for item in fields(message):
        value = getattr(message, item.name)
        if item.metadata.get("flat"):
            values.update(value)
        elif value is not None:
            values[item.name] = encode(value) if "part" in item.metadata else value
    return values
