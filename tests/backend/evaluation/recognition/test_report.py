"""A file of what was recognised beside a corpus: figures, chance, the papers' rows, bad files."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.corpus import Chip, Corpus, create_corpus
from backend.corpus.files import About
from backend.corpus.records import plain_values
from backend.corpus.segments import write_segment_classes, write_segments
from backend.errors import CorpusInvalid
from backend.evaluate import app
from backend.evaluation.recognition.published import PUBLISHED
from backend.evaluation.recognition.report import measure_recognition
from backend.language import Record
from backend.language.record import Box, Object
from tests.support.in_process import exit_code


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Four chips: ships in two, a tank in one, both in the last."""
    corpus = create_corpus(tmp_path / "corpus", About("boxes", "free"))
    ship, tank = (Object(name, Box(4, 4, 8, 8)) for name in ("ship", "tank"))
    held = {"a": (ship,), "b": (ship,), "c": (tank,), "d": (ship, tank)}
    with corpus.adding("chips.jsonl") as lines:
        for name in held:
            lines.add(plain_values(Chip(name, f"{name}.png", 32, 32)))
    corpus.write_facts(Record(name, 32, 32, objects=objects) for name, objects in held.items())
    corpus.write_splits({"train": [], "test": list(held)}, {})
    return corpus


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_figures_stand_beside_chance(corpus: Corpus, tmp_path: Path) -> None:
    box = {"category": "ship", "box": [4, 4, 8, 8], "score": 0.5}
    path = write(
        tmp_path / "said.jsonl",
        {"chip": "a", "scores": {"ship": 2, "tank": 1}, "boxes": [box]},
        {"chip": "b", "scores": {"tank": 2, "ship": 1}, "boxes": [box]},
        {"chip": "d", "boxes": []},
    )
    report = measure_recognition(corpus, path, "test")
    assert report.chips == {"classes": 3, "boxes": 4}  # d has two categories
    assert report.missing == {"classes": 1, "boxes": 1}
    assert report.classes["top1"].value == pytest.approx(1 / 3)
    assert report.classes["top1"].chance == pytest.approx(2 / 3)
    assert report.classes["top3"].value == pytest.approx(2 / 3)  # c was not answered
    assert report.boxes["ap50 ship"].value == pytest.approx(67 / 101)  # two of three
    assert report.boxes["ap50"].value == pytest.approx(67 / 202)
    assert report.boxes["ap50"].chance < report.boxes["ap50"].value
    assert not report.segments


def test_the_command_prints_tables_with_the_rows_of_the_paper(
    corpus: Corpus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    truth = np.array([[0, 0, 0, 1, 255]], np.uint8)
    Image.fromarray(truth).save(tmp_path / "truth.png")
    Image.fromarray(np.array([[0, 0, 1, 1, 1]], np.uint8)).save(tmp_path / "found.png")
    path = write(
        tmp_path / "said.jsonl",
        {"chip": "a", "scores": {"ship": 1}, "segments": "found.png", "truth": "truth.png"},
    )
    arguments = ("--corpus", corpus.folder, "--recognised", path, "-o", tmp_path / "tables")
    assert exit_code(app, arguments, monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "Classification" in printed and "Segmentation" in printed
    text = (tmp_path / "tables" / "recognition.txt").read_text()
    assert "ViT-B KnowLIP" in text and "91.11" in text and "on its own data" in text
    values = json.loads((tmp_path / "tables" / "recognition.json").read_text())
    assert values["segments"]["accuracy"] == {"value": 0.75, "chance": 0.75}
    assert values["segments"]["miou"]["value"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert len(PUBLISHED) == 19
    for row in PUBLISHED:
        assert [len(row.classified), len(row.detected), len(row.segmented)] == [6, 3, 4]


def test_segments_of_chips_without_a_segmentation_are_left_out(
    corpus: Corpus, tmp_path: Path
) -> None:
    Image.fromarray(np.array([[0, 2, 9]], np.uint8)).save(tmp_path / "found.png")
    lines = [{"chip": chip, "segments": "found.png"} for chip in "ab"]
    path = write(tmp_path / "said.jsonl", *lines)
    with pytest.raises(CorpusInvalid, match="No chip that the file gives segments for has a"):
        measure_recognition(corpus, path, "test")
    write_segment_classes(corpus, ["water", "sand", "ice"])
    write_segments(corpus, "a", np.array([[0, 2, 0]]))
    report = measure_recognition(corpus, path, "test")
    assert report.chips == {"segments": 1}
    assert report.segments["accuracy"].value == pytest.approx(2 / 3)
    assert report.segments["iou water"].value == 0.5 and report.segments["iou ice"].value == 1
    assert np.isnan(report.segments["iou sand"].value)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"chip": "z", "scores": {"ship": 1}}, "says nothing of a chip of test"),
        ({"chip": "a", "score": {"ship": 1}}, "says nothing of a chip of test"),
        ({"chip": "a", "boxes": 3}, "boxes is 3; expected a list of boxes"),
        ({"chip": "a", "scores": {"ship": "much"}}, "line 1: scores is .*; expected a finite"),
        ({"chip": "a", "boxes": [{"box": [1, 2, 3]}]}, "line 1: boxes is .*; expected category"),
        (
            {"chip": "a", "boxes": [{"category": "ship", "box": [0, 0, 0, 1], "score": 1}]},
            "a width and height above 0",
        ),
        ({"chip": "a", "segments": "no.png", "truth": "no.png"}, "a picture of class numbers"),
    ],
)
def test_a_broken_line_is_named(
    line: object, sentence: str, corpus: Corpus, tmp_path: Path
) -> None:
    with pytest.raises(CorpusInvalid, match=sentence):
        measure_recognition(corpus, write(tmp_path / "said.jsonl", line), "test")
    same = write(tmp_path / "twice.jsonl", *[{"chip": "a", "scores": {"ship": 1}}] * 2)
    with pytest.raises(CorpusInvalid, match="line 2 is about the chip of line 1"):
        measure_recognition(corpus, same, "test")
