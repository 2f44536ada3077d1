"""Boxes as GeoJSON: features in the CRS of their chip, a GeoTIFF.

A feature has the properties `chip`, the file of its picture, and `category`. The bounds of its
geometry in pixels are the box. A collection states its CRS in a `crs` member; without one it is
taken to be that of the chips.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import shape

from backend.corpus.files import Corpus
from backend.corpus.ground import locate_chip
from backend.corpus.json_stream import as_row, read_object
from backend.corpus.layouts.base import (
    Entry,
    Images,
    Layout,
    file_of,
    leftover,
    split_of,
)
from backend.corpus.layouts.coco import require_meeting
from backend.corpus.lines import FILE, Row
from backend.corpus.records import Chip
from backend.corpus.sinks import Sinks
from backend.errors import CorpusInvalid, SceneUnreadable
from backend.language import Box, Object
from backend.scenes.crs import stated_crs
from backend.scenes.files import open_raster

CHIP = ("chip", "image", "file", "filename")
CATEGORY = ("category", "class", "label", "name")


class GeoJson(Layout):
    """Boxes in files of GeoJSON."""

    name, title = "geojson", "GeoJSON boxes"
    holds = frozenset({"boxes"})
    source, licence = "RFC 7946, but in the chip's CRS", "that of the boxes"
    patterns, expected = (r"(.*/)?[^/]+\.(geo)?json",), "a FeatureCollection"
    pictures = False

    def records(self, file: Path, name: str) -> Iterator[Row]:
        """Yield a record for each chip that features name."""
        crs, of_chip = None, defaultdict(list)
        for key, line, value in read_object(file):
            if key == "crs":
                crs = value
            elif key == "features":
                row = as_row(file, line, value)
                try:
                    properties = as_row(file, line, row.require("properties"))
                    of_chip[properties.text(*CHIP)].append(row)
                except CorpusInvalid as error:
                    yield replace(row, fault=error)
        for chip, features in of_chip.items():
            fields = {"chip": chip, "crs": crs, "features": features}
            yield Row(str(file), features[0].line, {**fields, FILE: name})

    def entry(self, row: Row, images: Images) -> Entry:
        """Return a chip and the boxes of its features."""
        chip = self._chip(row, images)
        objects = tuple(_object(feature, chip) for feature in row.fields["features"])
        return Entry(chip, objects=objects)

    def _chip(self, row: Row, images: Images) -> Chip:
        name = row.fields["chip"]
        try:
            with open_raster(images.folder / name) as file:
                crs, transform, size = file.crs, file.transform, (file.width, file.height)
        except SceneUnreadable:
            raise row.invalid("chip", name, f"a GeoTIFF in {images.folder}") from None
        if crs is None:
            raise row.invalid("chip", name, "a GeoTIFF with a CRS; this one has none")
        epsg = crs.to_epsg()
        stated = f"EPSG:{epsg}" if epsg else crs.to_wkt()
        _require_same(row, stated)
        ground = locate_chip(stated, Affine(*transform[:6]), *size)
        features = row.fields["features"]
        more = {
            FILE: row.fields[FILE],
            "features": [
                {
                    "geometry": one.fields.get("geometry"),
                    "properties": leftover(Row(one.file, one.line, one.fields["properties"])),
                }
                for one in features
            ],
        }
        return Chip(name, name, *size, ground=ground, split=split_of(row.fields[FILE]), more=more)

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write a collection for each CRS, or each file that was read.

        Raises:
            CorpusInvalid: a chip with boxes has no CRS.
        """
        chips = {chip.name: chip for chip in corpus.chips()}
        collections: dict[str, dict[str, Any]] = {}
        for record in corpus.facts():
            if record.objects is None:
                continue
            chip = chips[record.chip]
            if chip.ground is None:
                raise CorpusInvalid(
                    f"The chip {chip.name} has no CRS, and GeoJSON needs places.",
                    "Export to coco, voc or yolo, whose boxes are in pixels.",
                )
            name = file_of(chip, f"{chip.ground.crs.replace(':', '_').lower()}.geojson")
            member = {"type": "name", "properties": {"name": chip.ground.crs}}
            empty = {"type": "FeatureCollection", "crs": member, "features": []}
            collection = collections.setdefault(name, empty)
            kept = chip.more.get("features") or [{}] * len(record.objects)
            for one, extra in zip(record.objects, kept, strict=True):
                own = {"chip": chip.file, "category": one.category}
                geometry = extra.get("geometry") or _rectangle(one.box, chip)
                collection["features"].append(
                    {
                        "type": "Feature",
                        "properties": extra.get("properties") or own,
                        "geometry": geometry,
                    }
                )
        for name, collection in collections.items():
            sinks.json(name, collection)


def _require_same(row: Row, crs: str) -> None:
    member = row.fields["crs"]
    if member is None:
        return
    try:
        named = stated_crs(member["properties"]["name"])
    except (KeyError, TypeError, ValueError, CRSError):
        raise row.invalid("crs", member, "the name of a CRS") from None
    if not named.equals(CRS.from_user_input(crs), ignore_axis_order=True):
        raise row.invalid("crs", named.name, f"that of its chip, {crs}")


def _object(row: Row, chip: Chip) -> Object:
    assert chip.ground is not None
    properties = Row(row.file, row.line, row.fields["properties"])
    category = properties.text(*CATEGORY)
    try:
        geometry = shape(row.require("geometry"))
        if geometry.is_empty:
            raise ValueError
        points = shapely.get_coordinates(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        raise row.invalid("geometry", row.fields.get("geometry"), "a geometry") from None
    columns, rows = ~Affine(*chip.ground.transform) @ (points[:, 0], points[:, 1])
    left, top = float(np.min(columns)), float(np.min(rows))
    box = Box(left, top, float(np.max(columns)) - left, float(np.max(rows)) - top)
    shown = [round(each, 2) for each in (box.x, box.y, box.width, box.height)]
    return require_meeting(row, "geometry in pixels", shown, Object(category, box), chip)


def _rectangle(box: Box, chip: Chip) -> dict[str, Any]:
    assert chip.ground is not None
    transform = Affine(*chip.ground.transform)
    right, bottom = box.x + box.width, box.y + box.height
    around = ((box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom), (box.x, box.y))
    return {"type": "Polygon", "coordinates": [[list(transform @ corner) for corner in around]]}


LAYOUTS = (GeoJson(),)
