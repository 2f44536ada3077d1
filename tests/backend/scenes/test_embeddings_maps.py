"""A product is asked in words like a scene, at 10 m, with the exact cosine of each vector."""

import dataclasses
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window
from shapely.geometry import box, mapping

from backend.encoders import Encoder, load_encoder
from backend.errors import ConfigInvalid
from backend.features.lattice import Lattice
from backend.features.plan import make_plan
from backend.link import LinkHead, save_head
from backend.maps import Area, align, estimate
from backend.scenes import open_scene
from backend.text import TextEncoder
from scripts.samples.embeddings import (
    EAST,
    NORTH,
    quantised,
    values_of,
    write_alphaearth,
    write_tessera,
)
from tests.backend.conftest import random_head
from tests.support import forked
from tests.support.memory import peak_bytes
from tests.support.range_server import serve
from tests.support.rasters import speckled, write_raster
from tests.support.tiles import open_embedding

PHRASES = ["open water", "a dense town"]


@pytest.fixture(scope="module")
def alphaearth() -> Encoder:
    return load_encoder("alphaearth", device="cpu")


@pytest.fixture(scope="module")
def link(alphaearth: Encoder, minilm: TextEncoder) -> LinkHead:
    return random_head(alphaearth, minilm)


def by_hand(vectors: NDArray[np.float64], head: LinkHead, text: TextEncoder) -> NDArray[np.float64]:
    """Cosines (q, h, w) of vectors (d, h, w), projected to D in float64."""
    linked = vectors.transpose(1, 2, 0) @ head.weight.double().numpy() + head.bias.double().numpy()
    linked /= np.linalg.norm(linked, axis=-1, keepdims=True)
    return (linked @ text.embed(PHRASES).T.astype(np.float64)).transpose(2, 0, 1)


def ask(*arguments: object) -> subprocess.CompletedProcess[str]:
    return forked.run("-m", "backend.query", *arguments)


def test_the_command_maps_the_cosine_of_every_pixel(
    link: LinkHead, minilm: TextEncoder, tmp_path: Path
) -> None:
    stored = quantised(170, 230)
    stored[:, 60:80, 30:90] = -128
    tile = write_alphaearth(
        tmp_path / "2024" / "33N" / "x.tiff", stored, corner=(EAST + 30, NORTH - 70), bottom_up=True
    )
    save_head(link, tmp_path / "head.safetensors")
    output = tmp_path / "map.tif"
    done = ask(
        tile, *PHRASES, "--encoder", "alphaearth", "--head", tmp_path / "head.safetensors",
        "-o", output,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "AlphaEarth of 2024: 1 tile of vectors with 64 dimensions." in done.stdout
    with rasterio.open(output) as file:
        assert file.res == (10, 10) and file.bounds[:2] == (EAST + 30, NORTH - 1770)
        cosines = file.read()
        told = json.loads(file.tags()["GLUELINK_PROVENANCE"])
    np.testing.assert_allclose(cosines, by_hand(values_of(stored), link, minilm), atol=1e-6)
    assert (told["scene"]["source"], told["encoder"]["identity"]) == (
        "AlphaEarth",
        "alphaearth/1",
    )


def test_a_map_of_tessera_is_exact_inside_its_area(minilm: TextEncoder, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    values = rng.integers(-127, 128, (70, 120, 128)).astype(np.int8)
    scales = rng.uniform(0.005, 0.2, (70, 120)).astype(np.float32)
    write_tessera(tmp_path, values, scales)
    encoder = load_encoder("tessera", device="cpu")
    head = random_head(encoder, minilm)
    square = box(EAST + 100, NORTH - 400, EAST + 600, NORTH - 100)
    area = Area.from_geojson(mapping(square), "EPSG:32633")
    with open_embedding(tmp_path, near=area.degrees) as product:
        align(product, area, PHRASES, encoder, head, minilm, tmp_path / "map.tif")
    with rasterio.open(tmp_path / "map.tif") as file:
        around = Window.from_slices((10, 40), (10, 60))
        inside = Window(
            int((EAST + 100 - file.bounds.left) / 10),
            int((file.bounds.top - NORTH + 100) / 10),
            50,
            30,
        )
        cosines = file.read(window=inside)
    vectors = (values * scales[..., None]).transpose(2, 0, 1).astype(np.float64)
    expected = by_hand(vectors, head, minilm)[:, *around.toslices()]
    np.testing.assert_allclose(cosines, expected, atol=1e-5)


def test_each_window_is_read_once_with_the_same_result(
    alphaearth: Encoder, link: LinkHead, minilm: TextEncoder, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    stored = quantised(120, 1400)
    with open_embedding(write_alphaearth(tmp_path / "x.tiff", stored)) as product:
        plan = make_plan(product, None, alphaearth.spec)
        assert plan.lattice == Lattice(1, 64, "exact", margin=0)
        assert len(list(plan.swaths())) == 2 and plan.window_count == 3 * 22
        made = align(product, None, PHRASES, alphaearth, link, minilm, tmp_path / "map.tif")
        overlapping = dataclasses.replace(alphaearth.spec, reach_px=None)
        assert estimate(product, None, overlapping).windows > 3 * made.windows
        monkeypatch.setattr(alphaearth, "spec", overlapping, raising=False)
        align(product, None, PHRASES, alphaearth, link, minilm, tmp_path / "blended.tif")
    with rasterio.open(tmp_path / "map.tif") as one, rasterio.open(tmp_path / "blended.tif") as two:
        np.testing.assert_allclose(one.read(), two.read(), atol=2e-6)


def test_an_encoder_of_another_kind_is_refused_in_a_sentence(
    alphaearth: Encoder, texture: Encoder, tmp_path: Path
) -> None:
    tile = write_alphaearth(tmp_path / "tile.tiff", quantised(60, 60))
    radar = write_raster(tmp_path / "s1.tif", speckled(60, 60))
    tessera = load_encoder("tessera", device="cpu")
    with open_embedding(tile) as product, open_scene(radar) as scene:
        for asked, encoder, said in (
            (product, texture, "texture-s1 reads Sentinel-1, and tile is of AlphaEarth"),
            (product, tessera, "tessera reads Tessera 1.0, and tile is of AlphaEarth"),
            (scene, alphaearth, "alphaearth reads AlphaEarth, and s1 is of Sentinel-1"),
        ):
            with pytest.raises(ConfigInvalid, match=said):
                estimate(asked, None, encoder.spec)


def test_the_command_says_in_one_sentence_what_does_not_fit(link: LinkHead, tmp_path: Path) -> None:
    tile = write_alphaearth(tmp_path / "tile.tiff", quantised(60, 60))
    done = ask(tile, "water", "-o", tmp_path / "map.tif")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "Choose an encoder for it, such as alphaearth." in done.stderr


def test_a_query_of_an_address_outlasts_faults_or_names_the_tile(
    link: LinkHead, minilm: TextEncoder, tmp_path: Path
) -> None:
    stored = quantised(60, 60)
    write_alphaearth(tmp_path / "host" / "2024" / "33N" / "x.tiff", stored)
    save_head(link, tmp_path / "head.safetensors")
    how = ("--encoder", "alphaearth", "--head", tmp_path / "head.safetensors")
    with serve(tmp_path / "host") as host:
        address = f"{host.address}/2024/33N/x.tiff"
        host.fault = lambda path, start, before: "cut" if before == 0 and start % 8 == 0 else ""
        done = ask(address, *PHRASES, *how, "-o", tmp_path / "map.tif")
        assert done.returncode == 0, done.stderr
        host.fault = lambda path, start, before: "cut" if start else ""
        failed = ask(address, *PHRASES, *how, "-o", tmp_path / "none.tif")
    with rasterio.open(tmp_path / "map.tif") as file:
        np.testing.assert_allclose(file.read(), by_hand(values_of(stored), link, minilm), atol=1e-6)
    assert failed.returncode == 2 and failed.stderr.count("\n") == 1
    assert failed.stderr.startswith("Error: The tile x.tiff cannot be read from 127.0.0.1:")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "head.safetensors",
        "host",
        "map.tif",
    ]


def test_20_km_of_64_dimensions_are_never_in_memory_as_a_whole(
    link: LinkHead, tmp_path: Path
) -> None:
    """2048 x 2048 vectors are 268 MB as int8 and 1,074 MB as float32."""
    side, block = 2048, 1024
    tile = write_alphaearth(
        tmp_path / "x.tiff", quantised(50, 50), blockxsize=block, blockysize=block
    )
    with rasterio.open(tile) as small:
        profile = {**small.profile, "width": side, "height": side}
    flat = np.repeat(quantised(1, 1), block, axis=2).repeat(block, axis=1)
    with rasterio.open(tmp_path / "large.tiff", "w", **profile) as file:
        for row in range(0, side, block):
            for column in range(0, side, block):
                file.write(flat, window=Window(column, row, block, block))
    save_head(link, tmp_path / "head.safetensors")
    head = ("--encoder", "alphaearth", "--head", tmp_path / "head.safetensors")
    # What the libraries and the text encoder take differs from machine to machine.
    small, large = (
        peak_bytes("backend.query", tile, "water", *head, "-o", tile.with_suffix(".tif"))
        for tile in (tmp_path / "x.tiff", tmp_path / "large.tiff")
    )
    assert large - small < 850e6  # some 700; the vectors alone are 1,074 MB as float32
    with rasterio.open(tmp_path / "large.tif") as file:
        assert file.shape == (side, side)
