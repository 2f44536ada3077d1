"""A remedy is shown in the panel's own words, with the button that leads to it."""

from __future__ import annotations

import pytest

from gluelink_plugin.client.protocol import ErrorBody
from gluelink_plugin.dock.remedies import Action, advice_for, remedies_for


@pytest.mark.parametrize(
    ("error", "advice", "first"),
    [
        (
            ErrorBody("bands_unclear", "", "State which, such as VV 1 and VH 2 (--vv 1 --vh 2)."),
            "State which, such as VV 1 and VH 2.",
            Action.BANDS,
        ),
        (
            ErrorBody("bands_unclear", "", "State one of them (--date 2021-10-01)."),
            "State one of them.",
            Action.DATE,
        ),
        (ErrorBody("band_missing", "", "Give both (or one)."), "Give both (or one).", Action.BANDS),
        (ErrorBody("units_unclear", "", "Calibrate it."), "Calibrate it.", Action.UNITS),
        (
            ErrorBody("units_unclear", "", "State the units: dB or amplitude (--units db or …)."),
            "State the units: dB or amplitude.",
            Action.UNITS,
        ),
    ],
    ids=["bands", "date", "band", "calibration", "units"],
)
def test_what_only_a_command_line_has_becomes_a_button(
    error: ErrorBody, advice: str, first: Action
) -> None:
    assert advice_for(error) == advice
    assert remedies_for(error) == (first, Action.OPEN_FILE)
