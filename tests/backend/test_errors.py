"""Errors are one sentence and a remedy, and the builtin that a caller would expect as well."""

from pathlib import Path

import pytest

from backend import errors
from backend.encoders import load_encoder
from backend.io.disk import writing
from backend.link import open_head
from backend.text import TextEncoder, load_text_encoder

TREE = (errors.__doc__ or "").partition("In brackets")[0]


def kinds() -> list[type[errors.GlueLinkError]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.GlueLinkError)
    ]


def test_a_notebook_catches_the_builtin_it_expects(tmp_path: Path, minilm: TextEncoder) -> None:
    with pytest.raises(FileNotFoundError, match="weights of ssl4eo-s1 are not at"):
        load_encoder("ssl4eo-s1", tmp_path / "none.pth")
    with pytest.raises(LookupError, match="no encoder 'none'"):
        load_encoder("none")
    with pytest.raises(LookupError, match="no text encoder 'none'"):
        load_text_encoder("none")
    with pytest.raises(LookupError, match="no head 'none'"):
        open_head("none")
    with pytest.raises(ValueError, match="phrase is empty"):
        minilm.embed([" "])


def test_message_and_remedy_are_kept_beside_a_builtin() -> None:
    for kind in kinds():
        error = kind("It failed.", "Mend it.")
        assert (error.message, error.remedy, str(error)) == ("It failed.", "Mend it.", f"{error}")
        assert str(error) == "It failed. Mend it." and error.args == ("It failed.",)


def test_the_drawing_has_every_error_with_its_builtins() -> None:
    for kind in kinds()[1:]:
        assert kind.__name__ in TREE
        others = [base.__name__ for base in kind.__bases__ if base is not errors.GlueLinkError]
        assert all(f"({name})" in TREE for name in others)
    drawn = TREE.replace("(", " ").replace(")", " ").replace(",", " ").split()
    assert {kind.__name__ for kind in kinds()} <= set(drawn)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_translation_of_disk_faults_leaves_ours_alone(
    kind: type[errors.GlueLinkError], tmp_path: Path
) -> None:
    with pytest.raises(kind, match="It failed") as caught, writing(tmp_path / "file"):
        raise kind("It failed.", "Mend it.")
    assert type(caught.value) is kind
