"""The service, killed with SIGKILL at random moments: its queue goes on, its results are there."""

import hashlib
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.protocol.made import UTM, square, write_head, write_scene
from tests.protocol.server import TOKEN, Server, start_server
from tests.support.jobs import PATIENCE_S, has_ended

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Client:
    """Asks a service that is killed again and again, and remembers what it was promised."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.chance = random.Random(11)
        self.asked: list[str] = []
        self.fetched: dict[str, str] = {}
        """The hash of the map of every job that was seen done."""
        self.seen: dict[str, dict[str, Any]] = {}
        """How jobs have ended."""

    def ask(self, own: httpx.Client, scene: str) -> None:
        """Ask for a new phrase over a new area; of a queue that is full, nothing."""
        area = square(400, east_m=500 + 10 * self.chance.randrange(300))
        message = {"scene": scene, "phrases": [f"place {self.chance.randrange(40)}"]}
        message |= {"head": "test", "aoi": area, "aoi_crs": UTM}
        reply = own.post("/v1/jobs", json=message)
        assert reply.status_code in (202, 503), reply.text
        if reply.status_code == 202:
            self.asked.append(reply.json()["id"])

    def look(self, own: httpx.Client) -> None:
        """Check that every job is there, and that what has ended stays as it was."""
        jobs = {job["id"]: job for job in own.get("/v1/jobs").json()["jobs"]}
        for job in self.asked:
            if job not in jobs:  # the oldest that left nothing are forgotten
                assert self.seen[job]["state"] != "done"
            elif has_ended(jobs[job]):
                assert self.seen.setdefault(job, jobs[job]) == jobs[job]
                if jobs[job]["state"] == "done":
                    assert self.fetched.setdefault(job, fetch(own, jobs[job])) == fetch(
                        own, jobs[job]
                    )
                else:
                    assert jobs[job]["error"]["code"] == "job_killed", jobs[job]

    def wait_until(self, own: httpx.Client, holds: Callable[[list[bool]], bool]) -> None:
        """Wait until something holds of whether each job has ended."""
        ends = time.monotonic() + PATIENCE_S
        while not holds(ended := list(map(has_ended, own.get("/v1/jobs").json()["jobs"]))):
            assert time.monotonic() < ends, ended
            time.sleep(0.05)


def fetch(own: httpx.Client, job: dict[str, Any]) -> str:
    """Return the hash of a job's map."""
    (file,) = job["result"]["files"]
    content = own.get(f"/v1/jobs/{job['id']}/files/{file['name']}").content
    assert len(content) == file["bytes"]
    return hashlib.sha256(content).hexdigest()


def kill(server: Server) -> None:
    server.process.kill()
    server.process.wait()


def test_a_killed_service_goes_on_and_leaves_nothing_half_written(
    tmp_path: Path, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    kills = 100 if long else 2
    home = tmp_path / "home"
    write_head(home, "test")
    path = write_scene(tmp_path / "lake.tif", 448 * 2)
    client, scene = Client(home), ""
    for turn in range(kills + 1):
        server = start_server(home, "--results", str(tmp_path / "maps"))
        with httpx.Client(base_url=server.address, headers=HEADERS, timeout=60) as own:
            scene = scene or own.post("/v1/scenes", json={"path": str(path)}).json()["id"]
            assert [one["id"] for one in own.get("/v1/scenes").json()["scenes"]] == [scene]
            client.look(own)
            if turn == kills:
                client.wait_until(own, all)
                client.look(own)
                break
            for _ in range(2):
                client.ask(own, scene)
            if client.chance.random() < 0.5:  # else it may be killed before a job has ended
                client.wait_until(own, lambda ended: sum(ended) > len(client.seen) or all(ended))
            time.sleep(client.chance.random())
            client.look(own)
            kill(server)
    folders = {folder.name for folder in (tmp_path / "maps").iterdir()}
    assert folders == set(client.fetched)
    assert server.stop() == 0
    assert not [one for one in tmp_path.rglob("*") if one.suffix in (".partial", ".part")]
    ends = Counter(job["state"] for job in client.seen.values())
    assert ends["done"] >= kills / 4
    if long:
        with capsys.disabled():
            print(f"\nKILLED {kills} times: {len(client.asked)} jobs, {dict(ends)}")
