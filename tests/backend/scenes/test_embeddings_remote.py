"""A product at an address: read by ranges, right in spite of faults, or refused by name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.geometry import box

from backend.errors import ConfigInvalid, SceneUnreadable
from backend.io.blocks import RecentBlocks
from backend.io.http import RetryPolicy
from backend.io.url import Url
from backend.scenes import PixelBox
from backend.scenes.tiled import remote
from backend.scenes.tiled.remote import NotThere, Ranges
from scripts.samples.embeddings import (
    EAST,
    NORTH,
    index_row,
    quantised,
    values_of,
    write_alphaearth,
    write_index,
    write_tessera,
)
from tests.support.range_server import Host, serve
from tests.support.tiles import open_embedding

Fault = Callable[[str, int, int], str]

STORED = quantised(150, 100)
AREA = box(13.61, 48.71, 13.69, 48.79)


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "POLICY", RetryPolicy(silence_s=0.3, slowest_s=5, backoff_s=0.01))
    monkeypatch.setattr("backend.scenes.embeddings.alphaearth.RECENT", RecentBlocks(2**26))
    monkeypatch.setattr("backend.io.ranges.LONGEST", 2**10)  # a request for each block of a tile


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tile of each product, as hosts have them."""
    root = tmp_path_factory.mktemp("host")
    write_alphaearth(
        root / "annual" / "2024" / "33N" / "x.tiff", STORED, blockxsize=128, blockysize=128
    )
    write_tessera(root, *tessera())
    return root


def tessera() -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    rng = np.random.default_rng(5)
    values = rng.integers(-127, 128, (60, 70, 128)).astype(np.int8)
    return values, rng.uniform(0.005, 0.2, (60, 70)).astype(np.float32)


@pytest.fixture
def host(files: Path) -> Iterator[Host]:
    with serve(files) as host:
        yield host


def everything(path: str, **how: object) -> NDArray[np.float32]:
    with open_embedding(path, **how) as product:  # type: ignore[arg-type]
        return product.read(product.extent)


def tile(host: Host) -> str:
    return f"{host.address}/annual/2024/33N/x.tiff"


def tree(host: Host) -> str:
    return f"{host.address}/global_0.1_degree_representation/2024"


# A host that behaves


def test_a_remote_tile_is_the_same_and_fetched_once(host: Host) -> None:
    with open_embedding(tile(host)) as product:
        assert (product.info.date, product.info.name) == ("2024-01-01", "x.tiff")
        at = product.extent
        strips = [
            product.read(PixelBox(row, at.col0, min(row + 50, at.row1), at.col1))
            for row in range(at.row0, at.row1, 50)
        ]
    np.testing.assert_array_equal(np.concatenate(strips, axis=1), values_of(STORED).astype("f4"))
    blocks = [asked for asked in host.asked if asked[1] % 2**16]  # the header comes by pages
    assert len(blocks) == len(set(blocks)) == 2 * 64


def test_an_index_and_an_address_lead_to_remote_tiles(host: Host, tmp_path: Path) -> None:
    rows = [
        index_row("2024/33N/x.tiff", STORED.shape[1:], 32633, (EAST, NORTH)),
        index_row("2024/33N/none.tiff", (100, 100), 32633, (EAST + 50_000, NORTH)),
    ]
    index = write_index(tmp_path / "aef_index.gpkg", rows)
    read = everything(str(index), near=AREA, tiles=f"{host.address}/annual/")
    np.testing.assert_array_equal(read, values_of(STORED).astype("f4"))
    with (
        open_embedding(index, tiles=f"{host.address}/annual") as product,
        pytest.raises(SceneUnreadable, match=r"none\.tiff is not at http"),
    ):
        product.read(product.extent)


def test_tessera_is_found_by_the_names_of_its_tiles(host: Host) -> None:
    values, scales = tessera()
    with open_embedding(tree(host), near=AREA) as product:
        at = PixelBox(-NORTH // 10, EAST // 10, 60 - NORTH // 10, EAST // 10 + 70)
        assert at.intersection(product.extent) == at
        read = product.read(at)
        around = product.read(PixelBox(at.row0 - 20, at.col0 - 20, at.row1, at.col1 + 30))
    np.testing.assert_array_equal(read.transpose(1, 2, 0), values * scales[..., None])
    assert np.isfinite(around[0]).sum() == 60 * 70  # its neighbours are not there, as at sea
    masks = {path for path, _, _ in host.asked if path.endswith(".tiff")}
    assert masks == {"/global_0.1_degree_tiff_all/grid_13.65_48.75.tiff"}


def test_only_the_rows_that_are_asked_for_travel(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.io.ranges.LONGEST", 2**22)
    with open_embedding(tree(host), near=AREA) as product:
        row, col = -NORTH // 10 + 20, EAST // 10 + 10
        product.read(PixelBox(row, col, row + 5, col + 5))
        ranges = [
            (start, stop)
            for path, start, stop in host.asked
            if path.endswith("48.75.npy") and start > 0
        ]
    pixels = 128 + 128 * np.array([19 * 70 + 9, 25 * 70 + 16])  # and one around them
    assert ranges == [tuple(pixels)]


def test_the_layout_of_source_cooperative_is_known(tmp_path: Path) -> None:
    values, scales = tessera()
    path = write_tessera(tmp_path, values, scales)
    year = tmp_path / "npy" / "v1" / "2024"
    year.parent.mkdir(parents=True)
    path.parents[1].rename(year)
    (tmp_path / "landmasks").mkdir()
    (tmp_path / "global_0.1_degree_tiff_all").rename(tmp_path / "landmasks" / "v1")
    with (
        serve(tmp_path) as host,
        open_embedding(f"{host.address}/npy/v1/2024", near=AREA) as product,
    ):
        row, col = -NORTH // 10, EAST // 10
        read = product.read(PixelBox(row, col, row + 60, col + 70))
        assert [check.level for check in product.info.checks] == ["ok"]
    np.testing.assert_array_equal(read.transpose(1, 2, 0), values * scales[..., None])


# A host that does not


FAULTS = ["stall", "cut", "long", "short", "shifted", "error"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_is_outlasted(fault: str, host: Host) -> None:
    """Some replies are spoilt at first, those for the header and for blocks among them."""
    host.fault = lambda path, start, before: fault if before == 0 and start % 16 == 0 else ""
    read = everything(tile(host))
    np.testing.assert_array_equal(read, values_of(STORED).astype("f4"))
    spoilt = {asked for asked in host.asked if asked[1] % 16 == 0}
    assert len(spoilt) > 5


REASONS = {
    "stall": "no byte for 0.3 s",
    "cut": "the connection broke",
    "long": "the connection broke",
    "short": "bytes came",
    "shifted": "another part than was asked for",
    "error": "HTTP 503",
    "whole": "does not serve parts of files",
    "longer file": "it changed while it was read",
}


@pytest.mark.parametrize(("fault", "reason"), REASONS.items())
def test_a_fault_that_stays_names_the_tile(fault: str, reason: str, host: Host) -> None:
    host.fault = lambda path, start, before: fault if start > 100_000 else ""
    with pytest.raises(SceneUnreadable, match=rf"tile x\.tiff cannot be read from 127.*{reason}"):
        everything(tile(host))


@pytest.mark.parametrize("fault", ["stall", "short", "whole"])
def test_a_fault_that_stays_names_the_tile_of_tessera(fault: str, host: Host) -> None:
    host.fault = lambda path, start, before: fault if "scales" in path else ""
    with (
        open_embedding(tree(host), near=AREA) as product,
        pytest.raises(SceneUnreadable, match=r"tile grid_13\.65_48\.75_scales\.npy cannot"),
    ):
        product.read(product.extent)


def test_an_array_of_another_length_than_it_says_is_refused(files: Path, tmp_path: Path) -> None:
    path = write_tessera(tmp_path, *tessera())
    path.write_bytes(path.read_bytes()[:-128])
    with (
        serve(tmp_path) as host,
        open_embedding(tree(host), near=AREA) as product,
        pytest.raises(SceneUnreadable, match=r"has 537,\d+ bytes; its header promises 537"),
    ):
        product.read(product.extent)


def spoil_header(data: bytes) -> bytes:
    return b"II*\0\x08\0\0\0\xff\xff" + data[10:]


def spoil_block(data: bytes) -> bytes:
    return data[:60_000] + bytes(20_000) + data[80_000:]


def shorten(data: bytes) -> bytes:
    return data[:40_000]


@pytest.mark.parametrize("harm", [spoil_header, spoil_block, shorten, lambda data: b"no tiff" * 99])
def test_a_remote_file_that_is_damaged_is_named(
    harm: Callable[[bytes], bytes], files: Path, tmp_path: Path
) -> None:
    data = (files / "annual" / "2024" / "33N" / "x.tiff").read_bytes()
    (tmp_path / "x.tiff").write_bytes(harm(data))
    with serve(tmp_path) as host, pytest.raises(SceneUnreadable, match=r"x\.tiff"):
        everything(f"{host.address}/x.tiff")


def test_a_file_that_is_not_there_is_told_from_one_that_cannot_be_read(host: Host) -> None:
    ranges = Ranges()
    with pytest.raises(NotThere):
        ranges.open(Url(f"{host.address}/none.npy")).read(0, 10)
    ranges.close()
    with pytest.raises(SceneUnreadable, match=r"none\.tiff is not at http"):
        open_embedding(f"{host.address}/none.tiff")
    with pytest.raises(SceneUnreadable, match="cannot be read from localhost:9: the connection"):
        open_embedding("http://localhost:9/x.tiff")


# Addresses


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://", "not an address"),
        ("http:///x.tiff", "not an address"),
        ("https://host/a b.tiff", "not an address"),
        ("https://host/\u0000.tiff", "not an address"),
        ("https://[host/x.tiff", "not an address"),
        ("https://host/folder", "is not an address of tiles"),
        ("https://host/npy/v1/2024", "no area was given"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused(address: str, said: str) -> None:
    with pytest.raises(ConfigInvalid, match=said):
        open_embedding(address)


def test_a_year_whose_land_masks_are_unknown_is_refused() -> None:
    with pytest.raises(ConfigInvalid, match="where the land masks of https://host/x/2024 lie"):
        open_embedding("https://host/x/2024", near=AREA)


def test_tokens_in_an_address_are_kept_and_never_shown() -> None:
    url = Url("https://host/a/b?sig=secret") / "c d.tiff"
    assert url.text == "https://host/a/b/c%20d.tiff?sig=secret"
    assert "secret" not in str(url) and url.name == "c%20d.tiff"
    assert url.above(2, "e").text == "https://host/a/e?sig=secret"


def test_an_area_across_the_date_line_has_tiles_on_both_sides() -> None:
    with open_embedding(
        "https://host/npy/v1/2024", near=box(179.96, 0.02, 180.04, 0.08)
    ) as product:
        names = sorted(Path(file).stem for file in product.info.files)
        assert names == ["grid_-179.95_0.05", "grid_179.95_0.05"]
        west, _, east, _ = product.info.bounds
        assert product.extent.width < 3000 and west > 179.8 and east < -179.8
