"""Eight clients at once ask, cancel, leave and send nonsense: nothing is lost, nothing grows.

`make long` does it with 2,000 jobs, and measures health beside that of the idle service.
"""

import json
import random
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.protocol.made import UTM, square, write_head, write_scene
from tests.protocol.server import TOKEN, Server, start_server
from tests.support.forked import ForkedPython

# A process of its own: eight busy threads beside it would be measured with the service.
HEALTH = """
import http.client, sys, time
own = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
with open(sys.argv[2], "w") as waits:
    while True:
        began = time.perf_counter()
        own.request("GET", "/v1/health")
        with own.getresponse() as reply:
            reply.read()
            assert reply.status == 200
        print(time.perf_counter() - began, file=waits, flush=True)
        time.sleep(0.01)
"""
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CLIENTS = 8
BOUND = 6
NONSENSE: list[dict[str, Any]] = [
    {},
    {"scene": "nothing", "phrases": ["water"]},
    {"scene": 5, "phrases": "water"},
    {"kind": "magic"},
    {"kind": "training", "head": "../x", "survey": "y", "encoder": "texture-s1"},
]


@dataclass
class Soak:
    """One run: what clients did, what became of it, and what the service looked like."""

    server: Server
    scene: str
    jobs: Iterator[int]
    counts: "Counter[str]" = field(default_factory=Counter)
    most_waiting: int = 0
    memory: list[int] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    compiled: int = 0
    """How often the process was looked at before numba was there: it comes once so much was asked
    that it pays, takes some 120 MB, and stays."""

    def client(self, seed: int) -> None:
        """Work off jobs until none is left."""
        chance = random.Random(seed)
        limits = httpx.Limits(max_keepalive_connections=2)
        address = self.server.address
        with httpx.Client(base_url=address, headers=HEADERS, timeout=120, limits=limits) as own:
            for _ in self.jobs:
                if chance.random() < 0.25:
                    self.send_nonsense(own, chance)
                job = self.submit(own, chance)
                deed = chance.choices((self.follow, self.cancel, self.leave), (6, 2, 2))[0]
                self.counts[deed(own, job, chance)] += 1

    def submit(self, own: httpx.Client, chance: random.Random) -> str:
        """Ask for one of few phrases in one of few areas, so that some are equal."""
        area = square(500, east_m=chance.choice((1000, 1200, 1400)))
        message = {"scene": self.scene, "phrases": [chance.choice(("water", "a wood", "a town"))]}
        message |= {"head": "test", "aoi": area, "aoi_crs": UTM}
        while (reply := own.post("/v1/jobs", json=message)).status_code == 503:
            self.counts["busy"] += 1
            time.sleep(0.02 + 0.05 * chance.random())
        assert reply.status_code == 202, reply.text
        return str(reply.json()["id"])

    def follow(self, own: httpx.Client, job: str, _: random.Random) -> str:
        """Wait for the end and fetch what there is."""
        ended = self.end_of(own, job)
        assert ended["state"] == "done", ended
        (file,) = ended["result"]["files"]
        content = own.get(f"/v1/jobs/{job}/files/{file['name']}").content
        assert len(content) == file["bytes"]
        return "done"

    def cancel(self, own: httpx.Client, job: str, chance: random.Random) -> str:
        """Cancel at some moment."""
        time.sleep(0.1 * chance.random())
        said = own.delete(f"/v1/jobs/{job}").json()
        assert said["state"] in ("cancelled", "done") or said["stage"] == "Cancelling"
        state = self.end_of(own, job)["state"]
        assert state in ("cancelled", "done")
        return str(state)

    def leave(self, own: httpx.Client, job: str, chance: random.Random) -> str:
        """Break off in the middle of the events, and come back to them by id."""
        last = ""
        with own.stream("GET", f"/v1/jobs/{job}/events") as events:
            for line in events.iter_lines():
                if line.startswith("id: "):
                    last = line.removeprefix("id: ")
                    break
        time.sleep(0.1 * chance.random())
        self.end_of(own, job, last)
        return "left"

    def end_of(self, own: httpx.Client, job: str, last: str = "") -> dict[str, Any]:
        """Return the job when it has ended."""
        with own.stream("GET", f"/v1/jobs/{job}/events", headers={"Last-Event-ID": last}) as events:
            assert events.status_code == 200
            lines = [line for line in events.iter_lines() if line.startswith("data:")]
        if lines:
            return dict(json.loads(lines[-1].removeprefix("data: ")))
        return dict(own.get(f"/v1/jobs/{job}").json())

    def send_nonsense(self, own: httpx.Client, chance: random.Random) -> None:
        """Send what is refused, or half of a request."""
        if chance.random() < 0.5:
            reply = own.post("/v1/jobs", json=chance.choice(NONSENSE))
            assert reply.status_code in (404, 422, 503), reply.text  # the queue may be full
        else:
            head = f"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n"
            head += f"Authorization: Bearer {TOKEN}\r\nContent-Length: 500\r\n\r\n{{"
            with socket.create_connection(("127.0.0.1", self.server.port)) as half:
                half.sendall(head.encode())
        self.counts["nonsense"] += 1

    def watch(self, over: threading.Event) -> None:
        """Look at the queue, in its table, and at the processes again and again.

        Not through the service: a list of a thousand jobs, twice a second, would be measured too.
        """
        (table,) = (self.server.log.parent / "service").glob("*/jobs.sqlite3")
        with closing(sqlite3.connect(f"{table.as_uri()}?mode=ro", uri=True)) as jobs:
            while not over.wait(0.5):
                found = jobs.execute("SELECT count(*) FROM jobs WHERE state = 'queued'")
                self.most_waiting = max(self.most_waiting, *found.fetchone())
                self.look_at_process()

    def look_at_process(self) -> None:
        """Add up what the service and the process that computes for it take."""
        memory, handles = 0, 0
        for pid in (self.server.process.pid, self.server.computing):
            process = Path(f"/proc/{pid}")
            lines = (process / "status").read_text().splitlines()
            status = dict(line.split(":", 1) for line in lines)
            memory += int(status["VmRSS"].split()[0]) * 1024
            handles += len(list((process / "fd").iterdir()))
        self.memory.append(memory)
        self.handles.append(handles)
        if "llvmlite" not in (process / "maps").read_text():
            self.compiled = len(self.memory)


@contextmanager
def watched_health(port: int, waits: Path) -> Iterator[None]:
    """Ask for health again and again, and write down how many seconds each reply takes."""
    process = ForkedPython(
        "-c", HEALTH, port, waits, out=waits.with_suffix(".out"), err=waits.with_suffix(".err")
    )
    try:
        yield
        assert process.poll() is None, waits.with_suffix(".err").read_text()
    finally:
        process.kill()
        process.wait()


def percentile_99_ms(waits: Path) -> float:
    # The last line may have been cut off.
    seconds = sorted(map(float, waits.read_text().splitlines()[:-1]))
    return seconds[int(len(seconds) * 0.99)] * 1e3


def test_nothing_is_lost_and_nothing_grows_under_eight_clients(
    tmp_path: Path, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    total = 2000 if long else 40
    write_head(tmp_path, "test")
    server = start_server(tmp_path, max_queued_jobs=BOUND)
    with httpx.Client(base_url=server.address, headers=HEADERS, timeout=60) as own:
        path = write_scene(tmp_path / "lake.tif")
        scene = own.post("/v1/scenes", json={"path": str(path)}).json()["id"]
        soak = Soak(server, scene, iter(range(total)))
        soak.follow(own, soak.submit(own, random.Random(0)), random.Random(0))  # models are loaded
        idle, busy = tmp_path / "idle", tmp_path / "busy"
        with watched_health(server.port, idle):
            time.sleep(15 if long else 0.5)
        over = threading.Event()
        with (
            watched_health(server.port, busy),
            ThreadPoolExecutor(CLIENTS + 1) as threads,
        ):
            watching = threads.submit(soak.watch, over)
            clients = [threads.submit(soak.client, seed) for seed in range(CLIENTS)]
            try:
                for one in clients:
                    one.result()
            finally:
                over.set()
            watching.result()
        soak.look_at_process()
        jobs = own.get("/v1/jobs").json()["jobs"]
    assert all(job["state"] in ("done", "cancelled") for job in jobs)
    assert sum(soak.counts[how] for how in ("done", "cancelled", "left")) == total
    assert soak.most_waiting <= BOUND
    assert server.stop() == 0
    if not long or not soak.memory:
        return
    busy_ms, idle_ms = percentile_99_ms(busy), percentile_99_ms(idle)
    early, handles = len(soak.memory) // 4, soak.handles
    if soak.compiled < len(soak.memory):  # the kernel is compiled within seconds
        early = max(early, soak.compiled + 10)
    grown_mb = (soak.memory[-1] - soak.memory[early]) / 1e6
    with capsys.disabled():
        print(f"\nSOAK {dict(soak.counts)}")
        print(
            f"SOAK health p99 {busy_ms:.1f} ms, idle {idle_ms:.1f} ms; "
            f"memory {grown_mb:+.1f} MB, handles {handles[0]} to {handles[-1]}; "
            f"{soak.most_waiting} waited"
        )
    assert early < len(soak.memory) * 3 // 4, "too little was seen after numba came"
    assert grown_mb < 64, soak.memory
    assert handles[-1] <= handles[early] + 8, handles
    assert busy_ms <= 5 * idle_ms
