"""Views: batches of pairs, parts, and the names of points whose numbers are not finite."""

import dataclasses

import numpy as np
import pytest
import torch

from backend.errors import SurveyInvalid
from backend.link import Views, fit_head
from tests.support.planted_views import PlantedViews


def test_half_precision_stays_where_and_as_it_is() -> None:
    survey = PlantedViews(6, n=100)
    pooled, photos = (torch.from_numpy(a).half() for a in (survey.pooled, survey.photos))
    views = Views.of(pooled, photos, survey.valid)
    kept = views.pooled.data_ptr(), views.photos.data_ptr()
    assert kept == (pooled.data_ptr(), photos.data_ptr())
    batch = next(views.batches(256))
    assert batch.pooled.dtype == torch.float16
    assert batch.photos.norm(dim=1).numpy() == pytest.approx(1, abs=1e-6)


def test_every_pair_comes_once_in_an_order_of_its_own() -> None:
    survey = PlantedViews(7, n=200)
    orders = []
    for epoch in range(2):
        rng = np.random.default_rng([0, epoch])
        batches = list(survey.views.batches(64, rng))
        assert [len(batch.photos) for batch in batches[:-1]] == [64] * (len(batches) - 1)
        orders.append(torch.cat([batch.pooled for batch in batches]))
    present = torch.from_numpy(survey.pooled[survey.valid])
    for order in orders:
        assert torch.equal(order.sort(0).values, present.sort(0).values)
    assert not torch.equal(*orders)


def test_some_points_are_batches_of_their_own_in_the_order_asked_for() -> None:
    views = PlantedViews(5, n=30).views
    chosen = np.array([20, 3, 11])
    (some,) = views.batches(256, points=chosen)
    (part,) = views.part(chosen).batches(256)
    assert all(map(torch.equal, some, part))
    assert list(views.batches(256, points=np.array([], int))) == []


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_number_that_is_not_finite_is_named_by_point_and_view(value: float, dtype: type) -> None:
    survey = PlantedViews(3, n=20)
    pooled, photos = survey.pooled.astype(dtype), survey.photos.astype(dtype)
    pooled[3, 2, 5] = value
    with pytest.raises(SurveyInvalid, match=r"Tile 3 .*view south: its features hold NaN"):
        fit_head(pooled, photos)
    with pytest.raises(SurveyInvalid, match="Point d, view south"):
        named = dataclasses.replace(Views.of(pooled, photos), name="Point {:c}".format)
        dataclasses.replace(named, rows=np.arange(97, 117)).checked("view")
    pooled[3, 2, 5], photos[7, 0, 1] = 0, value
    with pytest.raises(SurveyInvalid, match=r"Tile 7 .*view north: its photograph holds NaN"):
        fit_head(pooled, photos)
    photos[7, 0] = 0
    with pytest.raises(SurveyInvalid, match=r"Tile 7 .*view north: its photograph has length 0"):
        fit_head(pooled, photos)
