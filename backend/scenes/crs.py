"""Coordinate reference systems that others state as text, checked before PROJ reads them.

PROJ takes far more than names: pipelines, names of files, and grids that it opens or fetches.
"""

import json
import re
from typing import Any

from pyproj import CRS

LONGEST = 20_000
"""Characters of a CRS; the longest of EPSG has some 10,000 as PROJJSON."""

_CODE = re.compile(r"(EPSG|ESRI|OGC|IAU_2015|IGNF):[A-Za-z0-9]{1,16}", re.IGNORECASE)
_URN = re.compile(r"urn:ogc:def:crs:(EPSG|ESRI|OGC|IGNF):[0-9.]{0,8}:[A-Za-z0-9]{1,16}", re.I)
_WKT = re.compile(
    r"\s*(PROJCS|GEOGCS|COMPD_CS|BOUNDCRS|PROJCRS|PROJECTEDCRS|GEOGCRS|GEODCRS|GEOGRAPHICCRS|"
    r"GEODETICCRS|COMPOUNDCRS)\s*[\[(]",
    re.IGNORECASE,
)
_JSON = {
    "ProjectedCRS",
    "GeographicCRS",
    "GeodeticCRS",
    "CompoundCRS",
    "BoundCRS",
    "DerivedGeographicCRS",
}
_SCHEMA = re.compile(r'"\$schema"\s*:\s*"[^"]*"')
_REACHING = re.compile(
    r"\+(init|nadgrids|geoidgrids|grids|xy_grids|z_grids)\b|pipeline|PROJ4_GRIDS|PARAMETERFILE|"
    r"\.(gsb|gtx|tif|tiff|lla|las|los|gvb|db|pol)\b|https?:|/vsi|file:",
    re.IGNORECASE,
)
"""What would make PROJ open a file, a grid or an address."""


def stated_crs(text: Any) -> CRS:
    """Return the CRS of an authority's code, of WKT or of PROJJSON.

    Raises:
        ValueError: it is something else, or leads to a file, a grid or an address.
        CRSError: there is none of this code, or the text is damaged.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return CRS.from_epsg(text)
    if isinstance(text, dict):
        text = json.dumps(text)
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ValueError(f"it is not a text of {LONGEST:,} characters at most")
    if _CODE.fullmatch(text) or _URN.fullmatch(text):
        return CRS.from_string(text)
    if _REACHING.search(_SCHEMA.sub("", text).replace("+nadgrids=@null", "")):
        raise ValueError("it leads to a file, a grid or an address")
    if _WKT.match(text):
        return CRS.from_wkt(text)
    if text.lstrip().startswith("{"):
        stated = _object(text)
        if isinstance(stated, dict) and stated.get("type") in _JSON:
            return CRS.from_json_dict(stated)
    raise ValueError("it is neither the code of an authority, nor WKT, nor PROJJSON")


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
