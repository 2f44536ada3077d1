"""Run the proofs that are too heavy for every run, and write their results down.

python -m scripts.long [NAME …]

A proof that has passed at this commit is not run again, so an interrupted run goes on where it
stopped. docs/reliability.md keeps the last result of each proof, with the commit and its figure;
.cache/long has all that it printed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
PRINTED = ROOT / ".cache" / "long"
PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "2", "--long")
QGIS = str(ROOT / ".venv-qgis" / "bin" / "python")
TAIL = 12


@dataclass(frozen=True)
class Proof:
    """A command that proves something; its figure is the last match of `figure` in its output."""

    name: str
    claim: str
    command: tuple[str, ...]
    figure: str = r"\d+ passed[^\n=]*"
    needs: str = ""


PROOFS = (
    Proof(
        "store kills",
        "Encoding into a store and asking it are killed with SIGKILL a hundred times, at random "
        "moments: no broken file, no finished block written again, the numbers of a run that was "
        "left alone",
        (*PYTEST, "tests/backend/features/store/test_kill.py"),
    ),
    Proof(
        "store memory",
        "A scene of 20,000 x 20,000 px takes less than 1 GB above the libraries, for encoding and "
        "for asking",
        (
            *PYTEST,
            "-s",
            "-n",
            "0",  # what other processes print is not shown
            "tests/backend/features/store/test_large.py",
            "tests/backend/maps/test_large.py",
        ),
        figure=r"PEAK above[^\n]*",
    ),
    Proof(
        "many machines",
        "A region in shards, in local processes, on two Dask workers of which one is killed "
        "(twenty times), and in a bucket makes the store of one process, byte by byte",
        (*PYTEST, "tests/backend/features/many"),
    ),
    Proof(
        "kills",
        "Training, encoding, embedding and fetching are killed with SIGKILL twenty times each, "
        "at random moments, and end with the bytes of a run that was left alone",
        (*PYTEST, "tests/backend", "-k", "kill and not store and not service and not tower"),
    ),
    Proof(
        "tower kills",
        "The training of a tower is killed with SIGKILL in each of its stages, and ends within "
        "1e-6 of the tower, the batches and the decisions of a run that was left alone",
        (*PYTEST, "-n", "0", "tests/backend/training/test_kill.py", "-k", "tower"),
    ),
    Proof(
        "captions",
        "The decoder of a small tower learns the captions of 16 chips by heart, alone: BLEU-4 "
        "above 0.9",
        (*PYTEST, "-s", "-n", "0", "tests/backend/training/test_writers.py", "-k", "16"),
        figure=r"BLEU-4 [^\n]*",
    ),
    Proof(
        "recognisers",
        "Recognisers learn all of their tasks on squares in 80 chips, by features of texture-s1, "
        "and solve them in chips that they never saw",
        (*PYTEST, "-s", "-n", "0", "tests/backend/training/test_recognising.py"),
        figure=r"detect: [^\n]*",
    ),
    Proof(
        "adapters",
        "Adapters of small models of five published classes learn 16 chips by heart: BLEU-4 above "
        "0.9",
        (*PYTEST, "-s", "-n", "0", "tests/backend/training/test_adapting.py"),
        figure=r"\d+ passed[^\n=]*",
    ),
    Proof(
        "service kills",
        "The service is killed with SIGKILL a hundred times, at random moments: its queue goes on, "
        "finished results stay as they were, nothing half-written stays anywhere",
        (*PYTEST, "-n", "0", "tests/backend/service/test_kill.py"),
        figure=r"KILLED[^\n]*",
    ),
    Proof(
        "service soak",
        "Eight clients, 2,000 jobs mixed with cancels, disconnects and bad requests: none lost, "
        "the queue's bound kept, memory and handles flat, p99 of health at most 5 x the idle "
        "service's",
        (*PYTEST, "-n", "0", "tests/protocol/test_backend_soak.py"),
        figure=r"SOAK health p99 \d[^\n]*",
    ),
    Proof(
        "contract",
        "schemathesis over the whole contract, half characters among its texts, meets no fault and "
        "no reply that the contract does not describe",
        (sys.executable, "-m", "tests.attacks.contract"),
        figure=r"CASES[^\n]*",
    ),
    Proof(
        "device",
        "Encoders of full size, text towers and the link agree with float32 on the CPU",
        (sys.executable, "-m", "scripts.gpu_check"),
        figure=r"link +float32[^\n]*",
    ),
    Proof(
        "gpu check alone",
        "`make gpu-check` runs with the packages of the method alone, and finds all in parity",
        (*PYTEST, "-n", "0", "tests/backend/commands/test_gpu_check.py"),
    ),
    Proof(
        "two networks",
        "QGIS's client in one network namespace, the backend in another: a scene is sent, asked "
        "and its map fetched; the link goes down in the middle of both, and both go on",
        (sys.executable, "-m", "scripts.two_networks"),
        figure=r"TWO NETWORKS[^\n]*",
        needs="ip",
    ),
    Proof(
        "live typing",
        "The map follows the typing over 2,025 km² that are encoded, and the window's thread is "
        "never busy for 50 ms between two turns of its event loop",
        (QGIS, "-m", "scripts.live_typing"),
        figure=r"LIVE[^\n]*",
        needs=QGIS,
    ),
    Proof(
        "first run",
        "From the plugin's zip in a clean profile, with nothing in the user's home: “Set up” ticks "
        "off each step, the pinned torch is there, and three phrases are asked of a real scene",
        (sys.executable, "-m", "scripts.first_run"),
        figure=r"FIRST RUN[^\n]*",
        needs="qgis",
    ),
    Proof(
        "panel states",
        "Every section of the panel while it is empty, loading, failed and successful, in light, "
        "in dark and in letters of 14 pt, at 320 x 700 px: nothing is cut off, and whatever goes "
        "wrong says so",
        (QGIS, "-m", "scripts.panel_states"),
        figure=r"PANEL[^\n]*",
        needs=QGIS,
    ),
    Proof(
        "debian 13",
        "A fresh clone on Debian 13 sets itself up, and the plugin's tests pass in its QGIS 3.40",
        ("bash", "scripts/debian.sh", "trixie"),
        needs="debootstrap",
    ),
)


def main() -> None:
    """Run the proofs that are named, or all; exit with 1 when one fails."""
    wanted = sys.argv[1:] or [proof.name for proof in PROOFS]
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    commit = _commit()
    failed = []
    for proof in PROOFS:
        if proof.name not in wanted or _is_proved(results.get(proof.name), commit):
            continue
        print(f"{proof.name}: {' '.join(proof.command)}", flush=True)
        results[proof.name] = _prove(proof, commit)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        PAGE.write_text(_page(results))
        if results[proof.name]["result"] == "failed":
            failed.append(proof.name)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}.")


def _commit() -> str:
    """Return the commit; with a plus sign when files have changed since."""
    command = ["git", "describe", "--always", "--abbrev=10", "--exclude=*", "--dirty=+"]
    return subprocess.check_output(command, cwd=ROOT, text=True).strip()


def _is_proved(result: dict[str, str] | None, commit: str) -> bool:
    return result is not None and (result["commit"], result["result"]) == (commit, "passed")


def _prove(proof: Proof, commit: str) -> dict[str, str]:
    """Run a proof and return what became of it."""
    about = {"commit": commit, "date": date.today().isoformat()}
    if proof.needs and not shutil.which(proof.needs):
        return {**about, "result": "not run", "figure": f"{proof.needs} is not installed"}
    began = time.monotonic()
    run = subprocess.run(
        proof.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    found = re.findall(proof.figure, run.stdout)
    PRINTED.mkdir(parents=True, exist_ok=True)
    (PRINTED / f"{proof.name}.log").write_text(run.stdout)
    if run.returncode:
        print("\n".join(run.stdout.splitlines()[-TAIL:]))
    return {
        **about,
        "result": "failed" if run.returncode else "passed",
        "figure": " ".join(found[-1].split()) if found else "",
        "minutes": f"{(time.monotonic() - began) / 60:.1f}",
    }


def _page(results: dict[str, dict[str, str]]) -> str:
    """Return the page of results."""
    rows = [
        f"| {proof.name} | {proof.claim} | {_cells(results.get(proof.name))} |" for proof in PROOFS
    ]
    return "\n".join(
        [
            "# Reliability",
            "",
            "What `make long` proves, beside the short versions in `make test`. Written by it.",
            "",
            "| proof | what it shows | result | figure | commit | date | minutes |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _cells(result: dict[str, str] | None) -> str:
    names = ("result", "figure", "commit", "date", "minutes")
    return " | ".join((result or {"result": "not run"}).get(name, "") for name in names)


if __name__ == "__main__":
    main()
