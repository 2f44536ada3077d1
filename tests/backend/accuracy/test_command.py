"""The command measures a map by polygons, points and rasters, or says what is wrong with them."""

import json
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from pyproj import Transformer
from typer.testing import CliRunner, Result

from backend.accuracy import judge
from backend.accuracy.__main__ import app
from backend.errors import ConfigInvalid, TruthInvalid
from tests.support.rasters import write_raster

EPSG, CELL = 32633, 80.0
CORNER = Affine(CELL, 0, 400_000, 0, -CELL, 5_400_000)
ROWS, COLS = 60, 50
LAKES = [(10, 12), (35, 30), (48, 8)]  # row and column of the north-western corner, 8 cells wide


def is_lake() -> np.ndarray:
    lake = np.zeros((ROWS, COLS), bool)
    for row, col in LAKES:
        lake[row : row + 8, col : col + 8] = True
    return lake


def scores(seed: int, apart: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(is_lake() * apart, 1).astype(np.float32)


@pytest.fixture
def water(tmp_path: Path) -> Path:
    """A map of two phrases; the second tells lakes better."""
    bands = np.stack([scores(0, 1), scores(0, 4)])
    bands[:, :3] = np.nan
    return write_raster(
        tmp_path / "water.tif", bands, f"EPSG:{EPSG}", CORNER, ("a town", "open water"),
        nodata=float("nan"),
    )  # fmt: skip


def degrees(row: float, col: float) -> tuple[float, float]:
    to_degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)
    return to_degrees.transform(*(CORNER @ (col, row)))


def write_polygons(path: Path, crs: str | None = None) -> Path:
    """The lakes, fields between them, a pond smaller than a cell, and what nobody knows."""
    squares = [(row, col, 8, "lake") for row, col in LAKES]
    squares += [(25, 5, 5, "field"), (5, 40, 6, "field"), (55, 40, 4, "field"), (26, 40, 3, "?")]
    features = []
    for row, col, side, kind in [*squares, (12.1, 14.1, 0.2, "lake")]:
        corners = [(0, 0), (0, side), (side, side), (side, 0), (0, 0)]
        ring = [
            degrees(row + r, col + c) if crs is None else (CORNER @ (col + c, row + r))
            for r, c in corners
        ]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"kind": kind}, "geometry": geometry})
    content = {"type": "FeatureCollection", "features": features}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(content))
    return path


def write_points(path: Path, n: int = 400) -> Path:
    rng = np.random.default_rng(1)
    rows, cols = rng.uniform(3, ROWS, n), rng.uniform(0, COLS, n)
    lake = is_lake()[rows.astype(int), cols.astype(int)]
    lake[-1], rows[-1] = False, -500  # one far off the map
    lines = [
        "{},{},{}".format(*degrees(row, col), "lake" if wet else "land")
        for row, col, wet in zip(rows, cols, lake, strict=True)
    ]
    path.write_text("\n".join(["Lon,Lat,Kind", *lines]))
    return path


def write_classes(path: Path) -> Path:
    """1 for lakes, 3 for land and 255 for unknown, at 20 m in degrees."""
    west, north = degrees(0, 0)
    east, south = degrees(ROWS, COLS)
    step = 20 / 111_320
    height, width = round(abs(north - south) / step) + 20, round((east - west) / step * 0.66) + 20
    transform = Affine((east - west) * 1.1 / width, 0, west, 0, -step, north + 5 * step)
    to_metres = Transformer.from_crs(4326, EPSG, always_xy=True)
    col, row = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    x, y = to_metres.transform(*(transform @ (col, row)))
    cells = [np.floor(of).astype(int) for of in ~CORNER @ (np.asarray(x), np.asarray(y))]
    inside = (cells[0] >= 0) & (cells[0] < COLS) & (cells[1] >= 0) & (cells[1] < ROWS)
    lake = is_lake()[cells[1].clip(0, ROWS - 1), cells[0].clip(0, COLS - 1)]
    values = np.where(inside, np.where(lake, 1, 3), 255).astype(np.uint8)
    return write_raster(path, values[None], "EPSG:4326", transform, None)


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
