"""The files of an item: where they lie, and how the item says that they store values."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.scenes.sentinel1.naming import POLARISATIONS, polarisation_of
from backend.scenes.stac.providers import Provider

OPEN_BUCKETS = {
    "sentinel-s1-rtc-indigo": "us-west-2",
    "deafrica-sentinel-1": "af-south-1",
}
"""Buckets that anybody reads by https, and their regions. Source: registry.opendata.aws."""

PAID_BUCKETS = ("sentinel-s1-l1c",)
"""Buckets whose reader pays. Source: registry.opendata.aws."""


@dataclass(frozen=True)
class Asset:
    """The GeoTIFF of one polarisation, of which the first band counts."""

    url: str
    """Its address: https where the item or its bucket has one."""

    scale: float = 1.0
    """What the item says that stored values are multiplied with."""

    offset: float = 0.0
    """What it says is added then."""

    nodata: float | None = None
    """The value that it says stands for no data."""


def files_of(item: Mapping[str, Any], provider: Provider) -> dict[str, Asset]:
    """Return the GeoTIFF of each polarisation that an item lists."""
    files: dict[str, Asset] = {}
    for key, asset in (item.get("assets") or {}).items():
        name = polarisation_of(key)
        url, kind = address_of(asset), str(asset.get("type") or "").lower()
        path = url.partition("?")[0].lower()
        tiff = "tiff" in kind or (not kind and path.endswith((".tif", ".tiff")))
        if not name or not tiff:
            continue
        before = files.get(name)
        if before is None or key.upper() == name or (_is_web(url) and not _is_web(before.url)):
            files[name] = Asset(url, *_stated(asset, provider))
    return files


def unavailable(files: Mapping[str, Asset], provider: Provider) -> str:
    """Return why files cannot be fetched, as the rest of a sentence; empty where they can."""
    if provider.unfit:
        return provider.unfit
    missing = [name for name in POLARISATIONS if name not in files]
    if missing:
        return f"it has no GeoTIFF of {' and '.join(missing)}"
    schemes = {_scheme(files[name].url) for name in POLARISATIONS}
    if schemes == {"s3"}:
        return _bucket(_in_bucket(files["VV"].url)[0])
    if not schemes <= {"http", "https"}:
        return f"its files are named by {', '.join(sorted(schemes)) or 'no address'}, not by http"
    return next((problem for name in POLARISATIONS if (problem := _unscalable(files[name]))), "")


def address_of(asset: Mapping[str, Any]) -> str:
    """Return the main address of an asset, or one of the web that stands for it."""
    others = asset.get("alternate")
    alternates = others.values() if isinstance(others, Mapping) else ()
    places = [asset, *(one for one in alternates if isinstance(one, Mapping))]
    hrefs = [str(one.get("href") or "") for one in places]
    web = [url for url in map(_of_bucket, hrefs) if _is_web(url)]
    return web[0] if web else hrefs[0]


def _unscalable(asset: Asset) -> str:
    """Return why the values that an item states for a file can be no backscatter, if so."""
    if 0 < asset.scale <= 1 and math.isfinite(asset.offset):
        return ""
    return (
        f"its catalogue states a scale of {asset.scale:g} and an offset of {asset.offset:g}, and "
        "values stored by radar are not multiplied with that, as STAC has it. Where the catalogue "
        "means a divisor, give it an entry with divides_by_scale: true in catalogues.yaml"
    )


def _of_bucket(url: str) -> str:
    """Return the https address of a file in an open bucket; any other address as it is."""
    bucket, key = _in_bucket(url)
    region = OPEN_BUCKETS.get(bucket)
    return f"https://{bucket}.s3.{region}.amazonaws.com/{key}" if region else url


def _in_bucket(url: str) -> tuple[str, str]:
    """Return bucket and key of an address of Amazon S3; empty for any other."""
    bucket, _, key = url.partition("://")[2].partition("/")
    return (bucket, key) if _scheme(url) == "s3" else ("", "")


def _scheme(url: str) -> str:
    scheme, colon, _ = url.partition("://")
    return scheme.lower() if colon else ""


def _is_web(url: str) -> bool:
    return _scheme(url) in ("http", "https")


def _bucket(name: str) -> str:
    where = f"its files lie in the Amazon S3 bucket {name}"
    if name in PAID_BUCKETS:
        return f"{where}, whose reader pays with an account of Amazon"
    return f"{where}, for which no address of the web is known here"


def _stated(asset: Mapping[str, Any], provider: Provider) -> tuple[float, float, float | None]:
    """Return scale, offset and no-data value of the first band, wherever an asset states them.

    Source: the raster extension of STAC 1.0 (`raster:bands`), and the common metadata of STAC 1.1
    (`bands`, and fields of the asset itself).
    """
    known: dict[str, float] = {}
    for fields in _places(asset):
        for name in ("scale", "offset", "nodata"):
            value = fields.get(name, fields.get(f"raster:{name}"))
            if value is not None and name not in known:
                known[name] = _number(value)
    scale = known.get("scale", 1.0)
    divides = provider.divides_by_scale and scale
    return 1 / scale if divides else scale, known.get("offset", 0.0), known.get("nodata")


def _places(asset: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for bands in (asset.get("raster:bands"), asset.get("bands")):
        if isinstance(bands, list) and bands and isinstance(bands[0], Mapping):
            yield bands[0]
    yield asset


def _number(value: Any) -> float:
    """Return a number, also of words such as "nan"; NaN for what is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
