"""`GET /metrics` is what Prometheus reads."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from backend.errors import ExtraMissing
from backend.service.metrics import measured
from backend.service.service import Service
from backend.service.settings import Settings


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    with closing(Service(Settings(token="t", store=tmp_path / "store"))) as service:
        yield service


def test_the_state_is_told_in_the_form_of_prometheus(service: Service) -> None:
    parser = pytest.importorskip("prometheus_client.parser")
    service.computing.context.models.record_speed("texture-s1", 10, 2.5)
    anyio.run(service.uploads.create, "lake.tif", 100, None)
    text, kind = measured(service, range(3))
    assert kind.startswith("text/plain")
    families = {one.name: one for one in parser.text_string_to_metric_families(text.decode())}
    assert all(one.documentation for one in families.values())
    values = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for one in families.values()
        for sample in one.samples
    }
    assert values["gluelink_queue_length",] == 0
    assert values["gluelink_windows_total", "texture-s1"] == 10
    assert values["gluelink_encoding_seconds_total", "texture-s1"] == 2.5
    assert 0 < values["gluelink_store_bytes",] < values["gluelink_store_cap_bytes",]
    assert (values["gluelink_uploads",], values["gluelink_uploads_bytes",]) == (1, 0)
    assert values["gluelink_connections",] == 3
    if sys.platform == "linux":
        assert values["process_resident_memory_bytes",] > 0
        assert values["gluelink_compute_process_resident_memory_bytes",] > 0


def test_a_package_that_is_missing_is_named(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ExtraMissing, match=r"gluelink\[metrics\]"):
        measured(service, ())
