import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.language import Box, Object, Record
from backend.language.rewriting import COLOURS, PICTURES, rewrite
from backend.language.words import plural

CHIP = Record(
    "a",
    512,
    512,
    objects=tuple(Object("ship", Box(10 * n, 5, 8, 8)) for n in range(3)),
    metres_per_pixel=1.0,
)


@pytest.mark.parametrize(
    ("optical", "radar"),
    [
        ("An aerial view of a red ship. The sky is clear.", "A radar view of a ship."),
        ("The roof is red. There is a road beside it.", "There is a road beside it."),
        ("Green and brown fields lie beside a wide river.", "Fields lie beside a wide river."),
        ("A building with an orange roof stands here.", "A building with a roof stands here."),
        ("A dark green forest, dense and old.", "A forest, dense and old."),
        ("The harbour is large and blue.", "The harbour is large."),
        ("Houses painted in white and grey.", "Houses painted."),
        ("A tower casts a long shadow on the field. A road runs by.", "A road runs by."),
        ("Three ships lie at the quay.", "Three ships lie at the quay."),
        ("Two large ships lie at the quay.", "Large ships lie at the quay."),
        ("Five cars stand on the parking lot.", "Cars stand on the parking lot."),
        ("There is one ship at the quay.", "There are ships at the quay."),
        ("The road is 20 m wide.", "The road is 20 m wide."),
        ("People walk on the beach. The beach is long.", "The beach is long."),
        ("A satellite photo taken by a camera.", ""),
        ("Two photos of a port.", "Radar images of a port."),
        ("A runway crosses the image.", "A runway crosses the image."),
        ("", ""),
    ],
)
def test_what_radar_cannot_show_goes_and_the_rest_stays(optical: str, radar: str) -> None:
    assert rewrite(optical, CHIP) == radar


def test_small_things_stay_where_pixels_are_small_enough() -> None:
    fine = Record("a", 9, 9, metres_per_pixel=0.1)
    assert rewrite("People walk on the beach.", fine) == "People walk on the beach."
    assert rewrite("People walk on the beach.") == ""


VOCABULARY = (
    "a an the red green dark light and , of in with is are ships ship three two one 3 fields road "
    "photo aerial view near large large, harbour harbours roof white-roofed blue-green river . . "
    "sky shadow people The Grey Two tall river's"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
CAPTIONS = st.one_of(st.lists(WORDS, max_size=25).map(" ".join), st.text(max_size=60))


@given(CAPTIONS, st.sampled_from([None, CHIP]))
def test_no_colour_is_left_no_noun_is_new_and_twice_changes_nothing(
    caption: str, record: Record | None
) -> None:
    once = rewrite(caption, record)
    assert rewrite(once, record) == once
    words = {word.lower() for word in re.findall(r"\w+", once)}
    assert not words & {*COLOURS}
    before = {word.lower() for word in re.findall(r"\w+", caption)}
    known = before | {plural(word) for word in before} | {"a", "an", "are", "were"}
    radar = {word for name in PICTURES.values() for word in name.split()}
    assert words <= known | radar
