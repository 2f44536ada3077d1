"""One way to ask hosts for bytes: patient with faults, polite, quick to stop, silent about tokens.

requests carries the bytes. It judges replies by their headers alone, and so do urllib3's `Retry`
and wrappers such as tenacity: whether a body is whole, whose turn it is at a host, and a stop
between two bytes would still be ours, so the loop around one try is ours as well.
"""

import logging
import math
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3

from backend import USER_AGENT
from backend.io.access import OPEN, Access, HostUnlisted, Session, host_of

T = TypeVar("T")

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses worth another try."""

CHUNK = 2**18
_QUERY = re.compile(r"\?[^\s'\"]+")


@dataclass(frozen=True)
class RetryPolicy:
    """How hosts are asked, and how often again.

    Example:
        client = Client(RetryPolicy(tries=5, delay_s=0.05))
        body = client.fetch("https://example.org/photo.jpg")
    """

    tries: int = 3
    """How often a request is sent at most."""

    backoff_s: float = 0.5
    """The pause before the second try, give or take a half; it doubles with each try."""

    connect_s: float = 10.0
    """How long a connection is waited for."""

    silence_s: float = 30.0
    """How long the next byte is waited for."""

    slowest_s: float = 300.0
    """How long one reply may take in all: a host that drips cannot hold a thread."""

    longest_wait_s: float = 60.0
    """A host that asks for a longer pause by Retry-After is not asked again."""

    delay_s: float = 0.0
    """The time between the starts of two requests to one host."""

    most_failures: float = math.inf
    """After so many failed requests in a row a host is not asked any more."""

    connections: int = 8
    """How many requests are under way at once."""

    @property
    def timeout(self) -> tuple[float, float]:
        """The two silences, as requests takes them."""
        return self.connect_s, self.silence_s


class RequestFailed(Exception):
    """A request that will not succeed; the message says why, and names no address.

    `status` is the HTTP status, or 0 where there was none.
    """

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class TransientError(RequestFailed):
    """A try that failed, where another may not.

    `wait_s` is how long the host asked to be left alone. With `progressed` the try brought so much
    that those before it are forgotten.
    """

    def __init__(
        self, reason: str, status: int = 0, wait_s: float = 0.0, progressed: bool = False
    ) -> None:
        super().__init__(reason, status)
        self.wait_s = wait_s
        self.progressed = progressed


class HostRefused(RequestFailed):
    """The address, or a redirect, leads to a host that is not to be asked."""


class LoginRefused(RequestFailed):
    """The host of a login wants another name or password, or more than these."""


class Stopped(Exception):
    """The work was stopped from outside."""


@dataclass
class Host:
    """When a host may be asked again, and how often in a row it failed."""

    delay_s: float
    failures: float = 0
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, now: float) -> float:
        """Take the next turn, and return the seconds until it comes."""
        with self._lock:
            start = max(now, self._free_at)
            self._free_at = start + self.delay_s
        return start - now

    def pause(self, until: float) -> None:
        """Give nobody a turn before `until`."""
        with self._lock:
            self._free_at = max(self._free_at, until)


class Client:
    """Sends requests as a policy says, for any number of threads.

    Setting `stop` ends every wait, and every read at its next byte. `pool` has as many threads as
    there are connections. `access` says which hosts may be asked, and with what credentials.
    """

    def __init__(self, policy: RetryPolicy, access: Access = OPEN) -> None:
        self.policy = policy
        self.access = access
        self.stop = threading.Event()
        self.pool = ThreadPoolExecutor(policy.connections)
        self._hosts: defaultdict[str, Host] = defaultdict(lambda: Host(policy.delay_s))
        self._local = threading.local()

    def close(self) -> None:
        """Drop what waits for a thread of the pool."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def fetch(
        self, url: str, check: Callable[[bytes], object] | None = None, largest: int = 2**26
    ) -> bytes:
        """Return the bytes at a URL.

        `check` raises ValueError when they are not what they should be, which counts as a fault of
        the transfer.

        Raises:
            RequestFailed: the file cannot be fetched, or is larger than `largest` bytes.
            Stopped: `stop` was set.
        """

        def work() -> bytes:
            with self.get(url) as response:
                body = self._whole(response, largest)
            if check:
                try:
                    check(body)
                except ValueError as error:
                    raise TransientError(str(error)) from None
            return body

        return self.attempt(url, work)

    def attempt(self, url: str, work: Callable[[], T]) -> T:
        """Return what `work` does with the host of `url`; try again after each TransientError.

        Raises:
            RequestFailed: the last try failed, or another kind of failure than TransientError.
            Stopped: `stop` was set.
        """
        try:
            host = self._hosts[urlsplit(url).netloc]
        except ValueError:
            raise RequestFailed("not a URL") from None
        failures = 0
        while True:
            if host.failures >= self.policy.most_failures:
                raise RequestFailed("not asked: its host failed too often in a row")
            self._wait(host.turn(time.monotonic()))
            try:
                result = work()
            except TransientError as error:
                failures = 0 if error.progressed else failures + 1
                self._pause(host, error, failures)
            except RequestFailed:
                host.failures = 0  # it answered
                raise
            else:
                host.failures = 0
                return result

    def _pause(self, host: Host, error: TransientError, failures: int) -> None:
        """Wait until another try makes sense, or raise RequestFailed when none does."""
        if error.wait_s > self.policy.longest_wait_s:
            host.failures = self.policy.most_failures
            reason = f"{error}, come back in {error.wait_s / 3600:.1f} h"
            raise RequestFailed(reason, error.status) from None
        if failures >= self.policy.tries:
            host.failures += 1
            raise RequestFailed(str(error), error.status) from None
        host.pause(time.monotonic() + error.wait_s)
        pause = self.policy.backoff_s * 2 ** max(failures - 1, 0)
        self._wait(
            pause * random.uniform(0.5, 1.5)
        )  # so that many failures do not come back at once

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(max(seconds, 0)):
            raise Stopped

    @contextmanager
    def get(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> Iterator[requests.Response]:
        """Yield the reply to one request, when it is a good one; its body has still to be read.

        Raises:
            TransientError: the connection, the host or the network failed, perhaps in passing.
            RequestFailed: the host refuses.
        """
        with self._asking("GET", url, headers=headers) as response:
            yield response

    def post(self, url: str, body: bytes, largest: int = 2**26) -> bytes:
        """Return the reply to JSON that is sent to a URL; a redirect is not followed.

        Raises:
            RequestFailed: no good reply came, or it is larger than `largest` bytes.
            Stopped: `stop` was set.
        """
        headers = {"Content-Type": "application/json"}

        def work() -> bytes:
            with self._asking(
                "POST", url, headers=headers, data=body, allow_redirects=False
            ) as response:
                return self._whole(response, largest)

        return self.attempt(url, work)

    @contextmanager
    def _asking(self, method: str, url: str, **request: Any) -> Iterator[requests.Response]:
        policy = self.policy
        try:
            self.access.require(url)
            with self._session().request(
                method, url, stream=True, timeout=policy.timeout, **request
            ) as response:
                if host_of(response.url) == self.access.login_host != "":
                    raise LoginRefused(f"HTTP {response.status_code}", response.status_code)
                _require_good(response)
                yield response
        except HostUnlisted as error:
            raise HostRefused(str(error)) from None
        except requests.TooManyRedirects:
            raise RequestFailed("redirected too often", 302) from None
        except requests.ConnectTimeout:
            raise TransientError(f"no connection within {policy.connect_s:g} s") from None
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise TransientError(f"no byte for {policy.silence_s:g} s") from None
        except ValueError:
            raise RequestFailed("not a URL") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:  # requests' own are OSErrors
            raise TransientError(f"the connection broke ({type(error).__name__})") from None

    def read(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the body of a reply as it comes.

        Raises:
            TransientError: it takes longer than `slowest_s`.
            Stopped: `stop` was set.
        """
        began = time.monotonic()
        while chunk := response.raw.read1(CHUNK):  # read1 returns what there is
            yield chunk
            if self.stop.is_set():
                raise Stopped
            if time.monotonic() - began > self.policy.slowest_s:
                raise TransientError(f"not whole after {self.policy.slowest_s:g} s")

    def _whole(self, response: requests.Response, largest: int) -> bytes:
        body = bytearray()
        for chunk in self.read(response):
            body += chunk
            if len(body) > largest:
                raise RequestFailed(f"larger than {largest // 2**20} MB")
        return bytes(body)

    def _session(self) -> Session:
        """Return this thread's own connections."""
        if not hasattr(self._local, "session"):
            session = Session(self.access)
            # What is compressed on the way has another length than what was asked for.
            session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
            session.max_redirects = 8  # a login takes four
            self._local.session = session
        session = self._local.session
        assert isinstance(session, Session)
        return session


def _require_good(response: requests.Response) -> None:
    status = response.status_code
    if status in TRANSIENT:
        wait = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
        raise TransientError(f"HTTP {status}", status, wait)
    if status not in (200, 206):
        raise RequestFailed(f"HTTP {status}", status)


def retry_after(header: str, now: datetime) -> float:
    """Return the seconds that a Retry-After header asks for, as a number or a date; else 0."""
    with suppress(ValueError):  # it is a date, or nothing
        return max(float(header), 0.0)
    try:
        return max((parsedate_to_datetime(header) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def _hide_queries(record: logging.LogRecord) -> bool:
    """Let urllib3 log no query of an address: tokens stand there."""
    record.msg, record.args = _QUERY.sub("?...", record.getMessage()), ()
    return True


logging.getLogger("urllib3.connectionpool").addFilter(_hide_queries)
