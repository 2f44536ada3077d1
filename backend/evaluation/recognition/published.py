"""What SAR-KnowLIP printed of vision (Yang et al., arXiv 2509.23927), to stand beside ours.

On data of its own, which nobody has run here.
"""

from dataclasses import dataclass

SOURCE = "SAR-KnowLIP, arXiv 2509.23927, on its own data"
CLASSIFIED = ("FUSAR-AIR", "FUSAR-SHIP", "SAR-ACD")
"""Each with top-1 and top-3."""
DETECTED = ("FU-AS", "FU-SS", "AIR-F")
"""Each with AP50."""
SEGMENTED = ("FUSAR-MAP", "PolSAR-Seg")
"""Each with overall accuracy and mean IoU."""


@dataclass(frozen=True)
class PublishedRow:
    """The figures of one model, in percent."""

    model: str
    """ViT-B or ViT-L, and what it was trained as."""
    classified: tuple[float, ...]
    """Top-1 and top-3 of each of `CLASSIFIED`."""
    detected: tuple[float, ...]
    """AP50 of each of `DETECTED`."""
    segmented: tuple[float, ...]
    """Overall accuracy and mean IoU of each of `SEGMENTED`."""


_BASE = """\
RemoteCLIP 66.76 87.68 64.63 95.27 44.57 82.73 65.36 81.41 51.31 78.38 38.09 68.12 44.18
GeoRSCLIP 59.64 83.97 65.05 92.86 44.57 83.88 67.94 81.51 53.83 78.03 37.64 64.29 44.43
BAN 65.28 85.90 65.79 95.27 37.00 76.64 67.97 80.47 51.94 78.56 38.15 64.74 44.53
ChangeCLIP 56.97 83.08 65.79 95.06 33.22 71.38 66.98 81.77 50.96 78.28 38.05 66.63 43.31
Prithvi 67.50 89.31 64.63 93.28 54.93 91.61 57.66 78.38 35.87 78.59 38.05 63.28 36.03
SkyScript 62.31 85.45 65.58 95.48 54.11 88.48 66.91 80.86 55.99 78.58 38.19 64.89 41.79
CLIP 62.61 85.60 64.21 94.12 38.65 83.05 66.82 81.57 48.43 78.39 38.41 74.35 50.48
BLIP 64.98 86.05 65.58 94.27 56.25 92.59 67.86 83.18 52.84 79.32 40.69 51.88 20.05
SAR-JEPA 74.33 90.94 63.69 94.54 69.40 95.72 54.72 78.65 48.02 78.63 38.15 64.61 35.98
MAE 66.32 87.83 67.89 94.22 63.81 92.43 67.05 82.31 58.01 79.65 41.23 72.46 46.27
MoCo_v3 75.51 90.65 64.21 93.17 71.87 95.72 67.84 82.20 58.90 79.53 40.71 74.55 50.37
KnowLIP 81.90 93.32 69.15 96.54 91.11 99.84 74.36 85.87 73.04 81.37 43.01 76.75 51.75
"""
_LARGE = """\
RemoteCLIP 65.28 87.38 61.69 92.54 45.55 87.00 58.87 77.01 51.56 61.93 19.87 62.65 30.82
BAN 65.87 87.38 55.71 90.97 51.31 89.14 59.25 77.06 49.82 78.48 38.13 61.64 33.48
GeoChat 62.46 86.35 60.70 91.81 43.25 80.92 59.01 77.13 41.17 76.15 38.11 44.80 19.70
VHM 60.68 84.12 61.69 92.75 30.92 69.73 57.83 78.08 44.19 67.18 27.34 47.66 17.56
SkyScript 65.13 86.50 65.58 94.59 47.53 89.47 58.72 77.87 45.93 72.60 31.76 66.02 43.20
BITA 62.61 86.94 57.08 89.92 37.00 80.26 62.35 77.25 45.80 58.78 16.34 65.40 44.58
KnowLIP 75.96 90.35 66.84 95.14 77.46 98.02 68.14 82.54 68.97 79.13 38.41 70.62 46.29
"""


def _rows(size: str, printed: str) -> list[PublishedRow]:
    rows = []
    for line in printed.splitlines():
        name, *words = line.split()
        figures = tuple(map(float, words))
        model = f"{size} {name.replace('_', ' ')}"
        rows.append(PublishedRow(model, figures[:6], figures[6:9], figures[9:]))
    return rows


PUBLISHED = (*_rows("ViT-B", _BASE), *_rows("ViT-L", _LARGE))
