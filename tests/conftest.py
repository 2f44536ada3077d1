"""Both environments run plain `pytest`; each collects the tests that it can run."""

import importlib.util

from hypothesis import settings

IN_QGIS = importlib.util.find_spec("qgis") is not None

collect_ignore_glob = (
    ["backend", "protocol/test_backend*", "test_project.py"]
    if IN_QGIS
    else ["plugin", "protocol/test_plugin*"]
)

if not IN_QGIS:
    importlib.import_module("backend")  # before torch: it says how torch's threads wait

# No test is timed: on shared machines any of them may take long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
