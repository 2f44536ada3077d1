"""A file of answers beside the corpus that they are about.

The file has one JSON object a line: {"chip", "caption"} for a caption, {"chip", "question",
"answer"} for an answer, and "task" where a chip has captions of several, such as concise and
complex. Where all captions state theirs, captions of no other are measured; so with answers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backend.corpus.files import Corpus
from backend.corpus.lines import Row, read_lines
from backend.corpus.records import Text
from backend.errors import CorpusInvalid
from backend.evaluation.words.answers import Answered
from backend.evaluation.words.blind import Baseline, Blind
from backend.evaluation.words.nearest import Nearest
from backend.progress import Progress, silent

TRAIN = "train"

Key = tuple[str, str, str]
"""Chip, question (empty for a caption), task (empty where it is not stated)."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """A generated caption and its references."""

    chip: str
    """Name of the chip."""
    task: str
    """The type of its references, such as concise; empty where they have none."""
    caption: str
    """The generated one; empty where the file has none."""
    references: tuple[str, ...]
    """All captions of the chip of this type."""
    baselines: Mapping[str, str] = field(default_factory=dict)
    """What baselines say of the chip, by their names."""


@dataclass(frozen=True)
class Joined:
    """What is measured."""

    split: str
    """The split that is measured; empty for the whole corpus."""
    captions: tuple[Captioned, ...]
    """Generated captions; none where the file has no caption."""
    questions: tuple[Answered, ...]
    """Answers; none where the file has no answer."""
    missing_captions: int
    """Captions that the file has not; they count as empty."""
    missing_answers: int
    """Answers that the file has not; they count as wrong."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Captions and answers of types that the file is not about, by kind and type."""
    not_compared: str = ""
    """Why no chips were looked at for one that is alike; empty where they were."""


def read_answers(path: Path) -> dict[Key, Row]:
    """Read a file of answers.

    Raises:
        CorpusInvalid: a line is damaged, says nothing, or says the same again.
    """
    found: dict[Key, Row] = {}
    for row in read_lines(path, whole=True):
        question, task = (row.get(name) or "" for name in ("question", "task"))
        key = row.text("chip"), str(question), str(task)
        row.text(_field(key))
        if key in found:
            raise CorpusInvalid(
                f"{path}, line {row.line} answers the same as line {found[key].line}.",
                "Keep one of them; state the task where a chip has captions of several.",
            )
        found[key] = row
    if not found:
        raise CorpusInvalid(
            f"{path} holds no answers, or does not exist.",
            'Write one JSON object a line, such as {"chip": "a", "caption": "two ships at sea"}.',
        )
    return found


def join_answers(corpus: Corpus, path: Path, split: str, progress: Progress = silent) -> Joined:
    """Return what a file says beside what the corpus says, for the chips of a split.

    Chips without a split count where the corpus has none at all. Of captions and answers, a kind
    that the file has nothing of is left out. Where chips cannot be read, nothing is compared with
    what is said of the nearest one.

    Raises:
        CorpusInvalid: the file or the corpus is damaged, or the file is about other chips.
    """
    given = read_answers(path)
    texts, train, split = _select(corpus, split)
    _require_known(given, texts, path, split)
    asked = {bool(question) for _, question, _ in given}
    texts, left_out = _about(texts, given)
    texts = [text for text in texts if (text.kind == "question") in asked]
    baselines, not_compared = _baselines(corpus, train, texts, progress)
    captions = _captions(texts, baselines, given)
    questions = _questions(texts, baselines, given)
    return Joined(
        split,
        captions,
        questions,
        missing_captions=sum(_find(given, (one.chip, "", one.task)) is None for one in captions),
        missing_answers=sum(
            _find(given, (one.chip, one.question, one.kind)) is None for one in questions
        ),
        left_out=left_out,
        not_compared=not_compared,
    )


def _baselines(
    corpus: Corpus, train: list[Text], texts: list[Text], progress: Progress
) -> tuple[list[Baseline], str]:
    """Return what a model is compared with, and why not with the nearest chip, if it is not."""
    if not train:
        return [], ""
    blind = Blind(train)
    try:
        return [blind, Nearest(corpus, train, (text.chip for text in texts), progress)], ""
    except CorpusInvalid as error:
        return [blind], error.message


def _beside(baselines: Iterable[Baseline], text: Text) -> dict[str, str]:
    """Return what baselines say about a text's chip, as a caption or to its question."""
    found = {
        one.name: one.answer(text) if text.kind == "question" else one.caption(text)
        for one in baselines
    }
    return {name: words for name, words in found.items() if words is not None}


def _about(texts: Iterable[Text], given: Iterable[Key]) -> tuple[list[Text], dict[str, int]]:
    """Return the texts of the types that a file is about, and how many there are of others."""
    stated: dict[str, set[str]] = {}
    for _, question, task in given:
        stated.setdefault("question" if question else "caption", set()).add(task)
    known = {kind: of for kind, of in stated.items() if "" not in of}
    chosen, others = list[Text](), Counter[str]()
    for text in texts:
        if text.task in known.get(text.kind, {text.task}):
            chosen.append(text)
        else:
            others[f"{text.task} {text.kind}s".strip()] += 1
    return chosen, dict(others)


def _field(key: Key) -> str:
    return "answer" if key[1] else "caption"


def _find(given: Mapping[Key, Row], key: Key) -> str | None:
    """Return what the file says, for this task or without one; None where it says nothing."""
    row = given.get(key) or given.get((key[0], key[1], ""))
    return None if row is None else row.text(_field(key))


def _captions(
    texts: Iterable[Text], baselines: list[Baseline], given: Mapping[Key, Row]
) -> tuple[Captioned, ...]:
    of_chips: dict[tuple[str, str], list[Text]] = {}
    for text in texts:
        if text.kind == "caption":
            of_chips.setdefault((text.chip, text.task), []).append(text)
    return tuple(
        Captioned(
            chip,
            task,
            _find(given, (chip, "", task)) or "",
            tuple(text.plain for text in references),
            _beside(baselines, references[0]),
        )
        for (chip, task), references in of_chips.items()
    )


def _questions(
    texts: Iterable[Text], baselines: list[Baseline], given: Mapping[Key, Row]
) -> tuple[Answered, ...]:
    return tuple(
        Answered(
            text.question,
            text.plain,
            _find(given, (text.chip, text.question, text.task)) or "",
            text.task,
            text.chip,
            _beside(baselines, text),
        )
        for text in texts
        if text.kind == "question"
    )


def _select(corpus: Corpus, split: str) -> tuple[list[Text], list[Text], str]:
    """Return the texts of a split, those of train, and the split's name.

    Where the corpus is not divided these are all texts, none, and "".

    Raises:
        CorpusInvalid: the corpus is divided, and has no such split.
    """
    own = {chip: name for name, chips in corpus.splits().items() for chip in chips}
    published = {} if own else {chip.name: chip.split for chip in corpus.chips()}
    by_split: dict[str, list[Text]] = {}
    for text in corpus.texts():
        name = own.get(text.chip, "") if own else text.split or published.get(text.chip, "")
        by_split.setdefault(name, []).append(text)
    if set(by_split) <= {""}:
        return by_split.get("", []), [], ""
    if split not in by_split:
        raise CorpusInvalid(
            f'The corpus has no texts in the split "{split}"; it has some in '
            f"{', '.join(sorted(filter(None, by_split)))}.",
            "Give one of them as --split.",
        )
    return by_split[split], [] if split == TRAIN else by_split.get(TRAIN, []), split


def _require_known(given: Mapping[Key, Row], texts: list[Text], path: Path, split: str) -> None:
    known = {(text.chip, text.question, task) for text in texts for task in ("", text.task)}
    for key, row in given.items():
        if key not in known:
            chip, question, task = key
            what = f'the question "{question[:60]}"' if question else "a caption"
            of_task = f", task {task}" if task else ""
            where = f"the split {split} of " if split else ""
            raise CorpusInvalid(
                f'{path}, line {row.line} has {what} of chip "{chip}"{of_task}, which is not in '
                f"{where}the corpus.",
                "Answer what the corpus asks, or give --split.",
            )
