"""Texts of a corpus follow from its facts, and say what they rest on."""

import json
from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from backend.corpus import Corpus, Fragment, Text, open_corpus
from backend.corpus.checking import check_corpus
from backend.corpus.cover import add_cover
from backend.corpus.exchange import export_corpus, find_layout, read_published
from backend.corpus.objects import add_objects
from backend.corpus.optical import write_optical
from backend.corpus.segments import read_classes, read_segments, segment_classes, segments_file
from backend.corpus.texts import write_texts
from backend.errors import CorpusInvalid
from backend.language import Box, Object, Record, answer_from, read_question
from tests.support.rasters import write_raster


@pytest.fixture
def covered(corpus: Corpus, scene_file: Path) -> Corpus:
    """The corpus with the simulated cover beside its scene."""
    assert add_cover(corpus, [scene_file.with_name("scene_truth.tif")]) == 80
    return corpus


def test_cover_is_that_under_the_middle_of_each_pixel(corpus: Corpus, scene_file: Path) -> None:
    import rasterio

    add_cover(corpus, [scene_file.with_name("scene_truth.tif")])
    chip, record = next(corpus.chips()), next(corpus.facts())
    with rasterio.open(scene_file.with_name("scene_truth.tif")) as file:
        assert chip.ground is not None and record.cover is not None
        column, row = ~file.transform @ chip.ground.transform[2::3]
        values = file.read(1)[round(row) : round(row) + 128, round(column) : round(column) + 128]
        names = {int(k[6:]): v.lower() for k, v in file.tags().items() if k.startswith("CLASS_")}
    shares = {names[n]: float((values == n).mean()) for n in np.unique(values)}
    found = {name: share for name, share in record.cover.shares.items() if share}
    assert found == pytest.approx(
        {name: sum(s for n, s in shares.items() if n == name) for name in found}
    )


def test_captions_and_answers_follow_from_the_facts(covered: Corpus) -> None:
    report = write_texts(covered)
    assert report.captions == 160 and report.questions > 160 and report.unknown == 0
    assert check_corpus(covered).faults == []
    facts = {record.chip: record for record in covered.facts()}
    for text in covered.texts():
        record = facts[text.chip]
        assert text.source == "segmentation"
        if text.kind == "question":
            asked = read_question(text.question)
            assert asked is not None, text.question
            found = answer_from(record, asked, ())
            assert found is not None and found.text == text.plain, text.question
        elif text.task == "complex":
            by = {one.about: one.evidence for one in text.fragments}
            assert by["cover"] == "seen" and by["date"] == "place"


def test_texts_of_others_stay_and_those_of_facts_are_made_anew(covered: Corpus) -> None:
    name = next(covered.chips()).name
    covered.write_texts([Text(name, (Fragment("A quiet valley."),), source="human")])
    write_texts(covered, with_questions=False)
    report = write_texts(covered, with_questions=False)
    assert (report.kept, report.captions, report.questions) == (1, 160, 0)
    report = write_texts(covered, with_captions=False)
    assert (report.kept, report.captions) == (1, 0) and report.questions > 160
    assert next(covered.texts()).plain == "A quiet valley."


def test_chips_that_the_screen_left_out_get_no_texts(covered: Corpus) -> None:
    names = [chip.name for chip in covered.chips()]
    with covered.adding("screen.jsonl") as lines:
        lines.add({"chip": names[0], "features": {}, "out": "blank"})
    assert write_texts(covered, with_questions=False).captions == 158
    assert all(text.chip != names[0] for text in covered.texts())


def test_boxes_make_texts_as_well(corpus: Corpus) -> None:
    facts = list(corpus.facts())
    ships = tuple(Object("ship", Box(10 * k, 20, 6, 4)) for k in range(3))
    facts[0] = Record(facts[0].chip, 128, 128, ships)
    corpus.write_facts(facts)
    report = write_texts(corpus)
    assert report.captions == 2 and report.unknown == 79
    texts = list(corpus.texts())
    assert texts[1].task == "concise" and "3 ships" in texts[1].plain
    assert {text.source for text in texts} == {"boxes"}


def test_objects_that_are_drawn_on_a_map_lie_in_the_chips_below_them(
    corpus: Corpus, tmp_path: Path
) -> None:
    chip = next(one for one in corpus.chips() if one.width == 64)
    x, y = Affine(*chip.ground.transform) @ (10, 20)
    ring = [[x, y], [x + 80, y], [x + 80, y - 40], [x, y - 40], [x, y]]
    drawn = tmp_path / "drawn.geojson"
    ship = {"type": "Polygon", "coordinates": [ring]}
    features = [{"type": "Feature", "properties": {"category": "Ship"}, "geometry": ship}]
    crs = {"type": "name", "properties": {"name": chip.ground.crs}}
    drawn.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    buoy = {"type": "Point", "coordinates": list(chip.ground.centre)}  # degrees
    far = {"type": "Point", "coordinates": [99, 0]}  # beyond what UTM has coordinates for
    features = [
        {"type": "Feature", "properties": {"label": "buoy"}, "geometry": one} for one in (far, buoy)
    ]
    points = tmp_path / "points.geojson"
    points.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert add_objects(corpus, [drawn, points]) == 4  # a chip of 1,280 m holds this one
    found = {record.chip: record.objects for record in corpus.facts()}
    first, second = found[chip.name]
    assert (first.category, second.category) == ("ship", "buoy")
    box = (first.box.x, first.box.y, first.box.width, first.box.height)
    assert box == pytest.approx((10, 20, 8, 4)) and second.box.centre == pytest.approx((32, 32))
    assert second.box.width == second.box.height == pytest.approx(1)
    assert sum(objects == () for objects in found.values()) == 78
    points.write_text(json.dumps(features[0]))  # one feature that is no collection
    with pytest.raises(CorpusInvalid, match="has no features; expected a FeatureCollection"):
        add_objects(corpus, [points])
    assert {record.chip: record.objects for record in corpus.facts()} == found
    points.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    points.write_text(points.read_text().replace("label", "colour"))
    with pytest.raises(CorpusInvalid, match=r"line 1 has the fields colour; expected category"):
        add_objects(corpus, [points])


def test_what_is_missing_for_texts_is_said(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(CorpusInvalid, match="Neither boxes nor cover are known"):
        write_texts(corpus)
    grid = Affine(10, 0, 640_000, 0, -10, 5_330_000)
    plain = write_raster(
        tmp_path / "classes.tif", np.ones((1, 512, 512), np.uint8), "EPSG:32632", grid, names=None
    )
    with pytest.raises(CorpusInvalid, match=r"classes.tif does not name its classes"):
        add_cover(corpus, [plain])
    table = tmp_path / "classes.csv"
    table.write_text("number,name\n1,Water\n")
    assert read_classes(table) == {1: "water"}
    assert add_cover(corpus, [plain], read_classes(table)) == 80
    assert segment_classes(corpus) == {0: "water"}
    assert not read_segments(segments_file(corpus, next(corpus.chips()).name)).any()  # all water
    for wrong in ("1.5,Water", "1,Water\n1,Land"):
        table.write_text(f"number,name\n{wrong}\n")
        with pytest.raises(CorpusInvalid, match="a whole number that no other class has"):
            read_classes(table)
    table.write_text("number,name\none,Water\n")
    with pytest.raises(CorpusInvalid, match='line 2: number is "one"; expected a number'):
        read_classes(table)


def test_a_second_cover_leaves_the_segmentations_of_the_first_right(
    corpus: Corpus, tmp_path: Path
) -> None:
    grid = Affine(10, 0, 640_000, 0, -10, 5_330_000)
    ones = np.ones((1, 512, 512), np.uint8)
    whole = write_raster(tmp_path / "whole.tif", ones, "EPSG:32632", grid, names=None)
    corner = write_raster(tmp_path / "part.tif", ones[:, :128], "EPSG:32632", grid, names=None)
    assert add_cover(corpus, [whole], {1: "water"}) == 80
    assert 0 < add_cover(corpus, [corner], {1: "land"}) < 80
    names = segment_classes(corpus)
    for record in corpus.facts():
        assert record.cover is not None
        found = np.unique(read_segments(segments_file(corpus, record.chip)))
        shares = record.cover.shares
        assert {names[n] for n in found if n >= 0} == {name for name in shares if shares[name]}
    with pytest.raises(CorpusInvalid, match="There are 302 classes; segmentations have 255"):
        add_cover(corpus, [whole], {n: f"class {n}" for n in range(300)})


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("300,sand", "a class of the number 300; expected 0 to 254"),
        ("-1,sand", "a class of the number -1"),
        ("2,water", "several classes of the name water"),
    ],
)
def test_numbers_that_no_picture_has_and_equal_names_are_refused(
    corpus: Corpus, row: str, problem: str
) -> None:
    folder = corpus.folder / "segments"
    folder.mkdir()
    (folder / "classes.csv").write_text(f"number,name\n1,water\n{row}\n")
    with pytest.raises(CorpusInvalid, match=problem):
        segment_classes(corpus)


def test_boxes_make_the_tasks_and_captions_of_published_corpora(
    corpus: Corpus, tmp_path: Path
) -> None:
    facts = list(corpus.facts())
    two = (Object("ship", Box(20, 20, 60, 40)), Object("ship", Box(180, 150, 50, 40)))
    facts[0] = Record(facts[0].chip, 256, 256, (*two, Object("bridge", Box(90, 90, 80, 60))))
    corpus.write_facts(facts)
    write_texts(corpus, all_forms=True)
    texts = list(corpus.texts())
    asked = {text.task: text for text in texts if text.question.startswith("[")}
    assert set(asked) == {
        "classify_count", "classify_grounding_single", "classify_grounding_multi",
        "classify_identify_single", "classify_refer_single",
    }  # fmt: skip
    assert asked["classify_grounding_multi"].plain == ("{<20><20><80><60>}, {<180><150><230><190>}")
    assert [text.task for text in texts].count("boxes") == 5
    [described] = [text for text in texts if text.task == "description"]
    assert described.fragments[0].text == "The image shows a small ship at the top left."
    assert {one.evidence for text in texts for one in text.fragments} == {"seen"}
    write_texts(corpus, all_forms=True)
    assert list(corpus.texts()) == texts
    export_corpus(corpus, find_layout("sarchat"), tmp_path / "out")
    read_published(find_layout("sarchat"), tmp_path / "out", tmp_path / "back")
    back = {text.task for text in open_corpus(tmp_path / "back").texts()}
    assert back >= {*asked, "classify", "describe", "box"}


def test_captions_of_optical_pairs_become_radars(corpus: Corpus, tmp_path: Path) -> None:
    name = next(corpus.chips()).name
    corpus.write_texts([Text(name, (Fragment("A quiet valley."),), source="human")])
    table = tmp_path / "optical.csv"
    lines = (
        f'{name},"A white ship lies at sea, and the sky is clear."',
        f"{name},The sky is blue.",
    )
    table.write_text("\n".join(("chip,caption", f"{name},A green field. It is sunny.", *lines)))
    for _ in range(2):
        report = write_optical(corpus, table)
        assert (report.written, report.changed, report.empty) == (1, 1, 2)
        human, optical = corpus.texts()
        assert (human.plain, optical.plain) == ("A quiet valley.", "A field.")
        assert (optical.source, optical.more["optical"]) == (
            "optical", "A green field. It is sunny.",
        )  # fmt: skip
    table.write_text("chip,caption\nnowhere,A field.\n")
    with pytest.raises(CorpusInvalid, match='line 2: chip is "nowhere"; expected a chip'):
        write_optical(corpus, table)
    table.write_text(f"chip,caption\n{name},The sky is blue.\n")
    with pytest.raises(CorpusInvalid, match="no caption of which something is left"):
        write_optical(corpus, table)
