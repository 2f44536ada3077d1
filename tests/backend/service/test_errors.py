"""Failures as statuses and sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from backend import errors
from backend.errors import GlueLinkError
from backend.service.errors import STATUS, error_body, printable, validation_sentence
from backend.service.kinds.alignment import AlignmentRequest, EstimateRequest
from backend.service.schemas import SceneRequest


def test_every_error_that_can_be_mended_has_a_status() -> None:
    known = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, GlueLinkError) and kind is not GlueLinkError
    }
    assert set(STATUS) == known


def test_no_two_errors_share_a_code() -> None:
    assert len({kind.code for kind in STATUS}) == len(STATUS)


@pytest.mark.parametrize(
    ("model", "message", "sentence"),
    [
        (
            AlignmentRequest,
            {"phrases": ["x"]},
            'The request has no field "scene", which is needed.',
        ),
        (
            SceneRequest,
            {"path": "/x.tif", "units": "furlongs"},
            "The field \"units\" is 'furlongs'; it should be 'db', 'linear', 'amplitude' or 'dn'.",
        ),
        (
            AlignmentRequest,
            {"scene": "s", "phrases": ["x", 5]},
            'The field "phrases[1]" is 5; it should be a valid string.',
        ),
        (
            AlignmentRequest,
            {"scene": "s", "phrases": ["x"], "colour": "red"},
            'The request has a field "colour", which is not known here.',
        ),
        (
            EstimateRequest,
            {"scene": "s", "aoi": {"type": "Polygon", "coordinates": [[[float("nan"), 0]]]}},
            "it should be plain JSON, without NaN or infinite numbers.",
        ),
        (
            SceneRequest,
            {"path": "/x.tif", "dn_offset_db": float("inf")},
            'The field "dn_offset_db" is inf; it should be a finite number.',
        ),
    ],
)
def test_a_bad_field_is_named_with_what_was_got_and_expected(
    model: type[BaseModel], message: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(message)
    found = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    assert sentence in validation_sentence(found)


def test_further_bad_fields_are_counted() -> None:
    with pytest.raises(ValidationError) as caught:
        AlignmentRequest.model_validate({"colour": "red"})
    found = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    assert validation_sentence(found).endswith("(And 2 more.)")


@given(st.text(st.characters(), max_size=200))
def test_whatever_a_client_sends_can_be_put_into_a_sentence(text: str) -> None:
    shown = printable(text)
    assert len(shown) <= 60
    assert "\n" not in shown
    shown.encode()


def test_an_unforeseen_error_tells_its_kind_but_not_its_details() -> None:
    body = error_body(KeyError("/home/somebody/secret"))
    assert body.code == "internal"
    assert "KeyError" in body.message
    assert "secret" not in body.message + body.remedy
