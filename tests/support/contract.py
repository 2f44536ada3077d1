"""Compares messages of the plugin with the contract, field by field; needs no QGIS."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
EXCHANGES = json.loads((ROOT / "tests/protocol/exchanges.json").read_text(encoding="utf-8"))


def is_request(message: type) -> bool:
    """Return True for what the plugin sends."""
    return message.__name__.endswith(("Request", "Search"))


def assert_keeps_to_it(message: type) -> None:
    """Check all that the contract says of a message."""
    assert_in_contract(message)
    assert_nested_in_contract(message)
    if not is_request(message):
        assert_always_sent(message)


def assert_in_contract(message: type) -> None:
    """Check the names of the fields: a request may leave some out, a reply is known whole."""
    ours = {item.name for item in fields(message) if "flat" not in item.metadata}
    theirs = set(SCHEMAS[message.__name__]["properties"])
    assert ours <= theirs if is_request(message) else ours == theirs


def assert_nested_in_contract(message: type) -> None:
    """Check which messages the fields hold; those of a base are its kinds."""
    for item in fields(message):
        inner = item.metadata.get("part", item.metadata.get("parts"))
        names = [inner.__name__] if inner is not None else []
        if inner is not None and inner.__name__ not in SCHEMAS:
            names = [kind.__name__ for kind in inner.__subclasses__() if kind.__name__ in SCHEMAS]
        schema = SCHEMAS[message.__name__]["properties"].get(item.name, {})
        assert set(names) <= set(referred(schema))
        assert names or not referred(schema) or inner is not None


def assert_always_sent(message: type) -> None:
    """Check that the plugin needs no field that a reply may lack."""
    needed = {
        item.name
        for item in fields(message)
        if item.default is MISSING and item.default_factory is MISSING
    }
    schema = SCHEMAS[message.__name__]
    with_default = {name for name, each in schema["properties"].items() if "default" in each}
    assert needed <= set(schema.get("required", [])) | with_default


def referred(schema: dict[str, Any]) -> list[str]:
    """Return the messages that a field's schema points to, in whatever wrapping."""
    if "$ref" in schema:
        return [schema["$ref"].rsplit("/", 1)[1]]
    wrapped = [schema.get("items", {}), *schema.get("anyOf", []), *schema.get("oneOf", [])]
    return [name for part in wrapped if part for name in referred(part)]
