"""Models that chat about a picture: Qwen2-VL, Qwen2.5-VL, Qwen3-VL, InternVL3.5 and SmolVLM2.

What transformers' processors do is done here, for one picture: the template of the checkpoint
writes the conversation, the one mark of the picture becomes as many as it has tokens, and the model
is told which tokens these are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from backend.describers.loading import Loaded, PublishedDescriber, Snapshot
from backend.describers.model import ANSWER, CAPTION, UNLABELLED, ModelDescriber, Reply, Turn
from backend.errors import ConfigInvalid, WeightsInvalid
from backend.scenes.sentinel1.picture import Picture

Expand = Callable[[Loaded, Mapping[str, Any]], str]
"""Takes the parts and the processed picture; returns the marks of all tokens of the picture."""


@dataclass(frozen=True)
class Family:
    """What differs between the models."""

    mark: Callable[[Loaded], str]
    """What the template of chats writes for a picture."""
    expand: Expand
    """What the tokenizer reads in its place."""
    given: tuple[str, ...]
    """What the model takes of the processed picture."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """How the picture is processed."""


def _qwen(parts: Loaded, picture: Mapping[str, Any]) -> str:
    return QWEN_MARK * (int(picture["image_grid_thw"][0].prod()) // parts.images.merge_size**2)


def _internvl(parts: Loaded, picture: Mapping[str, Any]) -> str:
    names = parts.tokenizer
    tokens = parts.model.config.image_seq_length * int(picture["num_patches"][0])
    inside = names.context_image_token * tokens
    return f"{names.start_image_token}{inside}{names.end_image_token}"


def _smolvlm(parts: Loaded, picture: Mapping[str, Any]) -> str:
    """Return the tiles row by row, then the whole picture, each between marks of its own."""
    vision, scale = parts.model.config.vision_config, parts.model.config.scale_factor
    seen = "<image>" * ((vision.image_size // vision.patch_size) ** 2 // scale**2)
    rows, columns = picture["rows"][0][0], picture["cols"][0][0]
    tiles = "".join(
        "".join(f"{FAKE}<row_{r + 1}_col_{c + 1}>{seen}" for c in range(columns)) + "\n"
        for r in range(rows)
    )
    between = "\n" if rows else ""
    return f"{tiles}{between}{FAKE}<global-img>{seen}{FAKE}"


BY_WORD = ("input_ids", "attention_mask", "mm_token_type_ids")
"""What the model takes for every token."""
QWEN_MARK, FAKE = "<|image_pad|>", "<fake_token_around_image>"
QWEN = Family(lambda parts: QWEN_MARK, _qwen, ("pixel_values", "image_grid_thw"))
FAMILIES: Mapping[str, Family] = {
    "qwen2_vl": QWEN,
    "qwen2_5_vl": QWEN,
    "qwen3_vl": QWEN,
    "internvl": Family(
        lambda parts: str(parts.tokenizer.context_image_token),
        _internvl,
        ("pixel_values",),
        {"crop_to_patches": True},
    ),
    "smolvlm": Family(
        lambda parts: "<image>",
        _smolvlm,
        ("pixel_values", "pixel_attention_mask"),
        {"return_row_col_info": True},
    ),
}
"""The families that are known, by the model type of their config.json."""


class ChatModel(PublishedDescriber, ModelDescriber):
    """One checkpoint that holds conversations."""

    most_tokens = 256
    """Tokens after which a reply is cut off."""

    def __init__(
        self, snapshot: Snapshot, device: str | None = None, picture: Picture | None = None
    ) -> None:
        """Take the checkpoint's files.

        Raises:
            ConfigInvalid: it is of a family that is not known here.
        """
        super().__init__(snapshot, device, picture)
        if snapshot.family not in FAMILIES:
            raise ConfigInvalid(
                f"{snapshot.folder} is a model of the type {snapshot.family}; expected blip or "
                f"{', '.join(FAMILIES)}.",
                "Choose another, or serve it by an endpoint and give its address.",
            )

    def write(self, turns: Sequence[Turn], image: Image.Image | None) -> Reply:
        """Return what the model writes.

        Raises:
            WeightsInvalid: the files cannot be read.
        """
        parts = self.parts
        inputs = self._inputs(parts, turns, image)
        written = parts.generate(inputs, max_new_tokens=self.most_tokens)
        new = written[0, inputs["input_ids"].shape[1] :]
        text = parts.tokenizer.decode(new, skip_special_tokens=True)
        return Reply(text.strip(), parts.facts)

    def lesson(self, image: Image.Image, question: str, text: str) -> dict[str, Any]:
        """Return what the model takes to learn a caption, or the answer to a question.

        It is asked as it will be asked; only the words of the reply and its end are labels.

        Raises:
            WeightsInvalid: the files cannot be read, or by the template of chats a reply neither
                follows its prompt nor ends.
        """
        parts, asked = self.parts, [Turn("user", ANSWER + question if question else CAPTION)]
        whole = self._inputs(parts, [*asked, Turn("assistant", text)], image, to_be_answered=False)
        given = self._inputs(parts, asked, image)["input_ids"]
        prompt = given.shape[1]
        ends = (whole["input_ids"][0, prompt:] == parts.tokenizer.eos_token_id).nonzero()
        if not len(ends) or not whole["input_ids"][:, :prompt].equal(given):
            raise WeightsInvalid(
                f"By the template of chats in {self._snapshot.folder} a reply does not follow its "
                f"prompt, or does not end with {parts.tokenizer.eos_token}.",
                "Put all files of the published model into the folder again.",
            )
        end = prompt + int(ends[0]) + 1
        by_word = {n: of[:, :end] for n, of in whole.items() if n in BY_WORD}
        labels = by_word["input_ids"].clone()
        labels[:, :prompt] = UNLABELLED
        return {**whole, **by_word, "labels": labels}

    def _inputs(
        self,
        parts: Loaded,
        turns: Sequence[Turn],
        image: Image.Image | None,
        to_be_answered: bool = True,
    ) -> dict[str, Any]:
        """Return what the model is given."""
        text = parts.tokenizer.apply_chat_template(
            _messages(turns, image is not None),
            add_generation_prompt=to_be_answered,
            tokenize=False,
        )
        picture: dict[str, Any] = {}
        if image is not None:
            family = FAMILIES[self._snapshot.family]
            processed = parts.images(image, return_tensors="pt", **family.options)
            text = text.replace(family.mark(parts), family.expand(parts, processed), 1)
            picture = {name: processed[name] for name in family.given if name in processed}
        inputs = dict(parts.tokenizer(text, return_tensors="pt", add_special_tokens=False))
        if self._snapshot.family.startswith("qwen"):  # its positions follow the picture's rows
            marked = inputs["input_ids"] == parts.model.config.image_token_id
            inputs["mm_token_type_ids"] = marked.int()
        inputs.pop("token_type_ids", None)
        return {**inputs, **picture}


def _messages(turns: Sequence[Turn], with_image: bool) -> list[dict[str, Any]]:
    messages = []
    for number, turn in enumerate(turns):
        picture = [{"type": "image"}] if with_image and number == 0 else []
        content = [*picture, {"type": "text", "text": turn.text}]
        messages.append({"role": turn.role, "content": content})
    return messages
