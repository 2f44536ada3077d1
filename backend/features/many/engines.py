"""Where tasks run. An engine opens an executor of `concurrent.futures`, and that is all.

To add one, write a class with the two members of `Engine` and let `engine_of` know it.
"""

import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from backend import __version__
from backend.device import choose_device
from backend.encoders.registry import find_encoder
from backend.errors import ClusterUnreachable, ConfigInvalid, ExtraMissing
from backend.io.processes import cores, worker_processes

CONNECT_S = 10


class Engine(Protocol):
    """Where tasks run."""

    @property
    def at_once(self) -> int:
        """Tasks to hand out before the first of them is back."""

    def open(self) -> AbstractContextManager[Executor]:
        """Open an executor; closing it waits for no task that has not begun."""


@dataclass(frozen=True)
class LocalProcesses:
    """Processes of this machine."""

    workers: int

    @classmethod
    def for_encoder(cls, name: str, on_cpu: bool) -> "LocalProcesses":
        """Return as many workers as the encoder's threads leave room for; one for a GPU."""
        return cls(max(1, cores() // find_encoder(name).threads) if on_cpu else 1)

    @property
    def at_once(self) -> int:
        """Tasks to hand out before the first of them is back."""
        return 2 * self.workers

    def open(self) -> AbstractContextManager[Executor]:
        """Start the processes."""
        return worker_processes(self.workers, preload="backend.features.many.job")


@dataclass(frozen=True)
class DaskCluster:
    """The workers of a Dask scheduler, wherever they are; they may come and go."""

    address: str
    at_once: int = 1000

    @contextmanager
    def open(self) -> Iterator[Executor]:
        """Connect to the scheduler.

        Raises:
            ExtraMissing: `distributed` is not installed.
            ClusterUnreachable: nobody answers.
            ConfigInvalid: the workers cannot import this version.
        """
        try:
            import distributed
        except ImportError as error:
            raise ExtraMissing(
                "A Dask cluster needs a package that is not installed.",
                "Run: pip install 'gluelink[cluster]', on all workers as well.",
            ) from error
        try:
            client = distributed.Client(self.address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterUnreachable(
                f"No Dask scheduler answers at {self.address}.",
                "Start one with `dask scheduler`, and give the address that it prints.",
            ) from error
        with client:
            versions = _versions(client)
            if versions - {__version__}:
                raise ConfigInvalid(
                    f"Workers at {self.address} have version {', '.join(sorted(versions))} of "
                    f"gluelink; this is {__version__}.",
                    "Install the same version on all of them.",
                )
            yield client.get_executor(pure=False)


def _versions(client: Any) -> set[str]:
    """Return the versions that a cluster's workers have; "no version" where it is not installed."""
    # A lambda travels by value: the workers need not import this module to answer.
    found = client.run(lambda: __import__("backend").__version__, on_error="return").values()
    return {version if isinstance(version, str) else "no version" for version in found}


def engine_of(text: str, encoder: str, device: str | None) -> Engine:
    """Return the engine that `--cluster` names: local, local:N, or the address of a scheduler.

    Raises:
        ConfigInvalid: it is none of them.
    """
    local = re.fullmatch(r"local(?::([1-9]\d*))?", text)
    if local and local[1]:
        return LocalProcesses(int(local[1]))
    if local:
        return LocalProcesses.for_encoder(encoder, choose_device(device).type == "cpu")
    if not re.fullmatch(r"(\w+://)?[^/\s]+:\d+", text):
        raise ConfigInvalid(
            f'The cluster is "{text}".',
            "Expected local, local:4 for four workers, or an address such as tcp://10.0.0.1:8786.",
        )
    return DaskCluster(text)
