"""Compare replies on a kept connection to those of uvicorn's own connections, in turns.

python benchmarks/replies.py
"""

import statistics
import threading
import time
from contextlib import closing
from typing import Any

import requests
import uvicorn

from backend.serve import accepted_hosts, listen
from backend.service.app import create_app
from backend.service.connections import connection_class
from backend.service.service import Service
from backend.service.settings import Settings

REPLIES, TURNS = 20, 5


class Quiet(uvicorn.Server):
    """A server in a thread of its own."""

    def __init__(self, service: Service, http: Any) -> None:
        self.socket = listen("127.0.0.1", 0)
        app = create_app(service)
        super().__init__(
            uvicorn.Config(app, http=http, lifespan="off", log_config=None, access_log=False)
        )
        threading.Thread(target=self.run, args=([self.socket],), daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/v1/health"


def milliseconds(address: str) -> float:
    """Return the median time of a reply on one kept connection."""
    times = []
    with requests.Session() as session:
        session.get(address)
        for _ in range(REPLIES):
            began = time.perf_counter()
            session.get(address).raise_for_status()
            times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def main() -> None:
    """Print the medians of both, and their ratio."""
    settings = Settings(token="t", hosts=accepted_hosts("127.0.0.1", 0, ["127.0.0.1"]))
    with closing(Service(settings)) as service:
        servers = [Quiet(service, "h11"), Quiet(service, connection_class(settings))]
        while not all(server.started for server in servers):
            time.sleep(0.05)
        times = [[milliseconds(one.address) for one in servers] for _ in range(TURNS)]
    before, after = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{TURNS} turns of {REPLIES} replies; medians in ms")
    print(f"uvicorn {before:.1f}, ours {after:.1f}: {before / after:.1f} times faster")


if __name__ == "__main__":
    main()
