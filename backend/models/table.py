"""The one table of published weights: what can be fetched by name, and from where.

All of it is on Hugging Face. A revision is a commit where one is known, so that a name gives the
same bytes for ever; else it is the branch `main`.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from backend.encoders.betaearth import BetaEarthS1
from backend.encoders.clip import ClipRgb, MsClip
from backend.encoders.dinov2 import Dinov2S1
from backend.encoders.published import PublishedEncoder
from backend.encoders.ssl4eo import Ssl4eoS1, Ssl4eoS1Base, Ssl4eoS1Small
from backend.errors import ConfigInvalid
from backend.resources import user_path
from backend.text import clip, siglip2
from backend.text.snapshot import BESIDE, Checkpoint, cached_folder


@dataclass(frozen=True)
class Weights:
    """The files of one model: what is in its repository under one of the `patterns`."""

    name: str
    use: str
    repository: str
    revision: str
    patterns: tuple[str, ...]
    size: str  # about; the host says how much it is before anything is fetched
    licence: str

    @property
    def folder(self) -> Path:
        """Where the files are put, and where encoders and text encoders look for them."""
        return user_path("models", self.name)

    @property
    def partial(self) -> Path:
        """Where they are until all of them have come."""
        return user_path("models", f".{self.name}.partial")

    def found_in(self) -> Path | None:
        """The folder on this disk that has them, or some of them."""
        if self.folder.is_dir():
            return self.folder
        return cached_folder(self.repository) if self.name in siglip2.CHECKPOINTS else None

    def chosen(self, names: list[str]) -> list[str]:
        """Those of `names` that belong to the model."""
        return [n for n in names if any(fnmatchcase(n, pattern) for pattern in self.patterns)]

    def lacking(self, names: list[str]) -> list[str]:
        """The patterns that none of `names` meets."""
        return [p for p in self.patterns if not any(fnmatchcase(name, p) for name in names)]


def find_weights(name: str) -> Weights:
    """The row of this name. ConfigInvalid when there is none."""
    for weights in CATALOGUE:
        if weights.name == name:
            return weights
    known = ", ".join(weights.name for weights in CATALOGUE)
    raise ConfigInvalid(f"There are no published weights {name!r}.", f"There are: {known}.")


def _encoder(kind: type[PublishedEncoder], size: str, *files: str) -> Weights:
    """The weights of an encoder: its one file, or these of its folder; some have a text tower."""
    spec = kind.spec
    use = "encoder, text" if spec.text else "encoder"
    name, _, file = kind.weights.partition("/")
    repository, _, revision = spec.source.partition("@")
    patterns = files or (file,)
    return Weights(name, use, repository, revision or "main", patterns, size, spec.licence)


def _text(point: Checkpoint) -> Weights:
    patterns = (*BESIDE, "model*.safetensors*")
    about = (point.repository, point.commit, patterns, point.size, siglip2.LICENCE)
    return Weights(point.name, "text", *about)


CATALOGUE: tuple[Weights, ...] = (
    _encoder(Ssl4eoS1, "1.2 GB"),
    _encoder(Ssl4eoS1Base, "340 MB"),
    _encoder(Ssl4eoS1Small, "90 MB"),
    _encoder(BetaEarthS1, "420 MB"),
    _encoder(Dinov2S1, "1.2 GB", "config.json", "model.safetensors"),
    *map(_text, siglip2.CHECKPOINTS.values()),
    _encoder(ClipRgb, "600 MB", "config.json", clip.TOKENIZER, "*model.[bs]*"),
    _encoder(MsClip, "600 MB"),
)
"""All published weights; minilm's come with a package of their own."""
