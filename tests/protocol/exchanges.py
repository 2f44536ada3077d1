"""Exchanges that both sides check: recorded from a real backend, replayed by its tests, read by
the plugin's. To record them anew: python -m tests.protocol.exchanges
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.protocol.made import (
    CATALOGUE_SCENE,
    UTM,
    square,
    stac_catalogue,
    write_heads,
    write_scene,
)
from tests.protocol.server import TOKEN, start_server
from tests.support.jobs import has_ended, look_until

RECORDED = Path(__file__).with_name("exchanges.json")

ASK = {"scene": "{scene}", "phrases": ["open water"], "head": "test"}
ELSEWHERE = {
    "catalogue": "https://elsewhere.example/stac",
    "aoi": square(500),
    "aoi_crs": UTM,
    "first": "2024-05-01",
    "last": "2024-05-31",
}
IN_AREA = {"aoi": square(500), "aoi_crs": UTM}
ONE_DATE = {"scene": "{scene}", "encoder": "texture-s1-dates"}
FETCH = {"kind": "fetch", "catalogue": "here", "item": CATALOGUE_SCENE, **IN_AREA}
LABELLED = {
    "type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": UTM}},
    "features": [
        {
            "type": "Feature",
            "properties": {"label": int(east < 1200)},
            "geometry": square(200, east, south),
        }
        for east in (1000, 1250)
        for south in (1000, 1250)
    ],
}
MEASURE = {"kind": "accuracy", "map": {"job": "{job}"}, "truth": LABELLED}
PROBE = {
    "kind": "probe",
    "scene": "{scene}",
    "head": "test",
    "phrases": ["open water", "a town"],
    "aoi": square(1500),
    "aoi_crs": UTM,
    "lon": 10.3823,
    "lat": 48.7299,
}
GIVEN = {
    "register a scene": "scene",
    "ask": "job",
    "fetch a scene": "fetch",
    "measure the map": "measuring",
    "probe a place": "probing",
}
"""The exchanges that give an id, and the name that later ones call it by."""


@dataclass(frozen=True)
class Exchange:
    """One request and its reply; `message` is the reply's schema in docs/openapi.json.

    {path} is the file of a scene; {scene}, {job}, {fetch}, {measuring}, {probing} are ids of
    earlier replies.
    """

    name: str
    method: str
    path: str
    body: dict[str, Any] | None
    status: int
    message: str
    reply: Any = None


SCRIPT = [
    Exchange("is it alive", "GET", "/v1/health", None, 200, "Health"),
    Exchange("what is there", "GET", "/v1/capabilities", None, 200, "Capabilities"),
    Exchange("register a scene", "POST", "/v1/scenes", {"path": "{path}"}, 201, "SceneInfo"),
    Exchange("list scenes", "GET", "/v1/scenes", None, 200, "SceneList"),
    Exchange("look at a scene", "GET", "/v1/scenes/{scene}", None, 200, "SceneInfo"),
    Exchange(
        "first estimate", "POST", "/v1/estimates", {"scene": "{scene}", **IN_AREA}, 200, "Estimate"
    ),
    Exchange("ask", "POST", "/v1/jobs", {**ASK, **IN_AREA}, 202, "Job"),
    Exchange("the job when it has ended", "GET", "/v1/jobs/{job}", None, 200, "Job"),
    Exchange("list jobs", "GET", "/v1/jobs", None, 200, "JobList"),
    Exchange("measure the map", "POST", "/v1/jobs", MEASURE, 202, "Job"),
    Exchange("the measuring when it has ended", "GET", "/v1/jobs/{measuring}", None, 200, "Job"),
    Exchange("probe a place", "POST", "/v1/jobs", PROBE, 202, "Job"),
    Exchange("the probing when it has ended", "GET", "/v1/jobs/{probing}", None, 200, "Job"),
    Exchange("cancel too late", "DELETE", "/v1/jobs/{job}", None, 202, "Job"),
    Exchange(
        "later estimate", "POST", "/v1/estimates", {"scene": "{scene}", **IN_AREA}, 200, "Estimate"
    ),
    Exchange("what is encoded", "GET", "/v1/encoded", None, 200, "EncodedList"),
    Exchange("no such file", "GET", "/v1/jobs/{job}/files/other.tif", None, 404, "ErrorReply"),
    Exchange("no such job", "GET", "/v1/jobs/nothing", None, 404, "ErrorReply"),
    Exchange("no such route", "GET", "/v1/nothing", None, 404, "ErrorReply"),
    Exchange("no such raster", "POST", "/v1/scenes", {"path": "/no.tif"}, 422, "ErrorReply"),
    Exchange("a field is missing", "POST", "/v1/scenes", {}, 422, "ErrorReply"),
    Exchange("unknown kind", "POST", "/v1/jobs", {**ASK, "kind": "x"}, 422, "ErrorReply"),
    Exchange("empty phrase", "POST", "/v1/jobs", {**ASK, "phrases": [" "]}, 422, "ErrorReply"),
    Exchange("unknown encoder", "POST", "/v1/jobs", {**ASK, "encoder": "x"}, 422, "ErrorReply"),
    Exchange("too few dates", "POST", "/v1/estimates", ONE_DATE, 422, "ErrorReply"),
    Exchange("unknown head", "POST", "/v1/jobs", {**ASK, "head": "x"}, 422, "ErrorReply"),
    Exchange(
        "another text space", "POST", "/v1/jobs", {**ASK, "head": "other-space"}, 422, "ErrorReply"
    ),
    Exchange("area elsewhere", "POST", "/v1/jobs", {**ASK, "aoi": square(500)}, 422, "ErrorReply"),
    Exchange("which catalogues", "GET", "/v1/imagery/catalogues", None, 200, "CatalogueList"),
    Exchange(
        "how far one reaches",
        "GET",
        "/v1/imagery/catalogues/here/newest",
        None,
        200,
        "NewestScene",
    ),
    Exchange("fetch a scene", "POST", "/v1/jobs", FETCH, 202, "Job"),
    Exchange("the fetch when it has ended", "GET", "/v1/jobs/{fetch}", None, 200, "Job"),
    Exchange("unknown catalogue", "POST", "/v1/imagery/search", ELSEWHERE, 422, "ErrorReply"),
    Exchange("forget the scene", "DELETE", "/v1/scenes/{scene}", None, 204, ""),
    Exchange("a forgotten scene", "GET", "/v1/scenes/{scene}", None, 404, "ErrorReply"),
]


def play(client: httpx.Client, scene_file: Path) -> Iterator[Exchange]:
    """Every exchange of the script with a fresh reply of the backend behind `client`."""
    known = {"path": str(scene_file)}
    for step in SCRIPT:
        path = _fill(step.path, known)
        if step.name.endswith("when it has ended"):
            _wait(client, path)
        reply = client.request(step.method, path, json=_fill(step.body, known))
        body = reply.json() if reply.content else None
        if step.name in GIVEN:
            known[GIVEN[step.name]] = body["id"]
        yield Exchange(**{**asdict(step), "status": reply.status_code, "reply": body})


def shape(value: Any) -> Any:
    """What must not change between two recordings: fields, and the kinds of their values."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return "number" if isinstance(value, int | float) else type(value).__name__


def _fill(template: Any, known: dict[str, str]) -> Any:
    if isinstance(template, str):
        for name, value in known.items():
            template = template.replace("{" + name + "}", value)
    if isinstance(template, dict):
        return {name: _fill(inner, known) for name, inner in template.items()}
    return template


def _wait(client: httpx.Client, job: str) -> None:
    look_until(lambda: client.get(job).json(), has_ended)


def record() -> None:
    """Play the script against a backend of our own and write exchanges.json."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with tempfile.TemporaryDirectory() as folder:
        write_heads(Path(folder))
        scene_file = write_scene(Path(folder) / "lake_20240501.tif")
        server = start_server(Path(folder))
        with (
            httpx.Client(base_url=server.address, headers=headers, timeout=60) as client,
            stac_catalogue(Path(folder), Path(folder)) as catalogue,
        ):
            played = [asdict(exchange) for exchange in play(client, scene_file)]
        server.stop()
    for exchange in played:
        if "device" in (exchange["reply"] or {}):
            exchange["reply"]["device"]["name"] = "a processor"
    text = json.dumps(played, indent=1, ensure_ascii=False).replace(folder, "/scenes")
    text = text.replace(catalogue.url, "http://here.example")
    RECORDED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
