"""What every describer can do: caption a chip, and answer a question about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid, PhraseInvalid
from backend.language import Evidence, Record, Sentence, as_text

NO_EVIDENCE = Evidence()
OPEN = "open"
"""The kind of a question that no rule answers."""


@dataclass(frozen=True)
class Chip:
    """What a describer looks at: what was measured of a chip, and its picture."""

    record: Record
    """Its name, size, place, size of a pixel and date, and what was measured."""
    pixels: NDArray[np.float32] | None = None
    """(bands, h, w) in dB, NaN where there is no data; None where only the record is there."""
    bands: tuple[str, ...] = ("VV", "VH")
    """What the bands of `pixels` are called."""
    picture: NDArray[np.uint8] | None = None
    """(c, h, w), one channel or three: what was published in place of backscatter."""


@dataclass(frozen=True)
class Description:
    """What a describer says of a chip."""

    sentences: tuple[Sentence, ...]
    """Each with what it rests on; a model rests on nothing that can be shown."""
    describer: str
    """Who says so: facts, or the name of a model."""
    made_with: dict[str, Any] = field(default_factory=dict)
    """Whatever else the text depends on, such as how the picture was prepared."""

    @property
    def text(self) -> str:
        """All sentences, in one line."""
        return as_text(self.sentences)


@dataclass(frozen=True)
class Answer:
    """What a describer answers."""

    text: str
    """The answer; of a closed question its first word answers it: Yes, No, a number, a side."""
    kind: str
    """The kind of the question, such as presence or count; open where no rule answers it."""
    describer: str
    """Who answers."""
    certainty: float | None = None
    """How sure the answer is, from 0 to 1; None where that is not known."""
    evidence: Evidence = NO_EVIDENCE
    """What it rests on."""
    answered: bool = True
    """False where the text says why there is no answer."""
    made_with: dict[str, Any] = field(default_factory=dict)
    """Whatever else the answer depends on."""


class Describer(ABC):
    """Says in words what is in a chip.

    Example:
        describer = load_describer("facts")
        print(describer.caption(chip).text)
        print(describer.answer(chip, "Is there a forest?").text)
    """

    name: str
    """What it is called in records and on screen."""
    writes: tuple[Literal["caption", "question"], ...] = ("caption", "question")
    """What it can be asked for."""
    needs_pixels: bool = True
    """Whether it looks at the picture, or speaks from the record alone."""
    colours: bool = False
    """Whether it looks at published pictures in their colours."""
    types: Mapping[str, Sequence[str]] = MappingProxyType({})
    """Of captions and questions the types that it learnt, such as concise; all where none is."""
    title: str = ""
    """What people read where they choose it."""
    licence: str = ""
    """That of its weights, where it is known."""
    chip_px: int | None = None
    """Side in pixels of the chips that it looks at; None where it looks at any area whole."""
    pixel_m: float | None = None
    """Side of the pixels that it learnt from, in metres; None where any will do."""

    @abstractmethod
    def caption(self, chip: Chip) -> Description:
        """Return a few sentences about a chip.

        Raises:
            ReplyInvalid: a model replied nothing that can be used.
        """

    @abstractmethod
    def answer(self, chip: Chip, question: str) -> Answer:
        """Return the answer to a question about a chip.

        Raises:
            PhraseInvalid: the question is empty.
            ReplyInvalid: a model replied nothing that can be used.
        """

    def converse(self, turns: Sequence[str], chip: Chip | None = None) -> list[str]:
        """Return the reply to each turn of one conversation, about a chip or about text alone.

        Raises:
            ConfigInvalid: this describer has rules only.
            ReplyInvalid: a model replied nothing that can be used.
        """
        raise ConfigInvalid(
            f'The describer "{self.name}" holds no conversation; it has rules and measurements.',
            "Choose a model.",
        )


def require_question(question: str) -> str:
    """Return a question without white space around it.

    Raises:
        PhraseInvalid: it is empty.
    """
    if not question.strip():
        raise PhraseInvalid("The question is empty.", "Type one, such as: Is there water?")
    return question.strip()
