"""The backend's process has an environment of its own."""

from __future__ import annotations

import pytest

from gluelink_plugin.client.process import clean_environment


def test_the_backends_environment_is_not_qgis_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "/qgis")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:8080")
    environment = clean_environment("secret")
    names = environment.keys()
    assert not {"PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH"} & set(names)
    assert environment.value("HTTPS_PROXY") == "http://proxy:8080"
    assert environment.value("GLUELINK_TOKEN") == "secret"
