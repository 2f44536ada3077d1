"""Describers that look at a picture and write: the same two prompts and one picture for all."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.describers.base import (
    OPEN,
    Answer,
    Chip,
    Describer,
    Description,
    require_question,
)
from backend.errors import ConfigInvalid, ReplyInvalid
from backend.language import Sentence
from backend.scenes.sentinel1.picture import Picture, filter_db

CAPTION = "This is a radar image. Describe in one sentence what it shows."
ANSWER = "This is a radar image. Answer the question in as few words as you can.\nQuestion: "

UNLABELLED = -100
"""The label of a token that is given and not learnt."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\w)")


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: str
    """user or assistant."""
    text: str
    """What was written."""


@dataclass(frozen=True)
class Reply:
    """What a model wrote."""

    text: str
    """As it was written, without white space around it."""
    more: dict[str, Any] = field(default_factory=dict)
    """What else is known of how it was written."""


class PictureDescriber(Describer):
    """A describer that looks at a picture of a chip.

    What it writes rests on nothing that can be shown, and how sure it is, is not known.
    """

    def __init__(self, name: str, picture: Picture | None = None) -> None:
        """Take the name that records show, and how dB become a picture."""
        self.picture = picture or Picture()
        self.name = f"{name}, {self.picture.words}" if self.picture.words else name
        self.title = name

    def draw(self, chip: Chip) -> Image.Image:
        """Return the picture of a chip in three channels: by its own cut, or as it was published.

        Raises:
            ConfigInvalid: the chip has no pixels, or not VV and VH.
        """
        if chip.picture is not None:
            return _as_image(chip.picture)
        if chip.pixels is None or tuple(chip.bands) != ("VV", "VH"):
            found = "no pixels" if chip.pixels is None else f"the bands {', '.join(chip.bands)}"
            raise ConfigInvalid(
                f'The chip "{chip.record.chip}" has {found}; {self.name} looks at a picture of VV '
                "and VH.",
                "Give its backscatter, or choose the describer facts.",
            )
        db = filter_db(chip.pixels) if self.picture.filtered else chip.pixels
        planes = self.picture.draw(db)
        if len(planes) not in (1, 3):
            raise ConfigInvalid(
                f"The picture has {len(planes)} channels; a model looks at one or three.",
                "Choose VV, or VV, VH and VV-VH.",
            )
        return _as_image(planes)

    def described(self, reply: Reply, prompt: str = "") -> Description:
        """Return a reply as sentences, with all that it depends on.

        Raises:
            ReplyInvalid: it is empty.
        """
        sentences = as_sentences(require_text(self, reply.text))
        return Description(sentences, self.name, self._made(reply, prompt))

    def answered(self, reply: Reply, prompt: str = "") -> Answer:
        """Return a reply as an answer, with all that it depends on.

        Raises:
            ReplyInvalid: it is empty.
        """
        text = require_text(self, reply.text)
        return Answer(text, OPEN, self.name, made_with=self._made(reply, prompt))

    def _made(self, reply: Reply, prompt: str) -> dict[str, Any]:
        prompted = {"prompt": prompt} if prompt else {}
        return {**prompted, "picture": self.picture.facts, **reply.more}


def _as_image(planes: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(np.broadcast_to(planes, (3, *planes.shape[1:])).transpose(1, 2, 0))


def require_text(describer: Describer, text: str) -> str:
    """Return what a describer wrote.

    Raises:
        ReplyInvalid: it is empty.
    """
    if not text:
        raise ReplyInvalid(
            f"{describer.name} wrote nothing.",
            "Ask about another chip, or choose another describer.",
        )
    return text


def as_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text; they rest on nothing that can be shown."""
    return tuple(map(Sentence, _SENTENCE_END.split(text)))


class ModelDescriber(PictureDescriber):
    """A describer that holds conversations about a picture."""

    @abstractmethod
    def write(self, turns: Sequence[Turn], image: Image.Image | None) -> Reply:
        """Return what the model writes after these turns; the image belongs to the first.

        Raises:
            ReplyInvalid: nothing that can be used came back.
        """

    def caption(self, chip: Chip) -> Description:
        """Return what the model writes of a chip's picture.

        Raises:
            ConfigInvalid: the chip has no pixels.
            ReplyInvalid: nothing that can be used came back.
        """
        return self.described(self.write([Turn("user", CAPTION)], self.draw(chip)), CAPTION)

    def answer(self, chip: Chip, question: str) -> Answer:
        """Return what the model writes in answer to a question about a chip's picture.

        Raises:
            ConfigInvalid: the chip has no pixels.
            PhraseInvalid: the question is empty.
            ReplyInvalid: nothing that can be used came back.
        """
        turn = Turn("user", ANSWER + require_question(question))
        return self.answered(self.write([turn], self.draw(chip)), ANSWER)

    def converse(self, turns: Sequence[str], chip: Chip | None = None) -> list[str]:
        """Return the reply to each turn, each with all that was written before.

        Raises:
            ConfigInvalid: the chip has no pixels.
            ReplyInvalid: nothing that can be used came back.
        """
        image = None if chip is None else self.draw(chip)
        written: list[Turn] = []
        for turn in turns:
            written.append(Turn("user", turn))
            written.append(Turn("assistant", require_text(self, self.write(written, image).text)))
        return [turn.text for turn in written[1::2]]
