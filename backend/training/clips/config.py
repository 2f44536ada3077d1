"""The configuration of a CLIP's training: a YAML file with options laid over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from backend.encoders.clip import SIDE_PX
from backend.encoders.clips import PictureName
from backend.errors import ConfigInvalid
from backend.resources import clip_files
from backend.towers.files import is_tower
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
from backend.training.towers.config import Positive, Share


class ClipStage(Fields):
    """A part of the training with a corpus of its own."""

    name: str = ""
    """What it is called in the curve and on the card; that of its corpus when empty."""
    corpus: AbsolutePath | None = None
    """Folder of its corpus; the configuration's when left out."""
    tasks: tuple[str, ...] = ()
    """Captions of these types alone, such as concise; all when empty."""
    pairs: Annotated[int, Field(ge=2, lt=2**31)] | None = None
    """Chips of training that are learnt from, drawn by the seed; all when left out."""
    epochs: Count = 10
    learning_rate: Positive | None = None
    """The recipe's when left out."""
    batch_size: Annotated[int, Field(ge=2, lt=2**31)] | None = None
    """The recipe's when left out."""


class ClipRecipe(Fields):
    """How a CLIP learns. The defaults are those of SARVLM's published code."""

    batch_size: Annotated[int, Field(ge=2, lt=2**31)] = 128
    """Pairs of a batch, which are contrasted with each other."""
    accumulate: Count = 1
    """Batches whose gradients are added up before a step; contrast stays within one."""
    queue: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Pairs of earlier batches to contrast with; needs a momentum."""
    momentum: Share | None = None
    """What stays at each step of a slow copy that pairs are contrasted with; none when left out,
    as CLIP was trained."""
    alpha: Share = 0.0
    """Weight of the slow copy's opinion in the targets."""
    caption_weight: Annotated[float, Field(ge=0)] = 1.0
    """Weight of the captions that a CoCa learns to write; a CLIP writes none."""
    learning_rate: Positive = 5e-5
    """The highest of a stage, after the warm-up; it falls to 0 by half a cosine."""
    warmup_steps: Annotated[int, Field(ge=0, lt=2**31)] = 1000
    """Steps of a stage to the highest rate."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    """That of AdamW, for matrices alone."""
    clip_norm: Positive = 1.0
    """The longest that a step's gradient may be."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of the products with weights."""
    checkpointing: bool = False
    """Whether layers are computed twice, for less memory."""
    seed: Seed = 0
    """The same seed, corpora and machine give the same CLIP."""


class ClipConfig(TaskConfig):
    """How a CLIP is trained on.

    Example:
        read_clip_config(Path("resources/configs/clip-transfer.yaml"), {"start": "remoteclip"})
    """

    kind: Literal["clip"] = "clip"
    title: str = ""
    """Over the card and the curve; made of start and corpus when empty."""
    start: AbsolutePath
    """The CLIP to begin with: a file, or a name in the user's folder of CLIPs."""
    corpus: AbsolutePath | None = None
    """Folder of the corpus of stages that name none."""
    picture: PictureName = "grey"
    """How radar is looked at: VV as three equal channels, or VV, VH and VV - VH (dual)."""
    side_px: Count = SIDE_PX
    """Side of the chips of radar in pixels; other pictures are of any size."""
    lora: LowRank | None = None
    """An adapter of the start, which is all that learns in all stages; without it, all learns."""
    stages: Annotated[tuple[ClipStage, ...], Field(min_length=1)] = (ClipStage(),)
    recipe: ClipRecipe = ClipRecipe()
    device: str | None = None
    output: Annotated[OwnPath, AfterValidator(as_safetensors)]

    @property
    def epochs(self) -> int:
        """Those of all stages."""
        return sum(stage.epochs for stage in self.stages)

    def corpus_of(self, stage: ClipStage) -> Path:
        """Return the folder of a stage's corpus; `read_clip_config` has seen to it."""
        folder = stage.corpus or self.corpus
        assert folder is not None
        return folder

    def recipe_of(self, stage: ClipStage) -> ClipRecipe:
        """Return the recipe with what a stage has of its own."""
        own = {name: getattr(stage, name) for name in ("learning_rate", "batch_size")}
        return self.recipe.model_copy(update={k: v for k, v in own.items() if v is not None})


def read_clip_config(path: Path, overrides: Mapping[str, Any]) -> ClipConfig:
    """Return the configuration of a YAML file with options laid over it.

    Raises:
        ConfigInvalid: a field is missing, not known or has a wrong value.
        WeightsMissing: there is no CLIP to begin with.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    config = validate(ClipConfig, read_fields(path) | given, path)
    if config.corpus is None and any(stage.corpus is None for stage in config.stages):
        raise ConfigInvalid(
            f"A stage of {path} has no corpus.", "Write it there, or give one for all: --corpus."
        )
    if config.recipe.momentum is None and (config.recipe.queue or config.recipe.alpha):
        raise ConfigInvalid(
            f"The recipe of {path} has a queue or an alpha, but no momentum.",
            "Give the momentum of the slow copy that both are of, such as 0.995.",
        )
    start = find_start(config.start, "CLIP", clip_files())
    if is_tower(start):
        raise ConfigInvalid(
            f"{start} is a tower; expected a CLIP to begin with.",
            "Train it further by a configuration of the kind tower.",
        )
    return config.model_copy(update={"start": start})
