"""Try a dense map of CLOSP: its patch tokens, less what they share with the class token.

    python -m scripts.closp_dense [--weights model.safetensors] [--data ../shared/data/s1]

CLOSP gives a window of 1,200 m one vector: its class token, projected. Its 14 × 14 patch tokens go
through the same projection here, and of each a part of its component along the class token's
vector is taken off, since that component tells about the whole window and not about the patch.
For each part the table has: the mean cosine of patches with their window's vector; how far the
scores of the same ground agree between windows that lie half a window apart (correlation over a
scene, the mean over phrases); and the AUC of the phrases of `scripts.truth`, as the mean of the
classes. Without `--weights` the network is small and random, so the AUC says nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch
from affine import Affine
from pyproj import CRS
from torch.nn import functional

from backend.accuracy.measures import area_under_curve
from backend.accuracy.truth import Grid, read_labels
from backend.encoders.closp import SIDE_PX
from backend.encoders.networks.closp import PATCH, SIDE, RadarTower, load_radar_tower
from backend.encoders.networks.windows import fill_gaps
from backend.encoders.ssl4eo import MEAN
from backend.scenes import open_scene
from backend.text import load_text_encoder
from scripts.samples.closp import write_closp
from scripts.truth import BY_HAND, CORE, LEAST, PHRASES, PLACES

PARTS = (0.0, 0.5, 1.0)
ASKED = [phrase for kind in CORE for phrase in PHRASES[kind]]
HALF_PX, HALF = SIDE_PX // 2, SIDE // 2  # 60 px are 7 patches


@torch.no_grad()
def encode(tower: RadarTower, db: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return patch vectors (n, 14, 14, D) and window vectors (n, D) of windows (n, 2, 120, 120)."""
    wide = functional.interpolate(
        db, (SIDE * PATCH, SIDE * PATCH), mode="bilinear", align_corners=True
    )
    patches = tower.s1_projection(tower.s1_encoder(wide))
    return patches, tower.s1_projection(tower.s1_encoder.class_token(wide))


def without_share(patches: torch.Tensor, windows: torch.Tensor, part: float) -> torch.Tensor:
    """Return unit patch vectors less a part of their component along their window's vector."""
    along = functional.normalize(windows, dim=-1)[:, None, None]
    share = (patches * along).sum(-1, keepdim=True)
    return functional.normalize(patches - part * share * along, dim=-1)


def lay(values: torch.Tensor, rows: int) -> torch.Tensor:
    """Return a map (H, W, …) of windows (rows × columns, 14, 14, …) that lie side by side."""
    return values.unflatten(0, (rows, -1)).transpose(1, 2).flatten(2, 3).flatten(0, 1)


class Scene:
    """A scene's windows, laid side by side from one corner, and its truth."""

    def __init__(self, folder: Path, number: int) -> None:
        place = PLACES[number]
        with open_scene(folder / place.scene, date=place.date) as scene:
            extent, crs = scene.extent, CRS.from_epsg(scene.utm_epsg)
            db = torch.from_numpy(scene.read(extent))
        self.db = db
        rows, columns = ((side - HALF_PX) // SIDE_PX for side in db.shape[1:])
        self.shape = rows, columns
        side_m = 10.0 * SIDE_PX / SIDE
        corner = Affine(side_m, 0, 10.0 * extent.col0, 0, -side_m, -10.0 * extent.row0)
        grid = Grid(crs, corner, rows * SIDE, columns * SIDE)
        labels = read_labels((folder / place.scene).parent / place.truth, grid)
        self.rows = ((grid.transform.f - labels.y) / side_m).astype(int)
        self.columns = ((labels.x - grid.transform.c) / side_m).astype(int)
        known = ~np.isin(labels.name, ["-1", "255"])
        self.rows, self.columns = self.rows[known], self.columns[known]
        self.kinds = np.array([BY_HAND.get(name, "") for name in labels.name[known]])
        self.name, self.classes = place.name, place.classes

    def windows(self, from_px: int) -> torch.Tensor:
        """Return windows (n, 2, 120, 120) whose first corner lies so many pixels inside."""
        rows, columns = self.shape
        ends = from_px + rows * SIDE_PX, from_px + columns * SIDE_PX
        cut = self.db[:, from_px : ends[0], from_px : ends[1]]
        tiles = cut.unflatten(1, (rows, SIDE_PX)).unflatten(3, (columns, SIDE_PX))
        return fill_gaps(tiles.permute(1, 3, 0, 2, 4).flatten(0, 1), MEAN)

    def aucs(self, scores: torch.Tensor) -> float:
        """Return the mean AUC of the classes' median phrases for scores (H, W, phrases)."""
        of = scores[self.rows, self.columns].numpy().T
        found = []
        for k, kind in enumerate(CORE):
            wanted = self.kinds == kind
            if kind in self.classes and LEAST <= wanted.sum() <= len(wanted) - LEAST:
                aucs = [area_under_curve(one, wanted) for one in of[5 * k : 5 * k + 5]]
                found.append(np.median(aucs))
        return float(np.mean(found))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="the published file; random when left out")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.weights or write_closp(Path(folder))
        tower = load_radar_tower(file, torch.device("cpu"))
        text = load_text_encoder("closp-vs", file.parent, device="cpu", remember=False)
        phrases = torch.from_numpy(text.embed(ASKED))
    print("| scene | part taken off | like its window | same ground, other window | AUC |")
    print("|---|---|---|---|---|")
    for number in (1, 2):
        scene = Scene(arguments.data, number)
        (inner, of_window), (shifted, of_shifted) = (
            encode(tower, scene.windows(from_px)) for from_px in (0, HALF_PX)
        )
        for part in PARTS:
            vectors = without_share(inner, of_window, part)
            like = (vectors * functional.normalize(of_window, dim=-1)[:, None, None]).sum(-1)
            scores = lay(vectors @ phrases.T, scene.shape[0])
            others = lay(without_share(shifted, of_shifted, part) @ phrases.T, scene.shape[0])
            same = scores[HALF:, HALF:].flatten(0, 1), others[:-HALF, :-HALF].flatten(0, 1)
            agree = [np.corrcoef(*pair)[0, 1] for pair in zip(*(x.T.numpy() for x in same))]
            print(
                f"| {scene.name} | {part} | {like.mean():.3f} | {np.mean(agree):.3f} "
                f"| {scene.aucs(scores):.3f} |"
            )


if __name__ == "__main__":
    main()
