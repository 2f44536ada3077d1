"""Imagery over HTTP: from a search of a catalogue to a map of what it has."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.protocol.made import CATALOGUE_SCENE, UTM, square
from tests.protocol.test_backend_access import error_of
from tests.support.stac_server import StacServer, status

Ask = Callable[..., dict[str, Any]]
PLACE = {"aoi": square(1500), "aoi_crs": UTM}
MAY = {"catalogue": "here", "first": "2024-05-01", "last": "2024-05-31", **PLACE}


def test_a_scene_is_found_fetched_and_asked(
    client: httpx.Client, catalogue: StacServer, submit: Ask, wait_for: Ask
) -> None:
    known = client.get("/v1/imagery/catalogues").json()["catalogues"]
    assert {"planetary-computer", "opera", "here"} <= {one["name"] for one in known}
    (found,) = client.post("/v1/imagery/search", json=MAY).json()["scenes"]
    assert (found["id"], found["product_type"], found["unavailable"]) == (
        CATALOGUE_SCENE,
        "RTC",
        "",
    )
    request = {"kind": "fetch", "catalogue": "here", "item": found["id"], **PLACE}
    reply = client.post("/v1/jobs", json=request)
    assert (reply.status_code, reply.json()["kind"]) == (202, "fetch")
    fetched = wait_for(reply.json()["id"])
    assert (fetched["state"], fetched["error"]) == ("done", None)
    assert set(fetched["result"]) == {"kind", "scene", "seconds", "metadata"}
    assert fetched["result"]["metadata"]["cover"] == 1
    scene = fetched["result"]["scene"]
    told = client.get(f"/v1/scenes/{scene}").json()
    assert (told["name"], told["date"], told["product_type"]) == (
        CATALOGUE_SCENE,
        "2024-05-09",
        "RTC",
    )
    assert wait_for(submit(scene, **PLACE)["id"])["state"] == "done"


def test_the_newest_scene_of_a_catalogue_is_told(
    client: httpx.Client, catalogue: StacServer
) -> None:
    newest = client.get("/v1/imagery/catalogues/here/newest").json()
    assert newest == {"catalogue": "here", "day": "2024-05-09", "source": "scene"}
    catalogue.scripts["/"] = [status(401)]
    unknown = client.get("/v1/imagery/catalogues/here/newest").json()
    assert unknown == {"catalogue": "here", "day": None, "source": None}
    reply = client.get("/v1/imagery/catalogues/nowhere/newest")
    assert (reply.status_code, error_of(reply)["code"]) == (422, "request_invalid")


def test_a_fetch_that_fails_is_one_sentence(
    client: httpx.Client, catalogue: StacServer, wait_for: Ask
) -> None:
    request = {"kind": "fetch", "catalogue": "here", "item": "none", **PLACE}
    job = wait_for(client.post("/v1/jobs", json=request).json()["id"])
    assert (job["state"], job["error"]["code"]) == ("failed", "imagery_missing")
    assert 'no scene "none"' in job["error"]["message"]


@pytest.mark.parametrize(
    ("change", "status_code", "code"),
    [
        ({"catalogue": "http://127.0.0.1:1/stac"}, 422, "request_invalid"),
        ({"catalogue": "nowhere"}, 422, "request_invalid"),
        ({"first": "2024-06-01"}, 422, "config_invalid"),
        ({"first": "soon"}, 422, "request_invalid"),
        ({"aoi": {"type": "Point", "coordinates": [0, 0]}}, 422, "area_invalid"),
        ({"first": "2023-05-01", "last": "2023-05-02"}, 404, "imagery_missing"),
        ({"orbit": "descending"}, 404, "imagery_missing"),
        ({"dates": 4}, 404, "imagery_missing"),
    ],
)
def test_a_search_that_cannot_be_is_refused(
    client: httpx.Client,
    catalogue: StacServer,
    change: dict[str, Any],
    status_code: int,
    code: str,
) -> None:
    reply = client.post("/v1/imagery/search", json={**MAY, **change})
    assert (reply.status_code, error_of(reply)["code"]) == (status_code, code)


def test_a_catalogue_that_refuses_is_a_bad_gateway(
    client: httpx.Client, catalogue: StacServer
) -> None:
    catalogue.scripts["/"] = [status(401)]
    reply = client.post("/v1/imagery/search", json=MAY)
    assert (reply.status_code, error_of(reply)["code"]) == (502, "catalogue_unreachable")


def test_what_a_hostile_catalogue_says_can_be_sent_on(
    client: httpx.Client, catalogue: StacServer
) -> None:
    item = catalogue.items[0]
    odd = {
        **item,
        "id": "\ud800",
        "geometry": {"type": "Polygon", "coordinates": [[[float("nan")]]]},
    }
    catalogue.items.append(odd)
    reply = client.post("/v1/imagery/search", json=MAY)
    catalogue.items.remove(odd)
    assert reply.status_code == 200
    found = {one["id"]: one for one in reply.json()["scenes"]}
    assert (found["?"]["footprint"], found["?"]["cover"]) == ({}, 0)
