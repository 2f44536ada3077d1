"""Accuracy as a job: maps of jobs or files, truths in the request or files, within limits."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from backend.accuracy import judge
from backend.errors import (
    GlueLinkError,
    JobUnknown,
    PhraseInvalid,
    SceneUnreadable,
    TooLarge,
    TruthInvalid,
)
from backend.io.roots import read_only_below
from backend.progress import silent
from backend.service.context import Context
from backend.service.jobs import Job
from backend.service.kinds import accuracy
from backend.service.kinds.accuracy import AccuracyRequest, AccuracyResult
from backend.service.model_cache import ModelCache
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings
from backend.service.table import JobRow, JobTable
from tests.support.lakes import write_classes, write_map, write_points, write_polygons

LAKES = {"field": "kind", "wanted": ["lake"], "unknown": ["?"]}


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """A service's context with a job "done" that has left a map, and one that still runs."""
    (tmp_path / "work").mkdir()
    write_map(tmp_path / "work" / "water.tif")
    file = {"name": "water.tif", "bytes": 1, "media_type": "image/tiff"}
    with closing(JobTable(tmp_path / "jobs.sqlite3")) as table:
        left = json.dumps({"kind": "alignment", "files": [file]})
        table.add(JobRow("done", "work", "device", "done", "now", "{}", result=left))
        table.add(JobRow("running", "other", "device", "running", "now", "{}"))
        settings = Settings(token="a" * 20)
        yield Context(settings, ModelCache(), SceneRegistry(table), tmp_path, table)


def ask(map_: object = None, **fields: object) -> AccuracyRequest:
    map_ = {"job": "done", "phrase": "open water"} if map_ is None else map_
    return AccuracyRequest.model_validate({"kind": "accuracy", "map": map_, **LAKES, **fields})


def run(request: AccuracyRequest, context: Context, folder: Path) -> AccuracyResult:
    accuracy.check(request, context)
    return accuracy.run(request, context, folder, silent)


def test_a_jobs_map_is_measured_by_polygons_in_the_request(context: Context, tmp_path) -> None:
    polygons = write_polygons(tmp_path / "lakes.geojson")
    found = run(ask(truth=json.loads(polygons.read_text())), context, tmp_path)
    plain = judge(tmp_path / "work" / "water.tif", polygons, ["lake"], ["?"], field="kind", band=2)
    assert found.map.auc.model_dump() == vars(plain.auc)
    assert (found.map.labels, found.map.places) == (plain.labels, 7)
    assert found.against is found.difference is None
    assert AccuracyResult.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("write", [write_polygons, write_points, write_classes])
def test_two_maps_are_compared_by_a_file(context: Context, tmp_path, write) -> None:
    truth = write(tmp_path / f"truth.{'tif' if write is write_classes else 'csv'}")
    if write is write_polygons:
        truth = truth.rename(tmp_path / "truth.geojson")
    labels = {"wanted": ["1"], "unknown": ["255"]} if write is write_classes else {}
    other = {"path": str(write_map(tmp_path / "own.tif")), "phrase": "a town"}
    found = run(ask(against=other, truth_path=str(truth), **labels), context, tmp_path)
    assert found.against is not None and found.difference is not None
    assert found.map.auc.value > 0.98 > found.against.auc.value
    assert found.difference.low > 0 and found.p_value is not None and found.p_value < 0.05


def test_a_share_of_nothing_is_null_in_the_reply() -> None:
    none = {"value": float("nan"), "low": 0.0, "high": 1.0}
    assert accuracy._without_nan({"precision": none})["precision"]["value"] is None


@pytest.mark.parametrize(
    ("fields", "error", "words"),
    [
        ({"map_": {"job": "running"}}, JobUnknown, "running"),
        ({"map_": {"job": "../x"}}, JobUnknown, "no job"),
        ({"map_": {}}, TruthInvalid, "job or a path"),
        ({"map_": {"job": "done", "path": "/x.tif"}}, TruthInvalid, "job or a path"),
        ({"map_": {"job": "done"}}, PhraseInvalid, "'a town', 'open water'"),
        ({"map_": {"job": "done", "phrase": "x"}}, PhraseInvalid, "'x' is none of them"),
        ({"map_": {"path": "own.tif"}}, TruthInvalid, "whole path"),
        ({"truth": None}, TruthInvalid, "truth or truth_path"),
        ({"truth": None, "truth_path": "/no/such.csv"}, SceneUnreadable, "no file"),
        ({"truth": None, "truth_path": "{home}/jobs.sqlite3"}, TruthInvalid, "as a raster"),
        ({"truth_path": "/x.csv"}, TruthInvalid, "truth or truth_path"),
    ],
)
def test_what_cannot_be_measured_is_refused_at_once(
    context: Context, tmp_path, fields: dict, error: type[GlueLinkError], words: str
) -> None:
    stated = {"truth": {"type": "FeatureCollection", "features": []}, **fields}
    if stated.get("truth_path"):
        stated["truth_path"] = stated["truth_path"].format(home=tmp_path)
    with pytest.raises(error, match=words):
        accuracy.check(ask(**stated), context)


def test_limits_hold_for_cells_and_bytes(context: Context, tmp_path) -> None:
    truth = ask(truth_path=str(write_points(tmp_path / "p.csv")))
    for limit in ({"max_truth_cells": 2999}, {"max_truth_bytes": 100}):
        small = replace(context, settings=context.settings.model_copy(update=limit))
        with pytest.raises(TooLarge, match=next(iter(limit)).upper()):
            accuracy.check(truth, small)


def test_nothing_is_read_outside_the_roots(context: Context, tmp_path) -> None:
    (tmp_path / "root").mkdir()
    points = write_points(tmp_path / "points.csv")
    link = tmp_path / "root" / "points.csv"
    link.symlink_to(points)
    read_only_below([tmp_path / "root", tmp_path / "work"])
    try:
        for path in (points, link):
            with pytest.raises(SceneUnreadable, match="does not lie in a folder"):
                accuracy.check(ask(truth_path=str(path)), context)
    finally:
        read_only_below(None)


def test_a_job_holds_its_request_and_its_figures(context: Context, tmp_path) -> None:
    request = ask(truth_path=str(write_points(tmp_path / "points.csv")))
    job = Job(
        id="1", kind="accuracy", state="done", stage="Done", done=1, total=1, seconds_left=None,
        created="now", request=request, result=run(request, context, tmp_path),
    )  # fmt: skip
    assert Job.model_validate_json(job.model_dump_json()) == job
