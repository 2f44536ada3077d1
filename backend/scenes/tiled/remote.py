"""Remote tiles: opened by their addresses, with errors that name the tile."""

from functools import partial

from backend.errors import SceneUnreadable
from backend.io.http import Client, RequestFailed, RetryPolicy
from backend.io.ranges import RemoteFile
from backend.io.url import Url

POLICY = RetryPolicy(silence_s=20.0, slowest_s=120.0)
MISSING = frozenset({404, 410})


class NotThere(Exception):
    """The host has no such file."""


class Ranges:
    """The hosts of remote tiles; for any thread."""

    def __init__(self) -> None:
        self._client = Client(POLICY)

    def open(self, url: Url) -> RemoteFile:
        """Return a remote file; whoever reads it gets NotThere or SceneUnreadable."""
        return RemoteFile(url.text, url.name, self._client, partial(_unreadable, url))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def not_there(url: Url) -> SceneUnreadable:
    """Return the error for a file that should be there and is not."""
    return SceneUnreadable(f"The tile {url.name} is not at {url}.", "Check the address.")


def _unreadable(url: Url, error: RequestFailed) -> Exception:
    if error.status in MISSING:
        return NotThere()
    return SceneUnreadable(
        f"The tile {url.name} cannot be read from {url.host}: {error}.",
        "Try again later, or download the tile and give its path.",
    )
