"""Remote GeoTIFFs: our reader against GDAL's own network driver, and against async-geotiff.

PYTHONPATH=. python benchmarks/remote_reading.py [--quick]

A server of its own process answers after 20 ms, as a host far away does. async-geotiff and obstore
are no dependencies of this project; without them their columns are left out. They need this, in an
environment of their own: pip install numpy rasterio requests filelock async-geotiff obstore

Every reader's values are compared with what GDAL reads of the same file on the disk. Times are
ratios against GDAL's network driver (/vsicurl/), the best of a few rounds in which all take turns.
"""

import asyncio
import multiprocessing
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.windows import Window

from backend.io.http import Client, RetryPolicy
from backend.io.ranges import RemoteFile
from backend.io.remote_tiff import RemoteTiff

try:
    from async_geotiff import GeoTIFF
    from async_geotiff import Window as TheirWindow
    from obstore.store import HTTPStore
except ImportError:
    GeoTIFF = None

DELAY_S = 0.02
FAULTS = ("cut short", "another part", "HTTP 503")
POLICY = RetryPolicy(silence_s=5.0, backoff_s=0.01)
VSICURL = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_USE_HEAD": "NO",
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",  # each round reads for the first time
    "GDAL_HTTP_MAX_RETRY": "2",
    "GDAL_HTTP_RETRY_DELAY": "0.01",
}

Answer = tuple[NDArray[Any], NDArray[np.bool_] | None]
"""Values (bands, h, w), and where the mask has data, of a file that has a mask."""

Reader = Callable[[str, list[Window]], list[Answer]]


# The files

SIDE = 1024
TILED = {"tiled": True, "blockxsize": 256, "blockysize": 256}
LAYOUTS: dict[str, dict[str, Any]] = {
    "deflate, predictor 3": {"compress": "deflate", "predictor": 3, **TILED},
    "deflate, predictor 2": {"dtype": "uint16", "compress": "deflate", "predictor": 2, **TILED},
    "LZW, predictor 2": {"dtype": "int16", "compress": "lzw", "predictor": 2, **TILED},
    "ZSTD": {"compress": "zstd", **TILED},
    "LERC": {"compress": "lerc", **TILED},
    "JPEG": {"dtype": "uint8", "compress": "jpeg", **TILED},
    "uncompressed": {**TILED},
    "big-endian": {"compress": "deflate", "endianness": "big", **TILED},
    "int8, bands apart": {"dtype": "int8", "compress": "zstd", "interleave": "band", **TILED},
    "bands together": {"compress": "deflate", "interleave": "pixel", **TILED},
    "strips": {"compress": "deflate", "blockysize": 16},
    "uncompressed strips": {"blockysize": 3},
    "sparse, nodata": {"compress": "deflate", "nodata": -1, "sparse_ok": True, **TILED},
    "internal mask": {"compress": "deflate", "mask": True, **TILED},
    "internal mask, strips": {"compress": "deflate", "mask": True},
    "BigTIFF": {"compress": "deflate", "bigtiff": "yes", **TILED},
}


def write(path: Path, side: int, count: int = 2, **layout: Any) -> Path:
    """Write noise with a hole, which is a mask, or is left out, where the layout asks for it."""
    rng = np.random.default_rng(len(path.name))
    dtype = np.dtype(layout.pop("dtype", "float32"))
    masked = layout.pop("mask", False)
    profile = {"driver": "GTiff", "width": side, "height": side, "count": count, "dtype": dtype}
    profile |= {"crs": "EPSG:32633", "transform": rasterio.Affine(10, 0, 4e5, 0, -10, 54e5)}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", **profile, **layout) as file,
    ):
        for top in range(0, side, 256):
            if layout.get("sparse_ok") and top == 256:
                continue
            values = (rng.gamma(4, 25, (count, 256, side)) % 120).astype(dtype)
            file.write(values, window=Window(0, top, side, 256))
        if masked:
            valid = np.full((side, side), 255, np.uint8)
            valid[100:300, 200:500] = 0
            file.write_mask(valid)
    return path


# The host


class Handler(BaseHTTPRequestHandler):
    """Serves ranges after a delay. FAULT/NUMBER/NAME spoils the reply of that number."""

    protocol_version = "HTTP/1.1"
    root: Path
    asked: dict[str, int]

    def log_message(self, *about: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(send=False)

    def do_GET(self) -> None:
        self._answer(send=True)

    def _answer(self, send: bool) -> None:
        time.sleep(DELAY_S)
        *script, name = self.path.strip("/").split("/")
        path = self.root / name
        size = path.stat().st_size
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start = int(match[1]) if match else 0
        stop = min(int(match[2]) + 1, size) if match and match[2] else size
        with path.open("rb") as file:
            file.seek(start)
            body = file.read(stop - start)
        number = self.asked[self.path] = self.asked.get(self.path, 0) + 1
        fault = FAULTS[int(script[0])] if script and int(script[1]) == number else ""
        if fault == "HTTP 503":
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if fault == "another part":
            body = body[::-1]
        self.send_response(206 if match else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(body)))
        if match:
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{size}")
        self.end_headers()
        if send:
            self.wfile.write(body[: len(body) // 2] if fault == "cut short" else body)
        self.close_connection = fault == "cut short"


class Server(ThreadingHTTPServer):
    """Clients that hang up are no news."""

    daemon_threads = True

    def handle_error(self, *about: object) -> None:
        pass


def _host(root: Path, port: Any) -> None:
    server = Server(("127.0.0.1", 0), type("Own", (Handler,), {"root": root, "asked": {}}))
    port.send(server.server_port)
    server.serve_forever()


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve a folder from another process, and yield its address."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_host, args=(root, there))
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


# The readers


def _answer(dataset: rasterio.io.DatasetReader, window: Window) -> Answer:
    masked = MaskFlags.per_dataset in dataset.mask_flag_enums[0]
    mask = dataset.read_masks(1, window=window) > 0 if masked else None
    return dataset.read(window=window), mask


def local(path: str, windows: list[Window]) -> list[Answer]:
    """Read a file on this disk with GDAL."""
    with rasterio.open(path) as dataset:
        return [_answer(dataset, window) for window in windows]


def vsicurl(url: str, windows: list[Window]) -> list[Answer]:
    """Read with GDAL's network driver."""
    with rasterio.Env(**VSICURL), rasterio.open(f"/vsicurl/{url}") as dataset:
        return [_answer(dataset, window) for window in windows]


def ours(url: str, windows: list[Window]) -> list[Answer]:
    """Read with ours."""
    client = Client(POLICY)
    tiff = RemoteTiff(RemoteFile(url, "file", client, lambda error: OSError(str(error))))
    try:
        return [tiff.read(window, partial(_answer, window=window)) for window in windows]
    finally:
        tiff.close()
        client.close()


def async_geotiff(url: str, windows: list[Window]) -> list[Answer]:
    """Read with async-geotiff over obstore."""
    return asyncio.run(_async_geotiff(url, windows))


async def _async_geotiff(url: str, windows: list[Window]) -> list[Answer]:
    folder, _, name = url.rpartition("/")
    store = HTTPStore.from_url(folder, client_options={"allow_http": True, "timeout": "5s"})
    tiff = await GeoTIFF.open(name, store=store)
    answers = []
    for one in windows:
        theirs = TheirWindow(
            col_off=one.col_off, row_off=one.row_off, width=one.width, height=one.height
        )
        read = await tiff.read(window=theirs)
        answers.append((np.asarray(read.data), read.mask))
    return answers


READERS: dict[str, Reader] = {"ours": ours}
if GeoTIFF:
    READERS["async-geotiff"] = async_geotiff


# What is measured


def agreement(read: Reader, url: str, path: Path, windows: list[Window]) -> str:
    """Return whether a reader gives what GDAL reads on the disk, or what it raises instead."""
    expected = local(str(path), windows)
    try:
        answers = read(url, windows)
    except Exception as error:  # whatever a library raises is its answer
        return f"raises {type(error).__name__}"
    for (values, mask), (their_values, their_mask) in zip(expected, answers, strict=True):
        if values.dtype != their_values.dtype or values.tobytes() != their_values.tobytes():
            return "other values"
        if mask is not None and (their_mask is None or (mask != their_mask).any()):
            return "other mask" if their_mask is not None else "no mask"
    return "equal"


def layouts(root: Path, address: str) -> None:
    """Print which layouts each reader reads."""
    readers = {"/vsicurl/": vsicurl, **READERS}
    print("layout", *readers, sep=" | ")
    windows = [Window(190, 90, 40, 30), Window(0, 0, SIDE, SIDE), Window(1000, 1000, 24, 24)]
    for name, layout in LAYOUTS.items():
        path = write(root / f"{re.sub('[^a-z0-9]', '_', name.lower())}.tif", SIDE, **layout)
        url = f"{address}/{path.name}"
        print(name, *(agreement(r, url, path, windows) for r in readers.values()), sep=" | ")


def faults(root: Path, address: str) -> None:
    """Print how each reader takes one spoilt reply: to the header, and to each later request."""
    readers = {"/vsicurl/": vsicurl, **READERS}
    path = write(root / "faults.tif", SIDE, compress="deflate", predictor=3, **TILED)
    windows = [Window(0, 0, 300, 300), Window(500, 600, 300, 300)]
    print("fault | reply", *readers, sep=" | ")
    for kind, name in enumerate(FAULTS):
        for number in range(1, 5):
            url = f"{address}/{kind}/{number}"
            answers = [
                agreement(read, f"{url}/{i}/{path.name}", path, windows)
                for i, read in enumerate(readers.values())
            ]
            print(name, number, *answers, sep=" | ")


def speed(root: Path, address: str, rounds: int) -> None:
    """Print how many times faster than GDAL's network driver each reader is."""
    scene = write(root / "scene.tif", 4096, 1, compress="deflate", predictor=3, **TILED)
    tile = write(
        root / "tile.tif", 1024, 64, dtype="int8", compress="zstd", interleave="band", **TILED
    )
    rng = np.random.default_rng(1)
    work = {
        "40 windows of 32 px, scattered": (
            scene,
            [Window(int(x), int(y), 32, 32) for x, y in rng.integers(0, 4000, (40, 2))],
        ),
        "one window of 2048 px": (scene, [Window(512, 512, 2048, 2048)]),
        "64 bands apart, 256 px": (tile, [Window(256, 256, 256, 256)]),
    }
    readers = {"/vsicurl/": vsicurl, **READERS}
    print("windows | /vsicurl/, s", *READERS, sep=" | ")
    for name, (path, windows) in work.items():
        best = dict.fromkeys(readers, float("inf"))
        for _ in range(rounds):
            for reader, read in readers.items():
                start = time.perf_counter()
                read(f"{address}/{path.name}", windows)
                best[reader] = min(best[reader], time.perf_counter() - start)
        ratios = (f"{best['/vsicurl/'] / best[reader]:.1f}" for reader in READERS)
        print(name, f"{best['/vsicurl/']:.2f}", *ratios, sep=" | ")


def main(quick: bool) -> None:
    """Measure all of it."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address:
        layouts(Path(folder), address)
        faults(Path(folder), address)
        speed(Path(folder), address, 1 if quick else 4)


if __name__ == "__main__":
    main("--quick" in sys.argv)
