"""The survey cache: photograph embeddings and pooled features of every point, as one Zarr group.

    photos                  (n, 4, D) float16   unit vectors of the text space, zero where missing
    valid                   (n, 4)    bool      True where the photograph exists
    split                   (n,)      uint8     0 train, 1 validation, 2 test; no region is in two
    region                  (n,)      int32     what the split keeps together
    features/<encoder>      (n, 4, d) float16   pooled views; attributes `identity` and `grid`

The group's attributes hold `format`, `text`, `text_space` and `source`, how the survey was made.
"""

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zarr

from backend.encoders.base import EncoderSpec
from backend.errors import SurveyInvalid
from backend.text.base import TextSpace

FORMAT = "gluelink-survey/1"
SPLITS = ("train", "validation", "test")
CHUNK = 4096


class SurveyWriter:
    """Writes a survey of `n` points beside its final name; `close` gives it that name."""

    def __init__(
        self, path: Path, n: int, text: str, space: TextSpace, encoder: EncoderSpec, source: Any
    ) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        self._partial.parent.mkdir(parents=True, exist_ok=True)
        group = zarr.open_group(self._partial, mode="w")
        group.attrs.update(
            {"format": FORMAT, "text": text, "text_space": asdict(space), "source": source}
        )

        def array(name: str, *shape: int, dtype: str) -> zarr.Array:
            chunks = (min(n, CHUNK), *shape)
            return group.create_array(name, shape=(n, *shape), chunks=chunks, dtype=dtype)

        self._photos = array("photos", 4, space.dim, dtype="float16")
        self._valid = array("valid", 4, dtype="bool")
        self._split = array("split", dtype="uint8")
        self._region = array("region", dtype="int32")
        self._features = array(f"features/{encoder.name}", 4, encoder.dim, dtype="float16")
        self._features.attrs.update({"identity": encoder.identity, "grid": list(encoder.grid)})

    def write(
        self,
        rows: slice,
        *,
        photos: np.ndarray,
        valid: np.ndarray,
        split: np.ndarray,
        region: np.ndarray,
        features: np.ndarray,
    ) -> None:
        """Write the points `rows`: arrays of the shapes in this module's head."""
        self._photos[rows] = photos.astype(np.float16)
        self._valid[rows] = valid
        self._split[rows] = split
        self._region[rows] = region
        self._features[rows] = features.astype(np.float16)

    def close(self) -> None:
        """Give the survey its final name, in place of an older one."""
        shutil.rmtree(self._path, ignore_errors=True)
        os.replace(self._partial, self._path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._partial, ignore_errors=True)


class Survey:
    """An opened survey cache."""

    def __init__(self, path: Path, group: zarr.Group) -> None:
        self.path = path
        self._group = group
        self.text = str(group.attrs["text"])
        self.text_space = TextSpace(**group.attrs["text_space"])  # type: ignore[arg-type]
        self.source = group.attrs["source"]
        self.split = np.asarray(group["split"][:])  # type: ignore[index]

    def __len__(self) -> int:
        return len(self.split)

    def views(
        self, encoder: EncoderSpec, split: str
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pooled features (n, 4, d), photographs (n, 4, D) and valid (n, 4) of one split.

        Raises SurveyInvalid when the features are missing or of another encoder, or the split
        is empty.
        """
        features = self._group.get(f"features/{encoder.name}")
        identity = None if features is None else features.attrs["identity"]
        if features is None or identity != encoder.identity:
            raise SurveyInvalid(
                f"The survey {self.path.name} holds features of {identity or 'other encoders'}, "
                f"not of {encoder.identity}.",
                "Compute them: python -m backend.survey.",
            )
        rows = np.flatnonzero(self.split == SPLITS.index(split))
        if not len(rows):
            raise SurveyInvalid(
                f"The survey {self.path.name} has no point in the {split} split.",
                "Build it with more points.",
            )
        arrays = (features, self._group["photos"], self._group["valid"])
        pooled, photos, valid = (torch.from_numpy(a[:][rows]) for a in arrays)  # type: ignore[index]
        return pooled.float(), photos.float(), valid


def open_survey(path: Path) -> Survey:
    """Open a survey cache. SurveyInvalid when there is none at `path`."""
    try:
        group = zarr.open_group(path, mode="r")
    except (FileNotFoundError, ValueError, OSError) as error:
        raise SurveyInvalid(
            f"There is no survey at {path}.", "Build one: python -m backend.survey simulate."
        ) from error
    if group.attrs.get("format") != FORMAT:
        raise SurveyInvalid(
            f"{path} has the format {group.attrs.get('format')!r}; expected {FORMAT!r}.",
            "Build the survey anew: python -m backend.survey simulate.",
        )
    return Survey(path, group)
