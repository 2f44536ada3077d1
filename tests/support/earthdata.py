"""NASA's way to an OPERA burst, in four hosts of this computer: catalogue, login, archive, storage.

The catalogue answers as nasa/cmr-stac does: assets without a type, under keys made from the end of
their names, and a next page by GET. The archive is a Thin Egress App: it sends whoever has neither
cookie nor token to the login, and then on to an address of the storage that is signed and expires.
"""

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import rasterio
import rasterio.shutil
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.warp import transform_bounds
from shapely.geometry import mapping, shape

from backend.scenes.stac import Provider
from backend.scenes.stac.providers import EARTHDATA, OPERA
from tests.support.rasters import write_raster
from tests.support.serving import running

HOSTS = {
    "127.0.0.1": "catalogue",
    "127.0.0.2": "login",
    "127.0.0.3": "archive",
    "127.0.0.4": "storage",
}
PAGE = 2
NAME, PASSWORD, TOKEN = "somebody", "secret", "T0KEN"
NORTH_UP = Affine(30, 0, 399_990, 0, -30, 5_400_000)


@dataclass
class Earthdata:
    """What the four hosts have and were asked."""

    items: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Host, path and the header Authorization of each request."""
    approved: bool = True
    storage: str = "127.0.0.4"
    signature: str = "signed-1"

    def url(self, host: str) -> str:
        return f"http://{host}:{self.ports[host]}"

    @property
    def provider(self) -> Provider:
        login = replace(EARTHDATA, host="127.0.0.2", token_hosts=("127.0.0.2", "127.0.0.3"))
        hosts = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
        return replace(OPERA, url=f"{self.url('127.0.0.1')}/stac/ASF", hosts=hosts, login=login)

    def told(self, host: str) -> set[str | None]:
        """What a host was sent as Authorization."""
        return {header for name, _, header in self.asked if name == host}

    def count(self, host: str) -> int:
        return sum(name == host for name, _, _ in self.asked)

    def add(
        self,
        folder: Path,
        burst: str,
        time: str,
        power: NDArray[np.float32],
        corner: tuple[int, int] = (0, 0),
        epsg: int = 32633,
        made: str = "20231220T055805Z",
        platform: str = "S1A",
    ) -> str:
        """List a burst whose pixels begin at a row and a column of the lattice of 30 m."""
        name = f"OPERA_L2_RTC-S1_{burst}_{time}_{made}_{platform}_30_v1.0"
        transform = NORTH_UP @ Affine.translation(corner[1], corner[0])
        for pol, band in zip(("VV", "VH"), power, strict=True):
            plain, file = folder / "plain.tif", folder / f"{name}_{pol}.tif"
            options = {"crs": f"EPSG:{epsg}", "transform": transform, "nodata": np.nan}
            write_raster(plain, band[None], names=(f"RTC-S1 {pol}",), **options)
            rasterio.shutil.copy(plain, file, driver="COG", blocksize=128, compress="deflate")
            self.files[f"/OPERA/OPERA_L2_RTC-S1/{name}/{file.name}"] = file.read_bytes()
        with rasterio.open(file) as dataset:
            outline = shapely.box(*transform_bounds(dataset.crs, "EPSG:4326", *dataset.bounds))
        self.items.append(self._item(name, time, outline))
        return name

    def _item(self, name: str, time: str, outline: shapely.Geometry) -> dict[str, Any]:
        iso = f"{time[:4]}-{time[4:6]}-{time[6:11]}:{time[11:13]}:{time[13:15]}.000Z"
        there = f"{self.url('127.0.0.3')}/OPERA/OPERA_L2_RTC-S1/{name}/{name}"
        bucket = f"s3://asf-cumulus-prod-opera-products/OPERA_L2_RTC-S1/{name}/{name}"
        parts = ("VV.tif", "VH.tif", "mask.tif")
        return {
            "type": "Feature",
            "id": name,
            "stac_version": "1.1.0",
            "stac_extensions": [],
            "properties": {"datetime": iso, "start_datetime": iso, "end_datetime": iso},
            "geometry": mapping(outline),
            "bbox": outline.bounds,
            "assets": {
                "browse": {
                    "href": f"{there}_BROWSE.png",
                    "type": "image/jpeg",
                    "roles": ["browse"],
                },
                **{f"0_{p[:-4]}": {"href": f"{there}_{p}", "roles": ["data"]} for p in parts},
                "0": {"href": f"{there}.h5", "roles": ["data"]},
                **{f"s3_0_{p[:-4]}": {"href": f"{bucket}_{p}", "roles": ["data"]} for p in parts},
            },
            "links": [],
            "collection": OPERA.collection,
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    data: Earthdata

    def log_message(self, *about: object) -> None:
        pass

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_GET(self) -> None:
        self._answer({})

    def _answer(self, body: dict[str, Any]) -> None:
        host = str(self.server.server_address[0])
        path = urlsplit(self.path).path
        self.data.asked.append((host, path, self.headers.get("Authorization")))
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        getattr(self, f"_{HOSTS[host]}")(path, query, body)

    def _catalogue(self, path: str, query: dict[str, str], body: dict[str, Any]) -> None:
        home = f"{self.data.url('127.0.0.1')}/stac/ASF"
        if path == "/stac/ASF":
            search = {"rel": "search", "href": f"{home}/search", "type": "application/geo+json"}
            self._json(
                {
                    "type": "Catalog",
                    "stac_version": "1.1.0",
                    "id": "ASF",
                    "description": "Root STAC catalog for ASF",
                    "conformsTo": [
                        f"https://api.stacspec.org/v1.0.0/{part}"
                        for part in ("core", "item-search", "item-search#sort")
                    ],
                    "links": [{**search, "method": "GET"}, {**search, "method": "POST"}],
                }
            )
            return
        question = json.loads(query["question"]) if "question" in query else body
        found = [item for item in self.data.items if _fits(item, question)]
        if question.get("sortby"):
            found.sort(key=lambda item: item["properties"]["datetime"], reverse=True)
        start, size = int(query.get("cursor", 0)), min(PAGE, question["limit"])
        links = []
        if start + size < len(found):
            more = urlencode({"question": json.dumps(question), "cursor": start + size})
            links = [{"rel": "next", "href": f"{home}/search?{more}"}]
        page = found[start : start + size]
        self._json({"type": "FeatureCollection", "features": page, "links": links})

    def _login(self, path: str, query: dict[str, str], body: dict[str, Any]) -> None:
        header = self.headers.get("Authorization", "")
        known = base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
        if path == "/approve_app":
            self._say(200, b"<html>Approve Alaska Satellite Facility Data Access</html>")
        elif header not in (f"Basic {known}", f"Bearer {TOKEN}"):
            self._say(401, b"", WWW_Authenticate='Basic realm="Earthdata"')
        elif not self.data.approved:
            self._say(302, b"", Location="/approve_app?client_id=archive")
        else:
            back = urlencode({"code": "c0de", "state": query["state"]})
            self._say(302, b"", Location=f"{query['redirect_uri']}?{back}")

    def _archive(self, path: str, query: dict[str, str], body: dict[str, Any]) -> None:
        here = self.data.url("127.0.0.3")
        if path == "/login" and query.get("code") == "c0de":
            self._say(301, b"", Location=here + query["state"], Set_Cookie="asf-urs=jwt; Path=/")
            return
        token = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if token or "asf-urs=jwt" in self.headers.get("Cookie", ""):
            there = f"http://{self.data.storage}:{self.data.ports['127.0.0.4']}{path}"
            self._say(303, b"", Location=f"{there}?Signature={self.data.signature}")
            return
        ask = {"client_id": "archive", "response_type": "code", "redirect_uri": f"{here}/login"}
        asked = urlencode({**ask, "state": path})
        login = self.data.url("127.0.0.2")
        self._say(302, b"", Location=f"{login}/oauth/authorize?{asked}")

    def _storage(self, path: str, query: dict[str, str], body: dict[str, Any]) -> None:
        content = self.data.files.get(path)
        if "Authorization" in self.headers:  # only one kind of them is allowed
            self._say(400, b"<Error><Code>InvalidArgument</Code></Error>")
        elif query.get("Signature") != self.data.signature:
            self._say(403, b"<Error><Code>AccessDenied</Code></Error>")
        elif content is None:
            self._say(404, b"")
        else:
            first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
            last = min(last, len(content) - 1)
            told = f"bytes {first}-{last}/{len(content)}"
            self._say(206, content[first : last + 1], Content_Range=told)

    def _json(self, value: Any) -> None:
        self._say(200, json.dumps(value).encode(), Content_Type="application/json")

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _fits(item: dict[str, Any], question: dict[str, Any]) -> bool:
    """As CMR does: a date alone is refused, and a ring has to run counter-clockwise."""
    if item["collection"] not in question["collections"]:
        return False
    if "ids" in question and item["id"] not in question["ids"]:
        return False
    if "datetime" in question:
        first, last = question["datetime"].split("/")
        assert "T" in first and "T" in last, "Please use RFC3339"
        if not first[:19] <= item["properties"]["datetime"][:19] <= last[:19]:
            return False
    if "intersects" not in question:
        return True
    area = shape(question["intersects"])
    assert area.geom_type == "Polygon" and area.exterior.is_ccw
    return bool(area.intersects(shape(item["geometry"])))


@contextmanager
def serving_earthdata() -> Iterator[Earthdata]:
    """The four hosts, until the block ends."""
    data, over = Earthdata(), threading.Event()
    with ExitStack() as stack:
        for host in HOSTS:
            server = ThreadingHTTPServer((host, 0), type("Bound", (_Handler,), {"data": data}))
            data.ports[host] = server.server_port
            stack.enter_context(running(server, over))
        yield data


def has_hosts() -> bool:
    """Whether this computer answers at all four of the numbers; a Mac does at the first alone."""
    try:
        for host in HOSTS:
            socket.create_server((host, 0)).close()
    except OSError:
        return False
    return True
