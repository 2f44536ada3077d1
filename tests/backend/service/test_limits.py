"""Limits are settings with reasons; a job over one is refused with its estimate and what to do."""

import dataclasses
import re
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from backend import maps
from backend.errors import DiskFull, JobTooLarge, OutOfTime, SceneUnknown, SceneUnreadable
from backend.service.capabilities import capabilities
from backend.service.errors import error_body
from backend.service.jobs import KINDS
from backend.service.kinds import Checked
from backend.service.kinds.alignment import AlignmentRequest, EstimateRequest, estimate
from backend.service.limits import refusal_of, require_spare, until
from backend.service.schemas import SceneRequest
from backend.service.service import Service
from backend.service.settings import Settings
from tests.protocol.made import write_head, write_scene
from tests.support.jobs import has_ended, look_until

ROOT = Path(__file__).parents[3]
COST = maps.Estimate(
    km2=120.5,
    windows=80,
    cells=1000,
    output_bytes=4000,
    encoded=0.5,
    lacking=40,
    footprint=None,
)
NO_LIMITS = {"token", "hosts", "state", "results", "store", "roots"}


def settings(**stated: object) -> Settings:
    return Settings(token="t", **{"spare_disk_bytes": 0, **stated})


def test_every_setting_that_is_a_number_is_a_limit_with_its_reason() -> None:
    assert set(Settings.limits()) == set(Settings.model_fields) - NO_LIMITS
    for name, (unit, reason) in Settings.limits().items():
        assert unit and len(reason) > 25 and reason.endswith("."), name


def test_capabilities_tell_every_limit_and_the_page_of_the_service_lists_it() -> None:
    told = {one.name: one for one in capabilities(settings(max_km2=7)).limits}
    assert (told["max_km2"].value, told["max_km2"].unit) == (7, "km²")
    assert set(told) == set(Settings.limits())
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `GLUELINK_(\w+)`", page, re.M)
    assert {name.upper() for name in Settings.model_fields} <= set(listed)


@pytest.mark.parametrize(
    ("stated", "quoted"),
    [
        ({"max_km2": 120}, ["121 km²", "at most 120 are", "GLUELINK_MAX_KM2"]),
        ({"max_km2": 99}, ["121 km²", "at most 99 are", "smaller area"]),
        ({"max_windows": 39}, ["40 windows", "at most 39", "GLUELINK_MAX_WINDOWS", "encoded"]),
        ({"max_result_bytes": 11_999}, ["12,000 bytes", "11,999", "fewer phrases"]),
    ],
)
def test_a_job_over_a_limit_is_refused_with_its_estimate_and_what_to_do(
    stated: dict[str, object], quoted: list[str], tmp_path: Path
) -> None:
    refusal = refusal_of(COST, 3, settings(**stated), tmp_path)
    assert isinstance(refusal, JobTooLarge)
    assert [words for words in quoted if words not in str(refusal)] == []


def test_a_job_at_every_limit_is_taken(tmp_path: Path) -> None:
    just = settings(max_km2=120.5, max_windows=40, max_result_bytes=12_000)
    assert refusal_of(COST, 3, just, tmp_path) is None


def test_a_map_that_does_not_fit_the_disk_is_refused_before(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    large = dataclasses.replace(COST, output_bytes=2 * free)
    endless = settings(max_result_bytes=2**62)
    for cost, stated in ((large, endless), (COST, settings(spare_disk_bytes=2 * free))):
        refusal = refusal_of(cost, 1, stated, tmp_path)
        assert isinstance(refusal, DiskFull)
        assert "left" in refusal.message and "smaller area" in refusal.remedy
    with pytest.raises(DiskFull):
        require_spare(tmp_path, settings(spare_disk_bytes=2 * free))


def test_work_ends_with_a_sentence_when_its_time_is_over() -> None:
    said: list[str] = []
    report: Callable[..., None] = until(1000, lambda stage, done, total: said.append(stage))
    report("Encoding", 1, 2)
    assert said == ["Encoding"]
    with pytest.raises(OutOfTime, match="GLUELINK_MAX_JOB_S"):
        until(-1, lambda *_: None)("Encoding", 1, 2)


@pytest.fixture
def scene_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    write_head(tmp_path / "home", "test")
    return write_scene(tmp_path / "lake_20240501.tif", 224)


def test_an_estimate_says_what_the_job_would_be_refused_for(scene_file: Path) -> None:
    with closing(Service(settings(max_km2=1))) as service:
        scene = service.scenes.register(SceneRequest(path=str(scene_file))).id
        cost = estimate(EstimateRequest(scene=scene), service.computing.context)
        assert cost.km2 == pytest.approx(5, abs=0.1)
        with pytest.raises(JobTooLarge) as refused:
            service.submit(AlignmentRequest(scene=scene, phrases=["water"], head="test"))
        assert cost.refusal == error_body(refused.value)
        assert "6 km²; at most 1 are" in refused.value.message
        assert service.jobs.all() == []


def test_a_job_that_runs_for_too_long_fails_with_a_sentence(scene_file: Path) -> None:
    with closing(Service(settings(max_job_s=1e-9))) as service:
        scene = service.scenes.register(SceneRequest(path=str(scene_file))).id
        assert estimate(EstimateRequest(scene=scene), service.computing.context).refusal is None
        ask = AlignmentRequest(scene=scene, phrases=["water"], head="test")
        job = service.submit(ask).id
        error = look_until(lambda: dict(service.jobs.get(job)), has_ended)["error"]
        assert error and error.code == "out_of_time"


def test_a_check_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hang(request: object, context: object) -> Checked:
        begun.set()
        go_on.wait(30)
        raise SceneUnreadable("The disk has come back.")

    silent = dataclasses.replace(KINDS["alignment"], check=hang)
    request = AlignmentRequest(scene="none", phrases=["water"])
    with closing(Service(settings(state=tmp_path))) as service, ThreadPoolExecutor() as threads:
        with mock.patch.dict(KINDS, alignment=silent):
            hanging = threads.submit(service.submit, request)
            assert begun.wait(10)
        with pytest.raises(SceneUnknown):
            service.submit(request)
        assert not hanging.done()
        go_on.set()
        with pytest.raises(SceneUnreadable):
            hanging.result(10)
