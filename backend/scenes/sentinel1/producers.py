"""Who makes files of Sentinel-1 backscatter, and what their names mean.

One row a kind of file; the first that fits counts. To add a producer, add a row with its source.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Producer:
    """A kind of file, known by its name."""

    name: str
    """The producer, and the kind where there are several."""
    pattern: re.Pattern[str]
    """What is searched for in the file's path: its name, after those of two folders."""
    source: str
    """Where the naming is documented."""
    units: str | None = None
    """db, linear, amplitude or dn; None where the name does not tell."""
    product_type: str | None = None
    """RTC for backscatter flattened by the terrain, GRD for the ellipsoid."""
    scale: float = 1.0
    """dB or power = stored value × scale + offset, where the file does not say so itself."""
    offset: float = 0.0
    dtype: str = ""
    """The only type of pixels that the row is for; any where it is empty."""
    own_words: bool = False
    """Whether a word for other units in the name is a part of the producer's naming."""
    bands: tuple[str, ...] = ()
    """The polarisations of bands without names, in their order."""
    has_data_mask: bool = False
    """Whether a second band without a name is a mask."""
    refusal: str = ""
    """Why values of this kind cannot be used; empty where they can."""


def _row(name: str, pattern: str, source: str, **facts: object) -> Producer:
    return Producer(name, re.compile(pattern, re.IGNORECASE), source, **facts)  # type: ignore[arg-type]


_HYP3 = "https://hyp3-docs.asf.alaska.edu/guides/rtc_product_guide/#naming-convention"
_BROWSER = "https://github.com/eu-cdse/copernicus-browser (ImageDownload.utils.js)"
_SENTINEL_HUB = (
    "https://documentation.dataspace.copernicus.eu/APIs/SentinelHub/Process/Examples/S1GRD.html"
)
_PYROSAR = "https://pyrosar.readthedocs.io/en/latest/general/filenaming.html"
_NRB = "https://s1-nrb.readthedocs.io/en/latest/general/folderstructure.html"

PRODUCERS = (
    # Values without data need no row: in both bands they are below all signal (0, -9999).
    # S1A_IW_20171030T053230_DVP_RTC30_G_gauned_FD6A_VV: gamma nought or sigma nought, then power,
    # decibel or amplitude. Both are flattened by the terrain. Before 2021: …_G_gpn_VV.
    _row("HyP3 in power", r"_G_[gs]p[uwnf]", _HYP3, units="linear", product_type="RTC"),
    _row("HyP3 in decibel", r"_G_[gs]d[uwnf]", _HYP3, units="db", product_type="RTC"),
    _row("HyP3 in amplitude", r"_G_[gs]a[uwnf]", _HYP3, units="amplitude", product_type="RTC"),
    _row("HyP3 of 2020 in power", r"-\d+m-power-rtc", _HYP3, units="linear", product_type="RTC"),
    _row(
        "HyP3 of 2020 in amplitude", r"-\d+m-amp-rtc", _HYP3, units="amplitude", product_type="RTC"
    ),
    _row(
        "OPERA RTC-S1",
        r"OPERA_L2_RTC-S1_T\d{3}-",
        "https://hyp3-docs.asf.alaska.edu/guides/opera_rtc_product_guide/",
        units="linear",
        product_type="RTC",
    ),
    _row(
        "Copernicus Browser, raw bands of 16 bits",
        r"_\(Raw\)",
        _BROWSER,
        units="linear",
        scale=1 / 65535,
        dtype="uint16",
        has_data_mask=True,
    ),
    _row(
        "raw band of 8 bits from the Copernicus Browser",
        r"_\(Raw\)",
        _BROWSER,
        dtype="uint8",
        refusal="has 256 levels of power, of which VH over land takes the lowest ten",
    ),
    _row(
        "Copernicus Browser, raw bands", r"_\(Raw\)", _BROWSER, units="linear", has_data_mask=True
    ),
    _row(
        "decibel layer of the Copernicus Browser",
        r"decibel_gamma0|\[dB_gamma0\]",
        _SENTINEL_HUB,
        refusal="runs from 0 to 1 for -20 to 0 dB, and what is darker is cut off",
    ),
    _row("Copernicus Browser", r"_-_linear_gamma0", _BROWSER, units="linear", has_data_mask=True),
    _row(
        "Planetary Computer RTC",
        r"iw-[vh][vh]\.rtc",
        "https://planetarycomputer.microsoft.com/dataset/sentinel-1-rtc",
        units="linear",
        product_type="RTC",
    ),
    _row(
        "Digital Earth Africa",
        r"s1_rtc_[0-9a-f]{6}_[NS]\d\d[EW]\d{3}_",
        "https://docs.digitalearthafrica.org/en/latest/data_specs/Sentinel-1_specs.html",
        units="linear",
        product_type="RTC",
    ),
    _row(
        "Digital Earth Australia",
        r"ga_s1[a-d]?_nrb_",
        "https://github.com/GeoscienceAustralia/sar-pipeline",
        units="linear",
        product_type="RTC",
    ),
    _row("S1-NRB", r"-[vh][vh]-[gs]-lin", _NRB, units="linear", product_type="RTC"),
    _row("S1-NRB", r"-[vh][vh]-[gs]-log", _NRB, units="db", product_type="RTC"),
    _row(
        "pyroSAR in dB", r"(gamma0|sigma0|beta0)-rtc.*_db", _PYROSAR, units="db", product_type="RTC"
    ),
    _row(
        "pyroSAR in dB", r"(gamma0|sigma0|beta0)-elp.*_db", _PYROSAR, units="db", product_type="GRD"
    ),
    _row("pyroSAR", r"(gamma0|sigma0|beta0)-rtc", _PYROSAR, units="linear", product_type="RTC"),
    _row("pyroSAR", r"(gamma0|sigma0|beta0)-elp", _PYROSAR, units="linear", product_type="GRD"),
    _row(
        "SNAP, flattened by the terrain",
        r"_Cal.*_(TF|RTC)_",
        "SNAP's operators",
        product_type="RTC",
    ),
    _row(
        "Indigo",
        r"S1[A-D]_\d{8}_\w{5}_(ASC|DSC).*Gamma0_[VH][VH]",
        "https://registry.opendata.aws/sentinel-1-rtc-indigo/",
        units="linear",
        product_type="RTC",
    ),
    _row(
        "monthly mosaic of the Copernicus Data Space",
        r"Sentinel-1_IW_mosaic_\d{4}_M\d\d",
        "https://documentation.dataspace.copernicus.eu/Data/Others/Sentinel1_Mosaic_Algorithm.html",
        units="linear",
        product_type="RTC",
    ),
    _row(
        "ESA WorldCover",
        r"ESA_WorldCover_10m_\d{4}_.*S1VVVHratio",
        "https://worldcover2021.esa.int/ (Product User Manual)",
        units="db",
        scale=0.001,
        offset=-45.0,
        dtype="uint16",
        bands=("VV", "VH", "ratio"),
    ),
    _row(
        "TerraScope",
        r"_GRDH_SIGMA0_D[VH]_",
        "https://docs.terrascope.be/",
        units="linear",
        product_type="GRD",
    ),
    _row(
        "S1Tiling",
        r"s1[a-d]_\d\d\w{3}_[vh][vh]_(ASC|DES)_",
        "https://s1-tiling.pages.orfeo-toolbox.org/s1tiling/latest/files.html",
        units="linear",
    ),
    _row(
        "global seasonal backscatter",
        r"[NS]\d\d[EW]\d{3}_\w+_[vh][vh]_AMP",
        "https://asf.alaska.edu/datasets/derived/global-seasonal-sentinel-1-interferometric-coherence",
        units="dn",
        product_type="RTC",
        own_words=True,
    ),
    _row(
        "openEO and WorldCereal",
        r"S1-SIGMA0-V[VH]",
        "https://github.com/Open-EO/openeo-gfmap (preprocessing/sar.py)",
        units="dn",
        product_type="GRD",
        dtype="uint16",
    ),
    # Exports of Earth Engine are named by users; some keep the name of the collection.
    _row(
        "Earth Engine, power",
        r"COPERNICUS_S1_GRD_FLOAT",
        "https://developers.google.com/earth-engine/datasets/catalog/COPERNICUS_S1_GRD",
        units="linear",
        product_type="GRD",
    ),
    _row(
        "Earth Engine",
        r"COPERNICUS_S1_GRD",
        "https://developers.google.com/earth-engine/datasets/catalog/COPERNICUS_S1_GRD",
        units="db",
        product_type="GRD",
    ),
    _row(
        "Sen1Floods11",
        r"_\d+_S1(Hand|Weak|Perm)",
        "https://github.com/cloudtostreet/Sen1Floods11",
        units="db",
        product_type="GRD",
        bands=("VV", "VH"),
    ),
    _row(
        "SEN12MS",
        r"ROIs\d{4}_[a-z]+_s1_\d+_p\d+",
        "https://mediatum.ub.tum.de/1474000",
        units="db",
        product_type="GRD",
        bands=("VV", "VH"),
    ),
    _row(
        "EnviDat, composites of Switzerland",
        r"S1_LRW_PD\d+_SP\d+_\d{14}",
        "https://www.envidat.ch/ (Sentinel-1 composites of local resolution weighting)",
        units="db",
        product_type="RTC",
        bands=("VH", "VV", "resolution", "count"),
    ),
    _row(
        "TU Wien and EODC",
        r"(?<![a-z])SIG0(-----)?_",
        "https://github.com/TUW-GEO/geopathfinder (naming_conventions)",
        units="db",
        product_type="GRD",
    ),
    _row(
        "BigEarthNet-S1",
        r"S1[AB]_IW_GRDH_1SDV_\d{8}T\d{6}_\d\d\w{3}_\d+_\d+",
        "https://bigearth.net/",
        units="db",
        product_type="GRD",
    ),
)


_ANY = re.compile("|".join(one.pattern.pattern for one in PRODUCERS), re.IGNORECASE)


def producer_of(path: Path, band: str = "", dtype: str = "") -> Producer | None:
    """Return who made a file, by its name or a band's and the type of its pixels, or None."""
    text = "/".join([*path.parts[-3:-1], path.stem, band])
    if not _ANY.search(text):
        return None
    fitting = (one for one in PRODUCERS if one.dtype in ("", dtype))
    return next((one for one in fitting if one.pattern.search(text)), None)
