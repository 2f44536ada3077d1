"""What was decided about a scene stands in one line, can be overruled, and leads to its remedy."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gluelink_plugin.dock.remedies import Action
from gluelink_plugin.dock.scene import BOTH_CASES, WORD_JOINER
from tests.plugin.conftest import PYTHON, ROOT, Desk, lake_scene, wait_until, write_raster
from tests.plugin.dock.conftest import choose
from tests.plugin.scripted import ScriptedBackend


def finding(about: str, value: str, confidence: float) -> dict[str, object]:
    return {"about": about, "value": value, "evidence": "by the names", "confidence": confidence}


def test_what_is_unsure_stands_with_what_it_rests_on(
    new_desk: Desk, scripted: ScriptedBackend, scene_path: Path
) -> None:
    found = [finding("bands", "VV and VH", 1.0), finding("units", "dB", 0.91)]
    scripted.replies["POST /v1/scenes"].update(findings=found, checks=[])
    new_desk.connect(scripted.address)
    new_desk.open(scene_path)
    checks = new_desk.scene.checks
    assert checks.text() == "VV and VH · dB (by the names?)"
    assert checks.toolTip() == (
        "Bands: VV and VH (by the names, 100%)\nUnits: dB (by the names, 91%)"
    )


def test_a_backend_that_sends_no_findings_is_understood(
    new_desk: Desk, scripted: ScriptedBackend, scene_path: Path
) -> None:
    reply = scripted.replies["POST /v1/scenes"]
    reply.pop("findings", None)
    reply["checks"] = []
    new_desk.connect(scripted.address)
    new_desk.open(scene_path)
    checks = new_desk.scene.checks.text().replace(WORD_JOINER, "")
    assert checks.startswith("VV and VH · dB · 10 m · EPSG:32632")


def state(desk: Desk, name: str, value: object) -> str:
    """State an option as its field does; the line of what is found then."""
    desk.scene.options.fields[name].stated.emit(value)
    wait_until(lambda: desk.session.scene is not None or desk.session.refusal is not None)
    return desk.scene.checks.text().splitlines()[0]


@pytest.mark.parametrize(
    ("name", "value", "fact"),
    [
        ("units", "db", "dB"),
        ("date", "2020-02-02", "2020-02-02"),
        ("product_type", "RTC", "RTC"),
        ("noise_floor_db", -35.0, "no data below -35 dB in both bands"),
        ("bands", {"VV": 1, "VH": 2}, "VV and VH"),
    ],
)
def test_what_was_found_can_be_overruled(
    desk: Desk, scene_path: Path, name: str, value: object, fact: str
) -> None:
    desk.open(scene_path)
    assert fact in state(desk, name, value).split(" · ")
    assert desk.said == ""


def test_a_scale_and_an_offset_can_be_stated(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_raster(tmp_path / "odd.tif", (lake_scene(64) + 3) * 40))
    state(desk, "units", "db")
    state(desk, "scale", 1 / 40)
    assert "dB" in state(desk, "offset", -3.0).split(" · ")
    (text,) = [check.text for check in desk.session.scene.checks if "median" in check.text]
    assert "In dB the median of VV is -9" in text


def test_bands_that_nobody_names_are_stated_at_the_press_of_a_button(
    desk: Desk, tmp_path: Path
) -> None:
    db = lake_scene(64)
    desk.open(write_raster(tmp_path / "three.tif", db[[0, 1, 1]], ("", "", "")))
    assert "3 bands without names" in desk.said and "--" not in desk.said
    desk.panel.message.asked.emit(Action.BANDS)
    numbers = desk.scene.options.fields["bands"].numbers
    assert numbers["VV"].isVisible() and desk.window.main.focusWidget() is numbers["VV"]
    wait_until(lambda: not numbers["VV"].visibleRegion().isEmpty())
    numbers["VV"].setValue(1)
    numbers["VH"].setValue(2)
    wait_until(lambda: desk.session.scene is not None)
    assert desk.said == ""
    assert desk.scene.checks.text().startswith("VV and VH · dB")


def test_the_file_dialog_offers_what_the_backend_reads() -> None:
    code = "from backend.scenes.files import DRIVERS; print(*DRIVERS)"
    read = subprocess.check_output([str(PYTHON), "-c", code], cwd=ROOT, text=True).split()
    offered = set(BOTH_CASES)
    assert {f"*{suffix}" for suffix in read} <= offered
    assert offered & {"*.safe", "*.zarr", "*"} == set()


def test_a_netcdf_of_several_variables_is_a_choice_beside_the_layers(
    desk: Desk, tmp_path: Path
) -> None:
    from osgeo import gdal

    tif = write_raster(tmp_path / "lake.tif", lake_scene(64))
    gdal.Translate(str(tmp_path / "lake.nc"), str(tif), format="netCDF")
    choose(desk, tmp_path / "lake.nc")
    assert desk.scene.layers.currentText() == "lake.nc"
    assert desk.session.source.path == str(tmp_path / "lake.nc")
