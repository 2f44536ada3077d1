"""The command that fills a survey cache: either half, both, once more, and what it refuses."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pyproj import Transformer
from typer.testing import CliRunner, Result

from backend.encoders import Encoder
from backend.errors import ConfigInvalid, GlueLinkError
from backend.survey import open_survey
from backend.survey.__main__ import app
from scripts.samples.siglip2 import NAME, write_siglip2
from tests.support.rasters import speckled, write_raster

Encode = Callable[..., Result]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of six points, their photographs but one, and a scene that shows all but one."""
    folder = tmp_path_factory.mktemp("inputs")
    write_raster(folder / "s1" / "S1_20180615.tif", speckled(300, 300))
    (folder / "s1" / "empty.tif").write_bytes(b"")
    to_degrees = Transformer.from_crs(32633, 4326, always_xy=True)
    lines = ["id,lon,lat,date,region,split,north,south"]
    for k, split in enumerate(["train", "validation", "test"] * 2):
        lon, lat = to_degrees.transform(401_400 + 50 * k, 5_398_500 + (5000 if k == 5 else 0))
        lines.append(f"p{k},{lon:.7f},{lat:.7f},2018-06-01,{split},{split},n{k}.png,s.png")
        Image.new("RGB", (40, 30), (40 * k, 90, 200)).save(folder / f"n{k}.png")
    Image.new("RGB", (30, 40), (9, 9, 9)).save(folder / "s.png")
    (folder / "n2.png").unlink()
    (folder / "points.csv").write_text("\n".join(lines))
    (folder / "unsplit.csv").write_text("\n".join(lines).replace("split", "color"))
    (folder / "other.csv").write_text("\n".join(lines[:-1]))
    write_siglip2(folder / "weights")
    return folder


@pytest.fixture
def encode(inputs: Path, tmp_path: Path) -> Encode:
    def run(*options: object, table: str = "points.csv") -> Result:
        arguments = ["encode", inputs / table, "-o", tmp_path / "cache", "--device", "cpu"]
        return CliRunner().invoke(app, [str(word) for word in [*arguments, *options]])

    return run


@pytest.fixture
def photographs(inputs: Path) -> list[object]:
    return ["--photos", inputs, "--text", NAME, "--text-weights", inputs / "weights"]


@pytest.fixture
def radar(inputs: Path) -> list[object]:
    return ["--scenes", inputs / "s1", "--encoder", "texture-s1"]


def test_both_halves_make_a_survey_that_can_be_learnt_from(
    encode: Encode, photographs: list[object], radar: list[object], tmp_path: Path, texture: Encoder
) -> None:
    done = encode(*photographs, *radar)
    assert done.exit_code == 0, done.output
    assert (
        "11 photographs embedded, 0 were already there.\n1 are missing: 1 not in the folder.\n"
        in (done.output)
    )
    assert (
        "5 points encoded, 0 were already there.\n1 without imagery: 1 outside every scene.\n"
        in (done.output)
    )
    assert "Files that are not a scene: 1.\n  empty.tif: empty.tif is not a GeoTIFF" in done.output
    survey = open_survey(tmp_path / "cache")
    train, test = (survey.views(texture.spec, split) for split in ("train", "test"))
    assert train.valid.tolist() == [[True, False, True, False]] * 2
    assert test.valid.tolist() == [[False, False, True, False]]

    again = encode(*photographs, *radar)
    assert "0 photographs embedded, 11 were already there." in again.output
    assert (
        "0 points encoded, 5 were already there.\n1 without imagery: 1 known from an earlier run."
        in (again.output)
    )


def test_the_halves_may_come_one_by_one_and_other_poolings_beside(
    encode: Encode, photographs: list[object], radar: list[object], tmp_path: Path
) -> None:
    assert encode(*radar).exit_code == 0
    assert encode(*photographs).exit_code == 0
    assert encode(*radar, "--pooling", "mean", "--extent-m", 560).exit_code == 0
    survey = open_survey(tmp_path / "cache")
    assert survey.texts() == [NAME]
    assert survey.encodings() == ["texture-s1", "texture-s1@mean@560m"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "Neither photographs nor scenes were given to encode"),
        (["--photos", "p"], "--photos was given without --text"),
        (["--text", NAME], "--text was given without --photos"),
        (["--scenes", "s1"], "--scenes was given without --encoder"),
        (["--scenes", "s1", "--encoder", "sonar"], "There is no encoder 'sonar'"),
        (["--photos", ".", "--text", "minilm"], "minilm reads text only"),
        (["--scenes", "nowhere", "--encoder", "texture-s1"], 'There is no file "nowhere"'),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    encode: Encode, options: list[object], sentence: str
) -> None:
    refused = encode(*options).exception
    assert isinstance(refused, GlueLinkError) and re.search(re.escape(sentence), str(refused))


@pytest.mark.parametrize(
    ("encoder", "sentence"),
    [
        ("texture-s1", "Radar scenes have no index of tiles"),
        ("alphaearth", "s1 is not an index"),
    ],
)
def test_tiles_of_what_is_not_an_index_are_refused(
    encode: Encode, inputs: Path, encoder: str, sentence: str
) -> None:
    refused = encode("--scenes", inputs / "s1", "--encoder", encoder, "--tiles", "t").exception
    assert isinstance(refused, ConfigInvalid)
    assert re.search(sentence, str(refused))


def test_a_missing_folder_of_photographs_is_refused(
    encode: Encode, photographs: list[object], tmp_path: Path
) -> None:
    refused = encode("--photos", tmp_path / "none", *photographs[2:]).exception
    assert re.search("There is no folder .*none", str(refused))
    assert not (tmp_path / "cache").exists()


def test_a_table_without_a_split_or_other_than_the_caches_is_refused(
    encode: Encode, radar: list[object]
) -> None:
    unsplit = encode(*radar, table="unsplit.csv").exception
    assert re.search(r"unsplit\.csv has no column split", str(unsplit))
    assert encode(*radar).exit_code == 0
    other = encode(*radar, table="other.csv").exception
    assert re.search(r"cache is a survey of 6 other points than these 5: ", str(other))
