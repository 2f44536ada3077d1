"""The bands of a file that are VV or VH, each with what names and tags say of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from backend.errors import BandMissing, NotRadar
from backend.scenes.files import Band, OpenFiles
from backend.scenes.header import BandHeader, Header
from backend.scenes.sentinel1.naming import (
    MOST_FOLDERS,
    POLARISATIONS,
    UNIT_WORDS,
    Name,
    date_of,
    is_product,
    product_type_of,
    read_name,
)
from backend.scenes.sentinel1.producers import Producer, producer_of
from backend.scenes.sentinel1.unit_decision import CALIBRATE
from backend.scenes.sentinel1.units import Claim

STATE_BANDS = "State which bands they are, such as VV 1 and VH 2 (--vv 1 --vh 2)."
ONE_ACQUISITION = (
    "Give a file with both, or the two files of one acquisition, named alike but for VV and VH."
)
_OPTICAL = re.compile(r"^(b\d\da?|b8a|red|green|blue|nir|swir.*|rgb)$", re.IGNORECASE)
_CROSSED = re.compile(r"(?<![a-z])(hh|hv)(?![a-z])|_1S[DS]H_", re.IGNORECASE)
_OPERA_UNITS = "BACKSCATTER_EXPRESSION_CONVENTION"


@dataclass(frozen=True)
class Layer:
    """One band of one polarisation."""

    band: Band
    name: Name
    """Of the band, or else of its file."""
    by: str
    """What told the polarisation, in a few words."""
    key: tuple[object, ...]
    """What VV and VH of one acquisition share."""
    claim: Claim | None
    """What names and tags say of the units."""
    date: str | None
    """ISO; of a band of a time series its own."""
    product_type: str | None
    """GRD or RTC, where names or tags say so."""
    sure: bool = True
    """False where nothing named it."""

    @property
    def kind(self) -> tuple[str | None, str | None]:
        """The quantity and the units, in which alternatives to it differ."""
        return self.name.quantity, self.claim.units if self.claim else None


def read_layers(path: Path, files: OpenFiles) -> list[Layer]:
    """Return the bands of a file that are VV or VH.

    Raises:
        BandMissing: there is none that a name tells, or the file has HH and HV only.
        NotRadar: the file holds no radar.
        SceneUnreadable: it cannot be read.
    """
    header = files.header(path)
    if header.variables:
        names = [name for name in header.variables if _is_backscatter(read_name(name))]
        headers = [(name, files.header(path, name)) for name in names]
    else:
        headers = [("", header)]
    layers = [layer for variable, one in headers for layer in _layers_of(one, variable)]
    if not layers:
        raise _refusal(header)
    if files.scale is None and any(_is_picture(files.header_of(layer.band)) for layer in layers):
        raise NotRadar(
            f"{path.name} has 8-bit whole numbers: a picture, or backscatter in few steps.",
            "Give the scene itself, or state the units, the scale and the offset of the steps.",
        )
    return layers


def _is_picture(band: BandHeader) -> bool:
    return band.dtype == "uint8" and band.is_whole


def _require_usable(producer: Producer | None, path: Path) -> None:
    if producer is not None and producer.refusal:
        raise NotRadar(
            f"{path.name} is a {producer.name}, which {producer.refusal}.",
            "Export the raw bands as 32-bit GeoTIFF.",
        )


def layer_of(band: Band, header: Header, name: Name, by: str, sure: bool = True) -> Layer:
    """Return a band as VV or VH, with what its names and tags say of it.

    Raises:
        NotRadar: values of its producer's kind cannot be used.
    """
    own = header.bands[band.number - 1]
    producer = producer_of(band.path, own.name, own.dtype)
    _require_usable(producer, band.path)
    stem = read_name(band.path.stem)
    folders = band.path.parts[-1 - MOST_FOLDERS : -1][::-1]
    day = own.time[:10] or name.date or date_of(band.path.stem, header.tags, folders)
    # The name of a band that is alone in its file is a part of the file's name, or the other way.
    shared = stem.key if stem.polarisation else (band.path,)
    return Layer(
        band=band,
        name=name,
        by=by,
        key=(*shared, *(name.key if name.text != stem.text else ()), own.time or name.date),
        claim=_claim_of(own, header, name, stem, producer),
        date=day,
        product_type=(producer.product_type if producer else None)
        or product_type_of(
            [name.text, stem.text, *filter(is_product, folders), *header.tags.values()]
        ),
        sure=sure,
    )


def _layers_of(header: Header, variable: str) -> Iterator[Layer]:
    names = [read_name(band.name) for band in header.bands]
    named = [(at, name) for at, name in enumerate(names, start=1) if name.polarisation]
    stem = read_name(header.path.stem)
    first = header.bands[0] if header.bands else None
    producer = producer_of(header.path, "", first.dtype) if first else None
    if named:
        chosen = [(at, name, "band names") for at, name in named]
    elif stem.polarisation:
        usable = header.bands[:1] if producer and producer.has_data_mask else header.bands
        chosen = [
            (
                band.number,
                replace(stem, date=names[band.number - 1].date or stem.date),
                "file names",
            )
            for band in usable
        ]
    elif producer and producer.bands and len(header.bands) <= len(producer.bands):
        chosen = [
            (at, Name(text, polarisation=text), f"the order of {producer.name}")
            for at, text in enumerate(producer.bands[: len(header.bands)], start=1)
        ]
    elif len(header.bands) == 2 and first and first.dtype != "uint8" and not _is_other(header):
        chosen = [
            (at, Name(text, polarisation=text), "their order")
            for at, text in ((1, "VV"), (2, "VH"))
        ]
    else:
        return
    for at, name, by in chosen:
        if _is_backscatter(name):
            band = Band(header.path, at, variable)
            yield layer_of(band, header, name, by, sure=by != "their order")


def _is_backscatter(name: Name) -> bool:
    return name.polarisation in POLARISATIONS and not name.other


def _claim_of(
    band: BandHeader, header: Header, name: Name, stem: Name, producer: Producer | None
) -> Claim | None:
    """Return what says the units of a band: who made it, its unit, its name, its file's name."""
    word = name.units or stem.units  # a copy in other units keeps the name of what it was made of
    if word and producer and producer.units != word and not producer.own_words:
        producer = None
    if producer and producer.units:
        scaling = producer.scale, producer.offset
        evidence = f"as files of {producer.name} are"
        return Claim(producer.units, evidence, *scaling, exact=scaling != (1, 0))
    unit = next(
        (
            UNIT_WORDS[word]
            for word in re.findall(r"[a-z]+", band.unit.lower())
            if word in UNIT_WORDS
        ),
        None,
    )
    if unit:
        # SNAP: intensity, intensity_db.
        unit = "db" if "db" in band.unit.lower() else unit
        return Claim(unit, f'by the unit "{band.unit}" of the band')
    convention = next((text for key, text in header.tags.items() if _OPERA_UNITS in key), "")
    if "linear" in convention:
        return Claim("linear", "by a tag of the file")
    for one in (name, stem):
        if one.units:
            raw = one.quantity == "uncalibrated"
            evidence, remedy = f'by the name "{one.text}"', CALIBRATE if raw else ""
            return Claim(one.units, evidence, exact=raw, confidence=0.9, remedy=remedy)
    return None


def _refusal(header: Header) -> BandMissing | NotRadar:
    """Return the error for a file without VV and VH."""
    name, count = header.path.name, len(header.bands)
    names = list(header.variables) or header.names
    bands = "1 band" if count == 1 else f"{count} bands"
    bands = f"{len(header.variables)} variables" if header.variables else bands
    called = f" ({', '.join(names[:6])})" if names else ""
    if {band.dtype for band in header.bands} == {"uint8"}:
        return NotRadar(
            f"{name} has {bands} of 8-bit whole numbers{called}: a picture or a "
            "classification, not radar backscatter.",
            "Give a Sentinel-1 scene with VV and VH.",
        )
    if _is_optical(header):
        return NotRadar(
            f"{name} has the bands {', '.join(names[:6])}: an optical image, not radar.",
            "Give a Sentinel-1 scene with VV and VH.",
        )
    crossed = any(read_name(text).polarisation in ("HH", "HV") for text in names)
    if crossed or _CROSSED.search(header.path.stem):
        return BandMissing(
            f"{name} has {bands}{called}: HH or HV; VV and VH were expected.",
            "Take an acquisition with VV and VH.",
        )
    stem = read_name(header.path.stem)
    if not names and stem.polarisation and stem.other:
        return BandMissing(f"{name} is {stem.other} by its name, not backscatter.", ONE_ACQUISITION)
    message = f"{name} has {bands}{called or ' without names'}; VV and VH were expected."
    return BandMissing(message, STATE_BANDS if count > 1 else ONE_ACQUISITION)


def _is_other(header: Header) -> bool:
    """Return whether names say that two bands without polarisations are not VV and VH."""
    return _is_optical(header) or bool(_CROSSED.search(header.path.stem))


def _is_optical(header: Header) -> bool:
    return any(_OPTICAL.match(text) for text in header.names)
