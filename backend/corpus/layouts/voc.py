"""Boxes as Pascal VOC has them: an XML file for each picture, with corners in pixels.

In VOC's own files corners count from 1 and belong to the box; most tools that write this layout
count from 0 and mean edges. Numbers are taken as edges, as those tools do.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from backend.corpus.files import Corpus
from backend.corpus.layouts.base import (
    Entry,
    Images,
    Layout,
    file_of,
)
from backend.corpus.layouts.coco import require_meeting
from backend.corpus.lines import FILE, Row, opened
from backend.corpus.records import Chip
from backend.corpus.sinks import Sinks
from backend.errors import CorpusInvalid
from backend.language import Box, Object, Record

LARGEST = 2**24  # bytes of one file
_EDGES = ("xmin", "ymin", "xmax", "ymax")


class Voc(Layout):
    """Boxes in files of Pascal VOC."""

    name, title = "voc", "Pascal VOC boxes"
    holds = frozenset({"boxes"})
    source, licence = "host.robots.ox.ac.uk/pascal/VOC", "that of the boxes"
    patterns, expected = (r"(.*/)?[^/]+\.xml",), "an XML file for each picture"

    def records(self, file: Path, name: str) -> Iterator[Row]:
        """Yield a record for each file; its line is 1."""
        try:
            row = Row(str(file), 1, {**_annotation(file), FILE: name})
        except CorpusInvalid as error:
            row = Row(str(file), 1, {}, error)
        yield row

    def entry(self, row: Row, images: Images) -> Entry:
        """Return a picture and its boxes."""
        name = row.text("filename")
        width, height = (int(row.number(side)) for side in ("width", "height"))
        if min(width, height) < 1:
            raise row.invalid("size", [width, height], "a number of pixels")
        more = {"objects": [extra for _, _, extra in row.fields["object"]], FILE: row.fields[FILE]}
        chip = Chip(name, name, width, height, more=more | {"rest": row.fields["rest"]})
        objects = (
            _object(row, number, category, edges, chip)
            for number, (category, edges, _) in enumerate(row.fields["object"])
        )
        return Entry(chip, objects=tuple(objects))

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write an XML file for each chip with boxes."""
        facts = {record.chip: record for record in corpus.facts() if record.objects is not None}
        for chip in corpus.chips():
            if chip.name in facts:
                name = file_of(chip, f"Annotations/{Path(chip.file).stem}.xml")
                text = ElementTree.tostring(_tree(chip, facts[chip.name]), encoding="unicode")
                sinks.text(name, text + "\n")


def _annotation(file: Path) -> dict[str, Any]:
    """Return name, size, objects and the rest of a file."""
    try:
        with opened(file) as raw:
            content = raw.read(LARGEST + 1)
        if len(content) > LARGEST or b"<!" in content.replace(b"<!--", b""):
            raise ValueError("it is too large, or has a document type")
        root = ElementTree.fromstring(content)
        if root.tag != "annotation":
            raise ValueError(f"it holds {root.tag}, not annotation")
    except (ValueError, ElementTree.ParseError) as error:
        raise CorpusInvalid(
            f"{file} cannot be read as Pascal VOC: {error}.", "Correct the file or delete it."
        ) from error
    size = root.find("size")
    rest = {child.tag: child.text for child in root if not len(child)}
    fields: dict[str, Any] = {} if size is None else {one.tag: one.text for one in size}
    name = rest.pop("filename", None)
    objects = [_read_object(one) for one in root.findall("object")]
    return {**fields, "object": objects, "rest": rest} | ({"filename": name} if name else {})


def _read_object(one: Element) -> tuple[str | None, dict[str, str | None], dict[str, str | None]]:
    """Return the name, the edges and the rest of an object."""
    box = one.find("bndbox")
    edges = {} if box is None else {each.tag: each.text for each in box}
    rest = {each.tag: each.text for each in one if not len(each) and each.tag != "name"}
    return one.findtext("name"), edges, rest


def _object(
    row: Row, number: int, name: str | None, edges: dict[str, str | None], chip: Chip
) -> Object:
    at = f"object[{number}]"
    if not name or not name.strip():
        raise row.invalid(f"{at}.name", name, "a category")
    try:
        left, top, right, bottom = (float(edges[edge] or "") for edge in _EDGES)
    except (KeyError, ValueError):
        raise row.invalid(f"{at}.bndbox", edges, "numbers xmin, ymin, xmax, ymax") from None
    one = Object(name, Box(left, top, right - left, bottom - top))
    return require_meeting(row, f"{at}.bndbox", [left, top, right, bottom], one, chip)


def _tree(chip: Chip, record: Record) -> Element:
    root = Element("annotation")
    for tag, text in chip.more.get("rest", {}).items():
        SubElement(root, tag).text = text
    SubElement(root, "filename").text = chip.file
    size = SubElement(root, "size")
    for tag, number in (("width", record.width), ("height", record.height), ("depth", 1)):
        SubElement(size, tag).text = str(number)
    objects = record.objects or ()
    kept = chip.more.get("objects") or [{}] * len(objects)
    for one, extra in zip(objects, kept, strict=True):
        element = SubElement(root, "object")
        SubElement(element, "name").text = one.category
        for tag, text in extra.items():
            SubElement(element, tag).text = text
        box = SubElement(element, "bndbox")
        edges = (one.box.x, one.box.y, one.box.x + one.box.width, one.box.y + one.box.height)
        for tag, edge in zip(_EDGES, edges, strict=True):
            SubElement(box, tag).text = f"{edge:g}"
    return root


LAYOUTS = (Voc(),)
