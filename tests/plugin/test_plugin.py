"""In a real QGIS: a reload leaves nothing behind, and no backend outlives the program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.demo import screen
from scripts.qgis_profile import make_profile

INSIDE = Path(__file__).with_name("in_qgis.py")
PATIENCE_S = 300

pytestmark = pytest.mark.skipif(shutil.which("qgis") is None, reason="there is no qgis command")


def alive(pid: int) -> bool:
    """True while the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_for_end_of(pid: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


class RealQgis:
    """QGIS with the plugin in a profile of its own, playing one scenario of `in_qgis.py`."""

    def __init__(self, folder: Path, scenario: str, scene: Path, variables: dict[str, str]) -> None:
        self._report = folder / "report.json"
        self._log = folder / "qgis.log"
        environment = os.environ | variables
        environment |= {
            "GLUELINK_REPORT": str(self._report),
            "GLUELINK_SCENARIO": scenario,
            "GLUELINK_SCENE": str(scene),
            "MALLOC_PERTURB_": "165",  # who reads memory that was freed finds nonsense in it
        }
        command = ["qgis", "--nologo", *make_profile(folder), "--code", str(INSIDE)]
        with self._log.open("w") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def report(self) -> dict:
        """What the scenario has written."""
        end = time.monotonic() + PATIENCE_S
        while not self._report.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"No report from QGIS:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.1)
        report = json.loads(self._report.read_text(encoding="utf-8"))
        assert "error" not in report, report["error"]
        return report

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def playing(scenario: str, folder: Path, scene: Path) -> Iterator[RealQgis]:
    with screen() as variables:
        qgis = RealQgis(folder, scenario, scene, variables)
        yield qgis
        qgis.close()


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, large_scene_path: Path) -> Iterator[RealQgis]:
    """A QGIS that reloads the plugin in the middle of jobs, and is left in the middle of one."""
    with playing("reload_and_quit", tmp_path_factory.mktemp("qgis"), large_scene_path) as qgis:
        yield qgis


def test_a_reload_in_the_middle_of_a_job_leaves_nothing_behind(left: RealQgis) -> None:
    report = left.report()
    last = report["seen"][-1]
    # QGIS makes some objects of its own at first use; from then on nothing may grow. It may shrink:
    # what QGIS makes for a moment is not always gone when it is counted.
    before = report["seen"][1]
    grown = {what: (before.get(what, 0), n) for what, n in last.items() if n > before.get(what, 0)}
    assert not grown
    assert last["tasks"] == 0
    assert report["algorithms"][0] > 5 and len(set(report["algorithms"])) == 1
    assert len(report["pids"]) == 4
    assert all(wait_for_end_of(pid) for pid in report["pids"][:-1])


def test_the_plugin_speaks_the_language_of_qgis_until_it_is_unloaded(left: RealQgis) -> None:
    report = left.report()
    english, german, again = report["titles"]
    assert (english, german) == (again, "Radar in Worten fragen (GLUE-Link)")
    assert report["words"] == ["Area"] * 3


def test_the_backend_ends_when_qgis_is_closed(left: RealQgis) -> None:
    pid = left.report()["pids"][-1]
    assert left.process.wait(30) == 0
    assert wait_for_end_of(pid)


def test_the_backend_ends_when_qgis_is_killed(tmp_path: Path, large_scene_path: Path) -> None:
    with playing("stay_in_the_middle", tmp_path, large_scene_path) as qgis:
        (pid,) = qgis.report()["pids"]
        assert alive(pid)
        os.kill(qgis.process.pid, signal.SIGKILL)
        assert wait_for_end_of(pid)
