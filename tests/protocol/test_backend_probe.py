"""A place is probed over HTTP: the phrases that stand out there, of an area that is encoded."""

from pathlib import Path
from typing import Any

import httpx
from pyproj import Transformer

from tests.protocol.made import NORTH, UTM, WEST, square, write_scene
from tests.protocol.test_backend_access import error_of

SIDE_M = 1500
PHRASES = ["open water", "a town", "a forest"]


def probe(client: httpx.Client, scene: str, east_m: float = 1250, **change: Any) -> httpx.Response:
    to_degrees = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(WEST + east_m, NORTH - 1250)
    area = {"aoi": square(SIDE_M), "aoi_crs": UTM, "head": "test"}
    message = {"kind": "probe", "scene": scene, **area, "lon": lon, "lat": lat}
    return client.post("/v1/jobs", json={**message, "phrases": PHRASES, **change})


def test_a_place_has_the_phrases_that_stand_out_there_once_it_is_encoded(
    client: httpx.Client, register: Any, submit: Any, wait_for: Any, tmp_path: Path
) -> None:
    scene = register(write_scene(tmp_path / "probed_20240501.tif"))
    refused = probe(client, scene)
    assert (refused.status_code, error_of(refused)["code"]) == (409, "not_encoded")
    wait_for(submit(scene, aoi=square(SIDE_M))["id"])
    for change, code in (
        ({"lat": 91}, "request_invalid"),
        ({"phrases": [" "]}, "phrase_invalid"),
        ({"head": "nobody"}, "head_unknown"),
    ):
        assert error_of(probe(client, scene, **change))["code"] == code

    job = wait_for(probe(client, scene, most=2).json()["id"])
    assert (job["state"], job["error"]) == ("done", None)
    first, second = job["result"]["phrases"]
    assert {first["phrase"], second["phrase"]} < set(PHRASES)
    assert first["standing"] >= second["standing"]

    outside = wait_for(probe(client, scene, east_m=-5000).json()["id"])
    assert (outside["state"], outside["error"]["code"]) == ("failed", "area_invalid")
