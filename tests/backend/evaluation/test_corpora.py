"""A corpus in numbers that can be counted by hand."""

from pathlib import Path

import pytest

from backend.corpus import Corpus, Fragment, Text, create_corpus
from backend.corpus.files import About
from backend.corpus.records import Chip, plain_values
from backend.evaluation.corpora import measure_corpus
from backend.language import Box, Object, Record
from backend.text import TextEncoder


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    corpus = create_corpus(tmp_path / "c", About("c", "free"))
    with corpus.adding("chips.jsonl") as chips:
        for name in ("a", "b", "c"):
            chips.add(plain_values(Chip(name, f"{name}.png", 10, 10)))
    words = ("12 ships", "πλοία στο λιμάνι, 12 πλοία", "a town by a river")
    captions = [
        Text(name, (Fragment(one),), source="human") for name, one in zip("abc", words, strict=True)
    ]
    noise = (Fragment("a town"), Fragment("lies in the sky", status="noise"))
    question = Text("a", (Fragment("12"),), "question", "How many ships?", "count", "boxes")
    corpus.write_texts([*captions, Text("b", noise, source="chain"), question])
    corpus.write_facts([Record("a", 10, 10, (Object("ship", Box(1, 1, 2, 2)),) * 2)])
    corpus.write_splits({"train": ["a", "b"], "test": ["c"]}, {})
    return corpus


def test_counts_are_what_the_corpus_holds(corpus: Corpus) -> None:
    found = measure_corpus(corpus)
    assert found.chips == 3 and found.splits == {"train": 2, "test": 1}
    assert found.captions == {"human": 3, "chain": 1} and found.questions == {"count": 1}
    assert found.objects == {"ship": 2}
    assert (found.words, found.distinct, found.short) == (14, 9, 2)  # noise is not counted
    told = "\n".join(found.sentences())
    assert "2 of 4 captions have fewer than 4 words" in told and "Similarity" not in told


def test_captions_are_compared_in_one_pass(corpus: Corpus, minilm: TextEncoder) -> None:
    found = measure_corpus(corpus, minilm).similarity
    assert found is not None and found.vectors == 4
    vectors = minilm.embed([one.plain for one in corpus.texts() if one.kind == "caption"])
    cosines = [vectors[i] @ vectors[j] for i in range(4) for j in range(4) if i != j]
    assert found.mean == pytest.approx(sum(cosines) / 12, abs=1e-6)


def test_an_empty_corpus_has_no_figures_but_counts(tmp_path: Path) -> None:
    found = measure_corpus(create_corpus(tmp_path / "c", About("c", "free")))
    assert list(found.sentences()) == ["0 chips", "0 captions", "0 questions", "0 boxes"]
