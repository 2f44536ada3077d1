"""What an array of the store holds, and the name that follows from it.

The last part of the name is a hash of all that shapes the numbers and is known before a pixel is
read. Names and paths of files are not in it, so a copy or an upload of a scene finds what is
encoded already. Whether its pixels are the same is told block by block, by their own hash.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from backend import __version__
from backend.encoders import EncoderSpec
from backend.features.lattice import CellBox, Lattice
from backend.features.store.chunks import Precision
from backend.scenes import AnyScene

FORMAT = 1
"""Of the store; a change after which older code would read it wrongly makes it larger."""

# Of encoders that blend windows larger blocks would encode a fifth fewer of them in all, but let a
# question over a small area wait three times as long: 81 windows in place of 25.
BLOCK_PX = {"exact": 1024, "fine": 512, "fast": 512}
BLOCK_BYTES = 2**24

KEY = "gluelink:array"
HOMEPAGE = "https://github.com/gluelink/gluelink"

_CONVENTIONS = {
    "geoemb:": (
        "61c12cc5-0e28-4056-999a-480cf3fb7e4c",
        "geo-embeddings/embeddings-zarr-convention",
        "Geoembeddings convention for geospatial embedding arrays with model provenance",
    ),
    "proj:": (
        "f17cb550-5864-4468-aeb7-f3180cfb622f",
        "zarr-experimental/geo-proj",
        "Coordinate reference system information for geospatial data",
    ),
    "spatial:": (
        "689b58e2-cf7b-45e0-9fff-9cfc0883d6b4",
        "zarr-conventions/spatial",
        "Spatial coordinate information",
    ),
}
_SOURCES = {"sentinel-1": "https://sentinels.copernicus.eu/web/sentinel/missions/sentinel-1"}
_HASH_DIGITS = 12
_UNNAMED = re.compile(r"[^A-Za-z0-9._]+")


@dataclass(frozen=True)
class ArrayInfo:
    """One array: a scene × encoder × lattice × precision."""

    name: str
    """The group: SCENE-ENCODER-HASH."""
    scene: str
    """Name of the scene that it was made of first."""
    date: str | None
    source: str
    """Sentinel-1, AlphaEarth, Tessera …"""
    encoder: str
    """Name of the encoder."""
    identity: str
    """Identity of the encoder."""
    utm_epsg: int
    """The UTM zone of the lattice."""
    precision: Precision
    lattice: Lattice
    cells: CellBox
    """Those of the array: whole blocks around the scene's extent."""
    block: int
    """Side of a block, in cells."""
    dim: int
    """Numbers in a feature."""
    pixels: Mapping[str, Any]
    """What shapes the scene's pixels."""

    @classmethod
    def of(
        cls,
        scene: AnyScene,
        spec: EncoderSpec,
        lattice: Lattice,
        precision: Precision,
    ) -> "ArrayInfo":
        """Return what the array of a scene, as the encoder takes it, holds."""
        block = block_side(lattice, spec.dim)
        facts = {
            "format": FORMAT,
            "pixels": scene.facts,
            "identity": spec.identity,
            "lattice": asdict(lattice),
            "precision": precision,
            "block": block,
        }
        text = json.dumps(facts, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS]
        first = _UNNAMED.sub("_", scene.info.name)[:80].strip("._") or "scene"
        return cls(
            name=f"{first}-{_UNNAMED.sub('_', spec.name)}-{digest}",
            scene=scene.info.name,
            date=scene.info.date,
            source=scene.info.source,
            encoder=spec.name,
            identity=spec.identity,
            utm_epsg=scene.utm_epsg,
            precision=precision,
            lattice=lattice,
            cells=_whole_blocks(lattice.cells_of(scene.extent), block),
            block=block,
            dim=spec.dim,
            pixels=json.loads(json.dumps(scene.facts)),
        )

    @property
    def digest(self) -> str:
        """The hash in the name."""
        return self.name.rpartition("-")[2]

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes of the group, for others and for `from_attributes`."""
        lattice, side = self.lattice, self.lattice.cell_px
        transform = self.cells.transform(lattice.cell_m)
        west, north = transform @ (0, 0)
        east, south = transform @ (self.cells.width, self.cells.height)
        own = asdict(self)
        own["format"] = FORMAT
        return {
            "zarr_conventions": [_convention(name) for name in _CONVENTIONS],
            "geoemb:type": "pixel" if side == 1 else "chip",
            "geoemb:dimensions": self.dim,
            "geoemb:model": f"{HOMEPAGE}#{self.identity}",
            "geoemb:source_data": [_SOURCES.get(self.pixels["modality"], HOMEPAGE)],
            "geoemb:data_type": self.precision,
            "geoemb:gsd": lattice.cell_m,
            **({} if side == 1 else {"geoemb:chip_layout": _chips(side)}),
            "geoemb:quantization": {
                "method": "per_pixel_scale",
                "original_dtype": "float32",
                "quantized_dtype": self.precision,
                "scale": {"type": "array", "array_name": "scales", "nodata": 0},
            },
            "geoemb:build_version": __version__,
            "proj:code": f"EPSG:{self.utm_epsg}",
            "spatial:dimensions": ["y", "x"],
            "spatial:transform": list(transform)[:6],
            "spatial:shape": [self.cells.height, self.cells.width],
            "spatial:bbox": [west, south, east, north],
            "spatial:registration": "pixel",
            KEY: own,
        }

    @classmethod
    def from_attributes(cls, attributes: Mapping[str, Any]) -> "ArrayInfo":
        """Return what attributes say; KeyError or TypeError where they are not of an array."""
        own = dict(attributes[KEY])
        own.pop("format")
        own["lattice"], own["cells"] = Lattice(**own["lattice"]), CellBox(**own["cells"])
        return cls(**own)


def same_facts(scene: AnyScene, info: ArrayInfo) -> bool:
    """Return whether an array is of this scene, as far as is known before a pixel is read."""
    return bool(json.loads(json.dumps(scene.facts)) == info.pixels)


def block_side(lattice: Lattice, dim: int) -> int:
    """Return the side of a block in cells: whole windows, at most `BLOCK_PX` and 16 MiB in all."""
    windows = 1
    while True:
        side = 2 * windows * lattice.grid
        if side * lattice.cell_px > BLOCK_PX[lattice.quality] or side**2 * dim > BLOCK_BYTES:
            return windows * lattice.grid
        windows *= 2


def _whole_blocks(cells: CellBox, side: int) -> CellBox:
    """Return the blocks of the absolute lattice that touch these cells."""
    return CellBox(
        cells.row0 // side * side,
        cells.col0 // side * side,
        -(-cells.row1 // side) * side,
        -(-cells.col1 // side) * side,
    )


def _convention(name: str) -> dict[str, str]:
    uuid, repository, description = _CONVENTIONS[name]
    return {
        "name": name,
        "uuid": uuid,
        "schema_url": f"https://raw.githubusercontent.com/{repository}/refs/tags/v1/schema.json",
        "spec_url": f"https://github.com/{repository}/blob/v1/README.md",
        "description": description,
    }


def _chips(side: int) -> dict[str, Any]:
    return {"layout_type": "regular_grid", "chip_size": [side, side], "stride": [side, side]}
