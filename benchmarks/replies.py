"""Compare replies on a kept connection to those of uvicorn's own connections, in turns.

python benchmarks/replies.py
"""

import statistics
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

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
    def port(self) -> int:
        """Where it listens."""
        return int(self.socket.getsockname()[1])


def milliseconds(port: int) -> float:
    """Return the median time of a reply on one kept connection."""
    times = []
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        for _ in range(REPLIES):
            began = time.perf_counter()
            connection.request("GET", "/v1/health")
            connection.getresponse().read()
            times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def main() -> None:
    """Print the medians of both, and their ratio."""
    settings = Settings(token="t", hosts=accepted_hosts("127.0.0.1", 0, ["127.0.0.1"]))
    with closing(Service(settings)) as service:
        servers = [Quiet(service, "h11"), Quiet(service, connection_class(settings))]
        while not all(server.started for server in servers):
            time.sleep(0.05)
        times = [[milliseconds(one.port) for one in servers] for _ in range(TURNS)]
    before, after = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{TURNS} turns of {REPLIES} replies; medians in ms")
    print(f"uvicorn {before:.1f}, ours {after:.1f}: {before / after:.1f} times faster")


if __name__ == "__main__":
    main()
