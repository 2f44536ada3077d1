"""Captions in five levels, by a model behind an endpoint: large chips first, and a run goes on."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from backend.corpus import Corpus, open_corpus
from backend.corpus.checking import check_corpus
from backend.corpus.slicing import Slicing, begin_corpus, slice_scene
from backend.describers.chain import write_chain
from backend.describers.endpoint import Endpoint
from backend.describers.facts import FactsDescriber
from backend.errors import ConfigInvalid, ReplyInvalid
from backend.language.prompts import TERRAIN_FIELDS, Level
from backend.scenes import open_any
from tests.support.chat_server import Chat, chatting

SEEN: tuple[Level, ...] = ("radar", "calibration")
SLICING = Slicing((1280.0, 2560.0))


@pytest.fixture(scope="module")
def cut(harbourless: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chip of 2,560 m with four of 1,280 m in it."""
    folder = tmp_path_factory.mktemp("chain") / "cut"
    corpus = begin_corpus(folder, "cut", "simulated, free", SLICING)
    with open_any(harbourless) as scene:
        slice_scene(corpus, scene, "sea", SLICING)
    return folder


@pytest.fixture
def corpus(cut: Path, tmp_path: Path) -> Corpus:
    return open_corpus(shutil.copytree(cut, tmp_path / "corpus"))


def reply(asked: dict[str, Any]) -> str:
    """Say nothing in the first turns, and the fields in the last."""
    if "write these fields" not in asked["messages"][-1]["content"]:
        return "Bright bars on dark ground."
    return "\n".join(f"{name}: calm {len(asked['messages'])} [seen]" for name in TERRAIN_FIELDS)


def opening(asked: dict[str, Any]) -> str:
    return str(asked["messages"][0]["content"][1]["text"])


def test_large_chips_are_told_with_the_small_ones_inside_them(corpus: Corpus) -> None:
    with chatting() as chat:
        chat.answer = reply
        model = Endpoint(chat.url, "small")
        report = write_chain(model, corpus, levels=SEEN)
        chips = {chip.name: chip for chip in corpus.chips()}
        assert (report.written, report.present, report.problems) == (len(chips), 0, [])
        texts = list(corpus.texts())
        assert [one.about for one in texts[0].fragments] == [*TERRAIN_FIELDS]
        assert {one.evidence for text in texts for one in text.fragments} == {"seen"}
        assert texts[0].more == {"by": model.name, "levels": [*SEEN]}
        assert chips[texts[0].chip].width == 256
        told = [opening(one) for one in chat.asked[::2]]
        assert [f"this is known: {texts[0].plain}" in one for one in told[:5]] == [False] + [
            True
        ] * 4
        assert check_corpus(corpus).faults == []
        path = corpus.folder / "texts.jsonl"
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])  # a run that was killed
        again = write_chain(model, corpus, levels=SEEN)
        assert again.present + again.written == len(chips) and again.present
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text.replace("Roads: ", "Rails: "), 'a field "Rails" that was not asked for'),
        (lambda text: text.rsplit("\n", 1)[0], 'lacks the field "Water"'),
        (lambda text: text.replace("[seen]", "[place]"), "rests on the place, of which nothing"),
    ],
)
def test_a_reply_with_other_fields_writes_nothing(corpus: Corpus, spoil: Any, message: str) -> None:
    with chatting() as chat, pytest.raises(ReplyInvalid, match=message):
        chat.answer = lambda asked: spoil(reply(asked))
        write_chain(Endpoint(chat.url, "small"), corpus, levels=SEEN)
    assert list(corpus.texts()) == []
    assert len(chat.asked) == 6


def test_one_chip_without_a_reply_is_named_and_the_others_go_on(corpus: Corpus) -> None:
    def once(asked: dict[str, Any], of: Chat) -> str:
        return "" if len(of.asked) == 2 else reply(asked)

    with chatting() as chat:
        chat.answer = lambda asked: once(asked, chat)
        report = write_chain(Endpoint(chat.url, "small"), corpus, levels=SEEN)
    assert len(report.problems) == 1 and "wrote nothing" in report.problems[0]
    assert report.written == len(list(corpus.chips())) - 1


def test_rules_hold_no_conversation(corpus: Corpus) -> None:
    with pytest.raises(ConfigInvalid, match="holds no conversation"):
        write_chain(FactsDescriber(), corpus)
