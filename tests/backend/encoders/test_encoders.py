"""What encoders there are here, which heads they share, and a whole query with each."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from shapely.geometry import box, mapping
from typer.testing import CliRunner

from backend import query
from backend.doctor.models import check_heads
from backend.encoders import EncoderSpec, list_encoders, load_encoder
from backend.errors import DateMissing, HeadMismatch, WeightsInvalid, WeightsMissing
from backend.link import find_head, save_head
from backend.maps import align
from backend.scenes import open_scene
from backend.service.capabilities import capabilities
from backend.service.model_cache import ModelCache
from backend.service.settings import Settings
from backend.text import TextEncoder
from scripts.samples.weights import write_betaearth, write_dinov2, write_vit
from tests.backend.conftest import random_head
from tests.support.rasters import speckled, write_raster

SETTINGS = Settings(token="a" * 32)
WITH_WEIGHTS = ("ssl4eo-s1", "ssl4eo-s1-zscore", "betaearth-s1", "betaearth-s1-10m", "dinov2-s1")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with small weights of every encoder where they belong."""
    home = tmp_path_factory.mktemp("home")
    write_vit(home / "models" / "ssl4eo-s1" / "B2_vitl16_mae_ep99_enc.pth", width=128)
    write_betaearth(home / "models" / "betaearth-s1" / "model.pt")
    write_dinov2(home / "models" / "dinov2-s1")
    return home


@pytest.fixture
def home(models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLUELINK_HOME", str(models))
    return models


def specs() -> dict[str, EncoderSpec]:
    return {spec.name: spec for spec in list_encoders()}


def test_without_weights_an_encoder_is_listed_and_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    assert specs()["texture-s1"].unavailable == ""
    offered = {one.name: one for one in capabilities(SETTINGS).encoders}
    assert offered["texture-s1"].available
    for name in WITH_WEIGHTS:
        assert str(tmp_path) in specs()[name].unavailable
        assert not offered[name].available and "backend.models pull" in offered[name].remedy
        with pytest.raises(WeightsMissing, match=f"weights of {name} are not at"):
            ModelCache().spec(name)


def test_what_is_listed_is_what_is_loaded(home: Path) -> None:
    for name in WITH_WEIGHTS:
        listed, loaded = specs()[name], load_encoder(name, device="cpu").spec
        assert listed == loaded == ModelCache().spec(name)
        assert listed.unavailable == "" and listed.weights_hash
        assert listed.weights_hash[:16] in listed.identity.split("/")


def test_damaged_weights_hide_no_other_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    folder = tmp_path / "models" / "ssl4eo-s1"
    folder.mkdir(parents=True)
    (folder / "B2_vitl16_mae_ep99_enc.pth").write_bytes(b"PK no weights")
    assert "cannot be read as weights" in specs()["ssl4eo-s1"].unavailable
    assert specs()["texture-s1"].unavailable == ""
    with pytest.raises(WeightsInvalid):
        ModelCache().spec("ssl4eo-s1")


def test_other_weights_are_another_identity(home: Path, tmp_path: Path) -> None:
    other = load_encoder("ssl4eo-s1", write_vit(tmp_path / "b.pth", width=128, seed=1), "cpu")
    assert other.spec.dim == specs()["ssl4eo-s1"].dim
    assert other.spec.identity != specs()["ssl4eo-s1"].identity


def test_a_head_is_offered_with_every_encoder_that_it_fits(home: Path, minilm: TextEncoder) -> None:
    for name in ("betaearth-s1", "ssl4eo-s1"):
        save_head(
            random_head(load_encoder(name, device="cpu"), minilm),
            home / "heads" / f"{name}.safetensors",
        )
    pairs = {(one.name, one.encoder) for one in capabilities(SETTINGS).heads}
    assert pairs >= {
        ("betaearth-s1", "betaearth-s1"),
        ("betaearth-s1", "betaearth-s1-10m"),
        ("ssl4eo-s1", "ssl4eo-s1"),
    }
    assert ("ssl4eo-s1", "ssl4eo-s1-zscore") not in pairs
    with pytest.raises(HeadMismatch, match="z-score"):
        find_head("ssl4eo-s1", specs()["ssl4eo-s1-zscore"])


def test_the_doctor_tells_a_heads_missing_encoder_from_another_one(
    home: Path, minilm: TextEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = random_head(load_encoder("ssl4eo-s1", device="cpu"), minilm)
    save_head(head, tmp_path / "heads" / "mine.safetensors")
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    found = {finding.topic: finding for finding in check_heads()}["Head mine"]
    assert found.level == "warning" and "ssl4eo-s1 cannot be loaded" in found.text
    assert "backend.models pull" in found.remedy


CELLS_M = {"ssl4eo-s1": 160, "betaearth-s1": 160, "betaearth-s1-10m": 10, "dinov2-s1": 140}


def test_every_encoder_answers_a_query_over_a_real_scene(
    real: Path, home: Path, minilm: TextEncoder, tmp_path: Path
) -> None:
    scene = real / "denmark_2017" / "s1_rtc_db.tif"
    with rasterio.open(scene) as file:
        left, bottom, right, top = file.bounds
        ways = Transformer.from_crs(file.crs, 4326, always_xy=True)
    east, north = (left + right) / 2, (bottom + top) / 2
    corners = ways.transform_bounds(east - 150, north - 150, east + 150, north + 150)
    (tmp_path / "area.geojson").write_text(json.dumps(mapping(box(*corners))))
    for name, cell_m in CELLS_M.items():
        head = tmp_path / f"{name}.safetensors"
        save_head(random_head(load_encoder(name, device="cpu"), minilm), head)
        asked = [scene, "open water", "--encoder", name, "--head", head, "--date", "2017-10-30"]
        output = ["--aoi", tmp_path / "area.geojson", "-o", tmp_path / f"{name}.tif"]
        done = CliRunner().invoke(query.app, [str(part) for part in asked + output])
        assert done.exit_code == 0, done.output
        with rasterio.open(tmp_path / f"{name}.tif") as file:
            cosine, size = file.read(1), file.transform.a
        assert size == cell_m
        assert np.isfinite(cosine).sum() >= (300 / cell_m) ** 2
        assert np.nanmax(np.abs(cosine)) <= 1


def test_a_scene_without_a_date_is_asked_for_it_before_anything_is_written(
    home: Path, minilm: TextEncoder, tmp_path: Path
) -> None:
    scene = write_raster(tmp_path / "scene.tif", speckled(60, 60))
    encoder = load_encoder("betaearth-s1", device="cpu")
    with open_scene(scene) as opened, pytest.raises(DateMissing, match="needs the scene's date"):
        align(
            opened,
            None,
            ["water"],
            encoder,
            random_head(encoder, minilm),
            minilm,
            tmp_path / "m.tif",
        )
    assert list(tmp_path.iterdir()) == [scene]
