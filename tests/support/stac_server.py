"""A STAC API on this computer over real files, which can be told to misbehave."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import rasterio
import rasterio.shutil
import shapely
from numpy.typing import NDArray
from rasterio.warp import transform_bounds
from shapely.geometry import mapping, shape

from backend.io.http import RetryPolicy
from backend.scenes.stac import Provider
from tests.support.rasters import write_raster
from tests.support.serving import running

COLLECTION = "sentinel-1-rtc"
HASTY = RetryPolicy(connect_s=2, silence_s=0.3, tries=3, backoff_s=0.01, longest_wait_s=1)

Answer = Callable[["Handler"], None]
"""What is sent in place of the right reply."""


class StacServer(ThreadingHTTPServer):
    """A landing page, /search in pages of two, /token, and files in ranges.

    `scripts` has, by path, the answers to the next requests; after them all is well again.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.items: list[dict[str, Any]] = []
        self.scripts: dict[str, list[Answer | None]] = {}
        self.asked: list[str] = []
        self.sent = 0  # bytes of files
        self.tokens: list[str] = []
        self.token_life = timedelta(hours=1)
        self.secured = False
        self.sorts = True
        self.end: str | None = None  # of the collection
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def provider(self) -> Provider:
        token_url = f"{self.url}/token" if self.secured else ""
        return Provider("here", self.url, COLLECTION, token_url=token_url, token_hosts="127.0.0.1")

    def add(
        self,
        identity: str,
        vv: Path,
        vh: Path | None = None,
        time: str = "2024-05-09T05:35:12Z",
        **properties: Any,
    ) -> dict[str, Any]:
        """List a scene whose polarisations are files; the first file alone counts for its place."""
        paths = {"vv": vv} | ({"vh": vh} if vh else {})
        assets = {}
        for name, path in paths.items():
            self.files[f"/files/{path.name}"] = path.read_bytes()
            kind = "image/tiff; application=geotiff; profile=cloud-optimized"
            assets[name] = {"href": f"{self.url}/files/{path.name}", "type": kind}
        with rasterio.open(vv) as file:
            bounds = transform_bounds(file.crs, "EPSG:4326", *file.bounds) if file.crs else None
            place = {
                "proj:code": file.crs.to_string() if file.crs else None,
                "proj:shape": [file.height, file.width],
                "proj:transform": list(file.transform)[:6],
            }
        outline = shapely.box(*(bounds or (0, 0, 1, 1)))
        item = {
            "type": "Feature",
            "stac_version": "1.0.0",
            "id": identity,
            "collection": COLLECTION,
            "geometry": mapping(outline),
            "bbox": outline.bounds,
            "properties": {
                "datetime": time,
                "sat:orbit_state": "ascending",
                "sat:relative_orbit": 15,
                "sar:polarizations": [name.upper() for name in paths],
                **place,
                **properties,
            },
            "links": [],
            "assets": {
                # What else catalogues list, which is no band.
                "schema-calibration-vv": {"href": f"{self.url}/vv.xml", "type": "application/xml"},
                "rendered_preview": {"href": f"{self.url}/vv.png", "type": "image/png"},
                **assets,
            },
        }
        self.items.append(item)
        return item

    def asked_for(self, start: str) -> int:
        """How many requests there were for paths that begin so."""
        return sum(path.startswith(start) for path in self.asked)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the play."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: StacServer

    def log_message(self, form: str, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        script = self.server.scripts.get(path)
        answer = script.pop(0) if script else None
        if answer is not None:
            answer(self)
        elif path == "/":
            self.send_json(self._landing())
        elif path == "/search":
            self.send_json(self._search(json.loads(body)))
        elif path == f"/collections/{COLLECTION}":
            self.send_json(self._collection())
        elif path.startswith("/token/"):
            self.send_json(self._token())
        elif path in self.server.files:
            self.send_file(self.server.files[path])
        else:
            self.send(404, b"")

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, value: Any) -> None:
        self.send(200, json.dumps(value).encode(), Content_Type="application/json")

    def send_file(self, content: bytes) -> None:
        """A file, or the range of it that was asked for, to those who have a valid token."""
        token = parse_qs(urlsplit(self.path).query).get("sig", [""])[0]
        if self.server.secured and token not in self.server.tokens:
            return self.send(403, b"")
        first, last = self.range(len(content))
        if "Range" not in self.headers:
            return self.send(200, content, Accept_Ranges="bytes")
        told = f"bytes {first}-{last}/{len(content)}"
        self.server.sent += last + 1 - first
        return self.send(206, content[first : last + 1], Content_Range=told)

    def range(self, size: int) -> tuple[int, int]:
        """First and last byte that are wanted of a file."""
        match = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "bytes=0-"))
        assert match
        return int(match[1]), min(int(match[2] or size - 1), size - 1)

    def _landing(self) -> dict[str, Any]:
        conforms = [
            "https://api.stacspec.org/v1.0.0/core",
            "https://api.stacspec.org/v1.0.0/collections",
            "https://api.stacspec.org/v1.0.0/item-search",
        ]
        if self.server.sorts:
            conforms.append("https://api.stacspec.org/v1.0.0/item-search#sort")
        search = {
            "rel": "search",
            "type": "application/geo+json",
            "href": f"{self.server.url}/search",
        }
        return {
            "type": "Catalog",
            "stac_version": "1.0.0",
            "id": "here",
            "description": "Scenes of this computer.",
            "conformsTo": conforms,
            "links": [
                {"rel": "self", "href": self.server.url},
                {"rel": "data", "href": f"{self.server.url}/collections"},
                {**search, "method": "POST"},
            ],
        }

    def _collection(self) -> dict[str, Any]:
        interval = [["2014-10-10T00:00:00Z", self.server.end]]
        return {
            "type": "Collection",
            "stac_version": "1.0.0",
            "id": COLLECTION,
            "description": "Sentinel-1.",
            "license": "other",
            "extent": {
                "spatial": {"bbox": [[-180, -90, 180, 90]]},
                "temporal": {"interval": interval},
            },
            "links": [],
        }

    def _search(self, question: dict[str, Any]) -> dict[str, Any]:
        found = [item for item in self.server.items if _answers(item, question)]
        if "sortby" in question:
            assert question["sortby"] == [{"field": "properties.datetime", "direction": "desc"}]
            found.sort(key=lambda item: item["properties"]["datetime"], reverse=True)
        start, size = question.get("token", 0), min(2, question["limit"])
        links = []
        if start + size < len(found):
            body = question | {"token": start + size}
            href = f"{self.server.url}/search"
            links = [{"rel": "next", "method": "POST", "href": href, "body": body}]
        page = found[start : start + size]
        return {"type": "FeatureCollection", "features": page, "links": links}

    def _token(self) -> dict[str, str]:
        token = f"SECRET{len(self.server.tokens)}"
        self.server.tokens.append(token)
        expiry = datetime.now(UTC) + self.server.token_life
        return {"msft:expiry": expiry.isoformat().replace("+00:00", "Z"), "token": f"sig={token}"}


def _answers(item: dict[str, Any], question: dict[str, Any]) -> bool:
    if item["collection"] not in question["collections"]:
        return False
    if "ids" in question and item["id"] not in question["ids"]:
        return False
    if "datetime" in question:
        first, last = question["datetime"].split("/")
        if not first <= item["properties"]["datetime"] <= last:
            return False
    area = question.get("intersects")
    try:
        return area is None or shape(area).intersects(shape(item["geometry"]))
    except (shapely.errors.ShapelyError, ValueError):
        return True  # a geometry that is none is the client's to judge


@contextmanager
def serving() -> Iterator[StacServer]:
    """A server until the block ends."""
    server = StacServer()
    with running(server, server.over):
        yield server


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.send(code, b"", **headers)


def cut(handler: Handler) -> None:
    """Half of what is announced, and the line is cut."""
    content = handler.server.files[urlsplit(handler.path).path]
    first, last = handler.range(len(content))
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
    handler.send_header("Content-Length", str(last + 1 - first))
    handler.end_headers()
    handler.wfile.write(content[first : (first + last + 1) // 2])
    handler.close_connection = True


def lie(handler: Handler) -> None:
    """As many bytes as were asked for, from elsewhere."""
    content = handler.server.files[urlsplit(handler.path).path]
    first, last = handler.range(len(content))
    other = content[::-1][first : last + 1]
    handler.send(206, other, Content_Range=f"bytes {first}-{last}/{len(content)}")


def stall(handler: Handler) -> None:
    """Not a byte until the client, or the test, gives up."""
    handler.server.over.wait(20)
    handler.close_connection = True


def write_pair(
    folder: Path, name: str, power: NDArray[np.float32], **options: Any
) -> tuple[Path, Path]:
    """Two cloud-optimised GeoTIFFs of VV and VH (2, h, w), by no name that tells their units."""
    made = []
    for i, band in enumerate(("vv", "vh")):
        plain = write_raster(folder / "plain.tif", power[i : i + 1], names=None, **options)
        made.append(folder / f"{name}_rtc_{band}.tiff")
        rasterio.shutil.copy(plain, made[i], driver="COG", blocksize=128, compress="deflate")
        plain.unlink()
    return made[0], made[1]


def area_of(bounds: Sequence[float], crs: str) -> dict[str, Any]:
    """GeoJSON in degrees of a box in another CRS."""
    return dict(mapping(shapely.box(*transform_bounds(crs, "EPSG:4326", *bounds))))
