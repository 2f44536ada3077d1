"""Photographs become vectors: each once, whatever is missing, whatever interrupts."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from backend.errors import OutOfMemory, SurveyInvalid
from backend.io.batches import batch_size
from backend.progress import Cancelled
from backend.survey.cache import create_survey
from backend.survey.embed import MISSING, EmbedReport, embed_photographs
from backend.survey.layers import Layer
from backend.survey.photos import photo_path
from backend.survey.points import Point, SurveyPoints, gather_points, write_points
from backend.text import ImageEncoder, load_image_encoder, siglip2
from backend.text.base import ImageModel
from scripts.samples.siglip2 import NAME, write_siglip2
from tests.support import killing

BLOCK = 4


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home of its own, for the commands that are run, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUELINK_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_siglip2(tmp_path_factory.mktemp("siglip2"))


@pytest.fixture(scope="module")
def encoder(published: Path) -> ImageEncoder:
    return load_image_encoder(NAME, published, "cpu")


def table(n: int) -> SurveyPoints:
    """Points with one to four directed photographs, and every fifth with one undirected."""

    def address(k: int, view: str, there: bool) -> str:
        return f"https://example.org/{k}{view}.png" if there else ""

    def point(k: int) -> Point:
        alone = k % 5 == 4
        north, east, south, west = (
            address(k, view, not alone and (v == k % 4 or k % 3 > 0))
            for v, view in enumerate("NESW")
        )
        return Point(
            id=f"P{k:04d}",
            lon=k / 100,
            lat=50.0,
            date=None,
            region=f"R{k % 7}",
            land_class=0,
            views=(north, east, south, west),
            undirected=address(k, "", alone),
            split=k % 7 % 3,
        )

    return gather_points(map(point, range(n)))


def photograph(folder: Path, points: SurveyPoints) -> None:
    """A photograph of its own for every address."""
    for k, one in enumerate(points.photographs()):
        path = photo_path(folder, one)
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(k).integers(0, 256, (40, 48, 3), np.uint8)
        Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def points() -> SurveyPoints:
    return table(18)


@pytest.fixture
def photos(tmp_path: Path, points: SurveyPoints) -> Path:
    photograph(tmp_path / "photos", points)
    return tmp_path / "photos"


def layer_of(path: Path, points: SurveyPoints, encoder: ImageEncoder) -> Layer:
    return create_survey(path, points, {}, BLOCK).photo_layer(NAME, encoder.space)


@pytest.fixture
def layer(tmp_path: Path, points: SurveyPoints, encoder: ImageEncoder) -> Layer:
    return layer_of(tmp_path / "survey", points, encoder)


def expected(points: SurveyPoints, photos: Path, encoder: ImageEncoder) -> np.ndarray:
    """The vector of every view by hand, zero where there is no photograph."""
    vectors = np.zeros((len(points), 4, encoder.space.dim), np.float32)
    rows = {name: row for row, name in enumerate(points.ids)}
    for one in points.photographs():
        with Image.open(photo_path(photos, one)) as image:
            view = ["north", "east", "south", "west", "photo"].index(one.view)
            vectors[rows[one.point], view if view < 4 else slice(None)] = encoder.embed([image])[0]
    return vectors


def everything(layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    return layer.read(slice(0, len(layer)))


def test_every_view_has_its_photograph_s_vector(
    points: SurveyPoints, photos: Path, layer: Layer, encoder: ImageEncoder
) -> None:
    steps: list[tuple[str, int, int]] = []
    report = embed_photographs(points, photos, layer, encoder, lambda *step: steps.append(step))
    total = len(list(points.photographs()))
    assert report == EmbedReport(embedded=total)
    assert steps[-1] == ("photographs", total, total)
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    vectors, valid = everything(layer)
    wanted = expected(points, photos, encoder)
    assert vectors.dtype == np.float16 and not layer.missing()
    assert np.abs(vectors - wanted).max() < 1e-3
    assert np.array_equal(valid, wanted.any(axis=2))
    alone = np.flatnonzero(points.undirected != "")
    assert valid[alone].all() and (vectors[alone] == vectors[alone][:, :1]).all()


def test_every_photograph_is_embedded_once(
    points: SurveyPoints, photos: Path, layer: Layer, encoder: ImageEncoder
) -> None:
    seen: list[int] = []

    def count(pixels: torch.Tensor) -> np.ndarray:
        seen.append(len(pixels))
        return encoder.encode(pixels)

    model = ImageModel(encoder.prepare, count)
    counted = ImageEncoder(NAME, encoder.space, encoder.device, lambda: model)
    embed_photographs(points, photos, layer, counted)
    assert sum(seen) == len(list(points.photographs()))
    assert max(seen) == batch_size("cpu")  # photographs of several points
    again = embed_photographs(points, photos, layer, counted)
    assert again == EmbedReport(present=sum(seen))


def test_missing_and_damaged_photographs_leave_gaps_that_are_counted(
    points: SurveyPoints, photos: Path, layer: Layer, encoder: ImageEncoder
) -> None:
    wanted = expected(points, photos, encoder)
    gone, cut, other, folder = list(points.photographs())[:4]
    photo_path(photos, gone).unlink()
    path = photo_path(photos, cut)
    path.write_bytes(path.read_bytes()[:-200])
    photo_path(photos, other).write_text("<html>Not found</html>")
    photo_path(photos, folder).unlink()
    photo_path(photos, folder).mkdir()
    report = embed_photographs(points, photos, layer, encoder)
    reasons = {MISSING: 1, "a damaged image": 1, "not an image": 1, "Is a directory": 1}
    assert report.missing == Counter(reasons)
    vectors, valid = everything(layer)
    rows = {name: row for row, name in enumerate(points.ids)}
    for one in (gone, cut, other, folder):
        view = ["north", "east", "south", "west"].index(one.view)
        assert wanted[rows[one.point], view].any()
        wanted[rows[one.point], view] = 0
    assert np.array_equal(valid, wanted.any(axis=2))
    assert np.abs(vectors - wanted).max() < 1e-3


def test_a_photograph_that_comes_later_fills_its_gap(
    points: SurveyPoints, photos: Path, layer: Layer, encoder: ImageEncoder, tmp_path: Path
) -> None:
    one = list(points.photographs())[20]
    path = photo_path(photos, one)
    path.rename(tmp_path / "aside")
    assert embed_photographs(points, photos, layer, encoder).missing == {MISSING: 1}
    total = len(list(points.photographs()))
    again = embed_photographs(points, photos, layer, encoder)
    assert again == EmbedReport(present=total - 1, missing=Counter({MISSING: 1}))
    (tmp_path / "aside").rename(path)
    assert embed_photographs(points, photos, layer, encoder) == EmbedReport(total - 1, 1)
    vectors, _ = everything(layer)
    assert np.abs(vectors - expected(points, photos, encoder)).max() < 1e-3


def test_a_survey_without_any_photograph_on_disk_is_finished_all_the_same(
    points: SurveyPoints, layer: Layer, encoder: ImageEncoder, tmp_path: Path
) -> None:
    report = embed_photographs(points, tmp_path / "nowhere", layer, encoder)
    assert report.missing == {MISSING: len(list(points.photographs()))}
    assert not layer.missing() and not everything(layer)[1].any()


def test_a_cancelled_run_keeps_what_is_done_and_goes_on(
    points: SurveyPoints, photos: Path, layer: Layer, encoder: ImageEncoder, tmp_path: Path
) -> None:
    def cancel(stage: str, done: int, total: int) -> None:
        if done > total / 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        embed_photographs(points, photos, layer, encoder, cancel)
    assert 0 < len(layer.missing()) < len(list(layer.blocks()))
    report = embed_photographs(points, photos, layer, encoder)
    assert report.present and report.embedded
    whole = layer_of(tmp_path / "whole", points, encoder)
    embed_photographs(points, photos, whole, encoder)
    for ours, theirs in zip(everything(layer), everything(whole), strict=True):
        assert np.array_equal(ours, theirs)


RUN = """
import sys, time
from pathlib import Path
import numpy as np
import torch
from backend.survey.cache import create_survey
from backend.survey.embed import embed_photographs
from backend.survey.points import read_points
from backend.text.base import ImageEncoder, ImageModel, TextSpace

def encode(pixels):
    time.sleep(0.03)  # as long as a model takes
    means = pixels.mean((2, 3)).numpy()
    return means / np.linalg.norm(means, axis=1, keepdims=True)

def prepare(image):
    return torch.from_numpy(np.asarray(image.convert("RGB"), np.float32)).permute(2, 0, 1)

table, photos, survey, block = sys.argv[1:]
points = read_points(Path(table))
space = TextSpace("colours", "1", 3)
encoder = ImageEncoder("colours", space, torch.device("cpu"), lambda: ImageModel(prepare, encode))
layer = create_survey(Path(survey), points, {}, int(block)).photo_layer("colours", space)
embed_photographs(points, Path(photos), layer, encoder)
"""


def test_killed_at_any_moment_it_ends_with_the_same_bytes(tmp_path: Path, kills: int) -> None:
    points = table(120)
    photograph(tmp_path / "photos", points)
    next(tmp_path.glob("photos/*/P0017_*")).write_bytes(b"damaged")
    write_points(points, tmp_path / "table.csv")

    def arguments(survey: str) -> tuple[object, ...]:
        paths = (tmp_path / "table.csv", tmp_path / "photos", tmp_path / survey)
        return ("-c", RUN, *paths, BLOCK)

    killing.finish(*arguments("unbroken"))
    done = tmp_path / "killed" / "photos" / "colours" / "valid" / "c"
    killed = 0
    for begun in sorted(random.sample(range(1, 7), min(kills, 6))):  # blocks
        killed += killing.kill(
            *arguments("killed"),
            when=lambda begun=begun: done.is_dir() and len(list(done.iterdir())) >= begun,
            after_s=random.uniform(0, 0.2),
        )
    before = killing.written(done)
    killing.finish(*arguments("killed"))
    assert killed
    assert before.items() <= killing.written(done).items()  # nothing is computed twice
    assert killing.contents(tmp_path / "killed") == killing.contents(tmp_path / "unbroken")


class SmallDevice(torch.nn.Module):
    """A tower on a device that holds `room` photographs at once."""

    def __init__(self, tower: torch.nn.Module, room: int) -> None:
        super().__init__()
        self.tower, self.room, self.sizes = tower, room, []

    def forward(self, pixel_values: torch.Tensor):
        self.sizes.append(len(pixel_values))
        if len(pixel_values) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return self.tower(pixel_values=pixel_values)


def on_small_device(
    published: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[ImageEncoder, list[SmallDevice]]:
    devices: list[SmallDevice] = []
    read = siglip2._read_tower

    def read_small(*arguments):
        devices.append(SmallDevice(read(*arguments), room))
        return devices[-1]

    monkeypatch.setattr(siglip2, "_read_tower", read_small)
    return load_image_encoder(NAME, published, "cpu"), devices


def test_too_little_memory_halves_the_batch_and_goes_on(
    points: SurveyPoints,
    photos: Path,
    layer: Layer,
    published: Path,
    encoder: ImageEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, devices = on_small_device(published, 3, monkeypatch)
    report = embed_photographs(points, photos, layer, small)
    assert report.embedded == len(list(points.photographs()))
    assert devices[0].sizes[:3] == [8, 4, 2]
    assert max(devices[0].sizes[3:]) == 2  # halved for good
    assert np.abs(everything(layer)[0] - expected(points, photos, encoder)).max() < 1e-3


def test_a_device_too_small_for_one_photograph_is_one_sentence(
    points: SurveyPoints,
    photos: Path,
    layer: Layer,
    published: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, devices = on_small_device(published, 0, monkeypatch)
    with pytest.raises(OutOfMemory, match="too small"):
        embed_photographs(points, photos, layer, small)
    assert devices[0].sizes == [8, 4, 2, 1]


def test_another_table_s_photographs_are_refused(
    layer: Layer, encoder: ImageEncoder, tmp_path: Path
) -> None:
    with pytest.raises(SurveyInvalid, match="18 points, the table 3"):
        embed_photographs(table(3), tmp_path, layer, encoder)


def test_a_vector_that_is_not_finite_is_never_written(
    points: SurveyPoints, photos: Path, layer: Layer, encoder: ImageEncoder
) -> None:
    def encode(pixels: torch.Tensor) -> np.ndarray:
        return np.full((len(pixels), encoder.space.dim), np.nan, np.float32)

    model = ImageModel(encoder.prepare, encode)
    broken = ImageEncoder(NAME, encoder.space, encoder.device, lambda: model)
    with pytest.raises(SurveyInvalid, match=f"{NAME} .* not finite"):
        embed_photographs(points, photos, layer, broken)
    assert len(layer.missing()) == len(list(layer.blocks()))
