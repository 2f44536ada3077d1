"""One real backend with low limits for all attacks that need a process."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.protocol.server import TOKEN, Server, start_server

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("attacked")
    running = start_server(home, max_connections=16, idle_s=2.0)
    yield running
    running.stop()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, headers=HEADERS, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.protocol.made import write_scene

    return write_scene(tmp_path_factory.mktemp("scene") / "lake_20240501.tif")
