"""Starting and ending the service: real processes."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from backend.errors import ConfigInvalid, OutputUnwritable
from backend.serve import accepted_hosts, check_reach, is_loopback, make_settings
from backend.service.folders import LOCK, StateFolder, results_folder
from tests.protocol.made import write_head, write_scene
from tests.protocol.server import TOKEN, Server, start_server
from tests.support import forked
from tests.support.jobs import look_until
from tests.support.tus import begin, offset_of, patch

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def server(tmp_path: Path):
    running = start_server(tmp_path / "home")
    yield running
    running.process.kill()
    running.process.wait()


def serve(*options: str, token: str = "") -> subprocess.CompletedProcess[str]:
    return forked.run("-m", "backend.serve", *options, env=os.environ | {"GLUELINK_TOKEN": token})


def leftovers(home: Path) -> set[str]:
    """What services have left in their folders, but for the lock."""
    return {path.name for path in (home / "service").glob("*/*")} - {LOCK}


def start_long_job(server: Server, home: Path, tiles: int = 12) -> None:
    write_head(home, "test")
    scene = write_scene(home / "large.tif", 448 * tiles)
    with httpx.Client(base_url=server.address, headers=HEADERS, timeout=60) as client:
        registered = client.post("/v1/scenes", json={"path": str(scene)}).json()
        message = {"scene": registered["id"], "phrases": ["open water"], "head": "test"}
        job = client.post("/v1/jobs", json=message).json()
        look_until(lambda: client.get(f"/v1/jobs/{job['id']}").json(), lambda found: found["done"])


def test_the_ready_line_tells_where_it_listens_and_not_the_token_it_was_given(
    server: Server,
) -> None:
    assert set(server.ready) == {"gluelink", "host", "port", "version"}
    assert server.ready["gluelink"] == "ready"
    assert httpx.get(f"{server.address}/v1/health").json()["status"] == "ok"


def test_a_token_is_drawn_where_none_was_given_and_printed_once(tmp_path: Path) -> None:
    server = start_server(tmp_path, token=None)
    token = str(server.ready["token"])
    assert len(token) >= 32
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{server.address}/v1/jobs", headers=headers).status_code == 200
    assert server.stop() == 0
    assert token not in server.log.read_text()


def test_closing_stdin_ends_an_idle_service(server: Server, tmp_path: Path) -> None:
    assert server.stop() == 0
    assert not leftovers(tmp_path / "home")


def test_closing_stdin_ends_a_service_that_is_at_work(server: Server, tmp_path: Path) -> None:
    start_long_job(server, tmp_path / "home")
    assert server.stop() == 0
    assert not leftovers(tmp_path / "home")


@contextmanager
def half_sent(client: httpx.Client, server: Server) -> Iterator[Callable[[], bytes]]:
    """A request that is under way: calling what is given sends the rest, and returns the reply."""
    upload = begin(client, "half.tif", 1000).json()["id"]
    head = (
        f"PATCH /v1/uploads/{upload} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nUpload-Offset: 0\r\nContent-Length: 1000\r\n"
        "Content-Type: application/offset+octet-stream\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100")  # so it is being answered
        connection.sendall(b"x" * 500)

        def send_the_rest() -> bytes:
            connection.sendall(b"x" * 500)
            return connection.recv(1000)

        yield send_the_rest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_service_that_is_watched(
    server: Server, tmp_path: Path, number: signal.Signals
) -> None:
    start_long_job(server, tmp_path / "home")
    with httpx.Client(base_url=server.address, headers=HEADERS, timeout=60) as client:
        job = client.get("/v1/jobs").json()["jobs"][0]["id"]
        with client.stream("GET", f"/v1/jobs/{job}/events") as events:
            lines = events.iter_lines()
            next(lines)
            with half_sent(client, server) as the_rest:
                server.process.send_signal(number)
                last = [line for line in lines if line.startswith("data:")][-1]
                assert the_rest().startswith(b"HTTP/1.1 204")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.address}/v1/health")
    assert json.loads(last.removeprefix("data: "))["state"] in ("running", "queued")
    assert server.process.wait(20) == 0
    assert "jobs.sqlite3" in leftovers(tmp_path / "home")


def test_a_killed_service_is_taken_up_by_the_next_with_its_scenes_and_jobs(
    server: Server, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    start_long_job(server, home, tiles=4)
    with httpx.Client(base_url=server.address, headers=HEADERS, timeout=60) as client:
        scenes = client.get("/v1/scenes").json()
        job = client.get("/v1/jobs").json()["jobs"][0]["id"]
        upload = begin(client, "half.tif", 1000).json()["id"]
        assert patch(client, upload, 0, b"x" * 600).status_code == 204
    server.process.kill()
    server.process.wait()
    after = start_server(home)
    with httpx.Client(base_url=after.address, headers=HEADERS, timeout=60) as client:
        assert client.get("/v1/scenes").json() == scenes
        assert offset_of(client, upload) == 600
        assert patch(client, upload, 600, b"y" * 400).status_code == 204
        sent = Path(client.get(f"/v1/uploads/{upload}").json()["path"])
        assert sent.read_bytes() == b"x" * 600 + b"y" * 400
        with client.stream("GET", f"/v1/jobs/{job}/events") as events:
            lines = [line for line in events.iter_lines() if line]
        ended = json.loads(lines[-2].removeprefix("data: "))
        assert ended["state"] == "done"
        last = lines[-1].removeprefix("id: ")
        name = ended["result"]["files"][0]["name"]
        assert client.get(f"/v1/jobs/{job}/files/{name}").status_code == 200
        resumed = {"Last-Event-ID": last}
        assert not client.get(f"/v1/jobs/{job}/events", headers=resumed).content
    assert after.stop() == 0
    assert not leftovers(home)


def test_each_living_service_has_a_folder_and_the_first_free_one_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    first, second, owned = (
        StateFolder(None, 7),
        StateFolder(None, 7),
        StateFolder(None, 7, owned=True),
    )
    assert len({first.path, second.path, owned.path}) == 3
    (first.path / "results").mkdir()
    first.release()
    again = StateFolder(None, 7)
    assert again.path == first.path
    assert (again.path / "results").exists()
    again.clear()
    assert [path.name for path in again.path.iterdir()] == [LOCK]
    second.release()
    owned.release()


def test_a_chosen_folder_is_not_shared(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state", 7)
    with pytest.raises(ConfigInvalid, match="in use by another service"):
        StateFolder(tmp_path / "state", 7)
    folder.release()
    StateFolder(tmp_path / "state", 7).release()


def test_folders_that_no_service_has_are_cleared_after_the_time_of_results(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    folders = [StateFolder(None, 7) for _ in range(4)]
    for folder, age_days in zip(folders, (0, 8, 1, 8), strict=True):
        folder.table.touch()
        os.utime(folder.table, (time.time() - age_days * 86400,) * 2)
        folder.release()
    folders[3].table.with_name("jobs.sqlite3-wal").touch()  # written to until a moment ago
    StateFolder(None, 7).release()
    assert [folder.table.exists() for folder in folders] == [True, False, True, True]


def test_maps_stay_in_the_chosen_folder_and_chosen_hosts_are_answered(tmp_path: Path) -> None:
    home, kept = tmp_path / "home", tmp_path / "kept"
    write_head(home, "test")
    scene = write_scene(tmp_path / "lake.tif")
    server = start_server(home, "--results", str(kept), "--allow-host", "gpu.example.org")
    with httpx.Client(base_url=server.address, headers=HEADERS, timeout=60) as client:
        registered = client.post("/v1/scenes", json={"path": str(scene)}).json()
        message = {"scene": registered["id"], "phrases": ["open water"], "head": "test"}
        job = client.post("/v1/jobs", json=message).json()["id"]
        with client.stream("GET", f"/v1/jobs/{job}/events") as events:
            events.read()
        assert client.get("/v1/jobs", headers={"Host": "gpu.example.org"}).status_code == 200
    assert server.stop() == 0
    assert [path.name for path in kept.rglob("*.tif")] == ["open-water_lake.tif"]


def test_other_computers_are_let_in_only_with_a_long_token() -> None:
    check_reach("127.0.0.1", None)
    check_reach("0.0.0.0", "0123456789abcdef")
    with pytest.raises(ConfigInvalid, match="no token"):
        check_reach("0.0.0.0", None)
    with pytest.raises(ConfigInvalid, match="only 5 characters"):
        check_reach("192.168.1.5", "short")


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.example.org", False),
    ],
)
def test_loopback_addresses_are_known(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


def test_a_wildcard_address_is_no_name_of_the_service() -> None:
    assert "0.0.0.0:80" not in accepted_hosts("0.0.0.0", 80, [])
    assert "gpu.example.org" in accepted_hosts("0.0.0.0", 80, ["GPU.example.org"])
    assert "[fe80::1]:80" in accepted_hosts("fe80::1", 80, [])


def test_a_start_that_cannot_be_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = serve("--port", str(taken.getsockname()[1]))
    assert ended.returncode == 2
    assert "Cannot listen on 127.0.0.1" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not ended.stdout


def test_a_results_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputUnwritable, match="file/maps cannot be written"):
        results_folder(tmp_path / "file" / "maps", tmp_path)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("GLUELINK_TOKEN", "with space"), ("GLUELINK_TOKEN", "ümläut"), ("GLUELINK_MAX_PHRASES", "0")],
)
def test_a_setting_that_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigInvalid, match=f"{variable} is not usable"):
        make_settings(os.environ.get("GLUELINK_TOKEN"), frozenset(), None)
