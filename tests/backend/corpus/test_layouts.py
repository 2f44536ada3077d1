"""Published layouts: read into our own form, written back as they were, broken records named."""

import csv
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from backend.corpus import open_corpus
from backend.corpus.checking import check_corpus
from backend.corpus.exchange import (
    ReadReport,
    export_corpus,
    find_layout,
    find_layouts,
    read_published,
)
from backend.errors import ConfigInvalid, CorpusInvalid
from tests.support.published import LAYOUTS, SIDE, captions, messages, write_json


def contents(folder: Path) -> dict[str, Any]:
    """What the files of text below a folder hold, by name."""
    return {
        file.relative_to(folder).as_posix(): content(file)
        for file in sorted(folder.rglob("*"))
        if file.suffix not in (".png", ".tif", ".jpg") and file.is_file()
    }


def content(file: Path) -> Any:
    if file.suffix in (".json", ".geojson"):
        return json.loads(file.read_text("utf-8"))
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return list(csv.reader(lines))
    if file.suffix == ".xml":
        return described(ElementTree.fromstring(file.read_text("utf-8")))
    if file.suffix == ".parquet":
        return pytest.importorskip("pyarrow.parquet").read_table(file).to_pylist()
    return file.read_text("utf-8")


def described(element: ElementTree.Element) -> Any:
    """An element without its order among those beside it."""
    parts = sorted((one.tag, str(described(one))) for one in element)
    return parts or (element.text or "").removesuffix(".0")


def read(name: str, folder: Path, **options: Any) -> ReadReport:
    return read_published(find_layout(name), folder / "there", folder / "own", **options)


def make(name: str, folder: Path) -> Path:
    if name == "bigearthnet-txt":
        pytest.importorskip("pyarrow", reason="the extra corpora is not installed")
    LAYOUTS[name](folder / "there")
    return folder / "there"


def test_every_layout_has_records_to_prove_it() -> None:
    assert set(LAYOUTS) == set(find_layouts())
    with pytest.raises(ConfigInvalid, match=r"no layout 'none'.*geovl"):
        find_layout("none")


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_read_and_exported_is_what_was_published(name: str, tmp_path: Path) -> None:
    there = make(name, tmp_path)
    report = read(name, tmp_path)
    assert report.records >= 5 and report.broken == 0
    corpus = open_corpus(tmp_path / "own")
    assert corpus.about.licence and corpus.about.made["layout"] == name
    assert check_corpus(corpus, pixels=False).faults == []
    export_corpus(corpus, find_layout(name), tmp_path / "back")
    assert contents(tmp_path / "back") == contents(there)


def test_what_a_layout_has_no_place_for_is_counted_or_refused(tmp_path: Path) -> None:
    make("sarlang", tmp_path)
    read("sarlang", tmp_path)
    corpus = open_corpus(tmp_path / "own")
    report = export_corpus(corpus, find_layout("sar-text"), tmp_path / "captions")
    questions = sum(text.kind == "question" for text in corpus.texts())
    assert questions and report.without == {"questions": questions}
    assert report.texts == 15 - questions
    for name in ("coco", "geojson", "geovl", "yolo"):
        with pytest.raises(CorpusInvalid, match=r"nothing that .* has a place for"):
            export_corpus(corpus, find_layout(name), tmp_path / name)
        assert not (tmp_path / name).exists()


def test_captions_questions_and_boxes_become_what_they_are(tmp_path: Path) -> None:
    make("sarlang", tmp_path)
    assert read("sarlang", tmp_path).texts == 15
    corpus = open_corpus(tmp_path / "own")
    texts = list(corpus.texts())
    assert texts[-10].plain == "two ships" and texts[-10].kind == "caption"
    assert {text.task for text in texts if text.kind == "caption"} == {"", "concise"}
    question = texts[4]
    assert (question.kind, question.plain, question.source) == ("question", "4", "boxes")
    assert len(list(corpus.chips())) == 5


def test_boxes_are_in_pixels_whatever_the_layout(tmp_path: Path) -> None:
    boxes = {}
    for name in ("coco", "voc", "yolo", "geojson"):
        make(name, tmp_path / name)
        read(name, tmp_path / name)
        record = next(iter(open_corpus(tmp_path / name / "own").facts()))
        assert record.objects is not None
        box = record.objects[0].box
        boxes[name] = (box.x, box.y, box.width, box.height)
    assert boxes["coco"] == (0, 3, 10, 5) and boxes["voc"] == (0, 2, 20, 10.5)
    assert boxes["yolo"] == pytest.approx((0.4375 * SIDE, 0.2 * 48, 0.125 * SIDE, 0.1 * 48))
    assert boxes["geojson"] == pytest.approx((5, 5, 10, 4))


def test_captions_that_list_boxes_give_them_where_the_pictures_are(tmp_path: Path) -> None:
    make("caesar-radi-sarcap", tmp_path)
    assert read("caesar-radi-sarcap", tmp_path).objects == 0
    texts = list(open_corpus(tmp_path / "own").texts())
    assert texts[-1].source == "boxes" and texts[0].source == "unknown"


STRANGE = 'a "ship",\ttab\r\nnew line\rend \u2028 \U0001f6f3 \\ é '
RETURN = "one\rtwo"


@pytest.mark.parametrize("name", ["sar-text", "caesar-radi-sarcap", "sarlang", "klayma-sarvlm"])
def test_strange_captions_come_back_from_tables_as_they_were(name: str, tmp_path: Path) -> None:
    there = make(name, tmp_path)
    tables = sorted(there.rglob("*.csv"))
    delimiter = "\t" if name == "caesar-radi-sarcap" else ","
    for table in tables:
        with table.open("a", encoding="utf-8", newline="") as file:
            rows = (("pictures/20.png", STRANGE), ("pictures/21.png", RETURN))
            csv.writer(file, delimiter=delimiter).writerows(rows)
    read(name, tmp_path)
    export_corpus(open_corpus(tmp_path / "own"), find_layout(name), tmp_path / "back")
    assert contents(tmp_path / "back") == contents(there)
    again = read_published(find_layout(name), tmp_path / "back", tmp_path / "again")
    assert again.texts == len(list(open_corpus(tmp_path / "own").texts()))
    assert {STRANGE, RETURN} <= {text.plain for text in open_corpus(tmp_path / "again").texts()}


def test_records_of_lines_come_back_as_lines(tmp_path: Path) -> None:
    there = tmp_path / "there" / "SARChat_describe_test.jsonl"
    there.parent.mkdir()
    records = [messages(k) | {"note": STRANGE} for k in range(3)]
    there.write_text("".join(f"{json.dumps(one)}\n" for one in records))
    read("sarchat", tmp_path)
    export_corpus(open_corpus(tmp_path / "own"), find_layout("sarchat"), tmp_path / "back")
    with (tmp_path / "back" / there.name).open(encoding="utf-8") as lines:
        assert [json.loads(line) for line in lines] == records


BROKEN = {
    "sar-text": ("annotations_PORTS.csv", "filepath", "path_of_it", "line 2 has the fields"),
    "geovl": ("records.json", '"The water is: kind 3."', "5", "line 35: Water is 5"),
    "sarchat": ("SARChat_classify_test.json", '"response": "ship 2"', '"answer": 1', "line 16 has"),
    "coco": ("Annotations/train.json", '"category_id": 2', '"category_id": 9', "category_id is 9"),
    "voc": ("Annotations/2.xml", "<xmax>20</xmax>", "", r"object\[0\].bndbox"),
    "yolo": ("labels/1.txt", "1 0.5", "7 0.5", "line 1: class is 7"),
    "geojson": ("ships.geojson", "EPSG:32633", "EPSG:32634", "crs is .*expected that of its chip"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_names_file_line_and_field(name: str, tmp_path: Path) -> None:
    there = make(name, tmp_path)
    file, right, wrong, message = BROKEN[name]
    text = (there / file).read_text("utf-8")
    assert right in text
    (there / file).write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=message) as caught:
        read(name, tmp_path)
    assert (there / file).name in caught.value.message
    assert not (tmp_path / "own").exists(), "nothing half-read is left"


def test_broken_records_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    there = tmp_path / "there"
    captions(there, "annotations_A.csv", ("filepath", "caption"))
    table = there / "annotations_A.csv"
    table.write_text(table.read_text("utf-8").replace("fields", " "), encoding="utf-8")
    report = read("sar-text", tmp_path, skip_broken=True)
    assert (report.records, report.texts, report.broken) == (5, 4, 1)
    assert "line 5: the text is" in report.problems[0]


NOT_RECORDS = {
    "sar-text": ("annotations_PORTS.csv", "pictures/3.png,fields", "fields", "has 1 fields"),
    "geovl": ("training.json", "[", '[\n"words",', 'line 2: the record is "words"'),
    "sarlang": ("VQA/SARVQA1_train.json", "[", "[\n7,", "line 2: the record is 7"),
    "sarchat": ("SARChat_classify_test.json", "[", "[null,", "line 1: the record is null"),
    "coco": ("Annotations/train.json", '"image_id": 13', '"image_id": 99', "image_id is 99"),
    "voc": ("Annotations/2.xml", "</annotation>", "", "cannot be read as Pascal VOC"),
    "geojson": ("ships.geojson", '"chip": "1.tif"', '"chp": "1.tif"', "expected chip or image"),
    "caesar-radi-sarcap": (
        "img_caption.csv", "bridge 1 2 30 31", "bridge 30 2 1 31", r"line 7: .*\[30.0, 2.0, -29.0"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_RECORDS)
def test_what_is_no_record_at_all_can_be_left_out_too(name: str, tmp_path: Path) -> None:
    there = make(name, tmp_path)
    if name == "caesar-radi-sarcap":
        (there / "pictures").mkdir()
        Image.new("L", (SIDE, SIDE)).save(there / "pictures" / "9.png")
    file, right, wrong, message = NOT_RECORDS[name]
    text = (there / file).read_text("utf-8")
    assert right in text
    (there / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=message):
        read(name, tmp_path)
    report = read(name, tmp_path, skip_broken=True)
    assert report.broken == 1 and report.records >= 5
    assert re.search(message, report.problems[0])
    assert check_corpus(open_corpus(tmp_path / "own"), pixels=False).faults == []


def test_a_text_keeps_its_split_where_its_chip_has_another(tmp_path: Path) -> None:
    there = tmp_path / "there"
    for split, count in (("train", 2), ("test", 3)):
        write_json(there / f"SARChat_describe_{split}.json", [messages(k) for k in range(count)])
    read("sarchat", tmp_path)
    corpus = open_corpus(tmp_path / "own")
    assert {
        text.chip: text.split
        for text in corpus.texts()
        if text.more["__file__"].endswith("train.json")
    } == {"pictures/0.png": "train", "pictures/1.png": "train"}
    assert [chip.split for chip in corpus.chips()] == ["test"] * 3


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    table = tmp_path / "there" / "annotations_A.csv"
    table.write_text("filepath,caption,caption\na.png,x,y\n")
    with pytest.raises(CorpusInvalid, match="has several columns caption"):
        read("sar-text", tmp_path)


def test_a_box_outside_its_picture_is_refused(tmp_path: Path) -> None:
    there = make("coco", tmp_path)
    file = there / "Annotations" / "train.json"
    values = json.loads(file.read_text())
    values["annotations"][3]["bbox"] = [500, 3, 10, 5]
    write_json(file, values)
    with pytest.raises(CorpusInvalid, match=r"bbox is .*500.* a box that meets 64 × 48 pixels"):
        read("coco", tmp_path)


def test_a_folder_of_another_layout_says_what_it_holds_and_what_was_wanted(tmp_path: Path) -> None:
    make("geovl", tmp_path)
    with pytest.raises(CorpusInvalid, match=r"holds records.json.*SARChat-2M has SARChat_TASK"):
        read("sarchat", tmp_path)


def test_a_list_larger_than_what_is_read_at_once_is_read_as_a_stream(tmp_path: Path) -> None:
    records = [{**messages(k), "note": "long " * 8000} for k in range(60)]
    write_json(tmp_path / "there" / "SARChat_describe_test.json", records)
    assert (tmp_path / "there" / "SARChat_describe_test.json").stat().st_size > 2 * 2**20
    report = read("sarchat", tmp_path)
    assert (report.records, report.chips, report.texts) == (60, 60, 60)
    assert list(open_corpus(tmp_path / "own").texts())[-1].plain == "59"
