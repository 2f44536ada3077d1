"""What is encoded stays encoded: estimates say how much, and a list says of what."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import rasterio
from pyproj import Transformer
from shapely import transform
from shapely.geometry import box, shape

from backend.encoders import list_encoders
from backend.features.lattice import Lattice
from backend.features.store.about import block_side
from tests.protocol.made import NORTH, UTM, WEST, square, write_scene
from tests.protocol.test_backend_access import error_of

SCENE_M = 4480
SPEC = next(spec for spec in list_encoders() if spec.name == "texture-s1")
LATTICE = Lattice.of(SPEC)
SIDE = block_side(LATTICE, SPEC.dim) * LATTICE.cell_m
SCENE = box(WEST, NORTH - SCENE_M, WEST + SCENE_M, NORTH)
ASKED = WEST + 1250, NORTH - 1250
"""The middle of the area that is asked."""
LEFT, BELOW = ASKED[0] // SIDE * SIDE, ASKED[1] // SIDE * SIDE
BLOCK = SCENE & box(LEFT, BELOW, LEFT + SIDE, BELOW + SIDE)
"""Of the scene, what lies in the same block."""


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    return write_scene(tmp_path / "bay_20240509.tif")


@pytest.fixture
def asked(own_file: Path, register: Any, submit: Any, wait_for: Any) -> str:
    """A scene that was asked over half a kilometre."""
    scene = str(register(own_file))
    assert wait_for(submit(scene)["id"])["state"] == "done"
    return scene


def test_who_wants_nothing_encoded_is_refused_until_all_is(
    client: httpx.Client, own_file: Path, register: Any, submit: Any, wait_for: Any
) -> None:
    scene = register(own_file)
    live = {"only_encoded": True, "but_not": ["a pier"], "phrases": ["a ship"]}
    message = {"scene": scene, "head": "test", "aoi": square(500), "aoi_crs": UTM, **live}
    refused = client.post("/v1/jobs", json=message)
    assert refused.status_code == 409
    assert error_of(refused)["code"] == "not_encoded"
    wait_for(submit(scene)["id"])
    done = wait_for(client.post("/v1/jobs", json=message).json()["id"])
    assert (done["state"], done["result"]["windows"]) == ("done", 0)
    assert done["result"]["phrases"][0]["phrase"] == "a ship but not a pier"
    assert done["result"]["files"][0]["name"].startswith("a-ship-but-not-a-pier_")
    example = {"phrases": [], "but_not": [], "like": [[10.3823, 48.7299]]}
    done = wait_for(client.post("/v1/jobs", json={**message, **example}).json()["id"])
    assert (done["state"], done["result"]["windows"]) == ("done", 0)
    assert done["result"]["phrases"][0]["phrase"] == "like 10.3823,48.7299"
    assert done["result"]["provenance"]["like"] == example["like"]


def estimate(client: httpx.Client, scene: str, **area: Any) -> dict[str, Any]:
    return dict(client.post("/v1/estimates", json={"scene": scene, **area}).json())


def in_metres(footprint: dict[str, Any]) -> Any:
    to_utm = Transformer.from_crs("EPSG:4326", UTM, always_xy=True)
    return transform(shape(footprint), to_utm.transform, interleaved=False)


def test_a_new_scene_is_not_encoded(client: httpx.Client, own_file: Path, register: Any) -> None:
    cost = estimate(client, register(own_file))
    assert (cost["encoded"], cost["footprint"]) == (0, None)
    assert cost["lacking"] > 0


def test_after_a_phrase_an_estimate_says_what_is_encoded(client: httpx.Client, asked: str) -> None:
    whole = estimate(client, asked)
    share = BLOCK.area / SCENE_M**2
    assert whole["encoded"] == pytest.approx(share, abs=0.01)
    assert whole["lacking"] > 0 and whole["seconds"] > 0
    footprint = in_metres(whole["footprint"])
    assert footprint.symmetric_difference(BLOCK).area < 1e-4 * BLOCK.area

    inside = estimate(client, asked, aoi=square(100, 1200, 1200), aoi_crs=UTM)
    assert (inside["encoded"], inside["lacking"], inside["seconds"]) == (1, 0, 0)
    assert inside["footprint"] == whole["footprint"]

    place = (SCENE - BLOCK).representative_point()
    corner = square(20, place.x - WEST - 10, NORTH - place.y - 10)
    elsewhere = estimate(client, asked, aoi=corner, aoi_crs=UTM)
    assert elsewhere["encoded"] == 0
    assert elsewhere["footprint"] == whole["footprint"]


def test_of_a_changed_file_nothing_is_encoded(
    client: httpx.Client, asked: str, own_file: Path
) -> None:
    with rasterio.open(own_file, "r+") as file:
        file.write(file.read(1) + 0.5, 1)
    cost = estimate(client, asked)
    assert (cost["encoded"], cost["footprint"]) == (0, None)


def test_what_is_encoded_is_listed(client: httpx.Client, asked: str) -> None:
    listed = client.get("/v1/encoded").json()["encoded"]
    here = max(listed, key=lambda each: each["last_used"])
    assert here == listed[0]
    kind = here["encoder"], here["quality"], here["precision"]
    assert kind == ("texture-s1", LATTICE.quality, "int8")
    assert 0.9 * BLOCK.area / 1e6 < here["km2"] <= 1.01 * SCENE_M**2 / 1e6
    assert here["bytes"] > here["km2"] * (1000 / 80) ** 2 * 64
    age = datetime.now(UTC) - datetime.fromisoformat(here["last_used"])
    assert timedelta(seconds=-1) <= age < timedelta(minutes=5)
    assert in_metres(here["footprint"]).intersection(BLOCK).area > 0.99 * BLOCK.area
