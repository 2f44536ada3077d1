"""The survey cache: layers written block by block, views and chunks read from it, and refusals."""

import dataclasses
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
import zarr
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.encoders import Encoder
from backend.errors import ConfigInvalid, OutputUnwritable, SurveyInvalid
from backend.link import Pooling, directional_masks, mask_means, wedge_pool
from backend.simulation.survey.points import simulate_points
from backend.survey import Survey, create_survey, open_survey
from backend.survey.points import Point, SurveyPoints, gather_points
from backend.text.base import TextSpace
from tests.support.killing import contents, finish, kill, written

SPACE = TextSpace("space", "1", 5)
N = 300


def some_points(n: int = N, split: bool = True) -> SurveyPoints:
    return gather_points(
        Point(
            id=f"ø{k:03d}",
            lon=k / 100,
            lat=50.0,
            date=None,
            region=f"R{k % 7}",
            land_class=k % 9 - 1,
            views=("n.jpg", "", "", ""),
            split=k % 7 % 3 if split else None,
        )
        for k in range(n)
    )


def fill(survey: Survey, texture: Encoder) -> tuple[np.ndarray, np.ndarray]:
    """Write both layers at random; the photographs and which of them there are."""
    rng = np.random.default_rng(0)
    photos, valid = rng.standard_normal((N, 4, 5)), rng.random((N, 4)) < 0.5
    layer, features = survey.photo_layer("words", SPACE), survey.feature_layer(texture.spec)
    for rows in layer.missing():
        layer.write(rows, photos[rows], valid[rows])
        k = rows.stop - rows.start
        features.write(rows, rng.standard_normal((k, 4, texture.spec.dim)), np.ones((k, 4), bool))
    return photos, valid


def test_points_come_back_as_they_went_in(tmp_path: Path) -> None:
    points = some_points()
    create_survey(tmp_path / "s", points, {"kind": "table"})
    survey = open_survey(tmp_path / "s")
    assert survey.ids.tolist() == points.ids.tolist()
    assert (survey.lon == points.lon).all() and np.isnat(survey.date).all()
    assert (survey.land_class == points.land_class).all()
    assert [survey.regions[k] for k in survey.region] == points.region.tolist()
    assert (survey.split == points.split).all()


def test_views_are_the_points_of_a_split_that_have_photograph_and_imagery(
    tmp_path: Path, texture: Encoder
) -> None:
    points = some_points()
    survey = create_survey(tmp_path / "s", points, {}, block=64)
    photos, valid = fill(survey, texture)
    views = survey.views(texture.spec, "validation")
    assert (views.rows == np.flatnonzero((points.split == 1) & valid.any(1))).all()
    assert (views.valid.numpy() == valid[views.rows]).all()
    expected = np.where(valid[..., None], photos, 0)[views.rows].astype(np.float16)
    assert (views.photos.numpy() == expected).all()
    parts = list(survey.chunks(texture.spec, "validation", shuffle=np.random.default_rng(1)))
    assert sorted(np.concatenate([part.rows for part in parts])) == views.rows.tolist()


def test_a_layer_knows_what_it_lacks_until_the_last_block(tmp_path: Path) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {}, block=128)
    layer = survey.photo_layer("words", SPACE)
    first, second, third = layer.missing()
    assert (first, third) == (slice(0, 128), slice(256, 300))
    layer.write(second, np.zeros((128, 4, 5)), np.zeros((128, 4), bool))
    again = create_survey(tmp_path / "s", some_points(), {}, block=128)
    assert again.photo_layer("words", SPACE).missing() == [first, third]


def test_an_unfinished_layer_is_not_learnt_from(tmp_path: Path, texture: Encoder) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {}, block=100)
    fill(survey, texture)
    (tmp_path / "s" / "features" / "texture-s1" / "valid" / "c" / "1" / "0").unlink()
    with pytest.raises(SurveyInvalid, match="has 200 of 300 points"):
        survey.views(texture.spec, "train")


def test_features_of_another_encoder_are_refused(tmp_path: Path, texture: Encoder) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {})
    fill(survey, texture)
    other = dataclasses.replace(texture.spec, identity="texture-s1/0")
    with pytest.raises(SurveyInvalid, match="not of texture-s1/0") as refused:
        survey.views(other, "train")
    with pytest.raises(SurveyInvalid, match="belongs to"):
        survey.feature_layer(other)
    with pytest.raises(SurveyInvalid, match="not of texture-s1@500m"):
        survey.views(texture.spec, "train", pooling=Pooling(extent_m=500))
    folder = tmp_path / "s" / "features" / "texture-s1"
    assert f"Delete {folder}." in str(refused.value)
    shutil.rmtree(folder)
    assert survey.feature_layer(other).missing()


def test_a_text_encoder_must_be_chosen_where_there_are_several(tmp_path: Path) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {})
    with pytest.raises(ConfigInvalid, match="for no text encoder; none was chosen"):
        survey.text()
    survey.photo_layer("words", SPACE)
    assert survey.text() == "words" and survey.space("words") == SPACE
    survey.photo_layer("more words", SPACE)
    with pytest.raises(ConfigInvalid, match="more words, words text encoder; none was chosen"):
        survey.text()
    with pytest.raises(ConfigInvalid, match="'other' was asked for"):
        survey.text("other")


def test_points_without_a_split_and_other_points_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SurveyInvalid, match="no split"):
        create_survey(tmp_path / "s", some_points(split=False), {})
    create_survey(tmp_path / "s", some_points(), {})
    with pytest.raises(SurveyInvalid, match="other points than these"):
        create_survey(tmp_path / "s", some_points(50), {})


def test_points_whose_date_or_direction_changed_are_others(tmp_path: Path) -> None:
    points = some_points()
    create_survey(tmp_path / "s", points, {})
    date, undirected = points.date.copy(), points.undirected.copy()
    date[3], undirected[4] = "2018-06-01", "p.jpg"
    for changes in ({"date": date}, {"undirected": undirected}):
        with pytest.raises(SurveyInvalid, match="other points than these"):
            create_survey(tmp_path / "s", dataclasses.replace(points, **changes), {})


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnwritable, match="file/s cannot be written"):
        create_survey(tmp_path / "file" / "s", some_points(), {})
    layer = create_survey(tmp_path / "s", some_points(), {}).photo_layer("words", SPACE)
    shutil.rmtree(layer.path / "vectors")
    (layer.path / "vectors").write_text("")
    with pytest.raises(OutputUnwritable, match="photos/words cannot be written"):
        layer.write(slice(0, 128), np.zeros((128, 4, 5)), np.zeros((128, 4), bool))


def test_a_block_that_was_cut_short_is_named(tmp_path: Path, texture: Encoder) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {})
    fill(survey, texture)
    block = tmp_path / "s" / "features" / "texture-s1" / "vectors" / "c" / "0" / "0" / "0"
    block.write_bytes(block.read_bytes()[:1000])
    with pytest.raises(SurveyInvalid, match="features/texture-s1 holds a damaged block"):
        survey.views(texture.spec, "train")


def test_a_block_that_lost_its_vectors_is_missing_and_is_written_anew(
    tmp_path: Path, texture: Encoder
) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {})
    fill(survey, texture)
    (tmp_path / "s" / "features" / "texture-s1" / "vectors" / "c" / "0" / "0" / "0").unlink()
    with pytest.raises(SurveyInvalid, match=r"features/texture-s1 .* has 172 of 300 points"):
        survey.views(texture.spec, "train")
    layer = survey.feature_layer(texture.spec)
    assert layer.missing() == [slice(0, 128)] and not layer.valid(slice(0, 128)).any()
    layer.write(slice(0, 128), np.ones((128, 4, texture.spec.dim)), np.ones((128, 4), bool))
    assert len(survey.views(texture.spec, "train"))


def test_a_block_without_any_imagery_is_whole(tmp_path: Path, texture: Encoder) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {})
    fill(survey, texture)
    layer = survey.feature_layer(texture.spec)
    layer.write(slice(0, 128), np.zeros((128, 4, texture.spec.dim)), np.zeros((128, 4), bool))
    views = survey.views(texture.spec, "train")
    assert views.rows.min() >= 128 and bool(views.pooled.any(2).all())


def test_a_folder_that_is_no_survey_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SurveyInvalid, match="no survey at"):
        open_survey(tmp_path)
    zarr.open_group(tmp_path / "g", mode="w")
    with pytest.raises(SurveyInvalid, match="format None"):
        open_survey(tmp_path / "g")


@pytest.mark.parametrize("lost", ["lon", "split", "features"])
def test_a_survey_that_has_lost_a_part_is_refused(tmp_path: Path, lost: str) -> None:
    create_survey(tmp_path / "s", some_points(), {})
    shutil.rmtree(tmp_path / "s" / lost)
    with pytest.raises(SurveyInvalid, match=f"survey .*s has lost {lost}. Build it anew"):
        open_survey(tmp_path / "s")


@given(
    side=st.integers(1, 28),
    extent_m=st.floats(1, 5000),
    cell_m=st.sampled_from([10.0, 80.0, 160.0]),
)
def test_a_common_extent_is_centred_and_as_near_as_whole_cells_come(
    side: int, extent_m: float, cell_m: float
) -> None:
    assume(extent_m <= side * cell_m)
    rows, columns = Pooling("mean", extent_m).grid((side, side), cell_m)
    assert rows == columns and 1 <= rows <= side and (side - rows) % 2 == 0
    if (2 if side % 2 == 0 else 1) * cell_m <= extent_m:
        assert abs(rows * cell_m - extent_m) <= cell_m * (1 + 1e-9)


def test_an_extent_pools_the_wedges_of_the_cells_it_keeps() -> None:
    features = torch.randn(3, 14, 14, 6)
    pooled = Pooling(extent_m=960).pool(features, 160.0)
    assert torch.equal(pooled, wedge_pool(features[:, 4:10, 4:10]))


def test_the_plain_mean_is_the_same_in_every_direction() -> None:
    features = torch.randn(3, 14, 14, 6, dtype=torch.float64)
    pooled = Pooling("mean").pool(features, 160.0)
    assert torch.allclose(pooled, mask_means((14, 14))[:, None] * features.mean((1, 2))[:, None])
    even = torch.ones(1, 14, 14, 1, dtype=torch.float64)
    assert torch.allclose(
        Pooling("mean").pool(even, 160.0)[0, :, 0], directional_masks(14, 14).mean((1, 2)).double()
    )


def test_an_extent_beyond_the_window_is_refused(tmp_path: Path, texture: Encoder) -> None:
    survey = create_survey(tmp_path / "s", some_points(), {})
    with pytest.raises(ConfigInvalid, match="over 2241 m; the encoder's window has 2240 m"):
        survey.feature_layer(texture.spec, Pooling(extent_m=2241))
    assert not survey.encodings()


@pytest.mark.parametrize(
    "wrong", [{"kind": "max"}, {"extent_m": 0.0}, {"extent_m": np.nan}, {"extent_m": np.inf}]
)
def test_an_impossible_pooling_is_refused(wrong: dict) -> None:
    with pytest.raises(ConfigInvalid, match="Expected wedge or mean"):
        Pooling(**wrong)


def test_a_simulated_survey_keeps_its_landscapes_in_one_split(simulated: Survey) -> None:
    assert len(np.unique(simulated.split)) == 3
    for one in np.unique(simulated.region):
        assert len(np.unique(simulated.split[simulated.region == one])) == 1


def test_simulated_photographs_are_unit_vectors_and_missing_ones_are_told(
    simulated: Survey, texture: Encoder
) -> None:
    views = simulated.views(texture.spec, "train")
    lengths = views.photos.float().norm(dim=-1)
    assert lengths[views.valid].numpy() == pytest.approx(1, abs=2e-3)
    assert float(lengths[~views.valid].sum()) == 0
    assert 0.9 < float(views.valid.float().mean()) < 1


def test_a_simulated_point_has_the_class_of_what_it_sees(simulated: Survey) -> None:
    batch = next(simulate_points(36, seed=2))
    assert (simulated.land_class[:36] == batch.land_class).all()
    assert len(np.unique(simulated.land_class)) > 4 and simulated.land_class.min() >= 0


@pytest.mark.long("tests/backend/survey/test_kill.py::test_features")
def test_a_killed_simulation_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    path, whole = tmp_path / "killed", tmp_path / "whole"
    command = ("-m", "backend.survey", "simulate", "--points", "180", "--seed", "2", "-o")
    finish(*command, whole)
    first = path / "features" / "texture-s1" / "valid" / "c" / "0" / "0"
    assert kill(*command, path, when=first.exists)
    before = written(path / "features")
    finish(*command, path)
    assert before.items() <= written(path / "features").items()
    assert contents(path) == contents(whole)


def is_running(pid: int) -> bool:
    """False for a process that is gone, or only waits for its parent to notice."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_workers_end_with_the_process_that_started_them() -> None:
    code = """
import os
from backend.simulation.survey import points as simulate

if __name__ == "__main__":
    list(simulate.simulate_points(2, seed=0, workers=2))
    batches = simulate.simulate_points(10_000, seed=0, workers=2)
    next(batches)
    from multiprocessing import active_children
    print(*(child.pid for child in active_children()), flush=True)
    os.kill(os.getpid(), 9)
"""
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    workers = [int(pid) for pid in run.stdout.split()]
    assert len(workers) == 2
    deadline = time.monotonic() + 60
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, workers))
