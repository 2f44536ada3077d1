"""Questions and answers in a list of conversations: SARChat-2M, and the dialogues of SAR-TEXT.

Three shapes of a record were seen: messages with roles, a query with its response, and turns of
human and gpt. A corpus keeps the shape of each record for the way back.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from backend.corpus.files import Corpus
from backend.corpus.layouts.base import (
    UNKNOWN_LICENCE,
    Entry,
    Images,
    Layout,
    file_of,
    published,
    split_of,
)
from backend.corpus.lines import FILE, Row
from backend.corpus.records import Chip, Fragment, Source, Text
from backend.corpus.sinks import Sinks

MARK = "<image>"
OF_SARCHAT = {"categories": "classify"}
"""What SARChat calls our kinds of question."""
SHAPE, TURN = "__shape__", "__turn__"
MESSAGES, QUERY, TURNS = "messages", "query", "turns"


def conversation(row: Row, task: str, source: Source) -> Entry:
    """Return the picture and the turns of a record of any of the three shapes.

    Raises:
        CorpusInvalid: a field is missing or wrong.
    """
    if "messages" in row.fields:
        shape, pairs = MESSAGES, _pairs(row, "messages", "role", "content", ("user", "assistant"))
    elif "conversations" in row.fields:
        shape, pairs = TURNS, _pairs(row, "conversations", "from", "value", ("human", "gpt"))
    else:
        row.require("messages", "query", "conversations")
        shape, pairs = QUERY, [(row.text("query"), row.text("response"))]
    chip = Chip(*(_image(row),) * 2, split=split_of(row.fields[FILE]))
    taken = {"messages", "images", "image", "conversations", "query", "response"}
    more = {name: value for name, value in row.fields.items() if name not in taken}
    return Entry(
        chip,
        tuple(
            Text(
                chip.name,
                (Fragment(answer),),
                "question",
                question,
                task=task,
                source=source,
                more={**more, SHAPE: shape, TURN: turn},
            )
            for turn, (question, answer) in enumerate(pairs)
        ),
    )


def _image(row: Row) -> str:
    images = row.require("images", "image")
    if isinstance(images, list) and len(images) == 1:
        images = images[0]
    if not isinstance(images, str) or not images:
        raise row.invalid("images", images, "the path of one picture")
    return images


def _pairs(
    row: Row, field: str, role: str, words: str, roles: tuple[str, str]
) -> list[tuple[str, str]]:
    turns = row.require(field)
    expected = f"turns of {roles[0]} and {roles[1]}, each with {role} and {words}"
    if not isinstance(turns, list) or not turns or len(turns) % 2:
        raise row.invalid(field, turns, expected)
    texts = []
    for number, turn in enumerate(turns):
        content = turn.get(words) if isinstance(turn, dict) else None
        if not isinstance(content, str) or turn.get(role) != roles[number % 2]:
            raise row.invalid(f"{field}[{number}]", turn, expected)
        texts.append(content)
    return list(zip(texts[::2], texts[1::2], strict=True))


def write_conversations(
    corpus: Corpus,
    sinks: Sinks,
    default: Callable[[Text], str],
    shape: str,
    captions: bool = True,
) -> None:
    """Write questions and answers as conversations, in the shape that they were read in.

    `default` names the file of a text that was not read from one. With `captions` those are answers
    to a request to describe the picture.
    """
    files = {chip.name: chip.file for chip in corpus.chips()}
    turns: list[Text] = []
    for text in corpus.texts():
        if text.kind == "caption" and not captions:
            continue
        if text.more.get(TURN, 0) == 0 and turns:
            _write(turns, files, sinks, default, shape)
            turns = []
        turns.append(text)
    if turns:
        _write(turns, files, sinks, default, shape)


def _write(
    turns: list[Text],
    files: Mapping[str, str],
    sinks: Sinks,
    default: Callable[[Text], str],
    shape: str,
) -> None:
    first, image = turns[0], files[turns[0].chip]
    pairs = [(_question(text), text.plain) for text in turns]
    shape = first.more.get(SHAPE, shape)
    record: dict[str, Any] = published(first.more)
    if shape == TURNS:
        record = {"id": Path(image).stem, **record, "image": image}
        record["conversations"] = _turns(pairs, "from", "value", ("human", "gpt"))
    elif shape == QUERY:
        record |= {"query": pairs[0][0], "response": pairs[0][1], "images": [image]}
    else:
        roles = ("user", "assistant")
        record |= {"messages": _turns(pairs, "role", "content", roles), "images": [image]}
    sinks.list(file_of(first, default(first))).add(record)


def _question(text: Text) -> str:
    if SHAPE in text.more:
        return text.question
    return f"{MARK}{text.question or 'Describe the picture.'}"


def _turns(
    pairs: list[tuple[str, str]], role: str, words: str, roles: tuple[str, str]
) -> list[dict[str, str]]:
    return [
        {role: name, words: one} for pair in pairs for name, one in zip(roles, pair, strict=True)
    ]


class SarChat(Layout):
    """SARChat-2M: a file for each task."""

    name, title = "sarchat", "SARChat-2M"
    holds = frozenset({"captions", "questions"})
    source, licence = "github.com/JimmyMa99/SARChat", "CC BY-NC 4.0"
    patterns = (r"(.*/)?SARChat_[^/]+\.jsonl?",)
    expected = "SARChat_TASK_test.json"

    def entry(self, row: Row, images: Images) -> Entry:
        """Return a question and its answer; the file's name states the task."""
        task = Path(row.fields[FILE]).stem.removeprefix("SARChat_")
        return conversation(row, task.removesuffix("_test").removesuffix("_train"), "boxes")

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write the records, each task in its file."""
        write_conversations(corpus, sinks, _task_file, MESSAGES)


def _task_file(text: Text) -> str:
    """Return the file of a text's task; of what SARChat has no task for, one of its own."""
    task = OF_SARCHAT.get(text.task, text.task) if text.kind == "question" else "describe"
    return f"SARChat_{re.sub(r'[^a-z0-9]+', '_', task.lower()) or 'other'}_test.json"


class SarTextDialogues(Layout):
    """The dialogues beside SAR-TEXT."""

    name, title = "sar-text-dialogues", "Dialogues of SAR-TEXT"
    holds = frozenset({"captions", "questions"})
    source = "github.com/YiguoHe/SAR-TEXT"
    licence = f"data: {UNKNOWN_LICENCE}; code: Apache-2.0"
    patterns = (r"(.*/)?[^/]+_conv[^/]*\.json",)
    expected = "NAME_conv.json"

    def entry(self, row: Row, images: Images) -> Entry:
        """Return the turns of a dialogue."""
        return conversation(row, "dialogue", "unknown")

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write the dialogues."""
        write_conversations(corpus, sinks, lambda _text: "own_conv.json", TURNS)


LAYOUTS = (SarChat(), SarTextDialogues())
