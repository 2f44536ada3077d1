"""Which bands of which files are VV and VH of one acquisition."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from backend.errors import BandMissing, BandsUnclear, GlueLinkError, NotRadar, SceneUnreadable
from backend.scenes.files import Band, OpenFiles
from backend.scenes.sentinel1.containers import rasters_in
from backend.scenes.sentinel1.layers import (
    ONE_ACQUISITION,
    STATE_BANDS,
    Layer,
    layer_of,
    read_layers,
)
from backend.scenes.sentinel1.naming import POLARISATIONS, QUANTITY_RANK, Name, read_name
from backend.scenes.sentinel1.pairs import FoundPairs, Pair

_UNITS_RANK = ("linear", None, "db", "amplitude", "dn")
_CENTRES = ("mean", "median", "p50")
"""Of composites, the statistic that is backscatter as one scene has it."""


def find_pairs(
    path: Path,
    files: OpenFiles,
    numbers: Mapping[str, int] | None = None,
    date: str | None = None,
) -> FoundPairs:
    """Return the pairs of a file or a folder.

    `numbers` are a user's band numbers of a file, or of each of two; of several dates in a file
    that of `date` (ISO) is taken.

    Raises:
        BandMissing: VV or VH is missing.
        BandsUnclear: there are several, and nothing says which are meant.
        NotRadar: the file holds no radar.
        SceneUnreadable: a file cannot be read, or the folder holds none.
    """
    if numbers is not None:
        return FoundPairs(_stated_pairs(path, files, numbers))
    if path.is_dir():
        return _pairs_of_folder(path, files, date)
    layers = read_layers(path, files)
    if _polarisations(layers) != set(POLARISATIONS):
        kinds = {layer.kind for layer in layers}
        found = pair_files(_siblings(path), files, date, only=path, kinds=kinds)
        if not found.pairs:
            raise found.problems.get(path) or _lonely(path, layers)
        return found
    return pair_files([path], files, date, only=path)


def pair_of(vv: Band, vh: Band, files: OpenFiles) -> Pair:
    """Return two bands that are known to be VV and VH, with what their names say."""
    layers = []
    for band, polarisation in zip((vv, vh), POLARISATIONS, strict=True):
        header = files.header(band.path)
        own = read_name(header.bands[band.number - 1].name or band.path.stem)
        name = replace(own, polarisation=polarisation)
        layers.append(layer_of(band, header, name, "the catalogue"))
    return _pair(*layers)


def pair_files(
    paths: Iterable[Path],
    files: OpenFiles,
    date: str | None = None,
    only: Path | None = None,
    kinds: set[tuple[str | None, str | None]] | None = None,
) -> FoundPairs:
    """Return the pairs in and among the files of a folder, and why other files are in none.

    `only` is a file that the pairs must have a part in, of one of these `kinds`.
    """
    problems: dict[Path, GlueLinkError] = {}
    notes: list[str] = []
    chosen: dict[tuple[Path, ...], list[Pair]] = defaultdict(list)
    lonely: dict[Path, list[Layer]] = {}
    for layers in _acquisitions(paths, files, only, problems):
        if only and all(layer.band.path != only for layer in layers):
            continue
        try:
            pair = _choose(layers, kinds, notes)
        except BandsUnclear as error:
            if only:
                raise
            problems |= {layer.band.path: error for layer in layers}
            continue
        if pair is None:
            lonely |= {layer.band.path: [layer] for layer in layers}
        else:
            chosen[tuple(pair.files)].append(pair)
    pairs = []
    for of_files, several in chosen.items():
        try:
            pairs.append(_one_of(several, date, notes))
        except BandsUnclear as error:
            if only:
                raise
            problems |= dict.fromkeys(of_files, error)
    used = {file for pair in pairs for file in pair.files}
    problems |= {
        path: _lonely(path, layers)
        for path, layers in lonely.items()
        if path not in used and path not in problems
    }
    return FoundPairs(pairs, (), list(dict.fromkeys(notes)), problems)


def _acquisitions(
    paths: Iterable[Path], files: OpenFiles, only: Path | None, problems: dict[Path, GlueLinkError]
) -> Iterable[list[Layer]]:
    """Return the layers of files by acquisition; `problems` takes why a file is not read.

    Raises:
        GlueLinkError: the file `only` cannot be read.
    """
    groups: dict[tuple[object, ...], list[Layer]] = defaultdict(list)
    for path in paths:
        try:
            for layer in read_layers(path, files):
                groups[layer.key].append(layer)
        except GlueLinkError as error:
            if path == only:
                raise
            problems[path] = error
    return groups.values()


def _choose(
    layers: Sequence[Layer], kinds: set[tuple[str | None, str | None]] | None, notes: list[str]
) -> Pair | None:
    """Return the pair of one acquisition: of several quantities or units the best; or None."""
    by_kind: dict[object, dict[str, list[Layer]]] = defaultdict(lambda: defaultdict(list))
    for layer in layers:
        if not kinds or layer.kind in kinds:
            by_kind[layer.kind][str(layer.name.polarisation)].append(layer)
    complete = [(kind, one) for kind, one in by_kind.items() if set(one) == set(POLARISATIONS)]
    if not complete:
        return None
    ranked = sorted(complete, key=lambda entry: _rank(entry[1]["VV"][0]))
    (_, best), *others = ranked
    vv, vh = (best[name][0] for name in POLARISATIONS)
    more = [layer for name in POLARISATIONS for layer in best[name][1:]]
    dropped = [layer for _, one in others for name in POLARISATIONS for layer in one[name]]
    if more and vv.by == "file names":
        raise BandsUnclear(
            f"{vv.band.path.name} has {len(best['VV'])} bands without names; one was expected.",
            "State which one VV is and which one VH, such as 1 and 1 (--vv 1 --vh 1).",
        )
    if more:
        raise _several([_title(layer) for layer in (vv, vh, *more)], vv.band.path)
    if dropped:
        taken = " and ".join(_title(layer) for layer in (vv, vh))
        notes.append(f"{taken} are taken, and not {', '.join(map(_title, dropped[:4]))}.")
    return _pair(vv, vh)


def _rank(layer: Layer) -> tuple[int, int]:
    quantity, units = layer.kind
    return QUANTITY_RANK.index(quantity), _UNITS_RANK.index(units)


def _pair(vv: Layer, vh: Layer) -> Pair:
    if vv.band.path != vh.band.path:
        reason = f"VV and VH are {vv.band.path.name} and {vh.band.path.name}."
    elif not vv.sure:
        reason = "The two bands have no names; band 1 is taken as VV and band 2 as VH."
    elif vv.name.text in POLARISATIONS and vv.by != "band names":
        reason = f"Bands {vv.band.number} and {vh.band.number} are VV and VH, by {vv.by}."
    else:
        where = vv.band.variable or f"Bands {vv.band.number} and {vh.band.number}"
        reason = f"{where} are named {vv.name.text} and {vh.name.text}."
        if vv.band.variable:
            reason = f"VV and VH are {vv.name.text} and {vh.name.text}."
    return Pair(
        vv.band,
        vh.band,
        reason,
        sure=vv.sure and vh.sure,
        by=vv.by,
        claim=vv.claim,
        date=vv.date,
        product_type=vv.product_type,
        is_plain=vv.by == "band names" and not vv.name.key,
    )


def _one_of(pairs: list[Pair], date: str | None, notes: list[str]) -> Pair:
    """Return the pair that is meant of several in the same files.

    Raises:
        BandsUnclear: nothing says which.
    """
    if len(pairs) == 1:
        return pairs[0]
    of_date = [pair for pair in pairs if date and pair.date == date]
    if len(of_date) == 1:
        return of_date[0]
    plain = [pair for pair in pairs if pair.is_plain] or [
        pair for pair in pairs if any(word in pair.reason.lower() for word in _CENTRES)
    ]
    if len(plain) == 1:
        notes.append(f"Of {len(pairs)} pairs of bands one is taken. {plain[0].reason}")
        return plain[0]
    days = sorted({pair.date for pair in pairs if pair.date})
    path = pairs[0].vv.path
    if len(days) == len(pairs):
        raise BandsUnclear(
            f"{path.name} holds {len(days)} dates, {days[0]} to {days[-1]}.",
            f"State one of them (--date {days[-1]}).",
        )
    raise _several([pair.reason.rstrip(".") for pair in pairs], path)


def _several(titles: Sequence[str], path: Path) -> BandsUnclear:
    listed = "; ".join(titles[:6])
    return BandsUnclear(
        f"{path.name} holds {len(titles)} bands that can be meant: {listed}.", STATE_BANDS
    )


def _title(layer: Layer) -> str:
    if layer.by == "file names":
        return f"{layer.band.path.name} band {layer.band.number}"
    return layer.name.text


def _polarisations(layers: Iterable[Layer]) -> set[str]:
    return {str(layer.name.polarisation) for layer in layers}


def _is_single(path: Path) -> bool:
    return read_name(path.stem).polarisation in POLARISATIONS


def _siblings(path: Path) -> list[Path]:
    """Return the files beside one, and itself, whose names differ in little but VV and VH."""
    key = read_name(path.stem).key
    return [file for file in rasters_in(path.parent) if read_name(file.stem).key == key]


def _lonely(path: Path, layers: Sequence[Layer]) -> BandMissing:
    """Return the error for a file with one polarisation whose other file is missing."""
    name = str(layers[0].name.polarisation)
    other = "VH" if name == "VV" else "VV"
    return BandMissing(
        f"{path.name} holds {name} only, and no {other} file of the same name lies beside it.",
        ONE_ACQUISITION,
    )


def _require_numbers(numbers: Mapping[str, int], name: str) -> None:
    if set(numbers) not in ({"VV", "VH"}, {"VV"}):
        raise BandMissing(
            f"Band numbers were given for {', '.join(numbers) or 'nothing'} of {name}.",
            "Give one number each for VV and VH, or for VV alone.",
        )


def _stated_pairs(path: Path, files: OpenFiles, numbers: Mapping[str, int]) -> list[Pair]:
    """Return the bands that a user numbered, of a file or of each of the two of a pair.

    Raises:
        BandMissing: a folder holds neither one file nor pairs, or there is no such band.
    """
    _require_numbers(numbers, path.name)
    rasters = rasters_in(path) if path.is_dir() else _siblings(path)
    pairs: dict[tuple[str, ...], dict[str, Path]] = defaultdict(dict)
    for file in filter(_is_single, rasters):
        name = read_name(file.stem)
        pairs[name.key][str(name.polarisation)] = file
    complete = [one for one in pairs.values() if set(one) == set(POLARISATIONS)]
    if complete:
        return [_stated_pair(one["VV"], one["VH"], files, numbers) for one in complete]
    if path.is_dir() and len(rasters) != 1:
        raise BandMissing(
            f"Band numbers were given for {path.name}, a folder which holds {len(rasters)} files.",
            "Give the file that has these bands.",
        )
    file = rasters[0] if path.is_dir() else path
    return [_stated_pair(file, file, files, numbers)]


def _stated_pair(
    vv_path: Path, vh_path: Path, files: OpenFiles, numbers: Mapping[str, int]
) -> Pair:
    """Return the bands that a user numbered."""
    layers = []
    for name, path in zip(POLARISATIONS, (vv_path, vh_path), strict=True):
        header, number = files.header(path), numbers.get(name, numbers["VV"])
        if not 1 <= number <= len(header.bands):
            raise BandMissing(
                f"{path.name} has {len(header.bands)} bands; band {number} was named as {name}.",
                "Bands count from 1.",
            )
        own = read_name(header.bands[number - 1].name)
        stated = Name(own.text, name, own.quantity, own.units, date=own.date)
        layers.append(layer_of(Band(path, number), header, stated, "as stated"))
    vv, vh = layers
    reason = f"Bands {vv.band.number} and {vh.band.number} are VV and VH, as stated."
    if "VH" not in numbers:
        vh, reason = vv, f"Band {vv.band.number} is VV, as stated, and there is no VH."
    return Pair(
        vv.band, vh.band, reason, by="as stated", claim=vv.claim, date=vv.date,
        product_type=vv.product_type,
    )  # fmt: skip


def _pairs_of_folder(folder: Path, files: OpenFiles, date: str | None) -> FoundPairs:
    """Return the pairs of all radar files in a folder, and the names of the others."""
    rasters = rasters_in(folder)
    if not rasters:
        raise SceneUnreadable(f"The folder {folder.name} holds no GeoTIFF.", "Check the path.")
    found = pair_files(rasters, files, date)
    for problem in found.problems.values():
        if not isinstance(problem, BandMissing | BandsUnclear | NotRadar):
            raise problem
    if not found.pairs:
        if len(rasters) == 1:
            raise found.problems[rasters[0]]
        for path, problem in found.problems.items():
            refused = isinstance(problem, NotRadar) and read_name(path.stem).polarisation
            if refused or isinstance(problem, BandsUnclear):
                raise problem
        named = [file for file in rasters if read_name(file.stem).polarisation] or rasters
        names = ", ".join(file.name for file in named[:4])
        raise BandMissing(
            f"The folder {folder.name} holds no VV and VH of one acquisition; found {names}.",
            ONE_ACQUISITION,
        )
    days = {pair.date for pair in found.pairs}
    of_date = [pair for pair in found.pairs if pair.date == date] if len(days) > 1 else []
    pairs = of_date or found.pairs
    used = {file for pair in pairs for file in pair.files}
    unused = [file.name for file in rasters if file not in used]
    return FoundPairs(pairs, unused, found.notes, found.problems)
