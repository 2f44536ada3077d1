"""Answers by three rules, and SARChat's scores, on cases worked out by hand."""

import numpy as np
import pytest

from backend.evaluation.words.answers import Answered, measure_answers, sarlang_rule
from backend.evaluation.words.sarchat import (
    Hits,
    box_hits,
    boxes_in,
    named_in,
    overlaps,
    phrases_of,
    sarchat_scores,
    set_hits,
)

CLASSES = ("ship", "aircraft", "car", "tank", "bridge", "harbor")


@pytest.mark.parametrize(
    ("truth", "answer", "strict", "sarlang", "inside"),
    [
        ("Yes", "yes.", True, True, False),
        ("no", "It lies in the north.", False, True, True),
        ("1", "12", False, True, True),
        ("no", "No, there is none.", False, True, False),
        ("yes", "no", False, False, False),
        ("12", "twelve", False, False, False),
        ("a harbour", "It shows a harbour.", False, True, False),
        ("1,2,5", "1, 2, 5", True, None, False),
        ("left", "right", False, None, False),
        ("left", "", False, None, False),
    ],
)
def test_each_rule_says_what_it_is_known_for(
    truth: str, answer: str, strict: bool, sarlang: bool | None, inside: bool
) -> None:
    assert sarlang_rule(truth, answer) is sarlang
    verdict = measure_answers([Answered("?", truth, answer)])[0]
    assert (verdict.strict, verdict.sarlang, verdict.inside_word) == (strict, bool(sarlang), inside)
    assert verdict.undecided == (sarlang is None)
    assert verdict.judged is None


def test_a_judge_decides_what_is_not_strictly_right() -> None:
    asked = []

    def judge(question: str, truth: str, answer: str) -> bool:
        asked.append((question, truth, answer))
        return answer == "harbour"

    cases = [("port", "harbour"), ("port", "port"), ("yes", "harbour"), ("port", "field")]
    found = measure_answers([Answered("What?", *case) for case in cases], judge)
    assert [one.judged for one in found] == [True, True, True, False]
    assert [one.sarlang for one in found] == [True, True, False, False]
    assert asked == [("What?", *cases[0]), ("What?", *cases[2]), ("What?", *cases[3])]


def test_boxes_are_read_and_overlap() -> None:
    boxes = boxes_in("ships at {<0><0><10><10>} and { <30> <20> <20> <30> }, no {<1><2>}")
    assert boxes.tolist() == [[0, 0, 10, 10], [20, 20, 30, 30]]
    assert overlaps(boxes, np.array([[0.0, 0, 10, 5]])).tolist() == [[0.5], [0]]
    assert boxes_in("none").shape == (0, 4)
    assert overlaps(boxes[:1, [0, 0, 0, 0]], boxes[:1, [0, 0, 0, 0]]).tolist() == [[0]]


def test_boxes_are_matched_once() -> None:
    truth = boxes_in("{<0><0><10><10>} {<20><0><30><10>}")
    twice = boxes_in("{<0><0><10><10>} {<0><0><10><9>} {<50><50><60><60>}")
    assert box_hits(truth, twice, 0.25) == Hits(right=1, wrong=2, missed=1)
    assert box_hits(truth, truth[:0], 0.5) == Hits(missed=2)


def test_names_and_phrases_are_found_as_words() -> None:
    assert named_in("Two ships, a Harbor and tanks; no carpet.", CLASSES) == {
        "ship", "harbor", "tank",
    }  # fmt: skip
    assert phrases_of("The large ship. A small ship, near a bridge") == {
        "large ship", "small ship", "near bridge",
    }  # fmt: skip
    assert set_hits("ab", "bcd") == Hits(right=1, wrong=2, missed=1)
    assert set_hits("", "").accuracy == 1


def test_scores_are_means_of_subtasks_and_the_total_is_weighted() -> None:
    box, far = "{<0><0><10><10>}", "{<0><0><10><3>}"
    scores = sarchat_scores(
        [
            ("classify", "ship", "ships and a bridge"),
            ("classify_count", "There are 3 ships.", "3"),
            ("classify_count", "3", "12"),
            ("classify_grounding_single", box, far),
            ("classify_grounding_multi", f"{box} {box}", box),
        ],
        CLASSES,
    )
    assert scores.subtasks == {
        "classify": 0.5,
        "classify_count": 0.5,
        "classify_grounding_single, IoU 0.25": 1,
        "classify_grounding_single, IoU 0.5": 0,
        "classify_grounding_multi, IoU 0.25": 0.5,
        "classify_grounding_multi, IoU 0.5": 0.5,
    }
    assert scores.tasks == {"classify": 0.5, "count": 0.5, "grounding": 0.5}
    assert scores.questions == {"classify": 1, "count": 2, "grounding": 2}
    assert scores.total == pytest.approx(0.5)
