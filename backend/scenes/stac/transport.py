"""HTTP to a catalogue and its files: patient with faults, and silent about tokens."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from backend import USER_AGENT
from backend.errors import CatalogueUnreachable, ImageryMissing
from backend.scenes.stac.providers import Provider

PASSING = frozenset({408, 429, 500, 502, 503, 504})
RENEW_BEFORE = timedelta(minutes=5)
CONNECTIONS = 32  # kept open to one host at most
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_QUERY = re.compile(r"\?[^\s'\"]+")


@dataclass(frozen=True)
class Patience:
    """How long hosts are waited for, and how often they are asked again."""

    connect_s: float = 10.0
    silence_s: float = 30.0  # without a byte
    tries: int = 3
    backoff_s: float = 0.5  # before the second try; doubles with each
    longest_wait_s: int = 60  # of what a host asks for by Retry-After

    @property
    def timeout(self) -> tuple[float, float]:
        """As requests takes it."""
        return self.connect_s, self.silence_s

    def retries(self) -> Retry:
        """As requests and pystac-client take it; the last reply comes back, whatever it says."""
        return Retry(
            total=self.tries - 1,
            status_forcelist=PASSING,
            allowed_methods=None,
            backoff_factor=self.backoff_s,
            raise_on_status=False,
            retry_after_max=self.longest_wait_s,
        )

    def gdal_options(self) -> dict[str, str]:
        """For rasterio.Env. GDAL asks again once; waiting for a host is left to `Files`."""
        return {
            "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
            "CPL_VSIL_CURL_USE_HEAD": "NO",
            "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",  # what a fault left would be taken for good
            "GDAL_HTTP_NETRC": "NO",
            "GDAL_HTTP_USERAGENT": USER_AGENT,
            "GDAL_HTTP_CONNECTTIMEOUT": f"{self.connect_s:g}",
            "GDAL_HTTP_LOW_SPEED_TIME": f"{max(1, round(self.silence_s))}",
            "GDAL_HTTP_LOW_SPEED_LIMIT": "1000",  # bytes in a second
            "GDAL_HTTP_MAX_RETRY": "1",
            "GDAL_HTTP_RETRY_DELAY": f"{self.backoff_s:g}",
        }


PATIENT = Patience()


class Files:
    """The files of a provider: their addresses signed where that is needed, and looked at.

    A token lives in memory only. It is renewed before it expires, and when a host refuses it. For
    any number of threads.
    """

    def __init__(self, provider: Provider, patience: Patience) -> None:
        self.patience = patience
        self._provider = provider
        self._renewing = threading.Lock()
        self._token, self._expiry = "", _LONG_AGO
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(CONNECTIONS, CONNECTIONS, patience.retries()))

    def signed(self, url: str) -> str:
        """The address by which a file can be read now. CatalogueUnreachable."""
        host = urlsplit(url).hostname or ""
        if not self._provider.token_url or not host.endswith(self._provider.token_hosts):
            return url
        with self._renewing:
            if datetime.now(UTC) + RENEW_BEFORE > self._expiry:
                self._renew()
            return f"{url}{'&' if urlsplit(url).query else '?'}{self._token}"

    def check(self, url: str) -> None:
        """Can parts of this GeoTIFF be read? CatalogueUnreachable, ImageryMissing when not."""
        for _ in range(self.patience.tries):
            address = self.signed(url)
            status, head = self._look(address)
            if status == 206 and head in TIFF:
                return
            if status in (401, 403):
                if address.endswith(self._token):  # no other thread has renewed it
                    self._expiry = _LONG_AGO
            elif status != 206:
                break
        name = file_name(url)
        if status in (404, 410):
            raise ImageryMissing(
                f"{name} is listed in the catalogue, but is not there any more (HTTP {status}).",
                "Choose another scene.",
            )
        closed = f"{name} may not be read (HTTP {status}); see what {self._provider.name} asks for."
        reasons = {
            200: f"The host of {name} does not serve parts of files.",
            206: f"{name} is no GeoTIFF.",
            401: closed,
            403: closed,
        }
        busy = f"{name} cannot be had just now (HTTP {status})."
        raise CatalogueUnreachable(
            reasons.get(status, busy), "Try again later, or choose another scene."
        )

    def _look(self, address: str) -> tuple[int, bytes]:
        """The status and the first bytes of a file."""
        with (
            failures_named(file_name(address)),
            self._session.get(
                address,
                headers={"Range": "bytes=0-15"},
                stream=True,
                timeout=self.patience.timeout,
            ) as response,
        ):
            return response.status_code, response.raw.read(4)

    def _renew(self) -> None:
        provider = self._provider
        with failures_named(f"The host of tokens for {provider.name}"):
            response = self._session.get(
                f"{provider.token_url}/{provider.collection}", timeout=self.patience.timeout
            )
        try:
            if response.status_code != 200:
                raise ValueError(f"HTTP {response.status_code}")
            reply = response.json()
            self._token = str(reply["token"]).lstrip("?")
            self._expiry = datetime.fromisoformat(reply["msft:expiry"]).astimezone(UTC)
        except (ValueError, KeyError, TypeError) as error:
            said = str(error) if str(error).startswith("HTTP") else "an unknown kind of answer"
            raise CatalogueUnreachable(
                f"{provider.name} gives no token for {provider.collection} ({said}).",
                "Try again later, or take another catalogue.",
            ) from None


@contextmanager
def failures_named(who: str) -> Iterator[None]:
    """What a request raises becomes CatalogueUnreachable, its address left out."""
    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise unreachable(who, error) from None


def unreachable(who: str, error: BaseException | None) -> CatalogueUnreachable:
    """The sentence for a host that does not answer; `error` is what a request raised."""
    if isinstance(error, requests.ConnectionError) and error.args:
        error = getattr(error.args[0], "reason", error)
    kinds = (requests.Timeout, urllib3.exceptions.TimeoutError)
    said = "no answer in time" if isinstance(error, kinds) else type(error).__name__
    return CatalogueUnreachable(
        f"{who} cannot be reached ({said}).", "Check the network, or try again later."
    )


def file_name(url: str) -> str:
    """What to call a file in a sentence."""
    return urlsplit(url).path.rpartition("/")[2] or url


def keep_out_of_logs() -> None:
    """Let no library log what stands in the query of an address: tokens do."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in ("odc", "rasterio", "urllib3"):
            logging.getLogger(name).addFilter(_hide_queries)


def _hide_queries(record: logging.LogRecord) -> bool:
    record.msg, record.args = _QUERY.sub("?...", record.getMessage()), ()
    return True
