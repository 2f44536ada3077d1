"""CLIPs of the user's own, as encoders: every file of `clips/` in the user's folder.

A file has the layout of open_clip, or of OpenAI: SARCLIP of CAESAR-Radi, SAR-RS-CLIP, RemoteCLIP
and many others are published so. Beside NAME.safetensors, or NAME.pt, lies NAME.json: the model's
configuration as open_clip has it, or `quick_gelu` alone, since no tensor tells which activation the
model was trained with. Nor does any tell how wide the heads of its picture tower are: 64, but not
in towers wider than 1,024, which need the whole configuration. It needs no head: a window is one
cell, and has a vector in the space of the model's own text tower (`backend.text.clip`).

The picture is VV from -25 to 0 dB as three equal channels, then CLIP's mean and deviation. That is
this project's choice, named "grey-1" in the identity: published models saw 8 bits of various
sensors, stretched in ways that most of them do not state. Pixels without data take their band's
mean over the window. One that was trained here (`backend.training.clips`) says in its JSON, under
`gluelink`, which picture it looks at and how wide a chip is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Literal

from backend.device import Device, Tensor
from backend.encoders.base import Encoder, EncoderSpec, Windows
from backend.encoders.clip import SIDE_PX
from backend.encoders.published import reading, unfit
from backend.errors import ConfigInvalid, WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.resources import clip_files

BATCH = 32
USUAL_DB = (-11.0, -18.0)
PictureName = Literal["grey", "dual"]
CUTS_DB: Mapping[PictureName, Mapping[str, tuple[float, float]]] = {
    "grey": {"VV": (-25.0, 0.0)},
    "dual": {"VV": (-25.0, 0.0), "VH": (-32.0, -7.0), "VV-VH": (0.0, 15.0)},
}
"""The dB that become 0 and 255 in each channel of a picture; one channel stands for three."""
PICTURES = f"{' or '.join(CUTS_DB)}, and a whole number above 0"
OURS = "gluelink"
"""Where the JSON of a CLIP that was trained here says what open_clip's configuration does not."""
SETTING = "quick_gelu"
HEAD_WIDTH = 64
"""Of every CLIP but those whose picture tower is wider than 1,024: ViT-H, g and bigG."""


@dataclass(frozen=True)
class Settings:
    """What the configuration beside a CLIP says."""

    quick_gelu: bool
    """Whether its activation is QuickGELU, as OpenAI's, and not GELU."""
    dim: int | None = None
    """Numbers in its space; None where it does not say."""
    head_width: int | None = None
    """How wide the heads of its picture tower are; None where it does not say."""
    picture: PictureName = "grey"
    """How it looks at radar."""
    side_px: int = SIDE_PX
    """Side of a chip in pixels of 10 m."""
    pixel_m: float | None = None
    """Side of a pixel of the chips it was trained on here, in metres."""
    tasks: tuple[str, ...] = ()
    """Types of the captions that it learnt here last, such as concise; all where it is empty."""

    @property
    def activation(self) -> str:
        """What tells two networks of the same weights apart."""
        return "quick" if self.quick_gelu else "exact"


class OwnClip(Encoder):
    """A CLIP's vector of a radar window; each file has a class of its own, with its `spec`."""

    position = 57
    threads: ClassVar[int] = 4
    file: ClassVar[Path]
    """Where it lies."""

    def __init__(self, weights: str | Path | None, device: Device) -> None:
        """Load it.

        Raises:
            ConfigInvalid: other weights were given.
            WeightsMissing: the file is gone, or has no configuration beside it.
            WeightsInvalid: it is damaged, or of another layout.
        """
        if weights is not None:
            raise ConfigInvalid(
                f"{self.file.stem} was given the weights {weights}; it has its own.",
                "Leave them out.",
            )
        from backend.encoders.networks.own import read_own

        self.spec, self.device = describe_clip(self.file, self.file.stem), device
        files, self._picture = read_own(self.file), read_settings(self.file).picture
        self._network, self._side_px = files.image_tower(device), files.side_px

    def encode(self, windows: Windows) -> Tensor:
        """Return vectors (n, 1, 1, D) float32, not of unit length, of windows (n, 2, side, side).

        They are in dB; the side is 224 px, or that of the chips it was trained on here.
        """
        import torch

        from backend.encoders.networks.pictures import draw_picture, scale_picture
        from backend.encoders.networks.windows import take_windows

        db = take_windows(windows, self.spec, self.device)
        pictures = scale_picture(draw_picture(db, self._picture), self._side_px)
        with torch.no_grad():
            vectors = [self._network(some).image_embeds for some in pictures.split(BATCH)]
        return torch.cat(vectors).float()[:, None, None]

    @classmethod
    def spec_here(cls) -> EncoderSpec:
        """Return the specification of the file; `unavailable` says what is wrong with it."""
        try:
            return describe_clip(cls.file, cls.spec.name)
        except (WeightsMissing, WeightsInvalid) as error:
            return replace(cls.spec, unavailable=str(error))


def own_clips() -> dict[str, type[Encoder]]:
    """Return a class for each CLIP on this machine, by the name of its file; none is opened."""
    return {path.stem: _kind_of(path) for path in clip_files()}


def _kind_of(path: Path) -> type[Encoder]:
    class OfFile(OwnClip):
        spec = _spec(path.stem)
        file = path

    return OfFile


def describe_clip(path: Path, name: str) -> EncoderSpec:
    """Return the specification of the CLIP in a file.

    Raises:
        WeightsMissing: there is no such file, or no configuration beside it.
        WeightsInvalid: it is damaged, or of another layout.
    """
    if not path.is_file():
        raise WeightsMissing(f"There is no CLIP at {path}.", "Put it there again.")
    settings = read_settings(path)
    status, sha256 = path.stat(), file_sha256(path)
    dim = _dim_of(path, settings, status.st_size, status.st_mtime_ns)
    scaling, side = f"{settings.picture}-1", settings.side_px
    identity = f"clip/{sha256[:16]}/{scaling}/{settings.activation}"
    if side != SIDE_PX:
        identity += f"/{side}px"
    if settings.head_width not in (None, HEAD_WIDTH):
        identity += f"/{settings.head_width}"
    spec = replace(_spec(name), window_px=side, scaling=scaling)
    return replace(spec, dim=dim, identity=identity, weights_hash=sha256)


@lru_cache(maxsize=32)
def _dim_of(path: Path, settings: Settings, size: int, changed: int) -> int:
    """Return the numbers in a CLIP's space; it is read once for its size and time of change."""
    from backend.encoders.networks.own import read_own

    return read_own(path).dim


def read_settings(path: Path) -> Settings:
    """Return what the configuration beside a CLIP says.

    Raises:
        WeightsMissing: there is none.
        WeightsInvalid: it is damaged, or does not say which activation the model has.
    """
    file = path.with_suffix(".json")
    if not file.is_file():
        raise WeightsMissing(
            f"There is no {file.name} beside {path.name}, which says whether its activation is "
            "QuickGELU.",
            'Put the configuration that open_clip has of it there, or {"quick_gelu": false}; for '
            "weights of OpenAI true.",
        )
    with reading(file):
        config = json.loads(file.read_text(encoding="utf-8"))
        ours = config.get(OURS, {})
        picture, side = ours.get("picture", "grey"), ours.get("side_px", SIDE_PX)
        pixel, tasks = ours.get("pixel_m"), tuple(map(str, ours.get("tasks", ())))
        config = config.get("model_cfg", config)
        quick, dim = config.get(SETTING, None), config.get("embed_dim")
        vision = config.get("vision_cfg")
        # open_clip leaves it out of a whole configuration where it is GELU.
        quick = False if quick is None and vision is not None else quick
        width = None if vision is None else vision.get("head_width", HEAD_WIDTH)
    if not isinstance(quick, bool):
        raise unfit(file, f"has {SETTING} {quick!r}; expected true or false")
    if width is not None and (not isinstance(width, int) or width < 1):
        raise unfit(file, f"has head_width {width!r}; expected a whole number above 0")
    if picture not in CUTS_DB or not isinstance(side, int) or side < 1:
        raise unfit(file, f"has the picture {picture!r} of {side!r} px; expected {PICTURES}")
    if pixel is not None and not isinstance(pixel, int | float):
        raise unfit(file, f"has pixels of {pixel!r} m; expected a number")
    known = dim if isinstance(dim, int) else None
    return Settings(quick, known, width, picture, side, pixel, tasks)


def _spec(name: str) -> EncoderSpec:
    return EncoderSpec(
        name=name,
        title=f"{name}, a CLIP on radar",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=512,
        window_px=SIDE_PX,
        pixel_m=10.0,
        grid=(1, 1),
        identity=f"clip/{name}",
        licence="that of its file",
        source="the user's own file",
        scaling="grey-1",
        text=name,
    )
