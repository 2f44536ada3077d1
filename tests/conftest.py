"""Both environments run plain `pytest`; each collects the tests that it can run.

`--quick` leaves out what tests/slow.txt names, and what needs one of `STARTERS`. A new test is in
until it stands there; `make quick` ends with its three slowest, so that no slow one is overlooked.
`--long` runs proofs at full length (`make long`).
"""

import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import settings

IN_QGIS = importlib.util.find_spec("qgis") is not None
ROOT = Path(__file__).parent.parent
SLOW = [
    line
    for line in Path(__file__).with_name("slow.txt").read_text().splitlines()
    if line.startswith("tests")
]
STARTERS = {"running_desk", "furnished", "server", "simulated"}
"""Fixtures that start a service, or encode a survey."""

collect_ignore_glob = (
    ["attacks", "backend", "protocol/test_backend*", "test_*.py"]
    if IN_QGIS
    else ["plugin", "protocol/test_plugin*"]
)

# Of both lanes' processes, one to three work at any moment: more threads would only wait in turns.
os.environ.setdefault("OMP_NUM_THREADS", "1")

if not IN_QGIS:
    importlib.import_module("backend")  # before torch: it says how torch's threads wait

# No test is timed: on shared machines any of them may take long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out what tests/slow.txt names")
    parser.addoption("--long", action="store_true", help="prove at full length: `make long`")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long(short): too heavy for every run; what stands for it")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow files out before they are imported."""
    slow = collection_path.is_relative_to(ROOT) and (
        collection_path.relative_to(ROOT).as_posix() in SLOW
    )
    return True if slow and config.getoption("--quick") else None


def is_quick(item: pytest.Item) -> bool:
    return not item.nodeid.startswith(tuple(SLOW)) and STARTERS.isdisjoint(item.fixturenames)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick"):
        left_out = [item for item in items if not is_quick(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    if IN_QGIS:
        return
    # The slowest files first, so that no process is left with one of them at the end.
    first = {name.partition("::")[0]: -place for place, name in enumerate(reversed(SLOW))}
    items.sort(key=lambda item: first.get(item.nodeid.partition("::")[0], 0))


def pytest_runtest_setup(item: pytest.Item) -> None:
    mark = item.get_closest_marker("long")
    if mark and not item.config.getoption("--long"):
        pytest.skip(f"`make long` runs it; in short it is proved by {mark.args[0]}")


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether proofs run at full length: many kills, whole scenes."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def kills(long: bool) -> int:
    """How often a run is killed before it may end."""
    return 20 if long else 1
