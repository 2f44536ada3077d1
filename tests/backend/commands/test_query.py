"""The command: what it prints, what it leaves, and how it refuses."""

import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from shapely.geometry import box, mapping

from tests.support import forked
from tests.support.rasters import speckled, write_raster

Query = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scene")
    return write_raster(folder / "S1A_IW_GRDH_20240501.tif", speckled(240, 240))


@pytest.fixture(scope="module")
def query(head_file: Path) -> Query:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = ["-m", "backend.query", *arguments]
        if "--head" not in command:
            command += ["--head", head_file]
        return forked.run(*command)

    return run


def test_a_map_is_written_and_all_that_was_read_is_told(
    query: Query, scene_file: Path, tmp_path: Path
) -> None:
    area = {"type": "Feature", "geometry": mapping(box(13.642, 48.73, 13.65, 48.74))}
    aoi, output = tmp_path / "area.geojson", tmp_path / "map.tif"
    aoi.write_text(json.dumps(area))
    words = ("open water", "dense town", "--unlike", "13.645,48.735")
    done = query(scene_file, *words, "--aoi", aoi, "-o", output)
    assert done.returncode == 0, done.stderr
    for said in (
        "Scene: S1A_IW_GRDH_20240501, GRD, 2024-05-01",
        "240 × 240 px of 10.0 × 10.0 m in EPSG:32633",
        "named VV and VH",
        "VV lies between",
        "dense town but not like 13.6450,48.7350  min -",
        f"Map: {output}",
    ):
        assert said in done.stdout
    assert done.stderr == ""
    with rasterio.open(output) as file:
        assert file.descriptions == tuple(
            f"{phrase} but not like 13.6450,48.7350" for phrase in ("open water", "dense town")
        )
        answered = np.isfinite(file.read(1)).sum()
    assert f"{answered:,} cells" in done.stdout


def test_units_date_and_offset_can_be_stated(query: Query, tmp_path: Path) -> None:
    dn = np.round(10 ** ((speckled(120, 120) + 70) / 20)).astype(np.uint16)
    scene = write_raster(tmp_path / "scene.tif", dn)
    options = ("--units", "dn", "--dn-offset-db", "-70", "--date", "2020-02-03", "--device", "cpu")
    done = query(scene, "forest", *options, "-o", tmp_path / "map.tif")
    assert done.returncode == 0, done.stderr
    assert "digital numbers, as stated" in done.stdout and "2020-02-03" in done.stdout
    assert "Warning" not in done.stdout


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files that are each wrong in one way."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "text.tif").write_text("no raster")
    (folder / "area.geojson").write_text("{")
    (folder / "line.geojson").write_text('{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}')
    away = mapping(box(-60, 10, -59, 11))
    (folder / "away.geojson").write_text(json.dumps(away))
    (folder / "head.safetensors").write_bytes(b"no head")
    write_raster(folder / "one_VV.tif", speckled(60, 60)[:1], names=None)
    write_raster(folder / "picture.tif", np.full((3, 60, 60), 9, np.uint8), names=None)
    write_raster(folder / "unclear.tif", speckled(60, 60) + 1e7)
    return {path.name: path for path in folder.iterdir()}


WRONG = [
    (("nowhere.tif", "water"), 'There is no file "nowhere.tif"'),
    (("/vsicurl/http://127.0.0.1/a.tif", "water"), "is not a local file"),
    (("text.tif", "water"), "is not a GeoTIFF"),
    (("one_VV.tif", "water"), "holds VV only"),
    (("picture.tif", "water"), "not radar backscatter"),
    (("unclear.tif", "water"), "fits neither dB"),
    (("SCENE", " "), "A phrase is empty"),
    (("SCENE", "water", "--aoi", "area.geojson"), "cannot be read as GeoJSON"),
    (("SCENE", "water", "--aoi", "none.geojson"), 'There is no file "none.geojson"'),
    (("SCENE", "water", "--aoi", "line.geojson"), "The area is a LineString"),
    (("SCENE", "water", "--aoi", "away.geojson"), "do not overlap; the scene lies at"),
    (("SCENE",), "Nothing is asked"),
    (("SCENE", "--like", "here"), 'The place is "here"'),
    (("SCENE", "--like", "13.6,-95"), 'The place is "13.6,-95"'),
    (("SCENE", "water", "--unlike", "0,0"), "no data at the example 0.0000,0.0000"),
    (("SCENE", "water", "--units", "volts"), 'The option "units" is "volts"'),
    (("SCENE", "water", "--date", "soon"), 'The date is "soon"'),
    (("SCENE", "water", "--encoder", "none"), "There is no encoder 'none'"),
    (("SCENE", "water", "--head", "none"), "There is no head 'none'"),
    (("SCENE", "water", "--head", "head.safetensors"), "cannot be read as a head"),
    (("SCENE", "water", "-o", "map.jpg"), "does not end in .tif"),
    (("SCENE", "water", "-o", "nowhere/map.tif"), "There is no folder"),
]


def test_wrong_input_is_one_sentence_and_exit_code_2(
    wrong: dict[str, Path], scene_file: Path, head_file: Path, tmp_path: Path
) -> None:
    """One process asks all of it, as starting one for each would take minutes."""
    known = {"SCENE": scene_file, **wrong}
    commands = []
    for arguments, _ in WRONG:
        command = [str(known.get(argument, argument)) for argument in arguments]
        command += [] if "--head" in command else ["--head", str(head_file)]
        commands.append(command)
    done = forked.run("-c", ASK_ALL, json.dumps(commands), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for (_, said), (code, error) in zip(WRONG, json.loads(done.stdout), strict=True):
        assert code == 2 and said in error, (said, error)
        assert error.startswith("Error: ") and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


ASK_ALL = """
import contextlib, io, json, sys
from backend import commands, query

answers = []
for arguments in json.loads(sys.argv[1]):
    sys.argv[1:] = arguments
    error = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(error):
        try:
            commands.run(query.app)
        except SystemExit as end:
            answers.append((end.code, error.getvalue()))
print(json.dumps(answers))
"""


def test_what_is_done_to_the_radar_can_be_stated(query: Query, tmp_path: Path) -> None:
    dates = [
        write_raster(tmp_path / f"s_2024050{day}.tif", speckled(200, 200, day), names=None)
        for day in (1, 2)
    ]
    output = tmp_path / "map.tif"
    stated = ["--also", dates[1], "--speckle", "refined-lee", "--product", "RTC"]
    done = query(dates[0], "open water", *stated, "--vv", 1, "--vh", 2, "-o", output)
    assert done.returncode == 0, done.stderr
    for said in (
        "RTC, 2024-05-01",
        "Dates averaged: 2024-05-01, 2024-05-02",
        "Speckle is filtered",
    ):
        assert said in done.stdout
    with rasterio.open(output) as file:
        scene = json.loads(file.tags()["GLUELINK_PROVENANCE"])["scene"]
    assert (scene["dates_are"], scene["dates"]) == ("averaged", ["2024-05-01", "2024-05-02"])
    assert (scene["speckle"], scene["product_type"]) == ("refined-lee", "RTC")
    bands = {"VV": 1, "VH": 2}
    assert scene["options"] == {"product_type": "RTC", "speckle": "refined-lee", "bands": bands}


def test_debug_shows_where_an_error_comes_from(query: Query) -> None:
    done = query("nowhere.tif", "water", "--debug")
    assert done.returncode != 0
    assert "Traceback" in done.stderr and "ConfigInvalid" in done.stderr


def test_help_has_an_example(query: Query) -> None:
    done = query("--help")
    assert done.returncode == 0
    assert "python -m backend.query scene.tif" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_long_run_shows_its_rate_and_leaves_nothing_when_told_to_end(
    number: signal.Signals, head_file: Path, tmp_path: Path
) -> None:
    scene = write_raster(tmp_path / "scene.tif", np.tile(speckled(400, 400), (1, 10, 10)))
    out = tmp_path / "out"
    out.mkdir()
    screen, terminal = pty.openpty()
    command = ["-m", "backend.query", scene, "water", "--head", head_file, "-o", out / "map.tif"]
    running = forked.ForkedPython(
        *command,
        out=Path(os.devnull),
        err=Path(os.ttyname(terminal)),
        env={**os.environ, "COLUMNS": "120", "TERM": "xterm"},
    )
    shown = _read_until(screen, rb"Encoding windows.*\d+/\d+.*\d/s")
    os.close(terminal)
    assert any(out.glob(".map.tif.*.partial"))
    running.send_signal(number)
    shown += _read_until(screen, None)
    assert running.wait(60) == 128 + number
    assert b"Traceback" not in shown
    assert list(out.iterdir()) == []


def _read_until(screen: int, pattern: bytes | None) -> bytes:
    """What a terminal shows until `pattern` comes, or to the end."""
    shown = b""
    while pattern is None or not re.search(pattern, shown):
        try:
            shown += os.read(screen, 4096)
        except OSError:  # the other end is closed
            assert pattern is None, shown
            break
    return shown
