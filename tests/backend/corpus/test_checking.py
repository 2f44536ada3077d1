"""Whatever is wrong with a corpus is one sentence with file, line and field."""

import copy
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from backend.corpus import Chip, Corpus, Fragment, Text
from backend.corpus.checking import CheckReport, check_corpus
from backend.corpus.decisions import Decision, undo_decisions, write_decisions
from backend.corpus.files import open_corpus
from backend.corpus.lines import FILE, Row
from backend.corpus.records import chip_of, plain_values, text_of
from backend.corpus.splitting import split_corpus
from backend.errors import CorpusInvalid, GlueLinkError
from backend.evaluation.corpora import measure_corpus
from backend.language import Box, Object, Record, to_json
from backend.training.towers.pairs import open_pairs
from tests.backend.corpus.conftest import Spoil


@pytest.fixture(autouse=True)
def furnished(corpus: Corpus) -> None:
    """Texts, boxes and categories for the first chips."""
    names = [chip.name for chip in corpus.chips()][:2]
    corpus.write_texts(Text(name, (Fragment("A river."), Fragment("A town."))) for name in names)
    ship = Object("ship", Box(10, 20, 12, 4))
    facts = list(corpus.facts())
    facts[0] = Record(names[0], 128, 128, (ship,))
    corpus.write_facts(facts)
    corpus.change(categories={"ship": {}, "bridge": {}})


def checked(corpus: Corpus) -> CheckReport:
    return check_corpus(corpus)


def test_a_corpus_without_faults_has_none(corpus: Corpus) -> None:
    report = checked(corpus)
    assert (report.faults, report.chips, report.texts, report.facts) == ([], 80, 2, 80)


FAULTS = {
    "box outside": ("facts.jsonl", 1, "[10,20,12,4]", "[120,20,12,4]", r"objects\[0\].box is"),
    "box beyond": ("facts.jsonl", 1, "[10,20,12,4]", "[900,20,12,4]", r"objects\[0\].box"),
    "category": ("facts.jsonl", 1, '"ship"', '"yacht"', "category is .*one of ship, bridge"),
    "empty": ("texts.jsonl", 2, "A town.", "  ", r"fragments\[1\].text is \"  \"; expected some"),
    "unknown chip": ("texts.jsonl", 1, '"chip":"demo', '"chip":"dema', "chip is .*name of a chip"),
    "no CRS": ("chips.jsonl", 3, '"ground"', '"grounds"', "ground is null; expected the CRS"),
    "corner": ("chips.jsonl", 3, '"corners":[[', '"corners":[[1', r"ground.corners is"),
    "no number": ("chips.jsonl", 3, '"width":128', '"width":"a"', 'width is "a"; expected'),
    "not JSON": ("texts.jsonl", 1, "{", "", "is not JSON"),
    "file": ("chips.jsonl", 3, '"file":"demo', '"file":"dema', "no file dema"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_one_sentence_with_its_place(
    fault: str, corpus: Corpus, spoil: Spoil
) -> None:
    import re

    file, line, right, wrong, message = FAULTS[fault]
    spoil(file, line, right, wrong)
    report = checked(corpus)
    first = next(one for one in report.faults if re.search(message, one))
    assert fault == "file" or f"{file}, line {line}" in first
    assert report.count >= 1


def test_duplicates_are_found(corpus: Corpus) -> None:
    chip, record = next(corpus.chips()), next(corpus.facts())
    with corpus.adding("chips.jsonl") as chips, corpus.adding("facts.jsonl") as facts:
        chips.add(plain_values(chip))
        facts.add(to_json(record))
    corpus.write_splits({"train": [chip.name], "test": ["nobody"]}, {})
    faults = "\n".join(checked(corpus).faults)
    assert "chips.jsonl, line 81: chip is" in faults and "facts.jsonl, line 81: chip is" in faults
    assert "nobody, which is not a chip" in faults


@pytest.mark.parametrize("again", ["train", "test"])
def test_a_chip_that_is_learnt_is_no_test(again: str, corpus: Corpus) -> None:
    one, *others = (chip.name for chip in corpus.chips())
    splits = {"train": [one], "validation": [others[0]], "test": [others[1]]}
    corpus.write_splits({**splits, again: [*splits[again], one]}, {})
    sentence = f"names the chip {one} in train and again in {again}"
    assert sentence in "\n".join(checked(corpus).faults)
    with pytest.raises(CorpusInvalid, match=sentence):
        open_pairs(corpus, (), 16)


def test_what_a_reader_notes_is_no_field_of_a_file() -> None:
    with pytest.raises(CorpusInvalid, match=r"has the fields a; expected b\."):
        Row("x.csv", 2, {"a": 1, FILE: "x.csv"}).require("b")


def test_chips_and_texts_come_back_as_they_were_written(corpus: Corpus) -> None:
    chip = Chip("a", "a.png", 3, 4, split="test", cut_db={"VV": (-20.0, 0.0)}, more={"id": 0})
    text = Text(
        "a",
        (Fragment("No.", "answer", "seen", "rebuilt", {"itc": 0.5}),),
        "question",
        "Is there a ship?",
        "presence",
        "boxes",
        "test",
        {"ID": 7, "empty": ""},
    )
    assert chip_of(Row("f", 1, plain_values(chip))) == chip
    assert text_of(Row("f", 1, plain_values(text))) == text
    for one in corpus.chips():
        assert chip_of(Row("f", 1, plain_values(one))) == one


def test_the_command_ends_with_an_error_where_there_are_faults(
    corpus: Corpus, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    from backend.commands import run
    from backend.corpus.__main__ import app

    def command(*arguments: str) -> int:
        old, sys.argv = sys.argv, ["corpus", *arguments]
        try:
            run(app)
        except SystemExit as end:
            return int(end.code or 0)
        finally:
            sys.argv = old
        return 0

    assert command("check", str(corpus.folder)) == 0
    assert "simulated, free" in capsys.readouterr().out
    spoil("texts.jsonl", 2, "A town.", "")
    assert command("check", str(corpus.folder)) == 2
    shown = capsys.readouterr()
    assert "has 1 fault." in shown.err and "texts.jsonl, line 2" in shown.out


READERS: tuple[Callable[[Corpus], object], ...] = (
    check_corpus,
    measure_corpus,
    undo_decisions,
    lambda corpus: open_pairs(corpus, (), 128),
    lambda corpus: split_corpus(corpus, (1, 1, 1), 20),
)


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every field within a value; of lists those of the first item."""
    yield at
    if isinstance(value, list):
        value = dict(enumerate(value[:1]))
    for name, one in value.items() if isinstance(value, dict) else ():
        yield from _places(one, (*at, name))


def _spoilt(value: Any, at: tuple[Any, ...], wrong: object) -> Any:
    if not at:
        return wrong
    changed = copy.deepcopy(value)
    inside = changed
    for name in at[:-1]:
        inside = inside[name]
    inside[at[-1]] = wrong
    return changed


@pytest.mark.parametrize("name", ["corpus.json", "chips.jsonl", "texts.jsonl", "splits.json"])
def test_a_wrong_value_in_any_field_is_one_sentence_to_every_reader(
    name: str, corpus: Corpus
) -> None:
    chips = list(corpus.chips())[:6]
    corpus.write_facts(list(corpus.facts())[:1])
    corpus.change(made={})
    (corpus.folder / "chips.jsonl").unlink()
    with corpus.adding("chips.jsonl") as lines:
        for chip in chips:
            lines.add(plain_values(chip))
    names = [chip.name for chip in chips]
    corpus.write_texts(Text(one, (Fragment("A river."), Fragment("A town."))) for one in names)
    rebuilt = [Decision("rebuilt", -1.0, 0.5, "A lake."), Decision("noise", -1.0, 0.5)]
    write_decisions(corpus, {0: rebuilt}, "tower", 2)
    corpus.write_splits({"train": names[:2], "validation": names[2:4], "test": names[4:]}, {})
    files = {one.name: one.read_bytes() for one in corpus.folder.iterdir() if one.is_file()}
    path = corpus.folder / name
    first, *others = path.read_text().splitlines() if name.endswith("l") else [path.read_text()]
    for at in _places(json.loads(first)):
        for wrong in (None, 10**20, "x", [1], {"a": 1}):
            for changed in ("texts.jsonl", "splits.json"):  # by readers that write
                (corpus.folder / changed).write_bytes(files[changed])
            spoilt = json.dumps(_spoilt(json.loads(first), at, wrong))
            path.write_text("\n".join([spoilt, *others, ""]))
            for reader in READERS:
                with suppress(GlueLinkError):  # and nothing else
                    reader(open_corpus(corpus.folder))
