"""Requests to a STAC API: the items that answer a question, and the newest date of a collection."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import requests
from requests.adapters import HTTPAdapter

from backend import USER_AGENT
from backend.errors import CatalogueUnreachable, ExtraMissing
from backend.io.access import Access, HostUnlisted, Session
from backend.io.http import TRANSIENT, RetryPolicy
from backend.scenes.stac.providers import SETTINGS, Provider
from backend.scenes.stac.transport import POLICY, as_retry, unreachable

if TYPE_CHECKING:
    from pystac_client import Client

PAGE = 100

LARGEST_REPLY, LONGEST_REPLY_S = 2**26, 300.0
"""Bytes of one reply, and how long it may take: a page of items has some megabytes."""

Item = dict[str, Any]
"""The JSON of one item."""


class _ReplyTooLarge(Exception):
    """A reply of a catalogue that is too large, or takes too long."""


class _Session(Session):
    """Connections to a catalogue: to its listed hosts, with replies that are bounded."""

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Return the whole reply."""
        began = time.monotonic()
        response = super().send(request, **(how | {"stream": True}))
        body = bytearray()
        for chunk in response.iter_content(2**16):
            body += chunk
            if len(body) > LARGEST_REPLY or time.monotonic() - began > LONGEST_REPLY_S:
                response.close()
                raise _ReplyTooLarge(
                    f"a reply has more than {LARGEST_REPLY >> 20} MB or takes longer than "
                    f"{LONGEST_REPLY_S:g} s"
                )
        response._content, response._content_consumed = bytes(body), True  # type: ignore[attr-defined]
        return response


@dataclass(frozen=True)
class NewestDate:
    """How far the scenes of a catalogue reach."""

    day: date
    """The day of its newest scene, anywhere on earth."""

    source: Literal["scene", "collection"]
    """Whether that scene was looked up, or the collection states its end."""


def ask(provider: Provider, question: dict[str, Any], policy: RetryPolicy) -> Iterator[Item]:
    """Yield the JSON of all items that answer a question, each once.

    Catalogues repeat an item on a later page when new ones come in between.

    Raises:
        CatalogueUnreachable: the catalogue does not answer, or not like a STAC API.
        ExtraMissing: the packages for catalogues are not installed.
    """
    seen = set()
    with _client(provider, policy) as client:
        found = client.search(collections=[provider.collection], limit=PAGE, **question)
        for item in found.items_as_dicts():
            identity = str(item.get("id"))
            if identity not in seen:
                seen.add(identity)
                yield item


def newest_date(provider: Provider, policy: RetryPolicy = POLICY) -> NewestDate | None:
    """Return how far the scenes of a catalogue reach; None where it does not say.

    A catalogue that sorts is asked for its newest item; of another the collection may state an end.

    Raises:
        ExtraMissing: the packages for catalogues are not installed.

    Example:
        newest = newest_date(find_provider("planetary-computer"))
    """
    try:
        with _client(provider, policy) as client:
            if client.conforms_to("SORT"):
                return _newest_item(client, provider.collection)
            return _stated_end(client, provider.collection)
    except CatalogueUnreachable:  # a search will say so, if that is not answered either
        return None


def _newest_item(client: "Client", collection: str) -> NewestDate | None:
    newest_first = [{"field": "properties.datetime", "direction": "desc"}]
    found = client.search(collections=[collection], sortby=newest_first, limit=1, max_items=1)
    for item in found.items_as_dicts():
        properties = item["properties"]
        time = properties.get("datetime") or properties["start_datetime"]
        return NewestDate(date.fromisoformat(time[:10]), "scene")
    return None


def _stated_end(client: "Client", collection: str) -> NewestDate | None:
    found = client.get_collection(collection)
    end = found.extent.temporal.intervals[0][1] if found else None
    return NewestDate(end.date(), "collection") if end else None


@contextmanager
def _client(provider: Provider, policy: RetryPolicy) -> "Iterator[Client]":
    """Yield a client of a catalogue, whose errors become ours."""
    try:
        from pystac.errors import STACError
        from pystac_client import Client
        from pystac_client.errors import ClientTypeError
        from pystac_client.exceptions import APIError
        from pystac_client.stac_api_io import StacApiIO
    except ImportError as error:
        raise extra_missing() from error
    transport = StacApiIO()
    transport.session = _Session(Access(provider.listed_hosts))
    for scheme in ("https://", "http://"):
        transport.session.mount(scheme, HTTPAdapter(max_retries=as_retry(policy)))
    transport.update(headers={"User-Agent": USER_AGENT})
    try:
        yield Client.open(provider.url, stac_io=transport, timeout=policy.timeout)
    except APIError as error:
        raise _refused(provider, error) from error
    except (
        STACError,
        ClientTypeError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        NotImplementedError,
    ) as error:
        raise CatalogueUnreachable(
            f"{provider.url} does not answer like a STAC API with a search.",
            "Give the URL of its landing page.",
        ) from error


def extra_missing() -> ExtraMissing:
    """Return the error of an installation without the packages for catalogues."""
    return ExtraMissing(
        "Catalogues of imagery need packages that are not installed.",
        'Install them: pip install "gluelink[stac]".',
    )


def _refused(provider: Provider, error: Exception) -> CatalogueUnreachable:
    """Return the error for one of pystac-client, which has a status, or an error of requests."""
    status = getattr(error, "status_code", None)
    if isinstance(error.__context__, HostUnlisted | _ReplyTooLarge):
        return CatalogueUnreachable(
            f"The catalogue {provider.name} is not read further: {error.__context__}.",
            f"It has {', '.join(provider.listed_hosts)}; another that it needs can be listed as "
            f"`hosts` in {SETTINGS}.",
        )
    if status is None:
        return unreachable(f"The catalogue {provider.name}", error.__context__)
    busy = status in TRANSIENT
    return CatalogueUnreachable(
        f"The catalogue {provider.name} {'is busy' if busy else 'refuses'} (HTTP {status}).",
        "Try again later." if busy else "Check its URL and the name of its collection.",
    )
