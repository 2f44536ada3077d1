"""Hooks of schemathesis: names that the service knows, and half characters in some texts.

Loaded by schemathesis in an environment of its own; see `contract`.
"""

import json
import os
import random
from typing import Any

import schemathesis
from hypothesis import strategies as st

HALVES = ["\ud800", "\udfff x", "a\ude00b", "\ud83d\ud83d\ude00"]
KNOWN: dict[str, Any] = json.loads(os.environ["GLUELINK_KNOWN"])
"""Values by the names of fields and parameters."""
USUAL = "planetary-computer"
"""The catalogue of examples and defaults, which is on the network and may be out of reach."""


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_context: Any, value: Any) -> bytes:
    """Return the body of a piece of an upload."""
    return getattr(value, "data", None) or str(value).encode("utf-8", "replace")


@schemathesis.hook
def flatmap_body(_context: Any, body: Any) -> st.SearchStrategy[Any]:
    """Return messages as they were drawn, some with known values, some with half characters."""
    rng = st.randoms(use_true_random=False)
    searches = isinstance(body, dict) and "aoi" in body and {"first", "item"} & set(body)
    if searches and body.get("catalogue", USUAL) == USUAL:
        body = {**body, "catalogue": KNOWN["catalogue"]}
    known = st.builds(_known, st.just(body), rng)
    return st.one_of(st.just(body), known, known, st.builds(_broken, st.just(body) | known, rng))


@schemathesis.hook
def flatmap_path_parameters(context: Any, values: Any) -> st.SearchStrategy[Any]:
    """Return parameters as they were drawn, and some that are known; what is known is not ended."""
    if context.operation.method.upper() == "DELETE":
        return st.just(values)
    known = st.builds(_known, st.just(values), st.randoms(use_true_random=False))
    return st.one_of(st.just(values), known)


def _known(values: Any, rng: random.Random) -> Any:
    """Return an object with known values in most of the fields that have some."""
    if not isinstance(values, dict):
        return values
    return {
        name: KNOWN[name] if name in KNOWN and rng.random() < 0.9 else value
        for name, value in values.items()
    }


def _broken(value: Any, rng: random.Random) -> Any:
    """Return a value some of whose texts and names are half characters."""
    if isinstance(value, str):
        return rng.choice([value, *HALVES])
    if isinstance(value, list):
        return [_broken(each, rng) for each in value]
    if isinstance(value, dict):
        names = [name if rng.random() < 0.9 else rng.choice(HALVES) for name in value]
        return dict(zip(names, (_broken(each, rng) for each in value.values()), strict=True))
    return value
