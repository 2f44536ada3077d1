"""The command measures a map by polygons, points and rasters, or says what is wrong with them."""

import json
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from typer.testing import CliRunner, Result

from backend.accuracy import judge
from backend.accuracy.__main__ import app
from backend.errors import ConfigInvalid, TruthInvalid
from tests.support.lakes import (
    COLS,
    CORNER,
    EPSG,
    ROWS,
    scores,
    write_classes,
    write_map,
    write_points,
    write_polygons,
)
from tests.support.rasters import write_raster


@pytest.fixture
def water(tmp_path: Path) -> Path:
    return write_map(tmp_path / "water.tif")


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_polygons_points_and_rasters_tell_the_same_map_is_good(water: Path, tmp_path: Path) -> None:
    truths = {
        write_polygons(tmp_path / "a.geojson"): (["lake"], ["?"]),
        write_polygons(tmp_path / "b.json", f"EPSG:{EPSG}"): (["lake"], ["?"]),
        write_points(tmp_path / "c.csv"): (["lake"], []),
        write_classes(tmp_path / "d.tif"): (["1"], ["255"]),
    }
    found = [
        judge(water, truth, wanted, unknown, field="kind", band=2)
        for truth, (wanted, unknown) in truths.items()
    ]
    for one in found:
        assert one.auc.value > 0.98 and 1 < one.threshold < 3.2
        assert one.auc.low < one.auc.value < one.auc.high
    polygons, again, points, raster = found
    assert polygons == again
    # The pond stands for the cell at its middle, beside the lake's own label for that cell.
    assert (polygons.labels, polygons.wanted) == (3 * 64 + 1 + 25 + 36 + 16, 3 * 64 + 1)
    assert polygons.places == 7 and points.labels == points.places == 399
    assert raster.wanted == 3 * 64 and raster.labels == (ROWS - 3) * COLS
    assert raster.places < 40


def test_the_command_prints_the_figures_and_writes_them(water: Path, tmp_path: Path) -> None:
    truth, out = write_points(tmp_path / "points.csv"), tmp_path / "figures.json"
    options = ("--truth", truth, "--field", "kind", "--class", "lake")
    done = invoke(water, *options, "--phrase", "open water", "-o", out)
    assert done.exit_code == 0, done.output
    assert "399 labelled cells in 399 places" in done.output
    figures = json.loads(out.read_text())
    for name in ("auc", "precision", "recall"):
        one = figures[name]
        assert f"({one['low']:.3f} to {one['high']:.3f})" in done.output


def test_two_maps_are_compared_where_both_have_a_score(water: Path, tmp_path: Path) -> None:
    # The other map lies on a grid of its own, with cells of 160 m, and ends earlier in the west.
    coarse = scores(5, 0.5).reshape(ROWS // 2, 2, COLS // 2, 2).mean((1, 3))[:, 5:]
    corner = CORNER @ Affine.translation(10, 0) @ Affine.scale(2)
    other = write_raster(tmp_path / "other.tif", coarse[None], f"EPSG:{EPSG}", corner, ("w",))
    truth = write_polygons(tmp_path / "a.geojson")
    options = ("--truth", truth, "--field", "kind", "--class", "lake", "--unknown", "?")
    done = invoke(water, *options, "--phrase", "open water", "--against", other)
    assert done.exit_code == 0, done.output
    assert done.output.count("labelled cells") == 2 and "the first is better" in done.output
    paired = judge(water, truth, ["lake"], ["?"], field="kind", band=2, against=other)
    alone = judge(water, truth, ["lake"], ["?"], field="kind", band=2)
    assert paired.first.labels == paired.second.labels < alone.labels


def test_what_is_wrong_is_one_sentence(water: Path, tmp_path: Path) -> None:
    polygons, table = write_polygons(tmp_path / "a.geojson"), write_points(tmp_path / "b.csv")
    with pytest.raises(TruthInvalid, match=r"No label .* is 1; there are: lake .193., field .77."):
        judge(water, polygons, field="kind")
    with pytest.raises(TruthInvalid, match="has the properties kind; expected label"):
        judge(water, polygons)
    with pytest.raises(TruthInvalid, match="columns Lon, Lat, Kind; expected lon, lat and label"):
        judge(water, table)
    with pytest.raises(TruthInvalid, match="cannot be read as a raster"):
        judge(water, tmp_path / "none.tif")
    far = write_raster(tmp_path / "far.tif", np.ones((1, 9, 9), np.uint8), "EPSG:32601")
    with pytest.raises(TruthInvalid, match=r"No label of far\.tif lies on the map"):
        judge(water, far)
    write_raster(tmp_path / "plain.tif", np.ones((1, 9, 9), np.uint8), f"EPSG:{EPSG}", CORNER)
    with pytest.raises(TruthInvalid, match="labelled cells are other ones; at least 5"):
        judge(water, tmp_path / "plain.tif", band=2)
    missing = invoke(water, "--truth", polygons).exception
    assert isinstance(missing, ConfigInvalid) and "'a town', 'open water'" in str(missing)
