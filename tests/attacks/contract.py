"""schemathesis over the whole contract, half characters among its texts.

python -m tests.attacks.contract [OPTION of schemathesis …]

It runs in an environment of its own, .cache/schemathesis: what it needs would fit no pinned one.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import httpx

from tests.protocol.made import UTM, square, stac_catalogue, write_heads, write_scene
from tests.protocol.server import ROOT, TOKEN, start_server

ENVIRONMENT = ROOT / ".cache" / "schemathesis"
PINNED = "schemathesis==4.32.5"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
EXAMPLES = "300"


def program() -> Path:
    """Return schemathesis itself, installed if need be."""
    found = ENVIRONMENT / "bin" / "schemathesis"
    if not found.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "-q", PINNED]
        subprocess.run(pip, check=True)
    return found


def known_values(client: httpx.Client, scene_file: Path) -> dict[str, Any]:
    """Register a scene, run a job on it, and return what names them and fits them."""
    scene = client.post("/v1/scenes", json={"path": str(scene_file)}).json()["id"]
    ask = {"scene": scene, "phrases": ["open water"], "head": "test"}
    job = client.post("/v1/jobs", json=ask).json()["id"]
    with client.stream("GET", f"/v1/jobs/{job}/events") as events:
        events.read()
    name = client.get(f"/v1/jobs/{job}").json()["result"]["files"][0]["name"]
    return {
        **ask,
        **{"job": job, "name": name, "path": str(scene_file), "encoder": "texture-s1"},
        **{"aoi": square(500), "aoi_crs": UTM, "catalogue": "here", "kind": "alignment"},
    }


def attack(
    address: str, known: dict[str, Any], options: list[str], folder: str
) -> "subprocess.CompletedProcess[str]":
    """Run schemathesis against the service at an address; what it keeps lies in `folder`."""
    command = [
        *(str(program()), "run", f"{address}/v1/openapi.json", "--mode", "all", "--seed", "1"),
        *("--header", f"Authorization: Bearer {TOKEN}", "--checks", ",".join(CHECKS)),
        *("--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"),
        *("--request-timeout", "60", "--no-color", "--suppress-health-check", "all"),
    ]
    hooks = {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": f"{__package__}.contract_hooks",
        "GLUELINK_KNOWN": json.dumps(known),
    }
    return subprocess.run(
        [*command, *options],
        env={**os.environ, **hooks},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def main() -> None:
    """Attack a service of its own; exit with 1 where it breaks the contract."""
    options = sys.argv[1:] or ["--max-examples", EXAMPLES]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_heads(home)
        server = start_server(home, max_queued_jobs=100_000, max_message_bytes=200_000)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with (
            httpx.Client(base_url=server.address, headers=headers, timeout=60) as client,
            stac_catalogue(home, home),
        ):
            scene = write_scene(home / "lake_20240501.tif")
            run = attack(server.address, known_values(client, scene), options, folder)
            whole = all(client.get(f"/v1/{each}").status_code == 200 for each in ("jobs", "scenes"))
        server.stop()
        faults = server.log.read_text().count("Traceback")
    print(run.stdout)
    cases = re.findall(r"(\d[\d,]*) generated", run.stdout)
    print(f"CASES {cases[-1] if cases else 0}; lists whole: {whole}; faults in the log: {faults}")
    sys.exit(1 if run.returncode or not whole or faults else 0)


if __name__ == "__main__":
    main()
