"""Encoders that need no head, in the same tables: against planted truth, and for real."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from PIL import Image
from pyproj import Transformer
from scipy.stats import spearmanr
from typer.testing import CliRunner

from backend.encoders import Encoder, EncoderSpec, list_encoders
from backend.errors import ConfigInvalid, HeadMismatch
from backend.evaluate import app
from backend.evaluation import Evaluation, evaluate_head
from backend.link import LinkHead, Pooling
from backend.survey import Survey, open_survey
from backend.survey.__main__ import app as survey_app
from backend.survey.points import SPLITS
from backend.text import TextEncoder, load_text_encoder
from backend.text.vocabulary import CLASS_PROMPTS
from scripts.samples.clip import write_clip, write_ms_clip
from scripts.samples.siglip2 import NAME as SIGLIP
from scripts.samples.siglip2 import write_siglip2
from tests.support.in_process import exit_code
from tests.support.planted_survey import Planted, planted_points
from tests.support.rasters import write_raster

REAL = Path(__file__).parents[4] / "shared" / "data" / "s1" / "denmark_2017" / "s2_rgb.tif"
VOCABULARY = """
water: [a lake, open water, a river, the sea, a pond]
woods: [a forest, a birch wood, pines, an oak wood, a spruce plantation]
"""
PHRASES = [
    phrase for line in VOCABULARY.strip().splitlines()
    for phrase in line.partition("[")[2].rstrip("]").split(", ")
]  # fmt: skip
MEAN = Pooling("mean")


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's folder with both references' weights."""
    folder = tmp_path_factory.mktemp("reference")
    write_clip(folder / "home" / "models" / "clip-vitb16", dim=24)
    write_ms_clip(folder / "home" / "models" / "ms-clip")
    write_siglip2(folder / "home" / "models" / SIGLIP)
    (folder / "words.yaml").write_text(VOCABULARY)
    return folder


@pytest.fixture(scope="module", autouse=True)
def at_home(home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUELINK_HOME", str(home / "home"))
        yield


@pytest.fixture(scope="module")
def clip(at_home: None) -> TextEncoder:
    return load_text_encoder("clip-vitb16", device="cpu")


@pytest.fixture(scope="module")
def clip_spec(at_home: None) -> EncoderSpec:
    return next(spec for spec in list_encoders() if spec.name == "clip-rgb")


# Planted truth


class Answers:
    """Tiles whose vectors are made of the reference's own phrases, and photographs of theirs.

    The weights of the phrases in a tile are the same in both spaces, up to noise, so that the two
    must agree; the class is the prompt that the tile's vector has most of.
    """

    def __init__(self, tiles: int, own: int, other: int, noise: float, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.own, self.other = (unit(rng.standard_normal((20, dim))) for dim in (own, other))
        self.prompts = unit(rng.standard_normal((8, own)))
        self.classes = rng.integers(0, 8, tiles)
        wanted = rng.standard_normal((tiles, 20))
        # The least vector whose cosines with the phrases are, but for its length, as wanted.
        places = wanted @ np.linalg.pinv(self.own).T
        pictured = (wanted + noise * rng.standard_normal(wanted.shape)) @ np.linalg.pinv(
            self.other
        ).T
        self.pooled = np.repeat(places[:, None], 4, axis=1)
        self.photos = unit(np.repeat(pictured[:, None], 4, axis=1))
        self.valid = rng.random((tiles, 4)) < 0.8
        self.valid[4] = False
        self.photos[~self.valid] = np.nan

    def evaluate(self, **changes: object) -> Evaluation:
        arguments = {
            "vocabulary": self.own,
            "photographed": self.other,
            "categories": ["wet", "dry"] * 10,
            "prompts": self.prompts,
            "resamples": 4,
        }
        arrays = (self.pooled, self.photos, self.valid, self.classes)
        return evaluate_head(None, *arrays, **(arguments | changes))


def test_a_reference_that_says_what_the_photographs_say_agrees_with_them_wholly() -> None:
    made = Answers(130, own=32, other=24, noise=0.0)
    made.classes = (unit(made.pooled[:, 0]) @ made.prompts.T).argmax(1)
    found = made.evaluate()
    assert found.tiles == 129 and found.views == made.valid.sum()
    assert found["top1"].value == 1
    assert found["caption_rho"].value == pytest.approx(1)
    assert set(found.by_category) == {"wet", "dry"}
    assert found["retrieval_rho"].value > 0.9 and found["precision_at_100"].value > 0.9
    assert np.isnan(found["test_cosine"].value) and "validation_cosine" not in found.figures


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_that_of_a_plain_loop(seed: int) -> None:
    made = Answers(130, own=32, other=24, noise=0.7, seed=seed)
    found = made.evaluate()
    predicted, pictured, classes = [], [], []
    for row in range(130):
        photos = [made.photos[row, v] for v in range(4) if made.valid[row, v]]
        if photos:
            predicted.append([float(unit(made.pooled[row, 0]) @ phrase) for phrase in made.own])
            mean = unit(np.mean(photos, axis=0))
            pictured.append([float(mean @ phrase) for phrase in made.other])
            answers = [float(made.pooled[row, 0] @ prompt) for prompt in made.prompts]
            classes.append(answers.index(max(answers)) == made.classes[row])
    a, b = np.array(predicted), np.array(pictured)
    captions = [spearmanr(x, y).statistic for x, y in zip(a, b, strict=True)]
    rankings = [spearmanr(x, y).statistic for x, y in zip(a.T, b.T, strict=True)]
    firsts = [[{*np.argsort(-column)[:100]} for column in scores.T] for scores in (a, b)]
    overlaps = [len(x & y) / 100 for x, y in zip(*firsts, strict=True)]
    assert found["top1"].value == pytest.approx(np.mean(classes), abs=1e-6)
    assert found["caption_rho"].value == pytest.approx(np.mean(captions), abs=1e-6)
    assert found["retrieval_rho"].value == pytest.approx(np.mean(rankings), abs=1e-6)
    assert found["precision_at_100"].value == pytest.approx(np.mean(overlaps), abs=1e-6)
    wet = [spearmanr(x[::2], y[::2]).statistic for x, y in zip(a, b, strict=True)]
    assert found.by_category["wet"].value == pytest.approx(np.mean(wet), abs=1e-6)


def test_questions_that_do_not_fit_are_one_sentence() -> None:
    made = Answers(12, own=32, other=24, noise=0.1)
    with pytest.raises(HeadMismatch, match=r"\(20, 24\); expected \(q, 32\)"):
        made.evaluate(vocabulary=made.other)
    with pytest.raises(HeadMismatch, match=r"\(20, 32\); expected \(q, 24\)"):
        made.evaluate(photographed=made.own)
    with pytest.raises(ConfigInvalid, match="20 phrases and 19 phrases for photographs"):
        made.evaluate(photographed=made.other[1:])


# A planted survey, by the command


@pytest.fixture(scope="module")
def planted(
    home: Path, texture: Encoder, minilm: TextEncoder, clip: TextEncoder, clip_spec: EncoderSpec
) -> Planted:
    """A survey with a head, and tiles of clip-rgb that are CLIP's own vectors of class prompts."""
    made = Planted(home / "planted", planted_points(), texture.spec, {"minilm": minilm.space})
    add_clip(made.survey, clip, clip_spec)
    return made


def add_clip(survey: Survey, clip: TextEncoder, spec: EncoderSpec) -> None:
    """Three tiles of four are the prompt of their class, the fourth is that of the next one."""
    prompts = clip.embed(CLASS_PROMPTS)
    classes = survey.land_class.astype(int)
    answer = np.where(np.arange(len(survey)) % 4 == 3, (classes + 1) % 8, classes)
    noise = 0.01 * np.random.default_rng(0).standard_normal((len(survey), prompts.shape[1]))
    vectors = np.repeat((7 * prompts[answer] + noise)[:, None], 4, axis=1)
    layer = survey.feature_layer(spec, MEAN)
    for rows in layer.missing():
        layer.write(rows, vectors[rows], np.ones((len(vectors[rows]), 4), bool))


def evaluate(
    home: Path, output: Path, *arguments: object, monkeypatch: pytest.MonkeyPatch
) -> object:
    words = ["--vocabulary", home / "words.yaml", "--resamples", 3, "--device", "cpu"]
    return exit_code(app, ["-o", output, *words, *arguments], monkeypatch)


def test_a_planted_reference_stands_beside_the_head_with_its_truth(
    planted: Planted, home: Path, tmp_path: Path, clip: TextEncoder, minilm: TextEncoder,
    clip_spec: EncoderSpec, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    head = planted.head_file(tmp_path, "minilm", name="linked")
    survey = planted.survey
    chosen = ["--survey", survey.path, "--head", head, "--reference", "clip-rgb"]
    assert evaluate(home, tmp_path / "o", *chosen, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "clip-rgb is compared with the photographs in minilm." in said
    found = json.loads((tmp_path / "o" / "tables.json").read_text())["heads"]
    assert list(found) == ["linked", "clip-rgb", "mean photograph"]
    test = survey.split == SPLITS.index("test")
    seen = test & planted.valid.any(axis=1)
    right = (np.arange(len(survey)) % 4 != 3)[seen].mean()
    assert found["clip-rgb"]["zero_shot"]["top1"]["value"] == pytest.approx(right, abs=1e-12)
    assert found["clip-rgb"]["tiles"] == found["linked"]["tiles"] == seen.sum()
    assert found["clip-rgb"]["test_cosine"]["value"] is None
    assert found["clip-rgb"]["validation_cosine"] is None

    views = survey.views(clip_spec, "test", text="minilm", pooling=MEAN)
    asked = [text.embed(PHRASES).astype(float) for text in (clip, minilm)]
    rhos = []
    for pooled, photos, valid in zip(
        *(np.asarray(part, np.float64) for part in (views.pooled, views.photos, views.valid)),
        strict=True,
    ):
        tile = unit(np.mean(unit(photos[valid > 0]), axis=0))
        mine = np.round(unit(pooled[0]) @ unit(asked[0]).T, 12)
        rhos.append(spearmanr(mine, np.round(tile @ unit(asked[1]).T, 12)).statistic)
    rho = found["clip-rgb"]["caption"]["rho"]["value"]
    assert rho == pytest.approx(np.mean(rhos), abs=1e-6)

    # The head's own figures are those of a run without the reference.
    alone = evaluate(home, tmp_path / "a", *chosen[:4], "--no-figures", monkeypatch=monkeypatch)
    assert alone == 0
    before = json.loads((tmp_path / "a" / "tables.json").read_text())["heads"]
    assert before == {name: found[name] for name in ("linked", "mean photograph")}
    pictures = {file.name for file in (tmp_path / "o").glob("*.png")}
    assert {"scatter.png", "reliability.png", "top_tiles_clip-rgb.png"} <= pictures


def test_a_reference_alone_needs_no_head_but_one_space_of_photographs(
    planted: Planted, home: Path, texture: Encoder, minilm: TextEncoder, clip: TextEncoder,
    clip_spec: EncoderSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    chosen = ["--reference", "clip-rgb", "--no-figures"]
    one = ["--survey", planted.survey.path, *chosen]
    assert evaluate(home, tmp_path / "o", *one, monkeypatch=monkeypatch) == 0
    found = json.loads((tmp_path / "o" / "tables.json").read_text())["heads"]
    assert list(found) == ["clip-rgb", "mean photograph"]

    spaces = {"minilm": minilm.space, SIGLIP: load_text_encoder(SIGLIP, device="cpu").space}
    two = Planted(tmp_path / "two", planted_points(), texture.spec, spaces)
    add_clip(two.survey, clip, clip_spec)
    both = ["--survey", two.survey.path, *chosen]
    capsys.readouterr()
    assert evaluate(home, tmp_path / "t", *both, monkeypatch=monkeypatch) == 2
    said = capsys.readouterr().err
    assert "photographs for minilm, siglip2-base text encoder" in said and "--text" in said
    both += ["--text", SIGLIP]
    assert evaluate(home, tmp_path / "t", *both, monkeypatch=monkeypatch) == 0
    assert f"compared with the photographs in {SIGLIP}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "Neither a head nor a reference was given."),
        (["--reference", "texture-s1"], "texture-s1 is not a reference: it needs a head. Encoders"),
        (["--reference", "clip"], "There is no encoder 'clip'. Encoders: alphaearth,"),
        (["--reference", "ms-clip"], "holds features of clip-rgb@mean, texture-s1, not of ms-clip"),
    ],
)
def test_what_is_no_reference_is_one_sentence(
    chosen: list[str], said: str, planted: Planted, home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    arguments = ["--survey", planted.survey.path, *chosen]
    assert evaluate(home, tmp_path / "o", *arguments, monkeypatch=monkeypatch) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_other_weights_than_the_surveys_are_refused(
    planted: Planted, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    write_clip(tmp_path / "home" / "models" / "clip-vitb16", dim=24, seed=1)
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    arguments = ["--survey", planted.survey.path, "--reference", "clip-rgb"]
    assert evaluate(home, tmp_path / "o", *arguments, monkeypatch=monkeypatch) == 2
    assert "holds features of clip-rgb/" in " ".join(capsys.readouterr().err.split())


# For real, from a table of points to the tables


@pytest.fixture(scope="module")
def inputs(home: Path) -> Path:
    """Nine points on a real picture, their photographs, and ten bands over the same ground."""
    if not REAL.is_file():
        pytest.skip(f"the data are not at {REAL}")
    folder = home / "inputs"
    (folder / "s2").mkdir(parents=True)
    shutil.copy(REAL, folder / "s2" / "s2_rgb.tif")
    with rasterio.open(REAL) as file:
        place, crs = file.transform, file.crs
    rng = np.random.default_rng(0)
    names = next(spec.bands for spec in list_encoders() if spec.name == "ms-clip")
    bands = rng.integers(1, 6000, (10, 224, 224), np.uint16)
    write_raster(folder / "ten" / "s2_20171030.tif", bands, crs, place, names)
    to_degrees = Transformer.from_crs(32632, 4326, always_xy=True)
    lines = ["id,lon,lat,date,region,split,class,north,south"]
    for k, split in enumerate(["train", "validation", "test"] * 3):
        lon, lat = to_degrees.transform(place.c + 1120 + 40 * k, place.f - 1120 - 30 * k)
        letter = "ABC"[k // 3]
        lines.append(f"p{k},{lon:.7f},{lat:.7f},2017-10-30,{split},{split},{letter},n{k}.png,")
        Image.fromarray(rng.integers(0, 256, (40, 30, 3), np.uint8)).save(folder / f"n{k}.png")
    (folder / "points.csv").write_text("\n".join(lines))
    return folder


def encode(inputs: Path, cache: Path, *options: object) -> str:
    arguments = ["encode", inputs / "points.csv", "-o", cache, "--device", "cpu", *options]
    done = CliRunner().invoke(survey_app, [str(word) for word in arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def test_from_a_table_of_points_to_a_row_in_all_four_formats(
    inputs: Path, home: Path, tmp_path: Path, clip_spec: EncoderSpec,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    cache = tmp_path / "cache"
    encode(inputs, cache, "--photos", inputs, "--text", SIGLIP)
    said = encode(inputs, cache, "--scenes", inputs / "s2", "--encoder", "clip-rgb")
    assert "9 points encoded, 0 were already there." in said
    assert "Values are read as 8-bit display values." in said
    said = encode(inputs, cache, "--scenes", inputs / "ten", "--encoder", "ms-clip")
    assert "9 points encoded" in said and "whole numbers of reflectance x 10,000." in said
    survey = open_survey(cache)
    assert survey.encodings() == ["clip-rgb@mean", "ms-clip@mean"]
    views = survey.views(clip_spec, "test", pooling=MEAN)
    assert len({row.tobytes() for row in views.pooled[:, 0].numpy()}) == 3
    assert torch.equal(views.pooled[:, 0], views.pooled[:, 3])

    both = ["--reference", "clip-rgb", "--reference", "ms-clip"]
    done = evaluate(home, tmp_path / "o", "--survey", cache, *both, monkeypatch=monkeypatch)
    assert done == 0, capsys.readouterr().err
    texts = {file.suffix: file.read_text() for file in (tmp_path / "o").glob("tables.*")}
    assert set(texts) == {".txt", ".csv", ".json", ".tex"}
    for name in ("clip-rgb", "ms-clip"):
        row = next(r for r in csv.DictReader(texts[".csv"].splitlines()) if r["name"] == name)
        assert row["validation_cosine"] == row["test_cosine"] == ""
        for column in ("top1", "caption_rho", "retrieval_rho"):
            assert np.isfinite(float(row[column])), column
        held = json.loads(texts[".json"])["heads"][name]
        assert held["tiles"] == 3 and held["caption"]["rho"]["value"] == float(row["caption_rho"])
        assert any(line.startswith(f"{name} & -- & -- & ") for line in texts[".tex"].splitlines())
        assert any(f"│ {name} " in line and "–" in line for line in texts[".txt"].splitlines())


def test_wedges_of_a_window_of_one_cell_are_refused_before_any_work(
    inputs: Path, tmp_path: Path
) -> None:
    arguments = ["encode", inputs / "points.csv", "-o", tmp_path / "cache", "--pooling", "wedge"]
    arguments += ["--scenes", inputs / "s2", "--encoder", "clip-rgb", "--device", "cpu"]
    done = CliRunner().invoke(survey_app, [str(word) for word in arguments])
    assert isinstance(done.exception, ConfigInvalid) and not (tmp_path / "cache").exists()
    assert "no wedges" in done.exception.message and "mean" in done.exception.remedy


def test_a_head_on_windows_of_one_cell_is_measured_as_any_other() -> None:
    """Their vectors can be linked, too: the bias counts whole in each view."""
    rng = np.random.default_rng(0)
    pooled = np.repeat(rng.standard_normal((40, 1, 6)), 4, axis=1)
    weight, bias = rng.standard_normal((6, 9)), rng.standard_normal(9)
    photos = unit(pooled @ weight + bias)
    head = LinkHead(torch.from_numpy(weight), torch.from_numpy(bias))
    vocabulary = unit(rng.standard_normal((12, 9)))
    found = evaluate_head(
        head, pooled, photos, vocabulary=vocabulary, categories=["all"] * 12, grid=(1, 1),
        resamples=0,
    )  # fmt: skip
    assert found["test_cosine"].value == pytest.approx(1) and found["caption_rho"].value == 1
