"""Prove remote use: QGIS's client in one network namespace, the backend in another.

python -m scripts.two_networks

It needs root, the command ip, and both environments. The client is
tests/plugin/dock/test_two_networks.py; the link between the two is cut and mended by it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BACKEND, QGIS = (ROOT / name / "bin" / "python" for name in (".venv", ".venv-qgis"))
THERE, HERE = "gluelink-gpu", "gluelink-laptop"
ADDRESS, PORT = "10.203.77.1", 8765
TEST = "tests/plugin/dock/test_two_networks.py"
UNREADY = 77
"""The exit code where the proof cannot be done here."""


def main() -> None:
    """Run the proof."""
    missing = _missing()
    if missing:
        print(f"NOT RUN: {missing}")
        sys.exit(UNREADY)
    with tempfile.TemporaryDirectory() as home, _networks(), _backend(Path(home)) as token:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        environment["GLUELINK_FAR"] = f"http://{ADDRESS}:{PORT} {token} {THERE}"
        command = [*_inside(HERE), str(QGIS), "-m", "pytest", "-q", "-s", "--long", TEST]
        sys.exit(subprocess.call(command, cwd=ROOT, env=environment))


def _missing() -> str:
    """Return what keeps the proof from being done; empty where nothing does."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need Linux and root"
    if not shutil.which("ip"):
        return "the command ip is not installed"
    return next(
        (f"{one} is not there: make setup" for one in (BACKEND, QGIS) if not one.exists()), ""
    )


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _inside(namespace: str) -> list[str]:
    return ["ip", "netns", "exec", namespace]


@contextmanager
def _networks() -> Iterator[None]:
    """Make two networks and one link between them."""
    try:
        for namespace in (THERE, HERE):
            _ip("netns", "add", namespace)
            _ip("-n", namespace, "link", "set", "lo", "up")
        _ip("link", "add", "gpu0", "netns", THERE, "type", "veth", "peer", "laptop0", "netns", HERE)
        for namespace, link, last in ((THERE, "gpu0", 1), (HERE, "laptop0", 2)):
            _ip("-n", namespace, "addr", "add", f"10.203.77.{last}/30", "dev", link)
            _ip("-n", namespace, "link", "set", link, "up")
        yield
    finally:
        for namespace in (THERE, HERE):
            subprocess.run(["ip", "netns", "del", namespace], stderr=subprocess.DEVNULL)


@contextmanager
def _backend(home: Path) -> Iterator[str]:
    """Start a backend that listens on its end of the link; yield its token."""
    heads = "import sys, pathlib; from tests.protocol.made import write_heads; "
    heads += "write_heads(pathlib.Path(sys.argv[1]))"
    subprocess.run([str(BACKEND), "-c", heads, str(home)], cwd=ROOT, check=True)
    token = secrets.token_hex(16)
    environment = {**os.environ, "GLUELINK_HOME": str(home), "GLUELINK_TOKEN": token}
    command = [*_inside(THERE), str(BACKEND), "-m", "backend.serve", "--host", ADDRESS]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", str(PORT), "--stop-with-stdin"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdin and process.stdout
    try:
        if not process.stdout.readline():
            sys.exit((home / "server.log").read_text())
        yield token
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


if __name__ == "__main__":
    main()
