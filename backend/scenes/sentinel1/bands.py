"""Which bands of which files are VV and VH."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rasterio.io import DatasetReader

from backend.errors import BandMissing, NotRadar, SceneUnreadable
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
    """VV and VH of one patch, and how they were told apart. Without a VH its place is VV's."""

    vv: Band
    vh: Band
    reason: str
    sure: bool = True

    @property
    def files(self) -> list[Path]:
        """The one or two files."""
        return list(dict.fromkeys([self.vv.path, self.vh.path]))

    @property
    def alone(self) -> bool:
        """Is there no VH?"""
        return self.vv == self.vh


def find_pairs(path: Path, numbers: Mapping[str, int] | None) -> tuple[list[Pair], list[str]]:
    """The pairs of a file or a folder, and the names of rasters in the folder that are not used.

    `numbers` are a user's band numbers of a single file. Raises BandMissing, NotRadar,
    SceneUnreadable.
    """
    if numbers is not None:
        return [_stated_pair(path, numbers)], []
    if path.is_dir():
        return _pairs_of_folder(path)
    found = read_bands(path)
    if isinstance(found, Pair):
        return [found], []
    files = [file for file in rasters_in(path.parent) if pair_key(file) == pair_key(path)]
    pairs, _ = match_singles(files, {path: found})
    if not pairs:
        raise lonely_band(path, found)
    return pairs, []


def read_bands(path: Path) -> Pair | dict[str, Band]:
    """The pair of a file, or its only polarisation. SceneUnreadable, BandMissing, NotRadar."""
    with open_raster(path) as dataset:
        found = _bands_of(dataset, path)
        if not found:
            raise _refusal(dataset, path)
    return found


def lonely_band(path: Path, bands: Mapping[str, Band]) -> BandMissing:
    """Why a file with one polarisation and without its other half will not do."""
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
    """Pairs of all radar files in a folder, and the names of the others."""
    if (folder / "measurement").is_dir():
        raise SceneUnreadable(
            f"{folder.name} is a product in radar geometry.",
            "Terrain-correct it first (in SNAP: Range Doppler Terrain Correction).",
        )
    files = rasters_in(folder)
    if not files:
        raise SceneUnreadable(f"The folder {folder.name} holds no GeoTIFF.", "Check the path.")
    pairs: list[Pair] = []
    singles: dict[Path, dict[str, Band]] = {}
    for file in files:
        try:
            found = read_bands(file)
        except (BandMissing, NotRadar):
            continue
        if isinstance(found, Pair):
            pairs.append(found)
        else:
            singles[file] = found
    matched, lonely = match_singles(list(singles), singles)
    pairs += matched
    used = {file for pair in pairs for file in pair.files}
    if not pairs:
        names = ", ".join(file.name for file in (lonely or files)[:4])
        raise BandMissing(
            f"The folder {folder.name} holds no VV and VH of one acquisition; found {names}.",
            _REMEDY,
        )
    return pairs, [file.name for file in files if file not in used]


def match_singles(
    files: list[Path], known: Mapping[Path, dict[str, Band]]
) -> tuple[list[Pair], list[Path]]:
    """Pairs among single-polarisation files, by name; and the files left alone."""
    groups: dict[str, dict[str, Band]] = defaultdict(dict)
    for file in files:
        name = polarisation_of(file.stem)
        bands = known.get(file) or ({name: Band(file, 1)} if name else {})
        for polarisation, band in bands.items():
            groups[pair_key(file)].setdefault(polarisation, band)
    pairs, lonely = [], []
    for group in groups.values():
        if set(POLARISATIONS) <= set(group):
            reason = f"VV and VH are {group['VV'].path.name} and {group['VH'].path.name}."
            pairs.append(Pair(group["VV"], group["VH"], reason))
        else:
            lonely += [band.path for band in group.values()]
    return pairs, lonely


def _bands_of(dataset: DatasetReader, path: Path) -> Pair | dict[str, Band]:
    """The file's pair, or its only polarisation, or nothing."""
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
    """Why a file without VV and VH will not do."""
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
    """The raster files that lie in a folder itself, by name."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in DRIVERS and file.is_file() and not file.name.startswith(".")
    )
