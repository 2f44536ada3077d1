"""What a describer looks at of an area: the record, all pixels, or chips of the side it has learnt.

A chip keeps what was measured of the same pixels, so that facts stand beside whatever is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from backend.describers.base import Chip, Describer
from backend.describers.facts import sentences
from backend.describers.measured import Measured, centre_of
from backend.errors import AreaInvalid, ConfigInvalid
from backend.language import Box, Object, Record, as_text, cover_of
from backend.scenes import PIXEL_M, AnyScene, PixelBox, Scene

MOST_CHIPS = 16
"""Texts of one area; nobody reads more, and each takes seconds."""
MOST_PICTURE_PX = 2048
"""Side of the largest area that is looked at as one picture; models make far smaller ones of it."""
SPARE = 0.1
"""Share of a chip that an area may be larger than its chips: nobody draws to the pixel."""
LEAST_DATA = 0.5
"""Share of a chip's pixels with data below which a tower is not asked."""


@dataclass(frozen=True)
class View:
    """One look at an area."""

    chip: Chip
    """As a describer takes it; its record is that of these pixels."""
    box: PixelBox
    """The pixels in the scene's zone."""

    @property
    def measured(self) -> str:
        """What was measured here, but for size and date, in a line."""
        spoken = sentences(self.chip.record)
        return as_text(tuple(one for one in spoken if one.evidence.classes or one.evidence.objects))


def look(scene: AnyScene, measured: Measured, describer: Describer) -> list[View]:
    """Return an area as a describer takes it: with its pixels only where it looks at them.

    Raises:
        AreaInvalid: the area is too large for the describer, or lacks data.
        ConfigInvalid: the describer looks at other imagery.
        SceneUnreadable: the scene's file is damaged.
    """
    if not describer.needs_pixels:
        return [View(Chip(measured.record), measured.area)]
    views = []
    for box in boxes_of(scene, measured.area, describer):
        pixels = scene.read(box)
        if describer.chip_px is None or np.isfinite(pixels).all(axis=0).mean() >= LEAST_DATA:
            views.append(View(Chip(part_of(measured, box), pixels), box))
    if not views:
        side = f"{describer.chip_px} x {describer.chip_px}"
        raise AreaInvalid(
            f"{describer.title} looks at chips of {side} pixels; less than half of each has data "
            "here.",
            "Choose an area further inside the scene.",
        )
    return views


def boxes_of(scene: AnyScene, area: PixelBox, describer: Describer) -> list[PixelBox]:
    """Return the pixels that a describer would look at, without reading them.

    A smaller area than a chip lies in the middle of one; a larger one is covered by several.

    Raises:
        AreaInvalid: the area is too large for the describer.
        ConfigInvalid: the describer looks at other imagery.
    """
    if not describer.needs_pixels:
        return []
    if not isinstance(scene, Scene):
        raise ConfigInvalid(
            f"{describer.title} looks at Sentinel-1; {scene.info.name} is {scene.modality}.",
            "Choose a scene of Sentinel-1, or the describer facts.",
        )
    side = describer.chip_px
    if side is None:
        if max(area.height, area.width) > MOST_PICTURE_PX:
            raise _too_large(area, describer, MOST_PICTURE_PX, "in one picture")
        return [area]
    rows, columns = (_starts(size, side) for size in (area.height, area.width))
    if len(rows) * len(columns) > MOST_CHIPS:
        raise _too_large(area, describer, int(MOST_CHIPS**0.5) * side, f"in {MOST_CHIPS} chips")
    corners = ((area.row0 + row, area.col0 + col) for row in rows for col in columns)
    return [PixelBox(row, col, row + side, col + side) for row, col in corners]


def _starts(size: int, side: int) -> list[int]:
    """Return where chips begin that cover a length, spread evenly; one lies in its middle."""
    count = max(1, ceil(size / side - SPARE))
    if count == 1:
        return [(size - side) // 2]
    return [round(at) for at in np.linspace(0, size - side, count)]


def _too_large(area: PixelBox, describer: Describer, most_px: int, how: str) -> AreaInvalid:
    found, most = (
        f"{width * PIXEL_M / 1000:,.3g} x {height * PIXEL_M / 1000:,.3g} km"
        for width, height in ((area.width, area.height), (most_px, most_px))
    )
    return AreaInvalid(
        f"The area has {found}; {describer.title} looks at {most} at most, {how}.",
        "Draw a smaller area, or choose the describer facts.",
    )


def part_of(measured: Measured, part: PixelBox) -> Record:
    """Return what was measured of a part: in the cells and objects whose middles lie in it.

    Cover is None where no cell is known there.
    """
    whole, cover = measured.record, measured.cover
    top, left = part.row0 - measured.corner[0], part.col0 - measured.corner[1]
    side, (height, width) = whole.width / cover.codes.shape[1], cover.codes.shape
    rows, columns = (np.arange(count) * side + side / 2 for count in (height, width))
    inside = np.ix_(
        (rows >= top) & (rows < top + part.height),
        (columns >= left) & (columns < left + part.width),
    )
    codes, names = cover.codes[inside], dict(enumerate(cover.classes))
    found = None
    if whole.objects is not None:
        moved = Box(left, top, part.width, part.height)
        found = tuple(each for one in whole.objects for each in _moved(one, moved))
    return replace(
        whole,
        width=part.width,
        height=part.height,
        objects=found,
        cover=cover_of(codes, names, "map") if (codes >= 0).any() else None,
        place=centre_of(part, measured.utm_epsg),
    )


def _moved(one: Object, part: Box) -> Iterator[Object]:
    """Yield an object as it lies in a part, cut at its edges; nothing where its middle does not."""
    x, y = (at - edge for at, edge in zip(one.box.centre, (part.x, part.y), strict=True))
    if 0 <= x < part.width and 0 <= y < part.height:
        west, north = max(one.box.x - part.x, 0), max(one.box.y - part.y, 0)
        east = min(one.box.x - part.x + one.box.width, part.width)
        south = min(one.box.y - part.y + one.box.height, part.height)
        yield replace(one, box=Box(west, north, east - west, south - north))
