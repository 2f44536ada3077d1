"""Jobs over HTTP: the way from a phrase to a map, and all that can go wrong on it."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import rasterio

from tests.protocol.made import UTM, square, write_scene
from tests.protocol.server import CAN_FILL_DISK, TOKEN, Server, start_server
from tests.protocol.test_backend_access import error_of
from tests.support.jobs import look_until

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def finished(scene: str, submit: Ask, wait_for: Ask) -> dict[str, Any]:
    """A job of two phrases over a square, done."""
    area = {"aoi": square(2000), "aoi_crs": UTM}
    job = submit(scene, phrases=["open water", "a forest"], **area)
    return wait_for(job["id"])


def file_path(job: dict[str, Any]) -> str:
    return f"/v1/jobs/{job['id']}/files/{job['result']['files'][0]['name']}"


def test_a_job_ends_with_a_map_of_every_phrase(
    client: httpx.Client, finished: dict[str, Any], tmp_path: Path
) -> None:
    assert (finished["state"], finished["error"]) == ("done", None)
    (file,) = finished["result"]["files"]
    content = client.get(file_path(finished)).content
    assert len(content) == file["bytes"]
    path = tmp_path / file["name"]
    path.write_bytes(content)
    with rasterio.open(path) as raster:
        assert raster.descriptions == ("open water", "a forest")
        assert raster.crs.to_string() == UTM
        cosine = raster.read(masked=True)
    assert cosine.count() / 2 == finished["result"]["cells"]
    for band, statistics in zip(cosine, finished["result"]["phrases"], strict=True):
        assert statistics["minimum"] == pytest.approx(band.min(), abs=1e-6)
        assert statistics["mean"] == pytest.approx(band.mean(), abs=1e-5)
    assert np.abs(cosine).max() <= 1


def test_the_result_says_where_it_comes_from(finished: dict[str, Any]) -> None:
    provenance = json.dumps(finished["result"]["provenance"])
    for part in ("texture-s1", "minilm", "open water", "lake_20240501"):
        assert part in provenance


def test_jobs_are_listed_newest_first(
    client: httpx.Client, finished: dict[str, Any], scene: str, submit: Ask, wait_for: Ask
) -> None:
    newer = submit(scene)["id"]
    listed = [job["id"] for job in client.get("/v1/jobs").json()["jobs"]]
    assert listed.index(newer) < listed.index(finished["id"])
    wait_for(newer)


def test_a_file_can_be_fetched_in_ranges(client: httpx.Client, finished: dict[str, Any]) -> None:
    path = file_path(finished)
    whole = client.get(path)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"].startswith("image/tiff")
    size = len(whole.content)
    for ask, part in {
        "bytes=0-99": whole.content[:100],
        "bytes=100-": whole.content[100:],
        "bytes=-50": whole.content[-50:],
        f"bytes={size - 1}-{size + 500}": whole.content[-1:],
    }.items():
        reply = client.get(path, headers={"Range": ask})
        assert reply.status_code == 206, ask
        assert reply.content == part
    assert (
        client.get(path, headers={"Range": "bytes=0-9"}).headers["content-range"]
        == f"bytes 0-9/{size}"
    )


@pytest.mark.parametrize("ask", ["bytes=999999999-", "bytes=5-1", "bytes=-0", "pages=1-2", "bytes"])
def test_a_range_outside_the_file_is_refused(
    client: httpx.Client, finished: dict[str, Any], ask: str
) -> None:
    reply = client.get(file_path(finished), headers={"Range": ask})
    assert reply.status_code == 416
    assert error_of(reply)["code"] == "range_invalid"


@pytest.mark.parametrize(
    "name", ["other.tif", "..%2F..%2Fserver.log", "%2Fetc%2Fpasswd", "....//server.log", "%00"]
)
def test_no_other_file_can_be_fetched(
    client: httpx.Client, finished: dict[str, Any], name: str
) -> None:
    reply = client.get(f"/v1/jobs/{finished['id']}/files/{name}")
    assert reply.status_code == 404
    assert error_of(reply)["code"] in ("job_unknown", "not_found")


def test_an_estimate_knows_the_seconds_once_a_job_has_run(
    client: httpx.Client, finished: dict[str, Any], scene: str, scene_file: Path, register: Any
) -> None:
    message = {"scene": scene, "aoi": square(2000), "aoi_crs": UTM}
    cost = client.post("/v1/estimates", json=message).json()
    assert cost["cells"] == finished["result"]["cells"]
    assert cost["km2"] == pytest.approx(4.0, rel=0.01)
    assert cost["output_bytes"] > 0
    assert cost["seconds"] == 0  # it is encoded
    other = register(scene_file, date="2020-01-01")
    assert client.post("/v1/estimates", json={"scene": other}).json()["seconds"] > 0


def test_events_tell_every_stage_and_end_with_the_job(
    client: httpx.Client, scene: str, submit: Ask
) -> None:
    job = submit(scene)
    with client.stream("GET", f"/v1/jobs/{job['id']}/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in events.iter_lines() if line.startswith("data:")]
    states = [json.loads(line.removeprefix("data: "))["state"] for line in lines]
    assert states[-1] == "done"
    assert states == sorted(states, key=["queued", "running", "done"].index)
    assert client.get("/v1/jobs/nothing/events").status_code == 404


def test_a_running_job_is_cancelled_within_a_second_and_leaves_no_file(
    client: httpx.Client, large_scene: str, scene: str, submit: Ask, wait_for: Ask, home: Path
) -> None:
    job = submit(large_scene, aoi=None)["id"]
    running = look_until(
        lambda: client.get(f"/v1/jobs/{job}").json(), lambda found: found["done"] >= 8
    )
    assert running["total"] > running["done"]
    began = time.monotonic()
    assert client.delete(f"/v1/jobs/{job}").status_code == 202
    ended = wait_for(job)
    assert time.monotonic() - began < 1.0
    assert (ended["state"], ended["error"], ended["result"]) == ("cancelled", None, None)
    wait_for(submit(scene)["id"])
    assert not list(home.rglob(f"{job}/*"))


def test_a_waiting_job_is_cancelled_at_once_and_a_full_queue_says_so(
    client: httpx.Client, large_scene: str, scene: str, submit: Ask, wait_for: Ask
) -> None:
    running = submit(large_scene, aoi=None)["id"]
    wait_for(running, "running")
    waiting = [submit(large_scene, aoi=None, phrases=[one])["id"] for one in "abc"]
    busy = client.post("/v1/jobs", json={"scene": scene, "phrases": ["a forest"], "head": "test"})
    assert busy.status_code == 503
    assert busy.headers["retry-after"]
    assert error_of(busy)["code"] == "busy"
    unchecked = client.post("/v1/jobs", json={"scene": "nothing", "phrases": ["a forest"]})
    assert error_of(unchecked)["code"] == "busy"  # a flood costs no looking at heads and files
    for job in waiting:
        assert client.delete(f"/v1/jobs/{job}").json()["state"] == "cancelled"
    client.delete(f"/v1/jobs/{running}")
    assert wait_for(running)["state"] == "cancelled"


def test_time_left_is_told_while_a_job_runs(
    client: httpx.Client, large_scene: str, submit: Ask, wait_for: Ask
) -> None:
    job = submit(large_scene, aoi=None)["id"]
    found = look_until(
        lambda: client.get(f"/v1/jobs/{job}").json(), lambda found: found["seconds_left"]
    )
    assert found["seconds_left"] > 0
    assert found["stage"]
    client.delete(f"/v1/jobs/{job}")
    wait_for(job)


def test_a_scene_is_not_forgotten_while_it_is_read(
    client: httpx.Client, large_scene: str, submit: Ask, wait_for: Ask
) -> None:
    job = submit(large_scene, aoi=None)["id"]
    reply = client.delete(f"/v1/scenes/{large_scene}")
    assert reply.status_code == 409
    assert job in error_of(reply)["message"]
    client.delete(f"/v1/jobs/{job}")
    wait_for(job)


def test_two_clients_at_once_each_get_their_own_map(
    server: Server, scene: str, wait_for: Ask
) -> None:
    found: dict[str, dict[str, Any]] = {}

    def ask(phrase: str) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=server.address, headers=headers, timeout=60) as own:
            message = {"scene": scene, "phrases": [phrase], "head": "test"}
            message |= {"aoi": square(500), "aoi_crs": UTM}
            job = own.post("/v1/jobs", json=message).json()["id"]
            found[phrase] = wait_for(job)

    threads = [threading.Thread(target=ask, args=(p,)) for p in ("open water", "a dense town")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for phrase, job in found.items():
        assert job["state"] == "done"
        assert [one["phrase"] for one in job["result"]["phrases"]] == [phrase]


RING = [[0, 0], [1, 0], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scene": "nothing"}, "scene_unknown"),
        ({"phrases": []}, "phrase_invalid"),
        ({"phrases": ["  "]}, "phrase_invalid"),
        ({"phrases": ["open\0water"]}, "phrase_invalid"),
        ({"phrases": ["x" * 301]}, "phrase_invalid"),
        ({"phrases": [f"phrase {i}" for i in range(33)]}, "phrase_invalid"),
        ({"but_not": ["open water"]}, "phrase_invalid"),
        ({"but_not": [""]}, "phrase_invalid"),
        ({"but_not": [f"phrase {i}" for i in range(32)]}, "phrase_invalid"),
        ({"phrases": [], "unlike": [[10.38, 48.73]]}, "phrase_invalid"),
        ({"like": [[10.38, 48.73]] * 33}, "phrase_invalid"),
        ({"like": [[10.38, 91]]}, "request_invalid"),
        ({"unlike": [[0, 0]]}, "area_outside_scene"),
        ({"measure": "rank"}, "config_invalid"),
        ({"measure": "odd"}, "request_invalid"),
        ({"encoder": "nothing"}, "encoder_unknown"),
        ({"encoder": "../texture-s1"}, "encoder_unknown"),
        ({"head": "nothing"}, "head_unknown"),
        ({"head": "/etc/passwd"}, "head_unknown"),
        ({"head": "../heads/test"}, "head_unknown"),
        ({"head": "damaged"}, "head_invalid"),
        ({"head": "other-space"}, "head_mismatch"),
        ({"head": "other-encoder"}, "head_mismatch"),
        ({"aoi": {"type": "Polygon", "coordinates": [RING]}}, "area_outside_scene"),
        ({"aoi": square(0), "aoi_crs": UTM}, "area_invalid"),
        ({"aoi": {}}, "area_invalid"),
        ({"aoi": {"type": "Point", "coordinates": [0, 0]}}, "area_invalid"),
        ({"aoi": {"type": "Polygon"}}, "area_invalid"),
        ({"aoi": {"type": "Polygon", "coordinates": [[["a", "b"]]]}}, "area_invalid"),
        ({"aoi": {"type": "Polygon", "coordinates": [[[10**400, 0]] * 4]}}, "area_invalid"),
        ({"aoi": square(2000), "aoi_crs": "EPSG:999999"}, "area_invalid"),
        ({"aoi": square(2000), "aoi_crs": ""}, "area_invalid"),
        ({"kind": "magic"}, "request_invalid"),
        ({"kind": None}, "request_invalid"),
        ({"kind": ["alignment"]}, "request_invalid"),
        ({"kind": "fetch"}, "request_invalid"),
    ],
)
def test_a_request_that_cannot_succeed_is_refused_at_once(
    client: httpx.Client, scene: str, changes: dict[str, Any], code: str
) -> None:
    message = {"scene": scene, "phrases": ["open water"], "head": "test", **changes}
    reply = client.post("/v1/jobs", json=message)
    assert reply.status_code in (404, 422), reply.text
    error = error_of(reply)
    assert error["code"] == code
    assert error["remedy"]


def test_an_unknown_kind_is_refused_by_the_names_of_the_known(client: httpx.Client) -> None:
    error = error_of(client.post("/v1/jobs", json={"kind": "magic", "scene": "x"}))
    assert error["message"] == (
        "There is no kind of job 'magic'; the kinds are accuracy, alignment, describe, evaluation, "
        "fetch, probe, training."
    )


def test_a_bad_field_is_named_as_the_client_wrote_it(client: httpx.Client, scene: str) -> None:
    for message, words in (
        ({"scene": scene, "phrases": ["x", 5]}, 'The field "phrases[1]" is 5'),
        ({"kind": "alignment", "phrases": ["x"]}, 'has no field "scene"'),
        ({"kind": "fetch", "item": "x"}, 'has no field "aoi"'),
        ({"scene": scene, "phrases": ["x"], "item": "y"}, 'has a field "item"'),
    ):
        assert words in error_of(client.post("/v1/jobs", json=message))["message"]


def test_a_damaged_head_is_not_offered(client: httpx.Client) -> None:
    heads = {head["name"]: head for head in client.get("/v1/capabilities").json()["heads"]}
    assert "test" in heads
    assert "damaged" not in heads
    assert heads["test"]["text_space"]["dim"] == 384


def test_a_scene_whose_file_is_gone_fails_with_a_sentence(
    client: httpx.Client, register: Callable[[Path], str], tmp_path: Path
) -> None:
    path = write_scene(tmp_path / "gone.tif")
    scene = register(path)
    path.unlink()
    message = {"scene": scene, "phrases": ["open water"], "head": "test"}
    reply = client.post("/v1/jobs", json=message)
    assert error_of(reply)["code"] == "scene_unreadable"


@pytest.mark.skipif(not CAN_FILL_DISK, reason="needs prlimit")
def test_a_disk_that_runs_full_during_a_job_leaves_no_file(
    server: Server,
    register: Callable[[Path], str],
    submit: Ask,
    wait_for: Ask,
    home: Path,
    tmp_path: Path,
) -> None:
    scene = register(write_scene(tmp_path / "wide.tif", 448 * 4))
    phrases = [f"phrase {number}" for number in range(32)]  # 6 MB; the table of jobs is smaller
    with server.disk_full_after(2_000_000):
        ended = wait_for(submit(scene, aoi=None, phrases=phrases)["id"])
    assert ended["state"] == "failed"
    assert ended["error"]["code"] == "disk_full"
    assert not list(home.rglob(f"{ended['id']}/*"))


def test_a_backend_that_is_killed_leaves_no_half_written_map(
    tmp_path: Path, home: Path, large_scene_file: Path
) -> None:
    kept = tmp_path / "kept"
    server = start_server(tmp_path / "home", "--results", str(kept))
    (tmp_path / "home" / "heads").symlink_to(home / "heads")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
        scene = client.post("/v1/scenes", json={"path": str(large_scene_file)}).json()["id"]
        message = {"scene": scene, "phrases": ["open water"], "head": "test"}
        job = client.post("/v1/jobs", json=message).json()["id"]
        look_until(lambda: client.get(f"/v1/jobs/{job}").json(), lambda found: found["done"] >= 8)
        server.process.kill()
        server.process.wait()
        with pytest.raises(httpx.TransportError):
            client.get(f"/v1/jobs/{job}")
    assert not list(kept.rglob("open-water_large.tif"))
