"""HTTP to a catalogue and its files: addresses signed where needed, errors that name them."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3 import Retry

from backend.errors import CatalogueUnreachable, GlueLinkError, ImageryMissing
from backend.io.http import (
    TRANSIENT,
    Client,
    HostRefused,
    LoginRefused,
    RequestFailed,
    RetryPolicy,
)
from backend.io.ranges import RemoteFile
from backend.scenes.stac.assets import Asset, files_of
from backend.scenes.stac.login import access_of
from backend.scenes.stac.providers import Provider

T = TypeVar("T")
Item = dict[str, Any]

RENEW_BEFORE = timedelta(minutes=5)
POLICY = RetryPolicy()

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def as_retry(policy: RetryPolicy) -> Retry:
    """Return a policy as pystac-client takes it; the last reply comes back, whatever it says."""
    return Retry(
        total=policy.tries - 1,
        status_forcelist=TRANSIENT,
        allowed_methods=None,
        backoff_factor=policy.backoff_s,
        raise_on_status=False,
        retry_after_max=int(policy.longest_wait_s),
    )


class Files:
    """The files of a provider; a `Signer` of their addresses, for any number of threads.

    A token lives in memory only. It is renewed before it expires, and when a host refuses it.

    Raises:
        CatalogueUnreachable: the provider asks for a login, and there is none.
    """

    def __init__(self, provider: Provider, policy: RetryPolicy) -> None:
        self._client = Client(policy, access_of(provider))
        self._provider = provider
        self._renewing = threading.Lock()
        self._token, self._expiry = "", _LONG_AGO

    def of_item(self, item: Mapping[str, Any]) -> dict[str, Asset]:
        """Return the GeoTIFF of each polarisation of an item."""
        return files_of(item, self._provider)

    def map(self, work: Callable[[Item], T], items: Sequence[Item]) -> list[T]:
        """Return what `work` makes of each item, of several at once; it opens files, no more."""
        return list(self._client.pool.map(work, items))

    def open(self, url: str) -> RemoteFile:
        """Return a remote file; whoever reads it gets CatalogueUnreachable or ImageryMissing."""
        name = file_name(url)
        return RemoteFile(url, name, self._client, partial(self._failure, name), self)

    def signed(self, url: str) -> str:
        """Return the address by which a file can be read now."""
        if not self._needs_token(url):
            return url
        with self._renewing:
            if datetime.now(UTC) + RENEW_BEFORE > self._expiry:
                self._renew()
            return f"{url}{'&' if urlsplit(url).query else '?'}{self._token}"

    def refused(self, address: str) -> bool:
        """Return whether a refused address is worth another try with a new token."""
        if not self._needs_token(address):
            return False
        if address.endswith(self._token):  # no other thread has renewed it
            self._expiry = _LONG_AGO
        return True

    def _needs_token(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return bool(self._provider.token_url) and host.endswith(self._provider.token_hosts)

    def _renew(self) -> None:
        provider = self._provider
        try:
            url = f"{provider.token_url}/{provider.collection}"
            reply = json.loads(self._client.fetch(url))
            self._token = str(reply["token"]).lstrip("?")
            self._expiry = datetime.fromisoformat(reply["msft:expiry"]).astimezone(UTC)
        except (RequestFailed, ValueError, KeyError, TypeError) as error:
            known = isinstance(error, RequestFailed)
            reason = str(error) if known else "the answer is not a token"
            raise CatalogueUnreachable(
                f"{provider.name} gives no token for {provider.collection}: {reason}.",
                "Try again later, or choose another catalogue.",
            ) from None

    def _failure(self, name: str, error: RequestFailed) -> GlueLinkError:
        provider = self._provider
        if provider.login and (isinstance(error, LoginRefused) or error.status == 401):
            return CatalogueUnreachable(
                f"{provider.login.host} refuses the login for {name} ({error}): its name, password "
                "or token is wrong, or the application is not approved.",
                provider.login.remedy,
            )
        if isinstance(error, HostRefused):
            return CatalogueUnreachable(
                f"{name} is not read: {error}.",
                f"{provider.name} has its files at {', '.join(provider.listed_hosts)}. "
                "Choose another scene, and report it if they have moved.",
            )
        if error.status in (404, 410):
            return ImageryMissing(
                f"{name} is listed in the catalogue, but is not there any more ({error}).",
                "Choose another scene.",
            )
        if error.status in (401, 403):
            return CatalogueUnreachable(
                f"{name} may not be read ({error}).",
                f"See what {provider.name} asks for, or choose another scene.",
            )
        return CatalogueUnreachable(
            f"{name} cannot be read: {error}.", "Try again later, or choose another scene."
        )


def unreachable(who: str, error: BaseException | None) -> CatalogueUnreachable:
    """Return the error for a catalogue that does not answer; `error` is what a request raised."""
    if isinstance(error, requests.ConnectionError) and error.args:
        error = getattr(error.args[0], "reason", error)
    return CatalogueUnreachable(
        f"{who} cannot be reached ({_reason_of(error)}).", "Check the network, or try again later."
    )


def _reason_of(error: BaseException | None) -> str:
    """Return what has failed; to urllib3 a name that nobody has is a kind of timeout."""
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "no computer of its name is found"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "nobody answers there"
    late = (requests.Timeout, urllib3.exceptions.TimeoutError)
    return "no answer in time" if isinstance(error, late) else type(error).__name__


def file_name(url: str) -> str:
    """Return what to call a file in a sentence."""
    return urlsplit(url).path.rpartition("/")[2] or url
