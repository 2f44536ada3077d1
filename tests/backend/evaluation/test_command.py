"""`python -m backend.evaluate`: the tables it writes, the figures it draws, and how it refuses."""

import csv
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zarr
from PIL import Image
from pyproj import Transformer

from backend.encoders import Encoder
from backend.errors import ConfigInvalid
from backend.evaluate import app
from backend.evaluation import Evaluation, evaluate_head
from backend.evaluation.pictures import PictureFiles, simulated_thumbnails, surveyed_thumbnails
from backend.link import Pooling
from backend.simulation import Ground
from backend.simulation.demo import COLOURS
from backend.simulation.survey.points import POINTS_PER_LANDSCAPE, simulate_points
from backend.survey import create_survey
from backend.survey.photos import photo_path
from backend.survey.points import Photograph, Point, gather_points, write_points
from backend.text import TextEncoder, load_text_encoder
from backend.text.vocabulary import CLASS_PROMPTS
from scripts.samples.siglip2 import NAME as SIGLIP
from scripts.samples.siglip2 import write_siglip2
from tests.support import forked
from tests.support.in_process import exit_code
from tests.support.planted_survey import SEED, Planted, planted_points
from tests.support.rasters import speckled, write_raster

VOCABULARY = """
water: [a lake, open water, a river, the sea, a pond]
woods: [a forest, a birch wood, pines, an oak wood, a spruce plantation]
people: [a village, a town street, a farm, a church, a factory]
"""
TEST_TILES = 3 * POINTS_PER_LANDSCAPE


@dataclasses.dataclass
class Done:
    """What a run left: its exit code and what it said."""

    code: object
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evaluate")
    (path / "words.yaml").write_text(VOCABULARY)
    return path


@pytest.fixture(scope="module", autouse=True)
def home(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUELINK_HOME", str(folder / "home"))
        yield


@pytest.fixture(scope="module")
def siglip(folder: Path) -> Path:
    return write_siglip2(folder / "siglip")


@pytest.fixture(scope="module")
def planted(folder: Path, texture: Encoder, minilm: TextEncoder, siglip: Path) -> Planted:
    """A survey in two text spaces."""
    spaces = {"minilm": minilm.space, SIGLIP: load_text_encoder(SIGLIP, siglip, "cpu").space}
    return Planted(folder / "planted", planted_points(), texture.spec, spaces)


@pytest.fixture
def evaluate(
    folder: Path, planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:  # fmt: skip
    """The command as a user runs it, without a process of its own."""

    def command(*arguments: object, survey: Path = planted.survey.path, output: str = "o") -> Done:
        words = [] if "--vocabulary" in arguments else ["--vocabulary", folder / "words.yaml"]
        fixed = ["--survey", survey, "-o", tmp_path / output, "--device", "cpu", *words]
        code = exit_code(app, [*fixed, *arguments], monkeypatch)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return command


def plain(planted: Planted, text: TextEncoder, resamples: int = 7) -> Evaluation:
    """What the command should find, from the arrays that were planted."""
    points, head = planted.survey, planted.heads[text.name]
    views = {
        name: points.views(planted.spec, name, text=text.name) for name in ("validation", "test")
    }
    phrases = [phrase for line in VOCABULARY.strip().splitlines() for phrase in
               line.partition("[")[2].rstrip("]").split(", ")]  # fmt: skip
    test = views["test"]
    return evaluate_head(
        head, test.pooled, test.photos, test.valid, points.land_class[test.rows],
        vocabulary=text.embed(phrases), categories=["water"] * 5 + ["woods"] * 5 + ["people"] * 5,
        prompts=text.embed(CLASS_PROMPTS), validation=views["validation"],
        grid=planted.spec.grid, seed=3, resamples=resamples,
    )  # fmt: skip


# Tables


@pytest.fixture(scope="module")
def tables(folder: Path, planted: Planted) -> Path:
    """What one run with two heads leaves, in a process of its own."""
    output = folder / "tables"
    heads = [planted.head_file(folder, "minilm", "truth", name="truth")]
    wrong = dataclasses.replace(planted.heads["minilm"], weight=-planted.heads["minilm"].weight)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(planted.heads, "minilm", wrong)
        heads.append(planted.head_file(folder, "minilm", "wrong", name="wrong"))
    options = ["--survey", planted.survey.path, "--vocabulary", folder / "words.yaml", "-o", output]
    options += ["--seed", 3, "--resamples", 7, "--no-figures", "--device", "cpu"]
    for head in heads:
        options += ["--head", head]
    done = forked.run("-m", "backend.evaluate", *options)
    assert done.returncode == 0, done.stderr
    (output / "stdout").write_text(done.stdout, encoding="utf-8")
    return output


def test_the_figures_are_those_of_the_planted_truth(
    tables: Path, planted: Planted, minilm: TextEncoder
) -> None:
    heads = json.loads((tables / "tables.json").read_text())["heads"]
    assert list(heads) == ["truth", "wrong", "mean photograph"]
    wanted = plain(planted, minilm)
    found = heads["truth"]
    assert found["tiles"] == wanted.tiles == TEST_TILES
    for metric, path in {
        "test_cosine": ("test_cosine",),
        "validation_cosine": ("validation_cosine",),
        "caption_rho": ("caption", "rho"),
        "retrieval_rho": ("retrieval", "rho"),
    }.items():
        read = found
        for key in path:
            read = read[key]
        assert read == pytest.approx(dataclasses.asdict(wanted[metric]), abs=1e-9)
    assert found["zero_shot"]["confusion"] == [list(row) for row in wanted.zero_shot.confusion]
    assert found["test_cosine"]["value"] > 0.7 > heads["wrong"]["test_cosine"]["value"]


def test_the_mean_photograph_of_the_training_split_stands_beside(
    tables: Path, planted: Planted, minilm: TextEncoder
) -> None:
    found = json.loads((tables / "tables.json").read_text())["heads"]["mean photograph"]
    train, test = (
        planted.survey.views(planted.spec, split, text="minilm") for split in ("train", "test")
    )
    photos = train.photos[train.valid].double().mean(0)
    mean = photos / photos.norm()
    cosines = (test.photos.double() * mean).sum(2)[test.valid]
    assert found["test_cosine"]["value"] == pytest.approx(float(cosines.mean()), abs=1e-3)
    assert found["retrieval"]["rho"]["value"] is None
    assert found["retrieval"]["precision"]["100"]["value"] == pytest.approx(100 / TEST_TILES)


def test_the_tables_are_printed_and_written_in_every_form(tables: Path) -> None:
    assert {path.name for path in tables.iterdir()} == {
        "tables.txt", "tables.csv", "tables.json", "tables.tex", "stdout",
    }  # fmt: skip
    printed, text = (tables / "stdout").read_text(), (tables / "tables.txt").read_text()
    for said in ("truth", "mean photograph", "AlphaEarth 64-d (paper)", "chance, 108 tiles"):
        assert said in printed and said in text
    assert "Tiles by class and by answer: truth" in printed
    assert "Tiles by class and by answer: mean" not in printed
    lines = {line["name"]: line for line in csv.DictReader((tables / "tables.csv").open())}
    assert {"truth", "wrong", "mean photograph", "chance, 108 tiles"} <= lines.keys()
    assert r"truth & " in (tables / "tables.tex").read_text()


def test_a_class_without_points_is_a_dash_and_is_named(tables: Path) -> None:
    text = (tables / "tables.txt").read_text()
    assert "No tile: wetland." in text
    found = json.loads((tables / "tables.json").read_text())["heads"]["truth"]["zero_shot"]
    assert found["by_class"]["H"]["value"] is None and found["by_class"]["A"]["value"] is not None


def test_a_survey_without_classes_has_no_zero_shot_columns(
    evaluate: Command, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    bare = Planted(tmp_path / "s", planted_points([-1]), texture.spec, {"minilm": minilm.space})
    head = bare.head_file(tmp_path, "minilm")
    done = evaluate("--head", head, "--no-figures", "--resamples", 0, survey=bare.survey.path)
    assert done.code == 0, done.err
    assert "No tile has a class, so there is no zero-shot accuracy." in " ".join(done.out.split())
    assert "Zero-shot accuracy by class" not in done.out
    rows = list(csv.DictReader((tmp_path / "o" / "tables.csv").open()))
    assert [row["top1"] for row in rows if row["source"] == "here"] == ["", "", ""]


def test_a_survey_without_validation_or_training_points_has_a_dash(
    evaluate: Command, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    points = planted_points()
    points = dataclasses.replace(points, split=np.full(len(points), 2, np.uint8))
    bare = Planted(tmp_path / "s", points, texture.spec, {"minilm": minilm.space})
    head = bare.head_file(tmp_path, "minilm")
    done = evaluate("--head", head, "--no-figures", "--resamples", 0, survey=bare.survey.path)
    assert done.code == 0, done.err
    heads = json.loads((tmp_path / "o" / "tables.json").read_text())["heads"]
    assert list(heads) == ["texture-s1_minilm"]
    assert heads["texture-s1_minilm"]["validation_cosine"] is None


def test_a_head_is_measured_on_the_pooling_that_it_was_fitted_on(
    evaluate: Command, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    pooling = Pooling("mean", extent_m=500)
    other = Planted(
        tmp_path / "s", planted_points(), texture.spec, {"minilm": minilm.space}, pooling
    )
    head = other.head_file(tmp_path, "minilm")
    done = evaluate("--head", head, "--no-figures", "--resamples", 0, survey=other.survey.path)
    assert done.code == 0, done.err
    heads = json.loads((tmp_path / "o" / "tables.json").read_text())["heads"]
    # The scale of the bias follows from the grid, so another one would not reach the truth.
    assert heads["texture-s1_minilm"]["test_cosine"]["value"] > 0.7
    wedges = other.head_file(tmp_path, "minilm", "wedges", training={})
    done = evaluate("--head", wedges, "--no-figures", survey=other.survey.path)
    assert done.code == 2 and "holds features of texture-s1@mean" in done.err


def test_heads_of_one_name_are_told_apart(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    first = planted.head_file(tmp_path, "minilm", "a", name="same")
    second = planted.head_file(tmp_path, "minilm", "b", name="same")
    done = evaluate(
        "--head", first, "--head", second, "--head", first, "--no-figures", "--resamples", 0
    )
    assert done.code == 0, done.err
    heads = json.loads((tmp_path / "o" / "tables.json").read_text())["heads"]
    assert list(heads) == ["same", str(second), "mean photograph"]


# Figures


@pytest.fixture(scope="module")
def heads_of_both(folder: Path, planted: Planted) -> list[object]:
    files = [planted.head_file(folder, text, text, name=text) for text in ("minilm", SIGLIP)]
    return [argument for file in files for argument in ("--head", file)]


def test_figures_of_a_simulated_survey(
    evaluate: Command, heads_of_both: list[object], siglip: Path, tmp_path: Path
) -> None:
    done = evaluate(
        *heads_of_both, "--text-weights", siglip, "--resamples", 0,
        "--phrase", "open water", "--phrase", "a village",
    )  # fmt: skip
    assert done.code == 0, done.err
    pictures = {path.name for path in (tmp_path / "o").glob("*.png")}
    assert pictures == {
        "scatter.png", "reliability.png", "top_tiles_minilm.png", f"top_tiles_{SIGLIP}.png",
        f"languages_{SIGLIP}.png",
    }  # fmt: skip
    for name in pictures:
        with Image.open(tmp_path / "o" / name) as image:
            image.load()
            assert image.format == "PNG" and min(image.size) > 400
    assert "No picture of minilm in several languages: minilm knows English only." in done.out
    heads = json.loads((tmp_path / "o" / "tables.json").read_text())["heads"]
    means = [name for name in heads if name.startswith("mean photograph")]
    assert means == ["mean photograph, minilm", f"mean photograph, {SIGLIP}"]


def test_a_simulated_tile_looks_as_it_did_when_the_survey_was_made(planted: Planted) -> None:
    rows = [40, 3, 71]
    thumbnails, legend = simulated_thumbnails(planted.survey, rows)
    batches = list(simulate_points(2 * POINTS_PER_LANDSCAPE, SEED))
    assert sorted(thumbnails) == sorted(rows)
    for row in rows:
        batch, k = batches[row // POINTS_PER_LANDSCAPE], row % POINTS_PER_LANDSCAPE
        np.testing.assert_array_equal(thumbnails[row].db, batch.windows[k])
        wanted = np.array([COLOURS[ground] for ground in Ground], np.uint8)[batch.cover[k]]
        assert np.array_equal(thumbnails[row].picture, wanted)
        assert thumbnails[row].lines[1] == f"E: {batch.captions[k][1]}"
    seen = {COLOURS[Ground(value)] for row in rows for value in np.unique(
        batches[row // POINTS_PER_LANDSCAPE].cover[row % POINTS_PER_LANDSCAPE])}  # fmt: skip
    assert set(legend.colours.values()) == seen


def write_photo(path: Path, colour: tuple[int, int, int]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 48), colour).save(path)
    return str(path)


RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 160, 30)


def test_a_real_tile_shows_the_scene_and_the_photographs(texture: Encoder, tmp_path: Path) -> None:
    """One fetched from a URL, one that lies where the table says, one damaged, one undirected."""
    url = "http://example.org/1N.jpg"
    folder = tmp_path / "photos"
    write_photo(photo_path(folder, Photograph("1", "north", url)), RED)
    local = write_photo(tmp_path / "own" / "west.png", BLUE)
    (tmp_path / "damaged.jpg").write_bytes(b"no picture")
    views = (url, str(tmp_path / "damaged.jpg"), "", local)
    alone = write_photo(tmp_path / "own" / "alone.png", GREEN)
    middle = Transformer.from_crs(32633, 4326, always_xy=True).transform(402_000, 5_398_000)
    inside, outside = (float(middle[0]), float(middle[1])), (20.0, 50.0)
    points = gather_points(
        [
            Point("1", *inside, None, "A", 0, views, "", 2),
            Point("2", *outside, None, "A", 0, ("", "", "", ""), alone, 2),
        ]
    )
    scene = speckled(400, 400)
    write_raster(tmp_path / "scenes" / "S1A_IW_GRDH_20240501.tif", scene)
    write_points(points, tmp_path / "points.csv")
    survey = create_survey(tmp_path / "s", points, {"kind": "table"})
    files = PictureFiles(tmp_path / "scenes", folder, tmp_path / "points.csv")
    thumbnails, _ = surveyed_thumbnails(survey, [0, 1], texture.spec, files)
    first, second = thumbnails[0], thumbnails[1]
    assert first.db.shape == (2, texture.spec.window_px, texture.spec.window_px)
    assert np.isfinite(first.db).all() and second.db is None
    assert first.lines == ("point 1",)
    north, east, south, west = (
        first.picture[half][:, other].reshape(-1, 3).mean(axis=0)
        for half in (slice(0, 150), slice(150, 300))
        for other in (slice(0, 150), slice(150, 300))
    )
    assert north == pytest.approx(RED, abs=4) and west == pytest.approx(BLUE, abs=4)
    assert np.array_equal(east, south) and east.min() > 240
    assert (second.picture == GREEN).all()


def test_real_tiles_are_shown_when_it_is_said_where_their_files_lie(
    evaluate: Command, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    address = write_photo(tmp_path / "photo.png", GREEN)
    points = planted_points()
    points = dataclasses.replace(points, views=np.where(np.eye(4)[0] > 0, address, points.views))
    write_points(points, tmp_path / "points.csv")
    write_raster(tmp_path / "scenes" / "S1A_IW_GRDH_20240501.tif", speckled(300, 300))
    real = Planted(tmp_path / "s", points, texture.spec, {"minilm": minilm.space})
    zarr.open_group(tmp_path / "s").attrs["source"] = {"kind": "table"}
    head = real.head_file(tmp_path, "minilm", file="head", name="my/head")
    options = ("--head", head, "--resamples", 0)
    done = evaluate(*options, survey=real.survey.path)
    assert done.code == 0, done.err
    assert "No picture of the best tiles of my/head: give --scenes" in done.out
    drawn = {"scatter.png", "reliability.png"}
    assert {path.name for path in (tmp_path / "o").glob("*.png")} == drawn
    files = (
        "--scenes",
        tmp_path / "scenes",
        "--photos",
        tmp_path,
        "--points",
        tmp_path / "points.csv",
    )
    done = evaluate(*options, *files, survey=real.survey.path)
    assert done.code == 0, done.err
    assert "No picture of the best" not in done.out
    drawn |= {"top_tiles_my-head.png"}
    assert {path.name for path in (tmp_path / "o").glob("*.png")} == drawn


# Wrong input


def refused(done: Done, *said: str) -> None:
    assert done.code == 2
    assert done.err.startswith("Error: ") and done.err.count("\n") == 1
    for words in said:
        assert words in done.err
    assert "Traceback" not in done.err


def test_a_head_for_an_encoder_whose_features_the_survey_lacks(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    head = planted.head_file(tmp_path, "minilm", encoder="ssl4eo-s1")
    done = evaluate("--head", head)
    refused(done, "The survey planted holds features of texture-s1, not of ssl4eo-s1")
    older = planted.head_file(tmp_path, "minilm", encoder_identity="texture-s1/0")
    refused(evaluate("--head", older), "texture-s1/0")
    unknown = planted.head_file(tmp_path, "minilm", encoder="sonar-s1")
    refused(evaluate("--head", unknown), "texture-s1_minilm", "sonar-s1", "texture-s1")


def test_a_head_whose_text_space_is_not_the_surveys(
    evaluate: Command, texture: Encoder, planted: Planted, tmp_path: Path
) -> None:
    spaces = {SIGLIP: planted.spaces[SIGLIP]}
    other = Planted(tmp_path / "other", planted_points(), texture.spec, spaces)
    head = planted.head_file(tmp_path, "minilm")
    done = evaluate("--head", head, survey=other.survey.path)
    refused(done, "all-MiniLM-L6-v2@53aa51172d14 (384-d)", f"{SIGLIP}: google/siglip2-base")


def test_text_weights_of_another_space(evaluate: Command, planted: Planted, tmp_path: Path) -> None:
    other = write_siglip2(tmp_path / "weights", seed=1)
    head = planted.head_file(tmp_path, SIGLIP)
    done = evaluate("--head", head, "--text-weights", other)
    refused(done, "belong to the text space google/siglip2-base", f"{SIGLIP} gives google/siglip2")


@pytest.mark.parametrize("what", ["features", "photographs"])
def test_values_that_are_no_numbers_name_survey_encoder_and_row(
    evaluate: Command, texture: Encoder, minilm: TextEncoder, tmp_path: Path, what: str
) -> None:
    planted = Planted(tmp_path / "s", planted_points(), texture.spec, {"minilm": minilm.space})
    row = len(planted.survey) - 2
    layer = "features/texture-s1" if what == "features" else "photos/minilm"
    zarr.open_group(tmp_path / "s" / layer)["vectors"][row, :, 5] = np.nan
    done = evaluate("--head", planted.head_file(tmp_path, "minilm"), survey=planted.survey.path)
    problem = "features hold" if what == "features" else "photograph holds"
    place = f"Row {row} of the survey s (texture-s1, minilm), point {row:07d}, view "
    refused(done, place, f"its {problem} NaN or infinite values")


def test_a_vocabulary_with_a_duplicate_names_both_rows(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    words = tmp_path / "words.yaml"
    words.write_text("water:\n  - a lake\n  - open water\nmore:\n  - A  Lake\n")
    done = evaluate("--head", planted.head_file(tmp_path, "minilm"), "--vocabulary", words)
    refused(done, 'words.yaml has the phrase "A Lake" in row 5 and in row 2')


def test_no_survey_no_head_and_no_test_split(
    evaluate: Command, texture: Encoder, minilm: TextEncoder, planted: Planted, tmp_path: Path
) -> None:
    head = planted.head_file(tmp_path, "minilm")
    refused(evaluate("--head", head, survey=tmp_path / "none"), "There is no survey ", "none")
    refused(evaluate("--head", "nothing"), "There is no head 'nothing'")
    points = dataclasses.replace(planted_points(), split=np.zeros(len(planted_points()), np.uint8))
    bare = Planted(tmp_path / "s", points, texture.spec, {"minilm": minilm.space})
    done = evaluate("--head", head, survey=bare.survey.path)
    refused(done, "The survey s has no point", "the test split")


def test_an_output_that_cannot_be_written_is_found_before_the_work(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    (tmp_path / "o").write_text("a file")
    refused(evaluate("--head", planted.head_file(tmp_path, "minilm")), "cannot be written")


def test_an_empty_phrase_is_found_before_the_work(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    done = evaluate("--head", planted.head_file(tmp_path, "minilm"), "--phrase", " ")
    refused(done, "A phrase is empty.")
    assert not (tmp_path / "o").exists()


def test_a_point_without_imagery_does_not_widen_the_map(
    evaluate: Command, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    pictures = []
    for name, away in (("near", 0.0), ("far", 30.0)):
        points = planted_points()
        lon = points.lon.copy()
        lon[-1] += away
        points = dataclasses.replace(points, lon=lon)
        spaces = {"minilm": minilm.space}
        planted = Planted(tmp_path / name, points, texture.spec, spaces, kind="table")
        layer = planted.survey.feature_layer(texture.spec)
        last = slice(128, len(points))
        vectors, valid = layer.read(last)
        valid[-1] = False
        layer.write(last, vectors, valid)
        head = planted.head_file(tmp_path, "minilm")
        assert evaluate("--head", head, "--resamples", 0, survey=planted.survey.path).code == 0
        pictures.append((tmp_path / "o" / "scatter.png").read_bytes())
    assert pictures[0] == pictures[1]


def test_photographs_without_their_table(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    head = planted.head_file(tmp_path, "minilm")
    refused(evaluate("--head", head, "--photos", tmp_path), "--photos", "--points")
    with pytest.raises(ConfigInvalid, match="only one was given"):
        PictureFiles(points=tmp_path)


def test_pictures_that_are_not_there_are_found_before_the_work(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    head = planted.head_file(tmp_path, "minilm")
    refused(evaluate("--head", head, "--scenes", tmp_path / "none"), "none for --scenes")
    assert not (tmp_path / "o").exists()


def test_a_card_with_an_unknown_pooling_is_refused(
    evaluate: Command, planted: Planted, tmp_path: Path
) -> None:
    head = planted.head_file(tmp_path, "minilm", training={"pooling": {"shape": "star"}})
    refused(evaluate("--head", head), "texture-s1_minilm", "{'shape': 'star'}")
