"""The examples of docs/deploy are what the checkers of their formats, and the command, accept."""

import json
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import typer

from backend.serve import app
from backend.service.server import END_S

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
ROOT = DEPLOY.parents[1]


def accepts(arguments: list[str]) -> bool:
    """Whether `python -m backend.serve` knows these options."""
    known = {each for parameter in typer.main.get_command(app).params for each in parameter.opts}
    return {each for each in arguments if each.startswith("--")} <= known


def unit() -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "gluelink.service")
    return parser


def test_the_unit_starts_the_service_and_waits_for_its_end() -> None:
    service = unit()["Service"]
    python, *arguments = service["ExecStart"].split()
    assert python.endswith(".venv/bin/python")
    assert arguments[:2] == ["-m", "backend.serve"]
    assert accepts(arguments)
    assert int(service["TimeoutStopSec"]) > END_S
    assert "TOKEN" not in service["ExecStart"] + service["Environment"]


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    text = (DEPLOY / "gluelink.service").read_text()
    here = tmp_path / "gluelink.service"
    here.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.M))
    command = ["systemd-analyze", "verify", str(here)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "gluelink" not in run.stdout + run.stderr, run.stderr


def test_nginx_accepts_its_example(tmp_path: Path) -> None:
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    text = (DEPLOY / "nginx.conf").read_text().replace("443 ssl", "127.0.0.1:8443")
    inner = re.sub(r"^\s*ssl_.*$", "", text, flags=re.M)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {inner} }}")
    run = subprocess.run(["nginx", "-t", "-c", str(whole)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_caddy_accepts_its_example() -> None:
    if not shutil.which("caddy"):
        pytest.skip("caddy is not installed")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_blocks_of_the_proxies_are_closed(name: str) -> None:
    lines = [line.partition("#")[0] for line in (DEPLOY / name).read_text().splitlines()]
    assert "".join(lines).count("{") == "".join(lines).count("}") > 1


def test_the_container_copies_what_is_there_and_starts_the_service() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    steps = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    sources = [name for step in steps if step[0] == "COPY" for name in step[1:-1]]
    assert len(sources) > 5
    assert all((ROOT / name).exists() for name in sources)
    (entry,) = (line for line in text.splitlines() if line.startswith("ENTRYPOINT"))
    arguments = json.loads(entry.removeprefix("ENTRYPOINT"))
    assert arguments[:3] == ["python", "-m", "backend.serve"]
    assert accepts(arguments)
    assert "TOKEN" not in entry


def test_the_page_names_every_example() -> None:
    page = (ROOT / "docs" / "remote.md").read_text()
    assert all(f"(deploy/{file.name})" in page for file in DEPLOY.iterdir())
