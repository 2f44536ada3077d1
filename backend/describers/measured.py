"""What is measured of an area of a scene: the record that the facts describer speaks from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from backend.describers.cover import ASKED, WATER, CoverMap, read_cover
from backend.describers.outline import Ring, outlines
from backend.detection import BrightObject
from backend.encoders import Encoder
from backend.features.lattice import Quality
from backend.features.store import FeatureStore, StoredObjects
from backend.features.store.about import block_side
from backend.features.store.bright import objects_without_store
from backend.features.store.fill import planned_blocks
from backend.features.store.pixels import PixelHashes
from backend.language import Box, Cover, Evidence, Object, Place, Record, cover_of
from backend.language.regions import region_slices
from backend.link import LinkHead
from backend.maps import Inquiry
from backend.maps.alignment import nothing_answered, require_unchanged
from backend.progress import Progress, silent
from backend.scenes import PIXEL_M, AnyScene, PixelBox
from backend.scenes.area import Area
from backend.scenes.grid import transformer
from backend.text import TextEncoder

BRIGHT = "bright object"
"""What the detector calls what it finds: it cannot tell a ship from a buoy or a rock."""
NEAR_WATER_CELLS = 1
"""An object counts as on water where a cell so near to its own reads as water."""


@dataclass(frozen=True)
class Measured:
    """A record, and where on the ground its parts lie."""

    record: Record
    """In pixels of 10 m of the scene's zone, the first one at `corner`."""
    corner: tuple[int, int]
    """Row and column of the first pixel in the zone."""
    utm_epsg: int
    """The zone."""
    cover: CoverMap
    """The class of each cell, which are squares of pixels from `corner` on."""
    area: PixelBox
    """The pixels of the area itself; cells that it touches reach beyond it."""
    contrasts: tuple[float, ...] = ()
    """By how many dB each of the record's objects exceeds the water around it."""

    def objects_geojson(self) -> dict[str, Any]:
        """Return all objects as a GeoJSON FeatureCollection of boxes."""
        features = []
        for number, each in enumerate(self.record.objects or ()):
            metres = max(each.box.width, each.box.height) * PIXEL_M
            features.append(
                {
                    "type": "Feature",
                    "id": number,
                    "geometry": {"type": "Polygon", "coordinates": [self._ring(each.box)]},
                    "properties": {
                        "category": each.category,
                        "length_m": metres,
                        "contrast_db": self.contrasts[number],
                        "score": each.score,
                    },
                }
            )
        return {"type": "FeatureCollection", "features": features}

    def place_of(self, evidence: Evidence) -> dict[str, Any] | None:
        """Return what a sentence speaks of as a GeoJSON MultiPolygon; None for the whole area.

        That is its objects, else the cells of its classes in its regions, else its regions.
        """
        objects = self.record.objects or ()
        boxes = [objects[number].box for number in evidence.objects]
        if boxes:
            return _multipolygon([[self._ring(box)] for box in boxes])
        cells = [list(self._rings(rings)) for rings in self._cells(evidence)]
        if cells:
            return _multipolygon(cells)
        regions = [self._region(number) for number in evidence.regions]
        return _multipolygon([[self._ring(box)] for box in regions]) if regions else None

    def place_of_pixels(self, box: PixelBox) -> dict[str, Any]:
        """Return a box of the zone's pixels as a GeoJSON MultiPolygon in degrees."""
        left, top = box.col0 - self.corner[1], box.row0 - self.corner[0]
        return _multipolygon([[self._ring(Box(left, top, box.width, box.height))]])

    def _cells(self, evidence: Evidence) -> Iterator[list[Ring]]:
        """Yield the outlines, in pixels, of the cells of some classes in some regions, of all."""
        chosen: NDArray[np.bool_] = np.zeros(self.cover.codes.shape, bool)
        for name in evidence.classes:
            chosen |= self.cover.of(name)
        if evidence.regions:
            inside = np.zeros_like(chosen)
            height, width = chosen.shape
            for number in evidence.regions:
                rows, columns = divmod(number, 3)
                inside[region_slices(height)[rows], region_slices(width)[columns]] = True
            chosen &= inside
        return outlines(chosen, self.record.width / chosen.shape[1])

    def _region(self, number: int) -> Box:
        rows = region_slices(self.record.height)[number // 3]
        columns = region_slices(self.record.width)[number % 3]
        return Box(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)

    def _ring(self, box: Box) -> list[list[float]]:
        """Return the outline of a box in degrees, counterclockwise."""
        (west, east), (north, south) = (box.x, box.x + box.width), (box.y, box.y + box.height)
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return next(self._rings([corners]))

    def _rings(self, rings: Iterable[Ring]) -> Iterator[list[list[float]]]:
        """Yield rings of pixels, x and y, in degrees."""
        to_degrees = _to_degrees(self.utm_epsg)
        for ring in rings:
            points = np.array(ring, np.float64)
            east = (self.corner[1] + points[:, 0]) * PIXEL_M
            south = (self.corner[0] + points[:, 1]) * PIXEL_M
            degrees = np.stack(to_degrees.transform(east, -south), axis=1)
            yield degrees.round(7).tolist()


def _multipolygon(polygons: list[list[list[list[float]]]]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": polygons}


def measure(
    scene: AnyScene,
    area: Area | None,
    encoder: Encoder,
    head: LinkHead,
    text: TextEncoder,
    store: FeatureStore | None = None,
    progress: Progress = silent,
    match_product_type: bool = True,
    quality: Quality = "fine",
) -> Measured:
    """Return what is measured of an area of a scene, of all of it when None.

    With a `store`, cells and bright objects that it holds are read, and the others are kept there.

    Example:
        with open_scene(Path("scene.tif")) as scene:
            measured = measure(scene, None, encoder, head, text)
        print(measured.record.cover.shares)

    Raises:
        AreaOutsideScene: the scene has no data inside the area.
        GlueLinkError: what `Inquiry.of` and `Inquiry.answers` raise.
    """
    asked = Inquiry.of(scene, area, ASKED, encoder, head, text, match_product_type, quality, store)
    cover = read_cover(asked, progress)
    if not (cover.codes >= 0).any():
        raise nothing_answered()
    found = objects_on_water(asked, cover) if "VV" in encoder.spec.bands else None
    require_unchanged(asked.scene)
    return record_of(asked, cover, found)


def record_of(asked: Inquiry, cover: CoverMap, found: list[BrightObject] | None) -> Measured:
    """Return the record of an area whose cover and objects are known."""
    box, info = asked.plan.lattice.pixels_of(asked.plan.cells), asked.scene.info
    record = Record(
        info.name,
        box.width,
        box.height,
        objects=None if found is None else tuple(_object(each, box) for each in found),
        cover=_cover(cover, asked.head),
        place=centre_of(box, asked.scene.utm_epsg),
        metres_per_pixel=PIXEL_M,
        date=info.date,
    )
    contrasts = tuple(round(each.contrast_db, 1) for each in found or ())
    corner, zone = (box.row0, box.col0), asked.scene.utm_epsg
    return Measured(record, corner, zone, cover, asked.plan.pixels, contrasts)


def objects_on_water(asked: Inquiry, cover: CoverMap) -> list[BrightObject]:
    """Return the bright objects of an area that lie on what reads as water, from west to east."""
    water = cover.of(WATER)
    if not water.any():
        return []
    side, cells = asked.plan.lattice.cell_px, asked.plan.cells

    def is_on_water(each: BrightObject) -> bool:
        row, col = int(each.row // side) - cells.row0, int(each.col // side) - cells.col0
        if not (0 <= row < cells.height and 0 <= col < cells.width) or cover.codes[row, col] < 0:
            return False
        near = NEAR_WATER_CELLS
        return bool(
            water[max(0, row - near) : row + near + 1, max(0, col - near) : col + near + 1].any()
        )

    found = [each for each in chain.from_iterable(_objects(asked)) if is_on_water(each)]
    return sorted(found, key=lambda each: (each.col, each.row))


def _objects(asked: Inquiry) -> Iterator[list[BrightObject]]:
    """Yield the bright objects in and around an area, block by block."""
    spec, plan, scene = asked.encoder.spec, asked.plan, asked.scene
    if asked.store is None:
        side = block_side(plan.lattice, spec.dim)
        yield from objects_without_store(scene, spec.bands, plan, side)
        return
    array = asked.store.array_for(scene, spec, plan.lattice)
    hashes, kept = PixelHashes(array.info.digest, scene), StoredObjects(array, spec.bands)
    for index in planned_blocks(array, plan):
        yield kept.of(index, scene, hashes)


def _object(each: BrightObject, box: PixelBox) -> Object:
    place = Box(each.left - box.col0, each.top - box.row0, each.width, each.height)
    return Object(BRIGHT, place, source="detector")


def _cover(cover: CoverMap, head: LinkHead) -> Cover:
    """Return the cover of an area, with the probabilities of those classes whose ones have held."""
    found = cover_of(cover.codes, dict(enumerate(cover.classes)), "map")
    holds = head.calibration.holds if head.calibration else ()
    return replace(found, certainty={name: cover.highest[name] for name in holds})


def centre_of(box: PixelBox, utm_epsg: int) -> Place:
    """Return the middle of a box of a zone's pixels."""
    x, y = (box.col0 + box.col1) / 2 * PIXEL_M, -(box.row0 + box.row1) / 2 * PIXEL_M
    longitude, latitude = _to_degrees(utm_epsg).transform(x, y)
    return Place(float(longitude), float(latitude))


def _to_degrees(utm_epsg: int) -> Transformer:
    return transformer(CRS.from_epsg(utm_epsg), "EPSG:4326")
