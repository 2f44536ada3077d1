"""Which bands of which files are VV and VH."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rasterio.io import DatasetReader

from backend.errors import BandMissing, GlueLinkError, NotRadar, SceneUnreadable
from backend.scenes.files import DRIVERS, open_raster
from backend.scenes.sentinel1.naming import POLARISATIONS, pair_key, polarisation_of

_OPTICAL = re.compile(r"^(b\d\da?|b8a|red|green|blue|nir|swir.*|rgb)$", re.IGNORECASE)
_REMEDY = (
    "Give a file with both, or the two files of one acquisition, named alike but for VV and VH."
)


@dataclass(frozen=True)
class Band:
    """One band of one file; numbers count from 1."""

    path: Path
    number: int


@dataclass(frozen=True)
class Pair:
    """VV and VH of one patch."""

    vv: Band
    vh: Band
    """The same as VV where there is no VH."""
    reason: str
    """How they were told apart, in one sentence."""
    sure: bool = True

    @property
    def files(self) -> list[Path]:
        """The one or two files."""
        return list(dict.fromkeys([self.vv.path, self.vh.path]))

    @property
    def alone(self) -> bool:
        """True where there is no VH."""
        return self.vv == self.vh


def find_pairs(path: Path, numbers: Mapping[str, int] | None) -> tuple[list[Pair], list[str]]:
    """Return the pairs of a file or a folder, and the names of rasters that are not used.

    `numbers` are a user's band numbers of a single file.

    Raises:
        BandMissing: VV or VH is missing.
        NotRadar: the file holds no radar.
        SceneUnreadable: a file cannot be read, or the folder holds none.
    """
    if numbers is not None:
        return [_stated_pair(path, numbers)], []
    if path.is_dir():
        return _pairs_of_folder(path)
    found = read_bands(path)
    if isinstance(found, Pair):
        return [found], []
    files = [file for file in rasters_in(path.parent) if pair_key(file) == pair_key(path)]
    pairs = _match_singles(files, {path: found})
    if not pairs:
        raise _lonely_band(path, found)
    return pairs, []


def read_bands(path: Path) -> Pair | dict[str, Band]:
    """Return the pair of a file, or its only polarisation; raises what `find_pairs` does."""
    with open_raster(path) as dataset:
        found = _bands_of(dataset, path)
        if not found:
            raise _refusal(dataset, path)
    return found


def _lonely_band(path: Path, bands: Mapping[str, Band]) -> BandMissing:
    """Return the error for a file with one polarisation whose other file is missing."""
    (name,) = bands
    other = "VH" if name == "VV" else "VV"
    return BandMissing(
        f"{path.name} holds {name} only, and no {other} file of the same name lies beside it.",
        _REMEDY,
    )


def _stated_pair(path: Path, numbers: Mapping[str, int]) -> Pair:
    if path.is_dir() or set(numbers) not in ({"VV", "VH"}, {"VV"}):
        raise BandMissing(
            f"Band numbers were given for {', '.join(numbers) or 'nothing'} of {path.name}.",
            "Give one number each for VV and VH of one file, or for VV alone.",
        )
    with open_raster(path) as dataset:
        count = dataset.count
    for name, number in numbers.items():
        if not 1 <= number <= count:
            raise BandMissing(
                f"{path.name} has {count} bands; band {number} was named as {name}.",
                "Bands count from 1.",
            )
    vv, vh = (Band(path, numbers.get(name, numbers["VV"])) for name in POLARISATIONS)
    if "VH" not in numbers:
        return Pair(vv, vv, f"Band {vv.number} is VV, as stated, and there is no VH.")
    return Pair(vv, vh, f"Bands {vv.number} and {vh.number} are VV and VH, as stated.")


def _pairs_of_folder(folder: Path) -> tuple[list[Pair], list[str]]:
    """Return the pairs of all radar files in a folder, and the names of the others."""
    if (folder / "measurement").is_dir():
        raise SceneUnreadable(
            f"{folder.name} is in radar geometry.",
            "Terrain-correct it first (in SNAP: Range Doppler Terrain Correction).",
        )
    files = rasters_in(folder)
    if not files:
        raise SceneUnreadable(f"The folder {folder.name} holds no GeoTIFF.", "Check the path.")
    pairs, problems = pair_files(files)
    for problem in problems.values():
        if not isinstance(problem, BandMissing | NotRadar):
            raise problem
    if not pairs:
        named = [file for file in files if polarisation_of(file.stem)] or files
        names = ", ".join(file.name for file in named[:4])
        raise BandMissing(
            f"The folder {folder.name} holds no VV and VH of one acquisition; found {names}.",
            _REMEDY,
        )
    used = {file for pair in pairs for file in pair.files}
    return pairs, [file.name for file in files if file not in used]


def pair_files(files: Iterable[Path]) -> tuple[list[Pair], dict[Path, GlueLinkError]]:
    """Return the pairs in and among the files of a folder, and why other files are in none."""
    pairs: list[Pair] = []
    singles: dict[Path, dict[str, Band]] = {}
    problems: dict[Path, GlueLinkError] = {}
    for file in files:
        try:
            found = read_bands(file)
        except GlueLinkError as error:
            problems[file] = error
            continue
        if isinstance(found, Pair):
            pairs.append(found)
        else:
            singles[file] = found
    pairs += _match_singles(singles, singles)
    paired = {file for pair in pairs for file in pair.files}
    lonely = {file: bands for file, bands in singles.items() if file not in paired}
    return pairs, problems | {file: _lonely_band(file, bands) for file, bands in lonely.items()}


def _match_singles(files: Iterable[Path], known: Mapping[Path, Mapping[str, Band]]) -> list[Pair]:
    """Return the pairs among files of one polarisation, by name."""
    groups: dict[str, dict[str, Band]] = defaultdict(dict)
    for file in files:
        name = polarisation_of(file.stem)
        bands = known.get(file) or ({name: Band(file, 1)} if name else {})
        for polarisation, band in bands.items():
            groups[pair_key(file)].setdefault(polarisation, band)
    return [
        Pair(vv, vh, f"VV and VH are {vv.path.name} and {vh.path.name}.")
        for group in groups.values()
        if (vv := group.get("VV")) and (vh := group.get("VH"))
    ]


def _bands_of(dataset: DatasetReader, path: Path) -> Pair | dict[str, Band]:
    """Return the file's pair, or its only polarisation, or nothing."""
    named: dict[str, Band] = {}
    for number, text in enumerate(dataset.descriptions, start=1):
        name = polarisation_of(text or "")
        if name:
            named.setdefault(name, Band(path, number))
    if set(POLARISATIONS) <= set(named):
        vv, vh = (named[name] for name in POLARISATIONS)
        texts = (dataset.descriptions[band.number - 1] for band in (vv, vh))
        numbers = f"Bands {vv.number} and {vh.number} of {dataset.count}"
        return Pair(vv, vh, f"{numbers} are named {' and '.join(map(str, texts))}.")
    by_name = polarisation_of(path.stem)
    if named or by_name:
        single = named or {str(by_name): Band(path, 1)}
        return {name: band for name, band in single.items() if name in POLARISATIONS}
    if dataset.count == 2 and dataset.dtypes[0] != "uint8" and not _optical(dataset):
        reason = "The two bands have no names; band 1 is taken as VV and band 2 as VH."
        return Pair(Band(path, 1), Band(path, 2), reason, sure=False)
    return {}


def _refusal(dataset: DatasetReader, path: Path) -> BandMissing | NotRadar:
    """Return the error for a file without VV and VH."""
    count = dataset.count
    bands = "1 band" if count == 1 else f"{count} bands"
    named = [text for text in dataset.descriptions if text]
    called = f" ({', '.join(named[:6])})" if named else ""
    if set(dataset.dtypes) == {"uint8"}:
        return NotRadar(
            f"{path.name} has {bands} of 8-bit whole numbers{called}: a picture or a "
            "classification, not radar backscatter.",
            "Give a Sentinel-1 scene with VV and VH.",
        )
    if _optical(dataset):
        return NotRadar(
            f"{path.name} has the bands {', '.join(named[:6])}: an optical image, not radar.",
            "Give a Sentinel-1 scene with VV and VH.",
        )
    return BandMissing(f"{path.name} has {bands}{called}; VV and VH were expected.", _REMEDY)


def _optical(dataset: DatasetReader) -> bool:
    return any(_OPTICAL.match(text or "") for text in dataset.descriptions)


def rasters_in(folder: Path) -> list[Path]:
    """Return the raster files that lie in a folder itself, by name."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in DRIVERS and file.is_file() and not file.name.startswith(".")
    )
