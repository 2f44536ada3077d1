"""Runs that are killed at random moments end with the same bytes, and do nothing twice."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from pyproj import Transformer

from backend.survey.points import Point, gather_points, write_points
from tests.backend.survey.test_photos import Server, picture, survey
from tests.support.killing import contents, finish, kill, written
from tests.support.rasters import speckled, write_raster

LAYER = "features/texture-s1"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


def test_photographs(server: Server, tmp_path: Path, kills: int) -> None:
    rng, n = random.Random(1), 40 + 30 * kills
    table, folder = tmp_path / "points.csv", tmp_path / "photos"
    write_points(survey(*(server.url(f"/{i}.jpg") for i in range(n))), table)
    command = ["-m", "backend.survey", "photos", table, "-o", folder, "--delay", 0]
    server.slow_s = 0.05
    there: dict[str, int] = {}
    for _ in range(kills):
        server.asked.clear()
        enough = rng.randint(1, 25)

        def asked(enough: int = enough) -> bool:
            return len(server.asked) >= enough

        assert kill(*command, when=asked, after_s=rng.uniform(0, 0.1))
        whole = {name: when for name, when in written(folder).items() if name.endswith(".jpg")}
        assert there.items() <= whole.items()
        there = whole
    assert 0 < len(there) < n

    server.asked.clear()
    assert f"{n - len(there)} photographs fetched, {len(there)} were already there." in finish(
        *command
    )
    assert len(server.asked) == n - len(there)
    assert there.items() <= written(folder).items()
    pictures = {Path(name).name: body for name, body in contents(folder).items() if "/" in name}
    assert pictures == {f"p{i:03}_north.jpg": picture(i) for i in range(n)}


def test_features(tmp_path: Path, kills: int) -> None:
    """The cache holds blocks of 128 points, of which a few lie in a scene to save time."""
    rng = random.Random(2)
    table = table_over_scenes(tmp_path)
    command = ["-m", "backend.survey", "encode", table, "--scenes", tmp_path / "s1"]
    command += ["--encoder", "texture-s1", "--device", "cpu", "-o"]
    unbroken, cache = tmp_path / "unbroken", tmp_path / "cache"
    said = finish(*command, unbroken)
    assert "96 points encoded, 0 were already there.\n1,440 without imagery: 1,440 outside" in said

    assert kill(*command, cache, when=lambda: any(tmp_path.glob("*cache*")))
    there: dict[str, int] = {}
    for _ in range(min(kills, 8)):  # of twelve blocks

        def one_more(before: int = len(there)) -> bool:
            return len(finished_chunks(cache)) > before

        assert kill(*command, cache, when=one_more, after_s=rng.uniform(0, 0.3))
        assert there.items() <= finished_chunks(cache).items()
        there = finished_chunks(cache)
    assert 0 < len(there) < 12

    said = finish(*command, cache)
    assert f"{96 - 8 * len(there)} points encoded, {8 * len(there)} were already there." in said
    assert there.items() <= finished_chunks(cache).items()
    assert contents(cache) == contents(unbroken)


def table_over_scenes(folder: Path) -> Path:
    """Two overlapping scenes, and 1536 points of which each sixteenth lies in them."""
    for k in range(2):
        transform = Affine(10, 0, 400_000 + 1000 * k, 0, -10, 5_400_000)
        scene = folder / "s1" / f"S1_2018010{k + 1}.tif"
        write_raster(scene, speckled(300, 300, k), transform=transform)
    inside = np.random.default_rng(0).uniform(1200, 1800, (1536, 2))
    way = Transformer.from_crs(32633, 4326, always_xy=True)
    lon, lat = way.transform(400_000 + inside[:, 0], 5_400_000 - inside[:, 1])
    points = gather_points(
        Point(
            f"p{i:04}", x, y + (i % 16 > 0), None, f"r{i % 3}", 0, ("n.jpg", "", "", ""), "", i % 3
        )
        for i, (x, y) in enumerate(zip(lon, lat, strict=True))
    )
    write_points(points, folder / "points.csv")
    return folder / "points.csv"


def finished_chunks(cache: Path) -> dict[str, int]:
    """When the finished blocks of the features were written."""
    there = written(cache / LAYER) if (cache / LAYER).is_dir() else {}
    marks = [name.split("/")[2] for name in there if name.startswith("valid/c/")]
    return {mark: there[f"vectors/c/{mark}/0/0"] for mark in marks}
