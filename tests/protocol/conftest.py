"""One real backend for all tests of the protocol that do not end it, and a client of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.server import TOKEN, Server, start_server
from tests.support.jobs import has_ended, look_until

if TYPE_CHECKING:
    import httpx

    from tests.support.stac_server import StacServer

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backend's GLUELINK_HOME, with heads that fit and heads that do not."""
    from tests.protocol.made import write_heads

    folder = tmp_path_factory.mktemp("home")
    write_heads(folder)
    return folder


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[Server]:
    running = start_server(home, max_upload_bytes=4_000_000, max_queued_jobs=3)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def client(server: Server) -> "Iterator[httpx.Client]":
    import httpx

    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def catalogue(home: Path, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[StacServer]":
    """A catalogue that the backend knows from its settings."""
    from tests.protocol.made import stac_catalogue

    with stac_catalogue(home, tmp_path_factory.mktemp("imagery")) as running:
        yield running


@pytest.fixture(scope="session")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.protocol.made import write_scene

    return write_scene(tmp_path_factory.mktemp("scene") / "lake_20240501.tif")


@pytest.fixture(scope="session")
def large_scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some thousand windows: work that lasts long enough to be cancelled."""
    from tests.protocol.made import write_scene

    return write_scene(tmp_path_factory.mktemp("scene") / "large.tif", 448 * 12)


@pytest.fixture(scope="session")
def register(client: "httpx.Client") -> Callable[[Path], str]:
    def register_file(path: Path, **options: Any) -> str:
        reply = client.post("/v1/scenes", json={"path": str(path), **options})
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    return register_file


@pytest.fixture(scope="session")
def scene(register: Callable[[Path], str], scene_file: Path) -> str:
    return register(scene_file)


@pytest.fixture(scope="session")
def large_scene(register: Callable[[Path], str], large_scene_file: Path) -> str:
    return register(large_scene_file)


@pytest.fixture(scope="session")
def submit(client: "httpx.Client") -> Ask:
    from tests.protocol.made import UTM, square

    def submit_job(scene: str, **request: Any) -> dict[str, Any]:
        """Queue a job: "open water" over half a kilometre unless the test wants more."""
        message = {"scene": scene, "phrases": ["open water"], "head": "test"}
        message |= {"aoi": square(500), "aoi_crs": UTM, **request}
        reply = client.post("/v1/jobs", json=message)
        assert reply.status_code == 202, reply.text
        return dict(reply.json())

    return submit_job


@pytest.fixture(scope="session")
def wait_for(client: "httpx.Client") -> Ask:
    def poll(job: str, *states: str) -> dict[str, Any]:
        """Poll a job until it is in one of the states (any end when none is named)."""
        return look_until(
            lambda: dict(client.get(f"/v1/jobs/{job}").json()),
            lambda found: found["state"] in states if states else has_ended(found),
        )

    return poll
