"""Towers that were trained here, as encoders: every file of `towers/` in the user's folder.

A tower gives a chip one vector in the space of its own text side (`backend.text.towers`), so it
needs no head. A chip is one cell, or what lies around a smaller one.
"""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from backend.device import Device, Tensor
from backend.encoders.base import Encoder, EncoderSpec, Windows
from backend.errors import ConfigInvalid, WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.resources import tower_files
from backend.towers.files import load_tower, read_card

BANDS = ("VV", "VH")
BATCH, PIXEL_M = 64, 10.0
REMEDY = "Delete the file, or train it anew: docs/towers.md."


class TowerEncoder(Encoder):
    """A tower's vector of a window; each file has a class of its own, with its `spec`."""

    position = 45
    threads: ClassVar[int] = 4
    file: ClassVar[Path]
    """Where the tower lies."""

    def __init__(self, weights: str | Path | None, device: Device) -> None:
        """Load the tower, or the one at `weights`.

        Raises:
            WeightsMissing: the file is gone.
            WeightsInvalid: it is damaged.
        """
        path = Path(weights) if weights else self.file
        self.spec, self.device = describe_tower(path, self.file.stem), device
        self._tower, _, _ = load_tower(path, device)

    def encode(self, windows: Windows) -> Tensor:
        """Return vectors (n, h, w, 256) float32 of windows (n, 2, H, W) in dB, one for each cell.

        They are of unit length.

        Raises:
            ConfigInvalid: the windows have another shape.
        """
        import torch

        db = torch.as_tensor(windows, dtype=torch.float32)
        side, (bands, height, width) = self.spec.cell_px, db.shape[1:]
        if bands != len(BANDS) or height % side or width % side:
            raise ConfigInvalid(
                f"{self.spec.name} got windows of shape {tuple(db.shape)}.",
                f"Expected (n, 2, H, W): VV, VH, sides divisible by {side}.",
            )
        vectors = [
            self._vectors(
                torch.nn.functional.pad(one, [self.spec.reach_px or 0] * 4, value=torch.nan)
            )
            for one in db
        ]
        return torch.stack(vectors)

    def _vectors(self, db: Tensor) -> Tensor:
        """Return vectors (h, w, 256) of a window (2, H, W), in which each cell's chip is whole."""
        import torch

        chip, cell = self._tower.sizes.side_px, self.spec.cell_px
        chips = db.unfold(1, chip, cell).unfold(2, chip, cell)  # (2, h, w, chip, chip)
        rows, columns = chips.shape[1:3]
        every = chips.permute(1, 2, 0, 3, 4).reshape(-1, len(BANDS), chip, chip)
        with torch.no_grad():
            vectors = [
                self._tower.image_vectors(self._tower.see(some.to(self.device)))
                for some in every.split(BATCH)
            ]
        return torch.cat(vectors).reshape(rows, columns, -1)


def tower_encoders() -> dict[str, type[Encoder]]:
    """Return a class for each tower on this machine, by the name of its file."""
    return {path.stem: _kind_of(path) for path in tower_files()}


def _kind_of(path: Path) -> type[Encoder]:
    try:
        of_file = describe_tower(path, path.stem)
    except (WeightsInvalid, WeightsMissing) as error:
        of_file = replace(_spec(path.stem, 1, 1, ""), unavailable=f"{error.message} {REMEDY}")

    class OfFile(TowerEncoder):
        spec = of_file
        file = path

    return OfFile


def describe_tower(path: Path, name: str) -> EncoderSpec:
    """Return the specification of the tower in a file; its weights are not read.

    Raises:
        WeightsMissing: there is no such file.
        WeightsInvalid: it is damaged, or its chips have other pixels than those of 10 m.
    """
    card, sha256 = read_card(path), file_sha256(path)
    if card.pixel_m != PIXEL_M:
        raise WeightsInvalid(
            f"{path.name} looks at pixels of {card.pixel_m:g} m; scenes have {PIXEL_M:g} m.",
            "Train a tower on chips of 10 m.",
        )
    cell = card.cell_px or card.sizes.side_px
    spec = _spec(name, card.sizes.dim, cell, sha256, (card.sizes.side_px - cell) // 2)
    return replace(spec, title=card.title or name, licence=card.licence, source=card.summary)


def _spec(name: str, dim: int, cell_px: int, sha256: str, reach_px: int = 0) -> EncoderSpec:
    return EncoderSpec(
        name=name,
        title=name,
        modality="sentinel-1",
        bands=BANDS,
        dim=dim,
        window_px=cell_px,
        pixel_m=PIXEL_M,
        grid=(1, 1),
        identity=f"tower/{sha256[:16]}",
        licence="",
        source="",
        weights_hash=sha256 or None,
        scaling="decibels",
        reach_px=reach_px,
        text=name,
    )
