"""The command: the first line describes, --ask prints the answer alone, --objects leaves a file."""

import json
from pathlib import Path

import pytest

from backend import describe
from tests.backend.describers.conftest import harbourless
from tests.support.in_process import exit_code

__all__ = ["harbourless"]


def test_it_describes_answers_and_leaves_objects(
    harbourless: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    objects, store = tmp_path / "objects.geojson", tmp_path / "store"
    common = [harbourless, "--store", store]
    assert exit_code(describe.app, [*common, "--objects", objects], monkeypatch) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert "% is water" in first and "3 bright objects" in first
    assert len(json.loads(objects.read_text())["features"]) == 3
    for question, answer in (("How many ships are there?", "3"), ("Is there water?", "Yes")):
        assert exit_code(describe.app, [*common, "--ask", question], monkeypatch) == 0
        out = capsys.readouterr().out
        assert len(out.splitlines()) == 1
        assert out.split(":")[0] == answer


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["--ask", " "], "The question is empty"),
        (["--with", "nobody"], 'no describer "nobody"'),
        (["--with", "http://127.0.0.1:9/v1#silent"], "127.0.0.1:9"),
        (["--objects", "/nowhere/o.geojson"], "no folder"),
        (["--aoi", "/nowhere/a.geojson"], "There is no file"),
    ],
)
def test_wrong_options_are_one_sentence(
    harbourless: Path,
    wrong: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert exit_code(describe.app, [harbourless, *wrong], monkeypatch) == 2
    captured = capsys.readouterr()
    assert words in captured.err and captured.out == ""
    assert "Written by" not in captured.err
