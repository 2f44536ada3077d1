"""Printed rows, to stand beside ours: Tables 1 and 2 of Talk is Cheap (2026)."""

from math import nan

KEYS = (
    "validation_cosine",
    "test_cosine",
    "top1",
    "caption_rho",
    "precision_at_100",
    "precision_at_500",
    "retrieval_rho",
)
ROWS: dict[str, tuple[float, ...]] = {  # NaN where the paper gives nothing
    "AlphaEarth 64-d": (0.881, 0.881, 0.546, 0.921, 0.112, 0.237, 0.567),
    "Tessera 128-d": (0.881, 0.879, 0.546, 0.919, 0.104, 0.221, 0.545),
    "DINOv2-S1 1024-d": (0.864, 0.866, 0.461, 0.892, 0.048, 0.141, 0.403),
    "BetaEarth-S1 64-d": (0.864, 0.865, 0.451, 0.891, 0.055, 0.143, 0.381),
    "SSL4EO-S1 1024-d": (0.860, 0.863, 0.454, 0.890, 0.043, 0.124, 0.378),
    "GLUE rgb": (nan, nan, 0.507, 0.912, nan, nan, nan),
    "MS-CLIP 10-band": (nan, nan, 0.457, 0.549, nan, nan, nan),
    "CLIP rgb": (nan, nan, 0.369, 0.444, nan, nan, nan),
    "chance": (nan, nan, 0.125, 0.0, 0.004, 0.022, 0.0),
}
PAPER = {name: dict(zip(KEYS, values, strict=True)) for name, values in ROWS.items()}
