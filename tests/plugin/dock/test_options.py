"""The fields of a scene are those that the backend lists: a new option needs no change here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from tests.plugin.conftest import Desk, wait_until
from tests.plugin.scripted import ScriptedBackend


def option(name: str, kind: str, **changes: Any) -> dict[str, Any]:
    """Return an option as a backend lists it."""
    usual = {"title": name.title(), "help": "Help.", "choices": [], "modality": None}
    return {**usual, "name": name, "kind": kind, "advanced": False, "default": None, **changes}


def choose(field: Any) -> None:
    field.setCurrentIndex(field.findData("sigma0"))
    field.activated.emit(field.currentIndex())


def type_in(text: str) -> Callable[[Any], None]:
    def enter(field: Any) -> None:
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    return enter


def number_bands(field: Any) -> None:
    field.numbers["VV"].setValue(2)
    field.numbers["VH"].setValue(1)


SIGMA = [{"value": "sigma0", "title": "sigma nought"}]
BANDS = [{"value": "VV", "title": "VV"}, {"value": "VH", "title": "VH"}]


@pytest.mark.parametrize(
    ("offered", "state", "sent"),
    [
        (option("calibration", "choice", choices=SIGMA), choose, "sigma0"),
        (option("noise_floor", "number", default=-22.0), type_in("-23.5"), -23.5),
        (option("orbit_file", "text", advanced=True), type_in("orbit.EOF"), "orbit.EOF"),
        (option("reference", "date"), type_in("2024-05-01"), "2024-05-01"),
        (option("flatten", "flag", default=True), lambda field: field.click(), False),
        (option("bands_of_pair", "bands", choices=BANDS), number_bands, {"VV": 2, "VH": 1}),
        (
            option("masks", "paths", default=[]),
            lambda field: field.setFilePath('"/a b.tif" "/c.tif"'),
            ["/a b.tif", "/c.tif"],
        ),
    ],
    ids=["choice", "number", "text", "date", "flag", "bands", "paths"],
)
def test_an_option_that_the_plugin_has_never_heard_of_is_drawn_and_sent(
    new_desk: Desk,
    scripted: ScriptedBackend,
    scene_path: Path,
    offered: dict[str, Any],
    state: Callable[[Any], None],
    sent: object,
) -> None:
    scripted.options.append(offered)
    new_desk.connect(scripted.address)
    new_desk.open(scene_path)
    assert offered["name"] not in scripted.bodies("POST /v1/scenes")[-1]
    state(new_desk.scene.options.fields[offered["name"]])
    wait_until(lambda: scripted.bodies("POST /v1/scenes")[-1].get(offered["name"]) == sent)


def test_what_is_stated_is_shown_and_can_be_taken_back(
    new_desk: Desk, scripted: ScriptedBackend, scene_path: Path
) -> None:
    new_desk.connect(scripted.address)
    new_desk.open(scene_path)
    date = new_desk.scene.options.fields["date"]
    assert date.placeholderText().startswith("Automatic (")
    type_in("2024-05-02")(date)
    wait_until(lambda: new_desk.session.scene is not None)
    assert (date.text(), date.placeholderText()) == ("2024-05-02", "Automatic")
    date.clear()
    QTest.keyClick(date, Qt.Key.Key_Return)
    wait_until(lambda: "date" not in scripted.bodies("POST /v1/scenes")[-1])


def test_a_number_that_is_none_is_not_sent(new_desk: Desk, scripted: ScriptedBackend) -> None:
    new_desk.connect(scripted.address)
    offset = new_desk.scene.options.fields["dn_offset_db"]
    assert offset.placeholderText() == "-83.0"
    offset.setText("about -80")
    offset.editingFinished.emit()
    assert (offset.text(), new_desk.session.options) == ("", {})


def test_only_options_of_the_scenes_imagery_can_be_stated(
    new_desk: Desk, scripted: ScriptedBackend, scene_path: Path
) -> None:
    new_desk.connect(scripted.address)
    fields = new_desk.scene.options.fields
    assert not any(field.isEnabled() for field in fields.values())
    new_desk.open(scene_path)
    assert fields["units"].isEnabled() and not fields["tiles"].isEnabled()


def test_few_people_need_more(new_desk: Desk, scripted: ScriptedBackend, scene_path: Path) -> None:
    assert new_desk.scene.options.fields == {} and not new_desk.scene.options.more.isVisible()
    new_desk.connect(scripted.address)
    new_desk.open(scene_path)
    form = new_desk.scene.options
    assert form.fields["units"].isVisible() and not form.fields["bands"].isVisible()
    form.edit("bands")
    assert form.fields["bands"].isVisible()


def test_an_option_of_an_unknown_kind_has_no_field(
    new_desk: Desk, scripted: ScriptedBackend
) -> None:
    scripted.options.append(option("mood", "colour wheel"))
    new_desk.connect(scripted.address)
    assert "mood" not in new_desk.scene.options.fields


def test_a_backend_without_a_list_of_options_can_be_asked(
    new_desk: Desk, scripted: ScriptedBackend, scene_path: Path
) -> None:
    del scripted.replies["GET /v1/capabilities"]["scene_options"]
    new_desk.connect(scripted.address)
    new_desk.open(scene_path)
    assert new_desk.session.scene is not None
    assert new_desk.scene.options.fields == {}
