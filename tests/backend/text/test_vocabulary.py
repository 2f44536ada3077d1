"""The vocabulary is what the method asks for, and a wrong one names its row."""

import re
from pathlib import Path

import pytest

from backend.errors import ConfigInvalid
from backend.text.vocabulary import CLASS_PROMPTS, LUCAS_CLASSES, load_vocabulary

# Words of maps and statistics: nobody who stands in a landscape sees a district.
FROM_A_MAP = re.compile(
    r"\b(region|district|province|county|municipal\w*|nation\w*|basin|catchment|watershed|latitude|"
    r"longitude|boundary|border|zone|sector|area|percent\w*|aerial|hectares?|land[- ](use|cover)|"
    r"biome|ecoregion|map|north-facing|density)s?\b"
)


def test_there_are_757_phrases_in_46_categories() -> None:
    vocabulary = load_vocabulary()
    assert len(vocabulary.phrases) == len(vocabulary.categories) == 757
    assert len(set(vocabulary.categories)) == 46
    assert min(map(vocabulary.categories.count, set(vocabulary.categories))) >= 16


def test_no_phrase_stands_twice_whatever_its_article_case_and_spaces() -> None:
    bare = [
        re.sub(r"^(a|an|the) ", "", " ".join(phrase.lower().split()))
        for phrase in load_vocabulary().phrases
    ]
    assert len(set(bare)) == len(bare)


def test_phrases_are_short_lower_case_and_nothing_a_map_only_shows() -> None:
    for phrase in load_vocabulary().phrases:
        assert re.fullmatch(r"[a-z][a-z' -]{5,48}", phrase), phrase
        assert not FROM_A_MAP.search(phrase), phrase


def test_the_eight_classes_have_prompts_phrased_as_photographs() -> None:
    assert "".join(LUCAS_CLASSES) == "ABCDEFGH"
    assert len(CLASS_PROMPTS) == 8
    assert CLASS_PROMPTS[0] == "a photograph showing artificial land and built-up areas"
    assert all(prompt.startswith("a photograph showing ") for prompt in CLASS_PROMPTS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n- open water\nb:\n- Open  Water\n", r'"Open Water" in row 4 and in row 2'),
        ("a:\n- x\nb:\n- y\na:\n- z\n", r'category "a" in row 5 and in row 1'),
        ("a:\n- x\n- ''\n", "Row 3 of words.yaml is not a phrase"),
        ("a:\n- x\n- [y]\n", "Row 3 of words.yaml is not a phrase"),
        ("a:\n- x\nb:\n", 'category "b" in row 3 of words.yaml has no phrases'),
        ("- x\n", "no categories"),
        ("", "no categories"),
        ("a: [x\n", "words.yaml cannot be read as YAML"),
    ],
)
def test_a_wrong_vocabulary_names_the_row(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(text)
    with pytest.raises(ConfigInvalid, match=message):
        load_vocabulary(path)


def test_a_missing_vocabulary_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match=r"absent\.yaml"):
        load_vocabulary(tmp_path / "absent.yaml")
