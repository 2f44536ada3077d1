import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import RecordInvalid
from backend.language import Box, Object, Record, from_json, to_json
from tests.support.records import records


@given(records())
def test_a_record_survives_its_json(record: Record) -> None:
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


@pytest.mark.parametrize(
    "box", [(10, 0, 5, 5), (0, -5, 5, 5), (0, 0, 0, 5), (0, 0, float("nan"), 5), (-9, 0, 5, 5)]
)
def test_a_box_that_does_not_meet_the_chip_is_refused(box: tuple[float, ...]) -> None:
    with pytest.raises(RecordInvalid, match=r"objects\[0\].box.*chip \"a\""):
        Record("a", 10, 10, objects=(Object("ship", Box(*box)),))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": None}, "another kind"),
        ({"size": [10]}, "another kind"),
        ({"colour": "blue"}, "has the field colour"),
        ({"objects": [{"category": "ship"}]}, "lacks the field box"),
        ({"objects": [{"category": "ship", "box": [1, 2, 3]}]}, "another kind"),
        ({"objects": [{"category": " ", "box": [1, 2, 3, 3]}]}, "category"),
        ({"cover": {"source": "map", "shares": {}, "regions": []}}, "nine regions"),
        ({"metres_per_pixel": 0}, "metres_per_pixel"),
    ],
)
def test_a_broken_field_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(RecordInvalid, match=message):
        from_json({"chip": "a", "size": [10, 10]} | change)


@given(st.dictionaries(st.sampled_from(["size", "objects", "cover", "place"]), st.integers()))
def test_values_of_another_kind_are_one_error(values: dict[str, int]) -> None:
    with pytest.raises(RecordInvalid):
        from_json({"chip": "a"} | values)
