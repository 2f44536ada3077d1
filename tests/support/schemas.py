"""Messages made from their JSON schemas: most of them right, some with values that may be anything.

Half characters are among the texts: JSON can spell them, and no text may hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

HALF = st.sampled_from(["\ud800", "\udfff x", "a\ude00b", "\ud83d\ud83d\ude00"])
TEXT = st.text(max_size=20) | HALF
JSON: Strategy = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def messages(schema: Mapping[str, Any], document: Any, known: Mapping[str, Strategy]) -> Strategy:
    """Return what follows a schema; values of the fields in `known` come from there as well.

    One message in four has a value, a field or a whole part that does not fit.
    """
    return _Maker(document, known).of(schema)


class _Maker:
    def __init__(self, document: Any, known: Mapping[str, Strategy]) -> None:
        self._document = document
        self._known = known
        self._kinds: dict[str, Callable[[Mapping[str, Any]], Strategy]] = {
            "string": lambda schema: TEXT,
            "integer": lambda schema: st.integers(schema.get("minimum", -(10**12)), 10**30),
            "number": lambda schema: st.floats() | st.integers(-(10**30), 10**30),
            "boolean": lambda schema: st.booleans(),
            "null": lambda schema: st.none(),
            "array": lambda schema: st.lists(self.of(schema.get("items", {})), max_size=4),
            "object": self._object,
        }

    def of(self, schema: Mapping[str, Any]) -> Strategy:
        """Return what follows a part of the document."""
        if "$ref" in schema:
            return self.of(self._document["components"]["schemas"][schema["$ref"].split("/")[-1]])
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return st.one_of([self.of(each) for each in schema[choice]])
        if "const" in schema or "enum" in schema:
            return st.sampled_from(schema.get("enum", [schema.get("const")]))
        return self._kinds[schema["type"]](schema) if "type" in schema else JSON

    def _object(self, schema: Mapping[str, Any]) -> Strategy:
        fields = schema.get("properties")
        if fields is None:
            return st.dictionaries(TEXT, JSON, max_size=4)
        values = {name: self._field(name, each) for name, each in fields.items()}
        required = {name: values.pop(name) for name in schema.get("required", [])}
        right = st.fixed_dictionaries(required, optional=values)
        more = st.dictionaries(TEXT | st.sampled_from(sorted(fields)), JSON, max_size=2)
        wrong = st.builds(lambda message, change: {**message, **change}, right, more)
        return st.one_of(right, right, right, wrong)

    def _field(self, name: str, schema: Mapping[str, Any]) -> Strategy:
        ours = self.of(schema)
        return self._known[name] | ours if name in self._known else ours
