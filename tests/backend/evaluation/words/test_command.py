"""`python -m backend.evaluate --corpus DIR --answers FILE`: what it prints, and how it refuses."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.corpus.files import About, Corpus, create_corpus
from backend.corpus.records import Chip, Fragment, Text, plain_values
from backend.errors import ConfigInvalid, CorpusInvalid
from backend.evaluate import app
from backend.evaluation.words.joined import read_answers
from backend.evaluation.words.vectors import measure_vectors
from tests.support.chat_server import chatting
from tests.support.in_process import exit_code

Command = Callable[..., str]


def caption(chip: str, text: str, task: str = "") -> Text:
    return Text(chip, (Fragment(text),), task=task)


def question(chip: str, question: str, answer: str, task: str) -> Text:
    return Text(chip, (Fragment(answer),), "question", question, task)


TEXTS = (
    caption("a", "Two ships lie in the harbour."),
    caption("a", "The harbour holds 2 ships."),
    caption("b", "A forest covers the left side."),
    question("a", "How many ships are there?", "2", "count"),
    question("a", "Is there a forest?", "No", "presence"),
    question("b", "What covers the left?", "forest", "main"),
    caption("c", "A chip of the training split."),
)
ANSWERS = [
    {"chip": "a", "caption": "Two ships lie in the harbour"},
    {"chip": "b", "caption": "A lake"},
    {"chip": "a", "question": "How many ships are there?", "answer": "12"},
    {"chip": "a", "question": "Is there a forest?", "answer": "No."},
    {"chip": "b", "question": "What covers the left?", "answer": "woods"},
]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    corpus = create_corpus(tmp_path / "corpus", About("small", "none"))
    with corpus.adding("chips.jsonl") as chips:
        for name in "abc":
            chips.add(plain_values(Chip(name, f"{name}.tif")))
    corpus.write_texts(TEXTS)
    corpus.write_splits({"train": ["c"], "test": ["a", "b"]}, {})
    return corpus


@pytest.fixture
def evaluate(
    corpus: Corpus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    def command(answers: list[dict[str, str]], *more: object, code: int = 0) -> str:
        lines = "".join(json.dumps(line) + "\n" for line in answers)
        (tmp_path / "answers.jsonl").write_text(lines)
        fixed = ["--corpus", corpus.folder, "--answers", tmp_path / "answers.jsonl"]
        assert exit_code(app, [*fixed, "-o", tmp_path / "o", *more], monkeypatch) == code
        said = capsys.readouterr()
        return said.err if code else said.out

    return command


def measured(tmp_path: Path) -> dict:
    return json.loads((tmp_path / "o" / "measures.json").read_text())


def test_captions_and_answers_are_measured(evaluate: Command, tmp_path: Path) -> None:
    printed = evaluate(ANSWERS, "--resamples", 10)
    assert "Unicode words, references together" in printed and "Answers, % right, test" in printed
    assert "BLEU-4" in (tmp_path / "o" / "measures.txt").read_text()
    found = measured(tmp_path)
    together, alone = (row for row in found["captions"] if not row["baseline"])
    assert (together["items"], alone["items"], together["short"]) == (2, 3, 1)
    assert together["figures"]["rouge_l"]["value"] == pytest.approx((1 + 0.2293) / 2, abs=1e-4)
    every, count, presence, main = found["answers"]
    assert (every["kind"], every["questions"], every["undecided"]) == ("all", 3, 1)
    assert every["strict"]["value"] == pytest.approx(1 / 3)
    assert (count["strict"]["value"], count["sarlang"]["value"], count["inside_word"]) == (0, 1, 1)
    assert presence["strict"]["value"] == 1 and main["judged"] is None
    assert found["diversity"]["references"]["texts"] == 3
    assert found["missing"] == {"captions": 0, "answers": 0}


def test_answers_without_the_image_stand_beside(
    evaluate: Command, corpus: Corpus, tmp_path: Path
) -> None:
    evaluate(ANSWERS, "--resamples", 10)
    assert not any(row["baselines"] for row in measured(tmp_path)["answers"])
    same = [
        question("c", "Is there a forest?", answer, "presence") for answer in ("No", "Yes", "No")
    ]
    other = [question("c", "How many bridges are there?", "2", "count")]
    corpus.write_texts([*TEXTS, *same, *other])
    printed = evaluate(ANSWERS, "--resamples", 10)
    assert "no image" in printed
    assert "Not compared with the nearest chip of training. There is no file" in printed
    every, count, presence, main = (
        row["baselines"]["no image"]["value"] for row in measured(tmp_path)["answers"]
    )
    assert (count, presence, main, every) == (1, 1, 0, pytest.approx(2 / 3))


def test_what_papers_printed_stands_beside_of_the_types_that_were_measured(
    evaluate: Command, corpus: Corpus
) -> None:
    corpus.write_texts([*(replace(text, task=text.task or "concise") for text in TEXTS)])
    printed = evaluate(ANSWERS, "--resamples", 0)
    row = r"HCNet \(SARLANG\) +│ concise +│ +61.06 │ +54.45 │ +49.19 │ +44.15 │ +60.78 │ +239.00 │"
    assert re.search(row, printed) and "complex" not in printed
    assert re.search(r"ViT-B KnowLIP \(SAR-KnowLIP\) +│ – +│.* 80.01 .* 113.46 .* 51.40 │", printed)
    assert re.search(r"ViT-B KnowLIP \(SAR-KnowLIP\) +│ +98.70 │ .* 93.58 │ +– │", printed)
    captions = evaluate(ANSWERS[:2], "--resamples", 0)
    assert "Captions, printed" in captions and "Answers, printed" not in captions


def test_what_is_missing_counts_as_empty_and_is_said(evaluate: Command, tmp_path: Path) -> None:
    printed = evaluate([ANSWERS[0], ANSWERS[3]], "--resamples", 0)
    assert "1 captions are missing and count as empty." in " ".join(printed.split())
    assert "2 answers are missing and count as wrong." in " ".join(printed.split())
    assert measured(tmp_path)["answers"][0]["strict"]["value"] == pytest.approx(1 / 3)
    evaluate([ANSWERS[0]], "--resamples", 0)
    assert measured(tmp_path)["answers"] == []


def test_types_that_no_answer_is_of_are_left_out_and_said(
    evaluate: Command, corpus: Corpus, tmp_path: Path
) -> None:
    few = [caption("a", "Ships.", "concise"), caption("b", "Trees.", "concise")]
    corpus.write_texts([*TEXTS, *few])
    said = [
        {"chip": "a", "caption": "Ships.", "task": "concise"},
        {"chip": "a", "question": "How many ships are there?", "answer": "2", "task": "count"},
    ]
    printed = evaluate(said, "--resamples", 0)
    line = "Not measured, since the answers are of other types: 3 captions, 1 presence questions"
    assert f"{line}, 1 main questions." in printed
    assert line in (tmp_path / "o" / "measures.txt").read_text()
    found = measured(tmp_path)
    assert {row["task"] for row in found["captions"]} == {"concise"}
    assert found["missing"] == {"captions": 1, "answers": 0}  # of its own type b is missing
    assert [row["strict"]["value"] for row in found["answers"]] == [1, 1]
    evaluate([{"chip": "a", "caption": "Ships."}], "--resamples", 0)
    assert measured(tmp_path)["left_out"] == {}


def test_a_judge_and_a_text_space_stand_beside(evaluate: Command, tmp_path: Path) -> None:
    with chatting() as chat:
        chat.answer = lambda asked: str(int("woods" in asked["messages"][0]["content"]))
        evaluate(ANSWERS, "--judge", f"{chat.url}#small", "--text", "minilm", "--resamples", 0)
        assert len(chat.asked) == 2
    found = measured(tmp_path)
    assert [row["judged"]["value"] for row in found["answers"]] == pytest.approx([2 / 3, 0, 1, 1])
    assert found["answers"][0]["sarlang"]["value"] == 1
    assert 0 < found["diversity"]["references"]["similarity"]["mean"] < 1
    assert (tmp_path / "o" / "verdicts.jsonl").read_text().count("\n") == 2


def test_vectors_are_measured_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    images, owners = rng.normal(size=(12, 5)), np.repeat(np.arange(12), 2)
    names = np.array([f"chip {number}" for number in range(12)])
    arrays = {"chips": names, "images": images, "text_chips": names[owners]}
    path, output = tmp_path / "vectors.npz", tmp_path / "o"
    np.savez(path, **arrays, texts=3 * images[owners])
    assert exit_code(app, ["--vectors", path, "-o", output], monkeypatch) == 0
    assert "mR, the mean of the six: 100.00" in " ".join(capsys.readouterr().out.split())
    found = json.loads((output / "retrieval.json").read_text())
    assert found["retrieval"]["text_to_image"]["1"] == found["mean_recall"] == 1
    assert found["chance"]["text_to_image"]["5"] == pytest.approx(5 / 12)
    rows = (output / "retrieval.txt").read_text().splitlines()
    (chance,) = (row for row in rows if "text to chip, by chance" in row)
    assert [cell.strip() for cell in chance.split("│")[2:5]] == ["8.33", "41.67", "83.33"]
    np.savez(
        path, **{**arrays, "chips": names[::-1][1:], "images": images[1:]}, texts=images[owners]
    )
    assert exit_code(app, ["--vectors", path, "-o", output], monkeypatch) == 2
    assert 'a text of the chip "chip 11"' in capsys.readouterr().err
    path.write_bytes(b"none")
    assert exit_code(app, ["--vectors", path, "-o", output], monkeypatch) == 2
    assert "cannot be read as vectors" in capsys.readouterr().err


def test_the_last_line_of_answers_counts_without_an_end(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(json.dumps(line | {"task": None}) for line in ANSWERS))
    assert len(read_answers(path)) == len(ANSWERS)
    path.write_text(path.read_text()[:-1])
    with pytest.raises(CorpusInvalid, match=f"line {len(ANSWERS)} is not JSON"):
        read_answers(path)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"images": np.array([["a", "b"], ["c", "d"]])}, r"images <U1 \(2, 2\).* as numbers"),
        ({"chips": np.array("a")}, r"chips <U1 \(\)"),
        ({"chips": np.array(["a"])}, r"chips <U1 \(1,\)"),
        ({"chips": np.array(["a", None], object)}, "cannot be read as vectors: Object arrays"),
    ],
)
def test_arrays_that_are_no_vectors_get_one_sentence(
    changed: dict[str, np.ndarray], message: str, tmp_path: Path
) -> None:
    names = np.array(["a", "b"])
    arrays = {"chips": names, "images": np.eye(2), "text_chips": names, "texts": np.eye(2)}
    np.savez(tmp_path / "vectors.npz", **(arrays | changed))
    with pytest.raises(ConfigInvalid, match=message):
        measure_vectors(tmp_path / "vectors.npz")


def test_files_that_are_no_npz_get_one_sentence(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.eye(2))
    (tmp_path / "empty.npz").touch()
    for name, problem in (("one.npy", "one array without a name"), ("empty.npz", "No data left")):
        with pytest.raises(ConfigInvalid, match=f"cannot be read as vectors: .*{problem}"):
            measure_vectors(tmp_path / name)


@pytest.mark.parametrize(
    ("answers", "more", "message"),
    [
        ([{"chip": "z", "caption": "x"}], (), 'line 1 has a caption of chip "z"'),
        ([{"chip": "c", "caption": "x"}], (), "not in the split test of the corpus"),
        ([{"chip": "a", "answer": "x"}], (), "expected caption"),
        ([ANSWERS[0], ANSWERS[0]], (), "line 2 answers the same as line 1"),
        ([], (), "holds no answers"),
        (ANSWERS, ("--split", "validation"), "it has some in test, train"),
        (ANSWERS, ("--survey", "x"), "without a survey"),
        (ANSWERS, ("--head", "x"), "without a survey or its heads"),
        (ANSWERS, ("--judge", "http://example.org/v1"), "another computer"),
    ],
)
def test_what_cannot_be_measured_gets_one_sentence(
    evaluate: Command, answers: list[dict[str, str]], more: tuple[object, ...], message: str
) -> None:
    assert message in evaluate(answers, *more, code=2)
