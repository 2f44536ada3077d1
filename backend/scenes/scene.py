"""A Sentinel-1 scene on the local disk, read by windows as dB on the 10 m grid of its UTM zone."""

from collections.abc import Mapping, Sequence
from datetime import date as calendar_date
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid, SceneUnreadable
from backend.scenes.bands import Pair, find_pairs
from backend.scenes.box import PixelBox, around
from backend.scenes.files import OpenFiles, local_path
from backend.scenes.grid import common_grid, way_between, zone_of
from backend.scenes.info import SceneInfo, describe
from backend.scenes.patch import Patch
from backend.scenes.sample import sample_values
from backend.scenes.units import DN_OFFSET_DB, Units, detect_units, stated_units, to_db


class Scene:
    """An open scene: `info`, `utm_epsg`, `extent` (absolute 10 m pixels) and `read`.

    A context manager, for one thread at a time.
    """

    modality = "sentinel-1"

    def __init__(
        self, info: SceneInfo, units: Units, patches: list[Patch], files: OpenFiles
    ) -> None:
        self.info = info
        self.utm_epsg = int(info.utm.removeprefix("EPSG:"))
        self.extent: PixelBox = around(patch.extent for patch in patches)
        self._units = units
        self._patches = patches
        self._files = files

    def __enter__(self) -> "Scene":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def again(self) -> "Scene":
        """The same scene opened once more, for another thread; nothing is told anew."""
        files = OpenFiles()
        patches = patches_of([patch.pair for patch in self._patches], files)
        return Scene(self.info, self._units, patches, files)

    def read(self, box: PixelBox) -> NDArray[np.float32]:
        """dB (2, h, w) of VV and VH over `box`; NaN where there is no data.

        Where patches overlap the first one counts. Raises SceneUnreadable for a damaged file.
        """
        db = np.full((2, box.height, box.width), np.nan, np.float32)
        for patch in self._patches:
            part = box.intersection(patch.extent)
            power = None if part.empty else patch.read_power(part, self._units)
            if power is not None:
                rows, columns = part.within(box)
                target = db[:, rows, columns]
                np.copyto(target, to_db(power), where=np.isnan(target[0]))
        return db


def open_scene(
    path: str | Path,
    units: str | None = None,
    dn_offset_db: float = DN_OFFSET_DB,
    bands: Mapping[str, int] | None = None,
    date: str | None = None,
) -> Scene:
    """Open a GeoTIFF with VV and VH, one file of a pair, or a folder of either.

    `units` (db, linear, dn), `bands` ({"VV": 1, "VH": 2}) and `date` (ISO) overrule what is found.
    dB of digital numbers is 20 log10(DN) + `dn_offset_db`.
    Raises SceneUnreadable, BandMissing, NotRadar, UnitsUnclear, NotGeoreferenced, PixelsUnfit,
    ConfigInvalid.
    """
    found = local_path(path)
    date = _iso_date(date) if date else None
    stated = stated_units(units, dn_offset_db) if units else None
    pairs, unused = find_pairs(found, bands)
    return _open(found, pairs, stated, dn_offset_db, unused, date)


def open_pair(pair: Pair) -> Scene:
    """Open the scene of one pair that is known already. Raises what `open_scene` does."""
    return _open(pair.vv.path, [pair])


def _open(
    found: Path,
    pairs: list[Pair],
    stated: Units | None = None,
    dn_offset_db: float = DN_OFFSET_DB,
    unused: Sequence[str] = (),
    date: str | None = None,
) -> Scene:
    files = OpenFiles()
    try:
        patches = patches_of(pairs, files)
        sample = sample_values(patches)
        if not sample.size:
            raise SceneUnreadable(f"{found.name} holds no data: no pixel has a value.")
        whole = all(files.holds_whole_numbers(pair.vv.path, pair.vv.number) for pair in pairs)
        known = stated or detect_units(sample, whole, dn_offset_db)
        info = describe(found, patches, known, sample, unused, date)
        return Scene(info, known, patches, files)
    except BaseException:
        files.close()
        raise


def patches_of(pairs: Sequence[Pair], files: OpenFiles) -> list[Patch]:
    """Each pair on its grid, all seen from one UTM zone.

    Raises SceneUnreadable, NotGeoreferenced, PixelsUnfit.
    """
    grids = [common_grid(pair, files) for pair in pairs]
    zone = zone_of(grids)
    ways = {crs: way_between(crs, zone) for crs in {grid.crs for grid in grids}}
    patches = [
        Patch(pair.vv.path.name, grid, ways[grid.crs], pair, files)
        for pair, grid in zip(pairs, grids, strict=True)
    ]
    for patch in patches:
        patch.check_pixels()
    return patches


def _iso_date(text: str) -> str:
    try:
        return calendar_date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ConfigInvalid(f'The date is "{text}".', "Expected year-month-day.") from error
