"""A report of a problem says what is needed, and nothing secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from gluelink_plugin.dock.diagnostics import diagnostics, without_secrets
from tests.plugin.conftest import Desk


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer abcDEF123",
        "GLUELINK_TOKEN=abcDEF123",
        '{"token": "abcDEF123"}',
        "GET https://user:abcDEF123@example.org/",
    ],
)
def test_no_secret_is_copied(line: str) -> None:
    assert "abcDEF123" not in without_secrets(line)


def test_diagnostics_say_what_a_report_needs(desk: Desk) -> None:
    text = diagnostics(desk.session, ["a line of the log", f"in {Path.home()}/data"])
    assert "QGIS 3." in text and "texture-s1" in text and "a line of the log" in text
    assert str(Path.home()) not in text
    assert desk.session.backend.api._token not in text
