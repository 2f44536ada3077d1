"""Make PNG pictures small: at most 256 colours, where nobody sees the difference.

python -m scripts.shrink FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = 256
WORST_RMS = 6.0  # of 255: a picture that would lose more is left as it is


def shrink(path: Path) -> int:
    """Write a picture with few colours in its place, and return how many bytes that saved."""
    with Image.open(path) as file:
        whole = file.convert("RGB")
        if file.mode == "P":
            return 0
    few = whole.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    off = np.asarray(whole, float) - np.asarray(few.convert("RGB"), float)
    if np.sqrt((off**2).mean()) > WORST_RMS:
        return 0
    before = path.stat().st_size
    few.save(path, optimize=True)
    return before - path.stat().st_size


def main() -> None:
    """Shrink all pictures of a folder."""
    for path in sorted(Path(sys.argv[1]).glob("*.png")):
        if saved := shrink(path):
            print(f"{path.name}: {saved / 1e3:.0f} kB less")


if __name__ == "__main__":
    main()
