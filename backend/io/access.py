"""Which hosts may be asked, and what credentials each of them gets: that, and nothing else.

requests takes credentials from ~/.netrc for every host that a redirect names, and a `default` entry
there is sent to all of them. Here a host gets what is meant for it.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import HTTPBasicAuth
from requests.utils import get_auth_from_url


@dataclass(frozen=True)
class Access:
    """The hosts of one source of files.

    Example:
        login = Access(("data.example.org", ".cloudfront.net"), {"data.example.org": "Bearer abc"})
        client = Client(RetryPolicy(), login)
    """

    hosts: tuple[str, ...] = ()
    """Those that may be asked, also by a redirect; one that begins with a dot stands for all names
    that end so. Any host when empty."""

    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the header Authorization says to a host, over https or on this computer."""

    login_host: str = ""
    """Where redirects lead whoever is not logged in."""

    def require(self, url: str) -> None:
        """Raise HostUnlisted unless the host of an address may be asked."""
        name = host_of(url)
        suffixes = tuple(host for host in self.hosts if host.startswith("."))
        if self.hosts and name not in self.hosts and not name.endswith(suffixes):
            raise HostUnlisted(f"the host {name} is not one of those that may be asked")

    def authorization(self, url: str) -> str | None:
        """Return what the host of an address is told, if anything."""
        safe = urlsplit(url).scheme == "https" or is_here(host_of(url))
        return self.credentials.get(host_of(url)) if safe else None


OPEN = Access()
"""Any host, without credentials."""


class HostUnlisted(Exception):
    """A host that is not to be asked."""


class Session(requests.Session):
    """Connections that keep to an Access, whatever redirects say.

    Raises HostUnlisted where one leads to a host that is not to be asked.
    """

    def __init__(self, access: Access) -> None:
        super().__init__()
        self.access = access
        self.auth = self._authorize  # with any, requests does not look into ~/.netrc

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        url = str(request.url)
        request.headers.pop("Authorization", None)
        if header := self.access.authorization(url):
            request.headers["Authorization"] = header
        elif any(stated := get_auth_from_url(url)):
            HTTPBasicAuth(*stated)(request)
        return request

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Give the host of a redirect its own credentials in place of the last one's."""
        self._authorize(prepared_request)

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Send a request to a host that may be asked, or raise HostUnlisted."""
        self.access.require(str(request.url))
        if is_here(host_of(str(request.url))):
            how["proxies"] = {}  # a proxy would be told what is meant for this computer
        return super().send(request, **how)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a reply leads, or raise HostUnlisted."""
        target = super().get_redirect_target(resp)
        if target is not None:
            self.access.require(urljoin(resp.url, target))
        return target


def host_of(url: str) -> str:
    """Return the name of an address's host, in small letters; empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_here(host: str) -> bool:
    """Return whether a host is this computer, by its number or as localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
