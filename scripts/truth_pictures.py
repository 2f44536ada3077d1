"""Maps of the demo head beside radar and truth, hits and misses: the picture of docs/truth.md.

python -m scripts.truth_pictures [--data ../shared/data/s1] [-o PICTURE.png]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import backend  # noqa: F401  (before torch)

# isort: split
import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm

from backend.accuracy.measures import area_under_curve
from backend.accuracy.truth import read_labels
from backend.encoders import load_encoder
from backend.link import Scorer, find_head
from backend.link.reading import reading
from backend.scenes import open_scene
from backend.text import load_text_encoder
from scripts.truth import BY_HAND, PLACES, Place, read_features

ASKED = (
    ("Spain, flood", "open water", "water"),
    ("Elche", "open water", "water"),
    ("Spain, flood", "a town", "built"),
    ("Tanzania", "bare soil", "bare"),
    ("Denmark", "farmland", "fields"),
    ("Belgium, 2021-06", "farmland", "fields"),
    ("Denmark", "sand", "bare"),
    ("Kansas", "qwertz uiop asdf", "water"),
)
GAMMA = 2.5
RADAR_DB = -22, -3
PICTURE = Path("docs/images/truth.png")


class Gallery:
    """The demo head, and the scenes it is asked about."""

    def __init__(self, data: Path) -> None:
        self.data, self.encoder = data, load_encoder("texture-s1", device="cpu")
        self.text = load_text_encoder("minilm", device="cpu", remember=False)
        self.head = find_head(None, self.encoder.spec)
        assert self.head.calibration

    def show(self, axes: tuple[Axes, Axes, Axes], place: Place, phrase: str, kind: str) -> None:
        """Draw radar, truth and map of a phrase side by side."""
        assert self.head.calibration
        features, grid = read_features(self.data / place.scene, place.date, self.encoder)
        phrases = self.text.embed([phrase])
        asked = np.concatenate([phrases, self.head.calibration.vectors])
        cosines = Scorer(self.head, asked).score(features).numpy()
        labels = read_labels((self.data / place.scene).parent / place.truth, grid)
        rows = ((grid.transform.f - labels.y) / 80).astype(int)
        cols = ((labels.x - grid.transform.c) / 80).astype(int)
        truth = np.full(cosines.shape[:2], np.nan)
        names = [BY_HAND.get(name, "") == kind for name in labels.name]
        known = ~np.isin(labels.name, ["-1", "255"])
        truth[rows[known], cols[known]] = np.array(names)[known]
        radar, label, answer = axes
        with open_scene(self.data / place.scene, date=place.date) as scene:
            radar.imshow(scene.read(scene.extent)[0], cmap="gray", clim=RADAR_DB)
        radar.set_title(place.name, fontsize=8)
        label.imshow(truth, cmap="YlGnBu", clim=(-0.2, 1.2))
        compared = np.isfinite(truth) & np.isfinite(cosines[..., 0])
        wanted = truth[compared] == 1
        auc = ""
        if wanted.any() and not wanted.all():
            auc = f", AUC {area_under_curve(cosines[compared, 0], wanted):.2f}"
        label.set_title(f"truth: {kind}", fontsize=8)
        low, high = np.nanpercentile(cosines[..., 0], [2, 99.5])
        answer.imshow(cosines[..., 0], cmap="magma", norm=PowerNorm(GAMMA, low, high))
        answer.set_title(f"“{phrase}”{auc}", fontsize=8)
        cells = cosines[np.isfinite(cosines[..., 0])].T
        (read,) = reading(cells, self.head, phrases)
        label.set_xlabel(read.sentence, fontsize=6.5)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    parser.add_argument("-o", "--output", type=Path, default=PICTURE)
    arguments = parser.parse_args()
    matplotlib.use("Agg")
    from matplotlib import pyplot

    gallery, places = Gallery(arguments.data), {place.name: place for place in reversed(PLACES)}
    spain = next(place for place in PLACES if place.truth == "truth_s2.tif")
    figure, grid = pyplot.subplots(len(ASKED) // 2, 6, figsize=(12, 9.2))
    for number, (name, phrase, kind) in enumerate(ASKED):
        row, half = divmod(number, 2)
        place = spain if name == spain.name and kind != "water" else places[name]
        gallery.show(tuple(grid[row, 3 * half : 3 * half + 3]), place, phrase, kind)
    for axes in grid.flat:
        axes.set_xticks([])
        axes.set_yticks([])
    figure.tight_layout(pad=0.6)
    figure.savefig(arguments.output, dpi=110)


if __name__ == "__main__":
    main()
