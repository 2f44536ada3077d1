"""What rounding features to eight bits costs in scores: the table of docs/store.md.

    python -m scripts.precision [--data ../shared/data/s1]

Scores of the demo head for eight phrases, from features as a store keeps them, against those from
features as the encoder gives them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from backend.encoders import load_encoder
from backend.features.store.chunks import dequantise, quantise
from backend.link import Scorer, find_head
from backend.text import load_text_encoder
from scripts.truth import read_features

SCENES = {
    "Cambodia 2018": "cambodia_2018/s1_grd_db.tif",
    "Denmark 2017": "denmark_2017/s1_rtc_db.tif",
    "Inn river 2017": "inn_river_2017",
    "Elche 2019": "spain_elche_2019/s1_grd_db.tif",
    "Elche, flooded 2019": "spain_flood_2019/s1_grd_db.tif",
}
PHRASES = (
    "open water",
    "a forest",
    "a town",
    "farmland",
    "bare soil",
    "a river",
    "a road",
    "mountains",
)


def main() -> None:
    """Print a row for each scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    data: Path = parser.parse_args().data
    encoder = load_encoder("texture-s1", device="cpu")
    text = load_text_encoder("minilm", device="cpu", remember=False)
    scorer = Scorer(find_head(None, encoder.spec), text.embed(PHRASES))
    print("| scene | cells | int8: largest | int8: root mean square | float16: largest | spread |")
    print("|---|---|---|---|---|---|")
    for name, path in SCENES.items():
        features, _ = read_features(data / path, None, encoder)
        valid = np.isfinite(features.numpy()).all(axis=2)
        scores = scorer.score(features[valid]).numpy()
        errors = []
        for precision in ("int8", "float16"):
            kept = dequantise(*quantise(features.numpy(), valid, precision))
            errors.append(scorer.score(kept[valid]).numpy() - scores)
        print(
            f"| {name} | {len(scores):,} | {abs(errors[0]).max():.4f} "
            f"| {(errors[0] ** 2).mean() ** 0.5:.5f} | {abs(errors[1]).max():.5f} "
            f"| {scores.std(axis=0).mean():.3f} |"
        )


if __name__ == "__main__":
    main()
