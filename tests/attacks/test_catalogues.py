"""Catalogues: their hosts are listed, their replies bounded."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from backend.errors import CatalogueUnreachable
from backend.scenes.stac import api
from backend.scenes.stac.providers import KNOWN, Provider, find_provider
from backend.scenes.stac.transport import POLICY
from tests.support.serving import bound, running


class Landing(BaseHTTPRequestHandler):
    """A landing page that leads to a search at another host, or is endless."""

    other = ""
    size = 0

    def do_GET(self) -> None:
        if self.other == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://other.invalid/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        search = {
            "rel": "search",
            "href": self.other,
            "method": "POST",
            "type": "application/geo+json",
        }
        page = {
            "type": "Catalog",
            "id": "a",
            "description": "",
            "stac_version": "1.0.0",
            "links": [search],
            "conformsTo": ["https://api.stacspec.org/v1.0.0/item-search"],
        }
        body = json.dumps(page).encode() + b" " * self.size
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def catalogue(**values: object) -> Iterator[Provider]:
    server = bound(Landing, **values)
    with running(server, threading.Event()):
        yield Provider("own", f"http://127.0.0.1:{server.server_address[1]}", "c")


@pytest.mark.parametrize(
    "other", ["http://other.invalid/search", "http://169.254.169.254/", "redirect"]
)
def test_a_catalogue_leads_to_no_host_that_is_not_listed(other: str) -> None:
    pytest.importorskip("pystac_client")
    with catalogue(other=other) as provider, pytest.raises(CatalogueUnreachable) as refusal:
        list(api.ask(provider, {}, POLICY))
    host = "169.254.169.254" if "169" in other else "other.invalid"
    assert f"the host {host} is not one of those that may be asked" in refusal.value.message


def test_a_reply_of_a_catalogue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pystac_client")
    monkeypatch.setattr(api, "LARGEST_REPLY", 2**20)
    with catalogue(size=2**20) as provider, pytest.raises(CatalogueUnreachable, match="1 MB"):
        list(api.ask(provider, {}, POLICY))


def test_each_catalogue_by_name_lists_its_hosts() -> None:
    assert all(one.listed_hosts and not one.open_hosts for one in KNOWN)
    assert find_provider("http://own.example/stac", "c").listed_hosts == ()
