"""Fetching many files from few hosts: patient with faults, polite to the host, quick to stop."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
import urllib3

from backend import USER_AGENT

PASSING = frozenset({408, 429, 500, 502, 503, 504})  # statuses worth another try
CHUNK = 2**16
LARGEST_BYTES = 2**26
LONGEST_WAIT_S = 3600.0  # a host that asks for a longer pause is left alone


@dataclass(frozen=True)
class Manners:
    """How hosts are asked."""

    connections: int = 4
    delay_s: float = 0.05  # between the starts of two requests to one host
    timeout_s: float = 30.0  # without a byte
    slowest_s: float = 300.0  # for a whole file
    tries: int = 5
    backoff_s: float = 1.0  # before the second try; doubles with each
    patience: int = 20  # failures in a row after which a host is left alone


class Unfetched(Exception):
    """A file that cannot be had; the message says why."""


class Stopped(Exception):
    """The work was stopped from outside."""


class _Hindered(Exception):
    """A try that failed; another one may not."""


@dataclass
class Host:
    """When a host may be asked again, and how often in a row it failed."""

    delay_s: float
    failures: int = 0
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, now: float) -> float:
        """Take the next turn; seconds until it comes."""
        with self._lock:
            start = max(now, self._free_at)
            self._free_at = start + self.delay_s
        return start - now

    def pause(self, until: float) -> None:
        """Give nobody a turn before `until`."""
        with self._lock:
            self._free_at = max(self._free_at, until)


class Fetcher:
    """Fetches files from several threads; `stop` ends every wait, and every read at its next byte.

    `check` looks at a file's bytes and raises ValueError when they are not what they should be,
    which counts as a fault of the transfer.
    """

    def __init__(self, manners: Manners, check: Callable[[bytes], object]) -> None:
        self.stop = threading.Event()
        self._manners = manners
        self._check = check
        self._hosts: defaultdict[str, Host] = defaultdict(lambda: Host(manners.delay_s))
        self._local = threading.local()

    def fetch(self, url: str) -> bytes:
        """The bytes at a URL, checked. Unfetched when there is no getting them, Stopped."""
        try:
            host = self._hosts[urlsplit(url).netloc]
        except ValueError:
            raise Unfetched("not a URL") from None
        reason = ""
        for attempt in range(self._manners.tries):
            if host.failures >= self._manners.patience:
                raise Unfetched("not asked: its host failed too often in a row")
            if attempt:
                self._wait(self._manners.backoff_s * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
            self._wait(host.turn(time.monotonic()))
            try:
                body = self._get(url, host)
            except _Hindered as hindrance:
                reason = str(hindrance)
            else:
                host.failures = 0
                return body
        host.failures += 1
        raise Unfetched(reason)

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(max(seconds, 0)):
            raise Stopped

    def _get(self, url: str, host: Host) -> bytes:
        """One try. _Hindered when another is worth it, Unfetched when none is."""
        try:
            with self._session().get(url, stream=True, timeout=self._manners.timeout_s) as response:
                self._judge(response, host)
                body = self._read(response)
        except requests.TooManyRedirects:
            raise Unfetched("redirected for ever") from None
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise _Hindered(f"no byte for {self._manners.timeout_s:g} s") from None
        except ValueError:
            raise Unfetched("not a URL") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:  # requests' own are OSErrors
            raise _Hindered(f"the connection broke ({type(error).__name__})") from None
        try:
            self._check(body)
        except ValueError as error:
            raise _Hindered(str(error)) from None
        return body

    def _session(self) -> requests.Session:
        """This thread's own connections."""
        if not hasattr(self._local, "session"):
            session = requests.Session()
            # A compressed photograph gains nothing, and its length would mean something else.
            session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
            session.max_redirects = 5
            self._local.session = session
        return self._local.session

    def _judge(self, response: requests.Response, host: Host) -> None:
        status = response.status_code
        if status == 200:
            return
        if status not in PASSING:
            host.failures = 0
            raise Unfetched(f"HTTP {status}")
        wait = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
        if wait > LONGEST_WAIT_S:
            host.failures = self._manners.patience
            raise Unfetched(f"HTTP {status}, come back in {wait / 3600:.1f} h")
        host.pause(time.monotonic() + wait)
        raise _Hindered(f"HTTP {status}")

    def _read(self, response: requests.Response) -> bytes:
        body, began = bytearray(), time.monotonic()
        # read1 gives what has come: a host that drips cannot hold a thread beyond `slowest_s`.
        while chunk := response.raw.read1(CHUNK):
            body += chunk
            if self.stop.is_set():
                raise Stopped
            if len(body) > LARGEST_BYTES:
                raise Unfetched(f"larger than {LARGEST_BYTES // 2**20} MB")
            if time.monotonic() - began > self._manners.slowest_s:
                raise _Hindered(f"not whole after {self._manners.slowest_s:g} s")
        return bytes(body)


def retry_after(header: str, now: datetime) -> float:
    """Seconds that a Retry-After header asks for: a number of them, or a date; else 0."""
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(header) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0
