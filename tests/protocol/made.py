"""Scenes and heads made for the tests of the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import rasterio
import torch
from affine import Affine

from backend.encoders import list_encoders
from backend.link import HeadMeta, LinkHead, save_head
from backend.text import TextSpace, load_text_encoder
from tests.support.rasters import speckled
from tests.support.stac_server import StacServer, serving, write_pair

UTM = "EPSG:32632"
WEST, NORTH = 600_000, 5_400_000
"""A multiple of every window's side, so a scene of 224 px is one window."""
CATALOGUE_SCENE = "S1A_IW_GRDH_1SDV_20240509T053512_rtc"


def write_scene(path: Path, size_px: int = 448, bands: tuple[str, ...] = ("VV", "VH")) -> Path:
    """A GeoTIFF in dB: land with speckle, and a lake in its middle. The same 448 px repeat."""
    rng = np.random.default_rng(1)
    tile = rng.normal([[[-9.0]], [[-15.0]]], 1.5, (2, 448, 448)).astype(np.float32)
    tile[:, 150:300, 150:300] -= 10
    repeats = -(-size_px // 448)
    db = np.tile(tile, (1, repeats, repeats))[: len(bands), :size_px, :size_px]
    profile = {
        "driver": "GTiff",
        "width": size_px,
        "height": size_px,
        "count": len(bands),
        "dtype": "float32",
        "crs": UTM,
        "transform": Affine(10, 0, WEST, 0, -10, NORTH),
        "tiled": True,
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(db)
        file.descriptions = bands
    return path


def square(side_m: float, east_m: float = 1000, south_m: float = 1000) -> dict[str, object]:
    """A GeoJSON square in the scene's own metres, from its north-western corner."""
    west, north = WEST + east_m, NORTH - south_m
    east, south = west + side_m, north - side_m
    ring = [[west, north], [east, north], [east, south], [west, south], [west, north]]
    return {"type": "Polygon", "coordinates": [ring]}


def write_head(
    home: Path,
    name: str,
    space: TextSpace | None = None,
    identity: str = "",
    text: str = "minilm",
    encoder: str = "texture-s1",
) -> Path:
    """A head of random weights for an encoder and a text encoder, among the user's own heads."""
    spec = next(spec for spec in list_encoders() if spec.name == encoder)
    space = space or load_text_encoder(text).space
    rng = torch.Generator().manual_seed(3)
    weight = torch.randn(spec.dim, space.dim, generator=rng)
    meta = HeadMeta(
        name=name,
        title=f"The test's {name}",
        encoder=spec.name,
        encoder_identity=identity or spec.identity,
        text=text,
        text_space=space,
        scores={"test_cosine": 0.5},
        summary="Random numbers.",
    )
    path = home / "heads" / f"{name}.safetensors"
    save_head(LinkHead(weight, torch.randn(space.dim, generator=rng), meta), path)
    return path


def write_heads(home: Path) -> None:
    """One head that fits and three that do not."""
    write_head(home, "test")
    write_head(home, "other-space", space=TextSpace("another/model", "abc", 384))
    write_head(home, "other-encoder", identity="another-encoder/1")
    (home / "heads" / "damaged.safetensors").write_bytes(b"no tensors at all")


@contextmanager
def stac_catalogue(home: Path, folder: Path) -> Iterator[StacServer]:
    """A catalogue of one scene that a backend of this home knows as "here"; files in `folder`."""
    power = (10 ** (speckled(448, 448) / 10)).astype(np.float32)
    corner = Affine(10, 0, WEST, 0, -10, NORTH)
    settings = home / "catalogues.yaml"
    with serving() as running:
        running.add(CATALOGUE_SCENE, *write_pair(folder, "a", power, crs=UTM, transform=corner))
        settings.write_text(f"here: {{url: '{running.url}', collection: sentinel-1-rtc}}\n")
        yield running
        settings.unlink()
