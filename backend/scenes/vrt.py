"""Virtual rasters (VRT) that stay inside their folder.

A VRT names the files that its pixels come from, and GDAL opens whatever is named: other folders,
archives, addresses, code. So it is not handed to GDAL as it is. Its bands, and the GeoTIFFs that
they take pixels from, are read out and written anew; whatever else a VRT may hold is refused.
Source: https://gdal.org/drivers/raster/vrt.html
"""

import re
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from backend.errors import SceneUnreadable
from backend.io.roots import may_be_read

LARGEST = 2**24
"""Bytes of the VRT itself: some 50,000 sources."""

_OF_DATASET = {"SRS", "GeoTransform"}
_OF_BAND = {"Description", "NoDataValue", "Scale", "Offset", "UnitType"}
_SOURCES = {"SimpleSource", "ComplexSource"}
_OF_SOURCE = {"SourceBand", "SourceProperties", "SrcRect", "DstRect", "NODATA"}
_SCALING = {"ScaleOffset", "ScaleRatio"}
_HARMLESS = {"Metadata", "ColorInterp", "Histograms", "OverviewList", "BlockXSize", "BlockYSize"}
_SUFFIXES = (".tif", ".tiff")


def contained_vrt(path: Path) -> str:
    """Return the XML of a virtual raster with nothing but GeoTIFFs below its own folder in it.

    Raises:
        SceneUnreadable: it leads elsewhere, or does more than place the pixels of files.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("it is too large")
        text = path.read_text(encoding="utf-8")
        if "<!" in text.replace("<!--", ""):
            raise ValueError("it has a document type")
        given = ElementTree.fromstring(text)
        if given.tag != "VRTDataset" or given.get("subClass"):
            raise ValueError("it is not a plain VRTDataset")
        size = {name: str(int(given.get(name, ""))) for name in ("rasterXSize", "rasterYSize")}
        made = Element("VRTDataset", size)
        for child in given:
            if child.tag == "VRTRasterBand":
                made.append(_band(child, path.parent))
            elif child.tag in _OF_DATASET:
                made.append(_plain(child))
            elif child.tag not in _HARMLESS:
                raise ValueError(f"it has a {child.tag}")
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise SceneUnreadable(
            f"The virtual raster {path.name} cannot be read: {error}.",
            "Export it as GeoTIFF (in QGIS: right click on the layer, Export, Save as).",
        ) from error
    return ElementTree.tostring(made, encoding="unicode")


def vrt_files(path: Path) -> list[Path]:
    """Return the GeoTIFFs that the pixels of a virtual raster come from.

    Raises:
        SceneUnreadable: what `contained_vrt` raises.
    """
    made = ElementTree.fromstring(contained_vrt(path))
    return [*dict.fromkeys(Path(str(name.text)) for name in made.iter("SourceFilename"))]


def _band(given: Element, folder: Path) -> Element:
    if given.get("subClass"):
        raise ValueError(f"a band is computed ({given.get('subClass')})")
    attributes = {name: given.get(name, "") for name in ("dataType", "band")}
    made = Element("VRTRasterBand", attributes)
    for child in given:
        if child.tag in _SOURCES:
            made.append(_source(child, folder))
        elif child.tag in _OF_BAND:
            made.append(_plain(child))
        elif child.tag not in _HARMLESS:
            raise ValueError(f"a band has a {child.tag}")
    files = {name.text for name in made.iter("SourceFilename")}
    if made.find("Description") is None and len(files) == 1:  # a file a band: it has the name
        SubElement(made, "Description").text = Path(str(files.pop())).stem
    return made


def _source(given: Element, folder: Path) -> Element:
    made = Element(given.tag)
    for child in given:
        if child.tag == "SourceFilename":
            SubElement(made, child.tag, relativeToVRT="0").text = str(_file(child, folder))
        elif child.tag in _OF_SOURCE or (given.tag == "ComplexSource" and child.tag in _SCALING):
            made.append(_plain(child))
        else:
            raise ValueError(f"a source has a {child.tag}")
    return made


def _file(name: Element, folder: Path) -> Path:
    """Return the file of a source, all links followed."""
    text = (name.text or "").strip()
    shown = re.split(r"[/\\]", text)[-1][:80]  # where else it leads is nobody's business
    inside = folder.resolve()
    file = (inside / text).resolve()
    within = file.is_relative_to(inside) and may_be_read(file)
    if not within or not file.is_file():
        raise ValueError(f'it leads to "{shown}", which is not a file below its own folder')
    if file.suffix.lower() not in _SUFFIXES:
        raise ValueError(f'it leads to "{shown}", which is not a GeoTIFF')
    with file.open("rb") as opened:
        if opened.read(2) not in (b"II", b"MM"):
            raise ValueError(f'it leads to "{shown}", which is not a GeoTIFF')
    return file


def _plain(given: Element) -> Element:
    """Return an element with its attributes and its text, without what is inside it."""
    made = Element(given.tag, dict(given.attrib))
    made.text = given.text
    return made
