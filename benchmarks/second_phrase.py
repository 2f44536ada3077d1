"""What a phrase costs that was never asked before, over an area that was asked already.

PYTHONPATH=. python benchmarks/second_phrase.py [OTHER_CHECKOUT [ROUNDS [FOLDER]]]

A scene of 4,500 × 4,500 px, 2,025 km², `texture-s1` (cells of 80 m), `minilm`. Each checkout runs
its own service, which loads its models over a small area first; ours is then asked for two phrases,
so that the area is encoded. After that new phrases are asked in turns. From the request to the
finished COG is measured, as a client that follows the job's events sees it. FOLDER keeps the scene
and what was encoded for another run.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine

HERE = Path(__file__).parents[1]
SIDE_PX = 4500
TOKEN = "a-token-for-this-run-alone"
SMALL = {
    "type": "Polygon",
    "coordinates": [[[13.9, 48.5], [13.92, 48.5], [13.92, 48.52], [13.9, 48.52], [13.9, 48.5]]],
}
WARMING = ("open water", "a forest")
PHRASES = [
    f"{kind} near {place}"
    for place in ("a river", "the coast", "a road", "a quarry", "a railway", "high mountains")
    for kind in ("orchards", "warehouses", "wet meadows", "a town")
]


class Service:
    """A service of one checkout, as a client sees it."""

    def __init__(self, checkout: Path, home: Path, scene: Path) -> None:
        env = {**os.environ, "PYTHONPATH": str(checkout), "GLUELINK_HOME": str(home)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backend.serve", "--stop-with-stdin"],
            cwd=checkout,
            env={**env, "GLUELINK_TOKEN": TOKEN},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout
        ready = json.loads(self._process.stdout.readline())
        self._address = f"http://127.0.0.1:{ready['port']}/v1"
        self._scene = self._send("/scenes", {"path": str(scene)})["id"]

    def ask(
        self, phrase: str, area: dict[str, Any] | None = None
    ) -> tuple[float, float, dict[str, Any]]:
        """Return the seconds until the map was there, those of its processors, and the job."""
        busy, began = self._processor_seconds(), time.perf_counter()
        job = self._send("/jobs", {"scene": self._scene, "phrases": [phrase], "aoi": area})
        with self._open(f"/jobs/{job['id']}/events") as events:
            for line in events:
                if line.startswith(b"data: "):
                    job = json.loads(line[6:])
        taken = time.perf_counter() - began
        if job["state"] != "done":
            raise SystemExit(f"The job ended as {job['state']}: {job['error']}")
        return taken, self._processor_seconds() - busy, job

    def read(self, job: dict[str, Any]) -> np.ndarray:
        """Return the map of a job."""
        name = job["result"]["files"][0]["name"]
        with self._open(f"/jobs/{job['id']}/files/{name}") as reply:
            data = reply.read()
        with rasterio.MemoryFile(data) as memory, memory.open() as file:
            return file.read(1)

    def close(self) -> None:
        """End the service."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _processor_seconds(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _send(self, route: str, message: dict[str, Any]) -> Any:
        with self._open(route, json.dumps(message).encode()) as reply:
            return json.load(reply)

    def _open(self, route: str, body: bytes | None = None) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._address + route, body, headers)
        return urllib.request.urlopen(request, timeout=3600)


def write_scene(path: Path) -> Path:
    """Write speckle over fields of different brightness, in dB and UTM, tiled and compressed."""
    rng = np.random.default_rng(0)
    fields = rng.normal(-11, 4, (SIDE_PX // 50, SIDE_PX // 50)).repeat(50, 0).repeat(50, 1)
    profile = {"width": SIDE_PX, "height": SIDE_PX, "count": 2, "dtype": "float32"}
    layout = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}
    corner = Affine(10, 0, 400_000, 0, -10, 5_400_000)
    with rasterio.open(path, "w", crs="EPSG:32633", transform=corner, **profile, **layout) as file:
        for band, level in enumerate((0, -7), 1):
            looks = 10 * np.log10(rng.gamma(4.4, 1 / 4.4, (SIDE_PX, SIDE_PX)))
            file.write((fields + level + looks).astype(np.float32), band)
        file.descriptions = ("VV", "VH")
    return path


def main() -> None:
    """Ask both checkouts in turns and print a row for each."""
    checkouts = [HERE, *(Path(argument).resolve() for argument in sys.argv[1:2])]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with ExitStack() as stack:
        made = (
            sys.argv[3] if len(sys.argv) > 3 else stack.enter_context(tempfile.TemporaryDirectory())
        )
        root = Path(made).resolve()
        scene = root / "scene" / "S1A_IW_GRDH_20240501.tif"
        if not scene.exists():
            scene.parent.mkdir(parents=True)
            write_scene(scene)
        services = [
            stack.enter_context(closing(Service(checkout, root / str(number), scene)))
            for number, checkout in enumerate(checkouts)
        ]
        for service in services:
            service.ask(WARMING[0], SMALL)
        for phrase in WARMING:
            print(f"first phrases of ours: {services[0].ask(phrase)[0]:.2f} s", flush=True)
        taken = [ask_all(services, phrase) for phrase in PHRASES[:rounds]]
    by_service = list(zip(*taken, strict=True))
    clock = [statistics.median(one for one, _ in times) for times in by_service]
    busy = [statistics.median(one for _, one in times) for times in by_service]
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"load {load}; medians of {rounds}: by the clock {clock} s, by processors {busy} s")
    if len(services) > 1:
        by_clock, by_processors = clock[1] / clock[0], busy[1] / busy[0]
        print(f"ratios: {by_clock:.0f} by the clock, {by_processors:.0f} by processors")


def ask_all(services: list[Service], phrase: str) -> list[tuple[float, float]]:
    """Return the seconds of each service by clock and by processors; say how two maps differ."""
    asked = [service.ask(phrase) for service in services]
    if len(services) > 1:
        ours, theirs = (one.read(job) for one, (_, _, job) in zip(services, asked, strict=True))
        gap = float(np.nanmax(np.abs(ours - theirs)))
        times = ", ".join(f"{clock:.3f} s" for clock, _, _ in asked)
        print(f"{phrase}: {times} largest difference {gap:.4f}", flush=True)
    return [(clock, busy) for clock, busy, _ in asked]


if __name__ == "__main__":
    main()
