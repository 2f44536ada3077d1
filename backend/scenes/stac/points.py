"""The scenes of a catalogue around many places: asked for by few searches, which are kept."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import date as calendar_date
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import mapping, shape

from backend.errors import ConfigInvalid, GlueLinkError, ImageryMissing, NotGeoreferenced
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.io.http import RetryPolicy
from backend.progress import Progress, silent
from backend.scenes.box import PixelBox
from backend.scenes.footprint import Footprint
from backend.scenes.globe import on_globe
from backend.scenes.grid import Grid, transformer, utm_zone
from backend.scenes.index import SceneIndex
from backend.scenes.sentinel1.bands import Band, Pair
from backend.scenes.sentinel1.naming import date_of, product_type_of
from backend.scenes.sentinel1.scene import Scene, open_pair
from backend.scenes.stac.found import LocalPlane, files_of, middle_of, read_item
from backend.scenes.stac.providers import Provider
from backend.scenes.stac.remote import RemoteFiles
from backend.scenes.stac.search import Item, ask
from backend.scenes.stac.transport import POLICY, Files, file_name

DAYS = 12
"""From the day of a place: Sentinel-1 comes back to each of its tracks after so many."""

CELL_DEG = 4
"""Places of one such cell of the globe and one month are asked for at once."""

MARGIN_DEG = 0.2
"""LocalPlane the places of a cell: more than half a window."""

MOST_PX = 10**7  # from the corner of a UTM zone
_FORMAT = 1


@dataclass(frozen=True)
class PointScenes:
    """Which scenes of a catalogue to take windows from. ConfigInvalid.

    Those within `days` of each place's own date; with `span`, those from its first day to its
    last, whatever the places' dates are.
    """

    provider: Provider
    days: int = DAYS
    span: tuple[calendar_date, calendar_date] | None = None
    policy: RetryPolicy = POLICY

    def __post_init__(self) -> None:
        if self.span and self.span[0] > self.span[1]:
            raise ConfigInvalid(
                f"The days go from {self.span[0]} to {self.span[1]}.", "Put the earlier date first."
            )


@dataclass(frozen=True)
class StacEntry:
    """A scene of a catalogue that is not open, with the fields of a local scene's entry.

    `name` is the item's id; `vv` and `vh` are addresses.
    """

    name: str
    vv: str
    vh: str
    utm_epsg: int
    extent: PixelBox
    date: calendar_date | None
    product_type: str | None
    source: Files = field(repr=False, compare=False)

    def open(self) -> Scene:
        """The scene itself, read by ranges of its files. Raises what `RemoteFiles` does."""
        urls = {Path(name, file_name(url)): url for name, url in (("VV", self.vv), ("VH", self.vh))}
        vv, vh = (Band(path, 1) for path in urls)
        pair = Pair(vv, vh, "VV and VH are so named in the catalogue.")
        files = RemoteFiles(urls, self.source)
        scene = open_pair(pair, files, CRS.from_epsg(self.utm_epsg))
        scene.info = replace(
            scene.info,
            name=self.name,
            date=self.date.isoformat() if self.date else scene.info.date,
            product_type=self.product_type or scene.info.product_type,
        )
        return scene


def read_scenes_around(
    wanted: PointScenes,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    date: NDArray[np.datetime64],
    folder: Path,
    progress: Progress = silent,
) -> SceneIndex:
    """The scenes around places (n,) in degrees, with the day (n,) of each where it is known.

    What the catalogue answers is kept in `folder`: asked the same again, no network is needed and
    the scenes are the same. Raises ConfigInvalid for places without a day that need one,
    ImageryMissing when there is no scene, CatalogueUnreachable, ExtraMissing, DiskFull,
    OutputUnwritable.
    """
    undated = int(np.isnat(date).sum())
    if undated and not wanted.span:
        raise ConfigInvalid(
            f"{undated:,} of {len(date):,} points have no date, and a catalogue has scenes of "
            "every day.",
            "State the days for all points: --from 2018-04-01 --to 2018-10-31.",
        )
    questions = list(_questions(wanted, lon, lat, date))
    told: dict[str, dict[str, Any]] = {}
    for done, question in enumerate(questions):
        progress("Searching scenes", done, len(questions))
        told |= {one["id"]: one for one in _answer(wanted, question, folder)}
    files = Files(wanted.provider, wanted.policy)
    ordered = [told[name] for name in sorted(told)]
    scenes = [_entry(one, files) for one in ordered if not one["unavailable"]]
    unavailable = {one["id"]: one["unavailable"] for one in ordered if one["unavailable"]}
    skipped = {name: f"{lack[0].upper()}{lack[1:]}." for name, lack in unavailable.items()}
    if not scenes:
        others = f"; {len(skipped)} are listed that cannot be read" if skipped else ""
        when = "in these days" if wanted.span else f"within {wanted.days} days of any"
        raise ImageryMissing(
            f"{wanted.provider.name} has no scene of {wanted.provider.collection} around the "
            f"points {when}{others}.",
            "Take other days or another collection.",
        )
    return SceneIndex(folder, scenes, skipped, None if wanted.span else wanted.days)


def _questions(
    wanted: PointScenes,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    date: NDArray[np.datetime64],
) -> Iterator[dict[str, Any]]:
    """What to ask for: the places of each cell and, unless all have the same days, each month."""
    month = np.zeros(len(lon), int) if wanted.span else date.astype("datetime64[M]").astype(int)
    cells = np.column_stack([np.floor(lon / CELL_DEG), np.floor(lat / CELL_DEG), month])
    _, group = np.unique(cells.astype(int), axis=0, return_inverse=True)
    for number in range(group.max() + 1):
        rows = group == number
        (west, south), (east, north) = ((of(lon[rows]), of(lat[rows])) for of in (np.min, np.max))
        around = shapely.box(
            west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG
        )
        days = np.timedelta64(wanted.days, "D")
        first, last = wanted.span or (date[rows].min() - days, date[rows].max() + days)
        yield {"intersects": mapping(on_globe(around)), "datetime": f"{first}/{last}"}


def _answer(wanted: PointScenes, question: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """What a catalogue says of its scenes, now or when it was asked before."""
    provider = wanted.provider
    key = json.dumps([_FORMAT, provider.url, provider.collection, question])
    path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
    try:
        kept: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    except (OSError, ValueError):  # not asked before, or lost with the machine's power
        pass
    around = LocalPlane(shape(question["intersects"]))
    told = [_told(item, provider, around) for item in ask(provider, question, wanted.policy)]
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
        with atomic(path) as partial:
            partial.write_text(json.dumps(told), encoding="utf-8")
    return told


def _told(item: Item, provider: Provider, around: LocalPlane) -> dict[str, Any]:
    """What an entry needs of an item, as JSON; `unavailable` as in `FoundScene`."""
    scene = read_item(item, provider, around)
    told: dict[str, Any] = {"id": scene.id, "unavailable": scene.unavailable}
    if scene.unavailable:
        return told
    files = files_of(item)
    try:
        zone, extent = _extent(_grid(item, files["VV"], scene.footprint), scene.id)
    except GlueLinkError as error:
        return told | {"unavailable": error.message.rstrip(".")}
    named = product_type_of(PurePosixPath(urlsplit(url).path).stem for url in files.values())
    return told | {
        "vv": files["VV"],
        "vh": files["VH"],
        "zone": zone,
        "extent": astuple(extent),
        "date": date_of(scene.time, {}),
        "product": scene.product_type or named,
    }


def _entry(told: Mapping[str, Any], files: Files) -> StacEntry:
    return StacEntry(
        name=told["id"],
        vv=told["vv"],
        vh=told["vh"],
        utm_epsg=told["zone"],
        extent=PixelBox(*told["extent"]),
        date=calendar_date.fromisoformat(told["date"]) if told["date"] else None,
        product_type=told["product"],
        source=files,
    )


def _extent(grid: Grid, name: str) -> tuple[int, PixelBox]:
    """The UTM zone that a scene is seen from, and its pixels there. NotGeoreferenced."""
    zone = utm_zone([grid])
    extent = Footprint(name, grid, transformer(grid.crs, zone)).extent
    if max(map(abs, astuple(extent))) > MOST_PX:
        raise NotGeoreferenced("its pixels lie nowhere on earth")
    return int(str(zone.to_epsg())), extent


def _grid(item: Item, vv: str, footprint: dict[str, Any]) -> Grid:
    """The pixels that an item tells of; else the box around its outline. NotGeoreferenced."""
    assets = (item.get("assets") or {}).values()
    own: Item = next((asset for asset in assets if asset.get("href") == vv), {})
    told = (item.get("properties") or {}) | own
    try:
        crs = told.get("proj:code") or told.get("proj:epsg") or told["proj:wkt2"]
        height, width = map(int, told["proj:shape"])
        transform = Affine(*map(float, told["proj:transform"][:6]))
        return Grid(CRS.from_user_input(crs), transform, width, height)
    except (CRSError, LookupError, TypeError, ValueError):
        return _box_around(footprint)


def _box_around(footprint: dict[str, Any]) -> Grid:
    if not footprint:
        raise NotGeoreferenced("it does not tell where it lies")
    corners = shapely.get_coordinates(shape(footprint))
    middle = middle_of(corners)[0]
    corners[:, 0] = (corners[:, 0] - middle + 180) % 360 - 180 + middle
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    degrees = Affine(east - west, 0, west, 0, south - north, north)
    return Grid(CRS.from_epsg(4326), degrees, 1, 1)
