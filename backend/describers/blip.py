"""BLIP: a ViT and a BERT that writes (Li et al., ICML 2022), through transformers.

A checkpoint captions or answers, by the class that its config.json names. Source:
Salesforce/blip-image-captioning-base and blip-vqa-base on Hugging Face. The library's processor is
an image processor and a tokenizer, which are read apart.
"""

from __future__ import annotations

from typing import Any

from PIL import Image

from backend.describers.base import Answer, Chip, Description, require_question
from backend.describers.loading import PublishedDescriber, Snapshot
from backend.describers.model import Reply
from backend.errors import ConfigInvalid
from backend.scenes.sentinel1.picture import Picture

CAPTIONS, ANSWERS = "BlipForConditionalGeneration", "BlipForQuestionAnswering"
MOST_TOKENS = 50


class Blip(PublishedDescriber):
    """One checkpoint, which captions or answers."""

    def __init__(
        self, snapshot: Snapshot, device: str | None = None, picture: Picture | None = None
    ) -> None:
        """Take the checkpoint's files."""
        super().__init__(snapshot, device, picture)
        self.writes = ("question",) if snapshot.architecture == ANSWERS else ("caption",)

    def caption(self, chip: Chip) -> Description:
        """Return the caption that the model writes.

        Raises:
            ConfigInvalid: the chip has no pixels, or the checkpoint answers questions.
            ReplyInvalid: the model wrote nothing.
            WeightsInvalid: the files cannot be read.
        """
        self._require(CAPTIONS, "captions", "blip-captions")
        return self.described(self._write(chip, {}))

    def answer(self, chip: Chip, question: str) -> Answer:
        """Return the model's answer to a question.

        Raises:
            ConfigInvalid: the chip has no pixels, or the checkpoint writes captions.
            PhraseInvalid: the question is empty.
            ReplyInvalid: the model wrote nothing.
            WeightsInvalid: the files cannot be read.
        """
        asked = require_question(question)
        self._require(ANSWERS, "answers", "blip-answers")
        return self.answered(self._write(chip, self._tokens(asked)))

    def _require(self, architecture: str, what: str, other: str) -> None:
        if self._snapshot.architecture != architecture:
            raise ConfigInvalid(
                f"{self.name} is a {self._snapshot.architecture}, which writes no {what}.",
                f"Choose {other}, or a model of another kind.",
            )

    def lesson(self, image: Image.Image, question: str, text: str) -> dict[str, Any]:
        """Return what the model takes to learn a caption, or the answer to a question.

        The words begin with the token that `generate` begins with, and end with the one it ends at.

        Raises:
            ConfigInvalid: the checkpoint is of the other kind.
            WeightsInvalid: the files cannot be read.
        """
        parts = self.parts
        pixels = {"pixel_values": parts.images(image, return_tensors="pt").pixel_values}
        words = parts.tokenizer(text, return_tensors="pt", truncation=True).input_ids
        words[:, 0] = parts.model.config.text_config.bos_token_id
        if not question:
            self._require(CAPTIONS, "captions", "blip-captions")
            return {**pixels, "input_ids": words, "labels": words}
        self._require(ANSWERS, "answers", "blip-answers")
        asked = self._tokens(question)
        return {**pixels, **asked, "decoder_input_ids": words, "labels": words}

    def _tokens(self, question: str) -> dict[str, Any]:
        tokenizer = self.parts.tokenizer
        options = {"truncation": True, "return_token_type_ids": False}
        return dict(tokenizer(question, return_tensors="pt", **options))

    def _write(self, chip: Chip, tokens: dict[str, Any]) -> Reply:
        parts = self.parts
        pixels = parts.images(self.draw(chip), return_tensors="pt").pixel_values
        written = parts.generate({"pixel_values": pixels, **tokens}, max_new_tokens=MOST_TOKENS)
        text = parts.tokenizer.decode(written[0], skip_special_tokens=True)
        return Reply(text.strip(), parts.facts)
