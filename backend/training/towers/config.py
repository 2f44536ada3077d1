"""The configuration of a tower's training: a YAML file with options laid over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from backend.errors import ConfigInvalid
from backend.resources import tower_files
from backend.towers.settings import Margins, Search
from backend.towers.sizes import SIZES, SizeName, Sizes
from backend.training.fields import (
    AbsolutePath,
    Count,
    Fields,
    OwnPath,
    Seed,
    TaskConfig,
    find_start,
    read_fields,
    validate,
)
from backend.training.linking.config import as_safetensors
from backend.training.lora import LowRank

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Stage(Fields):
    """A part of the training, before which the texts may be screened."""

    kind: Literal["learn", "filter", "rebuild"] = "learn"
    """learn: all texts whole. filter: noise is found, and no words of it are filled in. rebuild:
    noise is found, written anew where that is better, and left out elsewhere as in filter."""
    epochs: Count = 12


class Recipe(Fields):
    """How a tower learns. The defaults are those of Yang et al., SAR-KnowLIP (2025)."""

    batch_size: Annotated[int, Field(ge=2, lt=2**31)] = 32
    """Pairs of a batch."""
    accumulate: Count = 1
    """Batches whose gradients are added up before a step; contrast stays within one."""
    queue: Annotated[int, Field(ge=0, lt=2**31)] = 20_000
    """Pairs of earlier batches to contrast with."""
    momentum: Share = 0.995
    """What stays of the slow copy at each step."""
    alpha: Share = 0.4
    """Weight of the slow copy's opinion in the targets; rises from 0 over the first epoch."""
    learning_rate: Positive = 3e-4
    """The highest, after the warm-up."""
    lowest_rate: Positive = 1e-6
    """Where the warm-up begins, and what no later rate falls below."""
    warmup_steps: Annotated[int, Field(ge=0, lt=2**31)] = 3000
    """Steps to the highest rate."""
    decay: Share = 0.9
    """What the rate is multiplied by after each epoch."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.05
    """That of AdamW."""
    masked: Share = 0.15
    """Share of a text's words that are to be filled in."""
    masked_fragments: Share = 0.5
    """Share of the texts of which a whole fragment is to be filled in, instead of single words."""
    margins: Margins = Margins()
    """By how much both scores must be better for a fragment to be noise, or its new words taken."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of the products with weights."""
    checkpointing: bool = False
    """Whether layers are computed twice, for less memory."""
    seed: Seed = 0
    """The same seed, corpus and machine give the same tower."""


class Writing(Fields):
    """What the decoder of a tower learns to write, and how."""

    learns: Literal["captions", "questions", "both"] = "captions"
    """Captions, answers to the questions of the corpus, or both."""
    alone: bool = False
    """Whether nothing else is learnt, as when a tower is tuned; beside the other losses if not."""
    types: tuple[str, ...] = ()
    """Questions of these types alone, such as count; all when empty."""
    search: Search = Search()
    """How captions are searched for. Where the shortest in training has fewer tokens than its
    `least`, these are the least."""

    @property
    def writes(self) -> tuple[str, ...]:
        """The kinds of texts, as corpora call them."""
        kinds = {"captions": ("caption",), "questions": ("question",)}
        return kinds.get(self.learns, ("caption", "question"))


class TowerConfig(TaskConfig):
    """How a tower is trained.

    Example:
        config = read_tower_config(Path("resources/configs/tower-demo.yaml"), {"corpus": folder})
    """

    kind: Literal["tower"] = "tower"
    title: str = ""
    """Over the card and the curve, and in lists; made of size and corpus when empty."""
    corpus: AbsolutePath
    """Folder of the corpus."""
    tasks: tuple[str, ...] = ()
    """Captions of these types alone, such as concise; all when empty."""
    size: SizeName = "small"
    """How wide and deep both sides are."""
    side_px: Count = 224
    """Side of the chips in pixels."""
    patch_px: Count = 16
    """Side of a patch, which divides that of a chip."""
    cell_px: Count | None = None
    """Side of the cells of maps, each judged by the chip around it; that of a chip when None."""
    most_tokens: Annotated[int, Field(ge=8, le=512)] = 100
    """Tokens of the longest text."""
    start: AbsolutePath | None = None
    """A tower to begin with, such as one that was trained on other chips: a file, or a name in the
    user's folder of towers."""
    vocabulary: Literal["minilm", "corpus"] = "minilm"
    """Whose words the text side knows: MiniLM's 30,522, or those of the texts in training, which
    are few and quick to learn. A tower to begin with brings its own."""
    text_start: Literal["minilm"] | None = None
    """A published text side to begin with; MiniLM's fits the size small."""
    decoder: Writing | None = None
    """What the tower learns to write; without it, it has no decoder."""
    lora: LowRank | None = None
    """An adapter of the tower to begin with, which is all that learns; without it, all learns."""
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)] = (
        Stage(kind="learn"),
        Stage(kind="filter"),
        Stage(kind="rebuild"),
    )
    recipe: Recipe = Recipe()
    device: str | None = None
    output: Annotated[OwnPath, AfterValidator(as_safetensors)]

    def sizes(self, vocabulary: int) -> Sizes:
        """Return all numbers that the shapes of the weights follow from, for so many words."""
        return Sizes(
            *SIZES[self.size],
            side_px=self.side_px,
            patch_px=self.patch_px,
            vocabulary=vocabulary,
            most_tokens=self.most_tokens,
        )

    @property
    def epochs(self) -> int:
        """Those of all stages."""
        return sum(stage.epochs for stage in self.stages)


def read_tower_config(path: Path, overrides: Mapping[str, Any]) -> TowerConfig:
    """Return the configuration of a YAML file with options laid over it.

    Raises:
        ConfigInvalid: a field is missing, not known or has a wrong value.
        WeightsMissing: there is no tower to begin with.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    config = validate(TowerConfig, read_fields(path) | given, path)
    if config.side_px % config.patch_px:
        raise ConfigInvalid(
            f"Chips of {config.side_px} px do not divide into patches of {config.patch_px} px.",
            "Give a patch_px that divides side_px.",
        )
    if config.cell_px and (
        config.cell_px > config.side_px or (config.side_px - config.cell_px) % 2
    ):
        raise ConfigInvalid(
            f"Cells of {config.cell_px} px are not in the middle of chips of {config.side_px} px.",
            "Give a cell_px that is smaller than side_px by an even number.",
        )
    if config.lora and config.start is None:
        raise ConfigInvalid(
            "An adapter was asked for, but no tower that it belongs to; random weights would stay "
            "as they are.",
            "Give the tower as start, or leave lora out.",
        )
    if config.text_start and (config.size, config.vocabulary) != ("small", "minilm"):
        raise ConfigInvalid(
            f"MiniLM's text side does not fit the size {config.size} with the vocabulary "
            f"{config.vocabulary}.",
            "Choose the size small and the vocabulary minilm, or leave text_start out.",
        )
    if config.decoder and config.decoder.alone and {one.kind for one in config.stages} != {"learn"}:
        raise ConfigInvalid(
            "A decoder that learns alone screens no texts, which filter and rebuild do.",
            "Give stages of the kind learn, such as [{kind: learn, epochs: 12}].",
        )
    if config.start is None:
        return config
    return config.model_copy(update={"start": find_start(config.start, "tower", tower_files())})
