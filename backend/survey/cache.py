"""The survey cache: points, their photographs and their features, as one Zarr group.

    id                      (n, L)    uint8     UTF-8, filled up with zeros
    lon, lat                (n,)      float64   degrees, WGS84
    date                    (n,)      int64     days since 1970, the least int64 where not known
    class                   (n,)      int8      A to H of LUCAS as 0 to 7, -1 where not known
    split                   (n,)      uint8     0 train, 1 validation, 2 test; no region is in two
    region                  (n,)      int32     row of the attribute `regions`
    undirected              (n,)      bool      the photograph's direction is not known
    photos/<text>/          vectors (n, 4, D), valid (n, 4): unit vectors of the text space
    features/<encoder>/     vectors (n, 4, d), valid (n, 4): pooled views

The attributes hold `format`, `source` (how the survey was made), `points_sha256` and `block`.
Vectors are float16 and zero where not valid. An undirected photograph stands in all four views.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zarr

from backend.encoders.base import EncoderSpec
from backend.errors import ConfigInvalid, SurveyInvalid
from backend.link import VIEWS, WEDGES, Pooling, Views
from backend.survey.layers import Layer, make_group, make_layer
from backend.survey.points import SPLITS, SurveyPoints
from backend.text.base import TextSpace

FORMAT = "gluelink-survey/2"
BLOCK = 128
CHUNK_ROWS = 4096
POINTS = ("id", "lon", "lat", "date", "class", "split", "region", "undirected")
ENCODE = "Compute them: python -m backend.survey encode."


class Survey:
    """An opened survey cache; only `Layer.write` and `write_classes` change it.

    Example:
        survey = open_survey(Path("lucas.zarr"))
        train = survey.views(encoder.spec, "train", text="siglip2-giant")
        head = fit_head(train.pooled, train.photos, train.valid, grid=train.grid)
    """

    def __init__(self, path: Path, group: zarr.Group) -> None:
        self.path = path
        self.source: dict[str, Any] = dict(group.attrs["source"])  # type: ignore[arg-type]
        self.regions: list[str] = list(group.attrs["regions"])  # type: ignore[arg-type]
        self.block = int(group.attrs["block"])  # type: ignore[arg-type]
        self._group = group
        letters = self._array("id")
        ids = letters.view(f"S{letters.shape[1]}")[:, 0]
        self.ids = np.array([name.decode() for name in ids], np.dtypes.StringDType())
        self.lon, self.lat = self._array("lon"), self._array("lat")
        self.date = self._array("date").view("datetime64[D]")
        self.region, self.split = self._array("region"), self._array("split")
        self.undirected = self._array("undirected")

    def __len__(self) -> int:
        return len(self.split)

    @property
    def land_class(self) -> np.ndarray:
        """LUCAS class (n,) int8 of each point, -1 where not known."""
        return self._array("class")

    def write_classes(self, rows: slice, classes: np.ndarray) -> None:
        """Write the classes (n,) of a block, for a survey whose points are drawn as it is built."""
        self._group["class"][rows] = classes  # type: ignore[index]

    def texts(self) -> list[str]:
        """Return the names of the text encoders whose space the photographs are in."""
        return _names(self.path / "photos")

    def encodings(self) -> list[str]:
        """Return the names of the feature layers: an encoder and the suffix of a pooling."""
        return _names(self.path / "features")

    def text(self, name: str | None = None) -> str:
        """Return the text encoder to use: `name`, or the only one there is.

        Raises:
            ConfigInvalid: there is no such text encoder, or there are several.
        """
        known = self.texts()
        if name is None and len(known) == 1:
            return known[0]
        if name not in known:
            raise ConfigInvalid(
                f"The survey {self.path.name} has photographs for {', '.join(known) or 'no'} text "
                f"encoder; {'none was chosen' if name is None else f'{name!r} was asked for'}.",
                "Choose one with --text." if known else ENCODE,
            )
        return name

    def space(self, text: str) -> TextSpace:
        """Return the text space of the photographs for this text encoder."""
        layer = Layer(self.path / "photos" / self.text(text))
        return TextSpace(**layer.attributes["text_space"])

    def photo_layer(self, text: str, space: TextSpace) -> Layer:
        """Return the layer `photos/<text>`, made if it is new.

        Raises:
            SurveyInvalid: it holds vectors of another text space.
        """
        return self._layer("photos", text, space.dim, {"text_space": asdict(space)})

    def feature_layer(self, spec: EncoderSpec, pooling: Pooling = WEDGES) -> Layer:
        """Return the layer of an encoder's features, made if it is new.

        Raises:
            SurveyInvalid: it holds features of another encoder, grid or pooling.
        """
        attributes = {
            "identity": spec.identity,
            "grid": list(pooling.grid(spec.grid, spec.cell_m)),
            "pooling": asdict(pooling),
        }
        return self._layer("features", spec.name + pooling.suffix, spec.dim, attributes)

    def views(
        self,
        spec: EncoderSpec,
        split: str,
        *,
        text: str | None = None,
        pooling: Pooling = WEDGES,
    ) -> Views:
        """Return the points of a split with at least one view that has photograph and imagery.

        Raises:
            SurveyInvalid: features or photographs are missing, unfinished or of another encoder, or
                no point of the split has both.
        """
        present = self.present(spec, text=text, pooling=pooling)
        rows = np.flatnonzero((self.split == SPLITS.index(split)) & present.any(1))
        if not len(rows):
            raise SurveyInvalid(
                f"The survey {self.path.name} has no point with a photograph and imagery in the "
                f"{split} split.",
                "Build it with more points, or with another split.",
            )
        photos, features = self._layers(spec, text, pooling)
        pooled = torch.empty(len(rows), len(VIEWS), features.dim, dtype=torch.float16)
        vectors = torch.empty(len(rows), len(VIEWS), photos.dim, dtype=torch.float16)
        valid = torch.empty(len(rows), len(VIEWS), dtype=torch.bool)
        start = 0
        for chunk in self.chunks(spec, split, text=text, pooling=pooling):
            at = slice(start, start := start + len(chunk))
            pooled[at], vectors[at], valid[at] = chunk.pooled, chunk.photos, chunk.valid
        grid, name = self._grid_and_name(spec, text, pooling)
        return Views(pooled, vectors, valid, rows, grid, name)

    def present(
        self, spec: EncoderSpec, *, text: str | None = None, pooling: Pooling = WEDGES
    ) -> np.ndarray:
        """Return which views (n, 4) of all points have a photograph and imagery."""
        photos, features = self._layers(spec, text, pooling)
        return photos.valid() & features.valid()

    def encoder_identity(self, encoder: str, pooling: Pooling = WEDGES) -> str:
        """Return the identity of the encoder whose features these are."""
        return str(self._features(encoder + pooling.suffix).attributes["identity"])

    def imagery(self, encoder: str, pooling: Pooling = WEDGES) -> dict[str, Any]:
        """Return what imagery these features come from, as far as it was noted."""
        return dict(self._features(encoder + pooling.suffix).attributes.get("imagery", {}))

    def chunks(
        self,
        spec: EncoderSpec,
        split: str,
        *,
        text: str | None = None,
        pooling: Pooling = WEDGES,
        shuffle: np.random.Generator | None = None,
    ) -> Iterator[Views]:
        """Yield the points of `views`, up to some thousand at a time; see `chunk_blocks`."""
        photos, features = self._layers(spec, text, pooling)
        grid, name = self._grid_and_name(spec, text, pooling)
        in_split = self.split == SPLITS.index(split)
        for slices in self.chunk_blocks(split, shuffle):
            pooled, imaged = map(np.concatenate, zip(*map(features.read, slices), strict=True))
            vectors, pictured = map(np.concatenate, zip(*map(photos.read, slices), strict=True))
            rows = np.concatenate([np.arange(len(self))[block] for block in slices])
            valid = imaged & pictured
            kept = np.flatnonzero(in_split[rows] & valid.any(axis=1))
            if len(kept):
                p, g, v = (torch.from_numpy(array[kept]) for array in (pooled, vectors, valid))
                yield Views(p, g, v, rows[kept], grid, name)

    def _grid_and_name(
        self, spec: EncoderSpec, text: str | None, pooling: Pooling
    ) -> tuple[tuple[int, int], Callable[[int], str]]:
        """Return the grid that views were pooled from, and what a message calls their points."""
        of = f"of the survey {self.path.name} ({spec.name}, {self.text(text)}), point"
        return pooling.grid(spec.grid, spec.cell_m), lambda row: f"Row {row} {of} {self.ids[row]}"

    def chunk_blocks(
        self, split: str, shuffle: np.random.Generator | None = None
    ) -> Iterator[list[slice]]:
        """Yield the rows of the blocks that make up each chunk of a split.

        With `shuffle` a chunk is made of blocks drawn at random: points that lie side by side in a
        survey are neighbours on the ground as well.
        """
        blocks = np.arange(0, len(self), self.block)
        blocks = blocks[np.logical_or.reduceat(self.split == SPLITS.index(split), blocks)]
        if shuffle is not None:
            blocks = shuffle.permutation(blocks)
        per_chunk = max(CHUNK_ROWS // self.block, 1)
        for first in range(0, len(blocks), per_chunk):
            yield [slice(b, b + self.block) for b in blocks[first : first + per_chunk]]

    def _layers(self, spec: EncoderSpec, text: str | None, pooling: Pooling) -> tuple[Layer, Layer]:
        """Return photographs and features, both complete and the features of this encoder."""
        name = spec.name + pooling.suffix
        photos, features = Layer(self.path / "photos" / self.text(text)), self._features(name)
        if features.attributes["identity"] != spec.identity:
            raise SurveyInvalid(
                f"The survey {self.path.name} holds features of {features.attributes['identity']}, "
                f"not of {spec.identity}.",
                f"Delete {features.path}. {ENCODE}",
            )
        photos.require_complete(f"photos/{photos.path.name} of the survey {self.path.name}")
        features.require_complete(f"features/{name} of the survey {self.path.name}")
        return photos, features

    def _features(self, name: str) -> Layer:
        held = self.encodings()
        if name not in held:
            encoder = name.partition("@")[0]
            pooled_otherwise = any(other.partition("@")[0] == encoder for other in held)
            raise SurveyInvalid(
                f"The survey {self.path.name} holds features of "
                f"{', '.join(held) or 'no encoder'}, not of {name}.",
                "Give the --pooling and --extent-m of these, or compute the others: "
                "python -m backend.survey encode."
                if pooled_otherwise
                else ENCODE,
            )
        return Layer(self.path / "features" / name)

    def _layer(self, kind: str, name: str, dim: int, attributes: dict[str, Any]) -> Layer:
        path = self.path / kind / name
        if not path.is_dir():
            make_layer(path, len(self), dim, self.block, attributes)
        layer = Layer(path)
        stored = {key: layer.attributes.get(key) for key in attributes}
        if stored != attributes:
            raise SurveyInvalid(
                f"{kind}/{name} of the survey {self.path.name} belongs to {stored}, "
                f"not to {attributes}.",
                "Choose another survey cache, or delete this folder of it.",
            )
        layer.forget_lost()
        return layer

    def _array(self, name: str) -> np.ndarray:
        return np.asarray(self._group[name][:])  # type: ignore[index]


def create_survey(
    path: Path, points: SurveyPoints, source: dict[str, Any], block: int = BLOCK
) -> Survey:
    """Return the survey cache of `points` at `path`: a new one, or the one that was begun there.

    `source` says how the survey was made; a block of rows is what a killed run loses at most.

    Raises:
        SurveyInvalid: the points have no split, or `path` holds a survey of other points.
        DiskFull: the disk has no room for them.
        OutputUnwritable: nothing can be written there.
    """
    if points.split is None:
        raise SurveyInvalid(
            "The points have no split; expected train, validation or test for every one.",
            "Make one: python -m backend.survey points.",
        )
    digest = _digest(points, source)
    if not path.exists():
        make_group(path, lambda group: _write_points(group, points, source, digest, block))
    survey = open_survey(path)
    if survey._group.attrs["points_sha256"] != digest:
        raise SurveyInvalid(
            f"{path} is a survey of {len(survey):,} other points than these {len(points):,}: their "
            "ids, places, dates, regions, classes or splits differ.",
            "Choose another name for the survey cache.",
        )
    return survey


def open_survey(path: Path) -> Survey:
    """Open a survey cache.

    Raises:
        SurveyInvalid: there is none at `path`, it has another format, or a part of it is lost.
    """
    try:
        group = zarr.open_group(path, mode="r+")
    except (ValueError, OSError) as error:
        raise SurveyInvalid(
            f"There is no survey at {path}.",
            "Build one: python -m backend.survey encode, or simulate.",
        ) from error
    if group.attrs.get("format") != FORMAT:
        raise SurveyInvalid(
            f"{path} has the format {group.attrs.get('format')!r}; expected {FORMAT!r}.",
            "Build the survey anew: python -m backend.survey.",
        )
    lost = [name for name in (*POINTS, "photos", "features") if name not in group]
    if lost:
        raise SurveyInvalid(
            f"The survey {path} has lost {', '.join(lost)}.",
            "Build it anew: python -m backend.survey encode, or simulate.",
        )
    return Survey(path, group)


def _write_points(
    group: zarr.Group, points: SurveyPoints, source: dict[str, Any], digest: str, block: int
) -> None:
    regions, region = np.unique(points.region, return_inverse=True)
    group.attrs.update(
        format=FORMAT, source=source, regions=regions.tolist(), points_sha256=digest, block=block
    )
    encoded = np.array([text.encode() for text in points.ids])
    arrays = {
        "id": encoded.view(np.uint8).reshape(len(points), -1),
        "lon": points.lon,
        "lat": points.lat,
        "date": points.date.view(np.int64),
        "split": points.split,
        "region": region.astype(np.int32),
        "undirected": points.undirected != "",
    }
    for name, values in arrays.items():
        group.create_array(name, data=np.asarray(values), chunks=np.shape(values))
    group.create_array("class", data=points.land_class, chunks=(min(block, len(points)),))
    group.create_group("photos")
    group.create_group("features")


def _digest(points: SurveyPoints, source: dict[str, Any]) -> str:
    """Return the hash of points and how they were made."""
    digest = hashlib.sha256(repr(sorted(source.items())).encode())
    for text in (points.ids, points.region):
        digest.update("\n".join(text).encode())
    dated, undirected = np.flatnonzero(~np.isnat(points.date)), points.undirected != ""
    for array in (
        *(points.lon, points.lat, points.split, points.land_class),
        *(dated, points.date[dated], np.flatnonzero(undirected)),
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
