"""A remote GeoTIFF of any layout is read as GDAL reads it on the disk, or refused by name."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from rasterio.windows import Window

from backend.io.http import Client, RetryPolicy
from backend.io.ranges import RemoteFile
from backend.io.remote_tiff import RemoteTiff
from tests.support.range_server import Host, serve
from tests.support.rasters import write_raster

SHAPE = (3, 200, 170)
TILED = {"tiled": True, "blockxsize": 64, "blockysize": 48}
LAYOUTS: dict[str, dict[str, Any]] = {
    "deflate, predictor 3": {"compress": "deflate", "predictor": 3, **TILED},
    "LZW, predictor 2": {"dtype": "int16", "compress": "lzw", "predictor": 2, **TILED},
    "ZSTD, bands apart": {"dtype": "int8", "compress": "zstd", "interleave": "band", **TILED},
    "JPEG": {"dtype": "uint8", "compress": "jpeg", **TILED},
    "uncompressed, big-endian": {"endianness": "big", **TILED},
    "BigTIFF, bands together": {"bigtiff": "yes", "interleave": "pixel", **TILED},
    "strips": {"compress": "deflate", "blockysize": 7, "interleave": "band"},
    "one strip": {"blockysize": 200},
    "scale and offset": {"dtype": "uint16", "scales": (0.1,) * 3, "offsets": (-5.0,) * 3, **TILED},
    "sparse, nodata": {"nodata": -1, "sparse_ok": True, **TILED},
    "internal mask": {"mask": True, "compress": "deflate", **TILED},
    "internal mask, strips": {"mask": True, "compress": "lzw"},
    "overviews and a mask": {"mask": True, "overviews": True, **TILED},
}
WINDOWS = [Window(0, 0, 170, 200), Window(60, 45, 9, 7), Window(169, 199, 1, 1)]


class HostFailed(Exception):
    pass


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with serve(tmp_path) as host:
        yield host


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(RetryPolicy(silence_s=1, backoff_s=0.01))
    yield client
    client.close()


def write(path: Path, layout: dict[str, Any]) -> Path:
    options = dict(layout)
    dtype, mask = options.pop("dtype", "float32"), options.pop("mask", False)
    overviews = options.pop("overviews", False)
    values = np.random.default_rng(4).integers(1, 120, SHAPE).astype(dtype)
    if options.get("sparse_ok"):
        values[:, 48:96, 64:128] = -1
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        write_raster(path, values, names=("a", "b", "c"), tags={"WHO": "us"}, **options)
        with rasterio.open(path, "r+") as file:
            if mask:
                valid = np.full(SHAPE[1:], 255, np.uint8)
                valid[30:90, 20:70] = 0
                file.write_mask(valid)
            if overviews:
                file.build_overviews([2, 4])
    return path


def open_remote(host: Host, client: Client, name: str = "x.tif") -> RemoteTiff:
    url = f"{host.address}/{name}"
    return RemoteTiff(RemoteFile(url, name, client, lambda error: HostFailed(str(error))))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_pixels_masks_and_header_are_those_of_the_file(
    layout: dict[str, Any], tmp_path: Path, host: Host, client: Client
) -> None:
    with rasterio.open(write(tmp_path / "x.tif", layout)) as local:
        remote = open_remote(host, client)
        header = remote.dataset
        assert repr(header.profile) == repr(local.profile)  # NaN is not NaN
        for name in ("scales", "offsets", "descriptions", "mask_flag_enums"):
            assert getattr(header, name) == getattr(local, name)
        assert header.tags()["WHO"] == "us"
        for window in WINDOWS:
            values = remote.read(window, lambda file, at=window: file.read(window=at))
            np.testing.assert_array_equal(values, local.read(window=window))
            masks = remote.read(window, lambda file, at=window: file.read_masks(window=at))
            np.testing.assert_array_equal(masks, local.read_masks(window=window))
        remote.close()


def test_only_the_blocks_of_a_window_and_a_band_are_fetched_and_once(
    tmp_path: Path, host: Host, client: Client
) -> None:
    write(tmp_path / "x.tif", {"interleave": "band", **TILED})
    remote = open_remote(host, client)
    asked = len(host.asked)
    for window in (Window(10, 10, 5, 5), Window(30, 40, 8, 8)):
        remote.read(window, lambda file, at=window: file.read(2, window=at), band=2)
    spans = [stop - start for _, start, stop in host.asked[asked:]]
    assert spans == [64 * 48 * 4]


def test_a_block_that_cannot_be_unpacked_is_fetched_again(
    tmp_path: Path, host: Host, client: Client
) -> None:
    path = write(tmp_path / "x.tif", {"compress": "deflate", **TILED})
    remote, whole = open_remote(host, client), path.read_bytes()
    good = remote.read(WINDOWS[0], lambda file: file.read())
    remote = open_remote(host, client)
    path.write_bytes(whole[:20_000] + bytes(30_000) + whole[50_000:])
    tries: list[int] = []

    def mend(file: rasterio.DatasetReader) -> np.ndarray:
        tries.append(1)
        if len(tries) == 2:
            path.write_bytes(whole)
        return file.read()

    read = remote.read(WINDOWS[0], mend)
    np.testing.assert_array_equal(read, good)
    assert len(tries) == 3
    path.write_bytes(whole[:20_000] + bytes(30_000) + whole[50_000:])
    with pytest.raises(HostFailed, match="it came damaged at row 0, column 0"):
        open_remote(host, client).read(WINDOWS[0], lambda file: file.read())


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda data: b"<html>" + data, "does not begin as a TIFF"),
        (lambda data: data[:100], "cut short"),
        (lambda data: b"", "another part than was asked for|HTTP 416"),
    ],
)
def test_what_is_not_a_geotiff_is_refused(
    harm: Callable[[bytes], bytes], reason: str, tmp_path: Path, host: Host, client: Client
) -> None:
    path = write(tmp_path / "x.tif", {"compress": "deflate", **TILED})
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(HostFailed, match=reason):
        open_remote(host, client).read(WINDOWS[0], lambda file: file.read())


def test_a_file_that_ends_before_its_blocks_is_refused(
    tmp_path: Path, host: Host, client: Client
) -> None:
    path = write(tmp_path / "plain.tif", TILED)
    rasterio.shutil.copy(path, tmp_path / "x.tif", driver="COG", blocksize=64)  # header first
    (tmp_path / "x.tif").write_bytes((tmp_path / "x.tif").read_bytes()[:30_000])
    with pytest.raises(HostFailed, match="its directory names blocks that cannot exist"):
        open_remote(host, client).read(WINDOWS[0], lambda file: file.read())
