"""The scenes of a catalogue around many places: found by few searches, whose answers are kept."""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, field, replace
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
from backend.scenes.crs import stated_crs
from backend.scenes.files import Band
from backend.scenes.footprint import Footprint
from backend.scenes.grid import Grid, transformer, utm_zone
from backend.scenes.index import SceneIndex
from backend.scenes.sentinel1.bands import pair_of
from backend.scenes.sentinel1.naming import date_of, product_type_of
from backend.scenes.sentinel1.scene import Scene, open_pair
from backend.scenes.stac.api import Item, ask
from backend.scenes.stac.assets import Asset, address_of, files_of
from backend.scenes.stac.found import LocalPlane, middle_of, read_item
from backend.scenes.stac.providers import Provider
from backend.scenes.stac.remote import RemoteFiles
from backend.scenes.stac.search import outlines
from backend.scenes.stac.transport import POLICY, Files, file_name

log = logging.getLogger(__name__)

DAYS = 12
"""How far from the day of a place: Sentinel-1 returns to each of its tracks after so many."""

CELL_DEG = 4
"""Places of one such cell of the globe and one month are searched for at once."""

MARGIN_DEG = 0.2
"""How far around the places of a cell is searched: more than half a window."""

MOST_PX = 10**7  # from the corner of a UTM zone
_FORMAT = 2


@dataclass(frozen=True)
class PointScenes:
    """Which scenes of a catalogue windows are read from.

    Raises:
        ConfigInvalid: the days of `span` are in the wrong order.
    """

    provider: Provider
    """The catalogue."""

    days: int = DAYS
    """How far a scene's day may be from a place's own."""

    span: tuple[calendar_date, calendar_date] | None = None
    """The first and the last day of scenes, whatever the places' days are."""

    policy: RetryPolicy = POLICY
    """How hosts are asked."""

    def __post_init__(self) -> None:
        if self.span and self.span[0] > self.span[1]:
            raise ConfigInvalid(
                f"The days go from {self.span[0]} to {self.span[1]}.", "Put the earlier date first."
            )


@dataclass(frozen=True)
class StacEntry:
    """A scene of a catalogue that is not open, with the fields of a local scene's entry."""

    name: str
    """The item's id."""

    vv: Asset
    """The file of VV."""

    vh: Asset
    """The file of VH."""

    utm_epsg: int
    """The UTM zone that it is seen from."""

    extent: PixelBox
    """Its pixels there."""

    date: calendar_date | None
    """Its day."""

    product_type: str | None
    """GRD or RTC."""

    source: Files = field(repr=False, compare=False)

    def open(self) -> Scene:
        """Return the open scene, read by ranges of its files. Raises what `RemoteFiles` does."""
        assets = {
            Path(name, file_name(asset.url)): asset
            for name, asset in (("VV", self.vv), ("VH", self.vh))
        }
        vv, vh = (Band(path, 1) for path in assets)
        files = RemoteFiles(assets, self.source)
        scene = open_pair(pair_of(vv, vh, files), files, CRS.from_epsg(self.utm_epsg))
        scene.info = replace(
            scene.info,
            name=self.name,
            date=self.date.isoformat() if self.date else scene.info.date,
            product_type=self.product_type or scene.info.product_type,
        )
        return scene


def read_scenes_around(
    choice: PointScenes,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    date: NDArray[np.datetime64],
    folder: Path,
    progress: Progress = silent,
) -> SceneIndex:
    """Return the scenes around places (n,) in degrees, with the day (n,) of each where it is known.

    What the catalogue answers is kept in `folder`: the same question later needs no network, and
    gives the same scenes.

    Raises:
        ConfigInvalid: places have no day, but need one.
        ImageryMissing: there is no scene.
        CatalogueUnreachable: the catalogue does not answer, or not like a STAC API.
        ExtraMissing: the packages for catalogues are not installed.
        DiskFull: the disk has no room for the answers.
        OutputUnwritable: the folder cannot be written.
    """
    undated = int(np.isnat(date).sum())
    if undated and not choice.span:
        raise ConfigInvalid(
            f"{undated:,} of {len(date):,} points have no date, and a catalogue has scenes of "
            "every day.",
            "State the days for all points: --from 2018-04-01 --to 2018-10-31.",
        )
    files = Files(choice.provider, choice.policy)  # at first: it may miss a login
    questions = list(_questions(choice, lon, lat, date))
    answers: dict[str, dict[str, Any]] = {}
    for done, question in enumerate(questions):
        progress("Searching scenes", done, len(questions))
        answers |= {one["id"]: one for one in _answer(choice, question, folder)}
    ordered = [answers[name] for name in sorted(answers)]
    scenes = [_entry(one, files) for one in ordered if not one["unavailable"]]
    unavailable = {one["id"]: one["unavailable"] for one in ordered if one["unavailable"]}
    skipped = {name: f"{reason[0].upper()}{reason[1:]}." for name, reason in unavailable.items()}
    if not scenes:
        others = f"; {len(skipped)} are listed that cannot be read" if skipped else ""
        when = "in these days" if choice.span else f"within {choice.days} days of any"
        raise ImageryMissing(
            f"{choice.provider.name} has no scene of {choice.provider.collection} around the "
            f"points {when}{others}.",
            "Take other days or another collection.",
        )
    return SceneIndex(folder, scenes, skipped, None if choice.span else choice.days)


def _questions(
    choice: PointScenes,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    date: NDArray[np.datetime64],
) -> Iterator[dict[str, Any]]:
    """Yield the searches: the places of each cell and, unless all have the same days, month."""
    month = np.zeros(len(lon), int) if choice.span else date.astype("datetime64[M]").astype(int)
    cells = np.column_stack([np.floor(lon / CELL_DEG), np.floor(lat / CELL_DEG), month])
    _, group = np.unique(cells.astype(int), axis=0, return_inverse=True)
    for number in range(group.max() + 1):
        rows = group == number
        (west, south), (east, north) = ((of(lon[rows]), of(lat[rows])) for of in (np.min, np.max))
        around = shapely.box(
            west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG
        )
        days = np.timedelta64(choice.days, "D")
        first, last = choice.span or (date[rows].min() - days, date[rows].max() + days)
        for outline in outlines(around):
            yield {"intersects": mapping(outline), "datetime": f"{first}/{last}"}


def _answer(choice: PointScenes, question: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """Return what a catalogue states of its scenes, now or when it was asked before."""
    provider = choice.provider
    key = json.dumps([_FORMAT, provider.url, provider.collection, question])
    path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
    try:
        kept: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    except FileNotFoundError:
        pass  # not asked before
    except (OSError, ValueError) as error:  # a loss of power may leave a file of zeros
        log.warning("%s cannot be read, so its search is repeated: %s", path, error)
    plane = LocalPlane(shape(question["intersects"]))
    scenes = [_described(item, provider, plane) for item in ask(provider, question, choice.policy)]
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
        with atomic(path) as partial:
            partial.write_text(json.dumps(scenes), encoding="utf-8")
    return scenes


def _described(item: Item, provider: Provider, plane: LocalPlane) -> dict[str, Any]:
    """Return what an entry needs of an item, as JSON; `unavailable` as in `FoundScene`."""
    scene = read_item(item, provider, plane)
    fields: dict[str, Any] = {"id": scene.id, "unavailable": scene.unavailable}
    if scene.unavailable:
        return fields
    files = files_of(item, provider)
    try:
        zone, extent = _extent(_grid(item, files["VV"].url, scene.footprint), scene.id)
    except GlueLinkError as error:
        return fields | {"unavailable": error.message.rstrip(".")}
    named = product_type_of(PurePosixPath(urlsplit(f.url).path).stem for f in files.values())
    return fields | {
        "vv": asdict(files["VV"]),
        "vh": asdict(files["VH"]),
        "zone": zone,
        "extent": astuple(extent),
        "date": date_of(scene.time, {}),
        "product": scene.product_type or named,
    }


def _entry(fields: Mapping[str, Any], files: Files) -> StacEntry:
    return StacEntry(
        name=fields["id"],
        vv=Asset(**fields["vv"]),
        vh=Asset(**fields["vh"]),
        utm_epsg=fields["zone"],
        extent=PixelBox(*fields["extent"]),
        date=calendar_date.fromisoformat(fields["date"]) if fields["date"] else None,
        product_type=fields["product"],
        source=files,
    )


def _extent(grid: Grid, name: str) -> tuple[int, PixelBox]:
    """Return the UTM zone that a scene is seen from, and its pixels there.

    Raises:
        NotGeoreferenced: it lies near a pole, or nowhere on earth.
    """
    zone = utm_zone([grid])
    extent = Footprint(name, grid, transformer(grid.crs, zone)).extent
    if max(map(abs, astuple(extent))) > MOST_PX:
        raise NotGeoreferenced("its pixels lie nowhere on earth")
    return int(str(zone.to_epsg())), extent


def _grid(item: Item, vv: str, footprint: dict[str, Any]) -> Grid:
    """Return the pixels that an item states, or else the box around its outline.

    Raises:
        NotGeoreferenced: it has neither.
    """
    assets = (item.get("assets") or {}).values()
    own: Item = next((asset for asset in assets if address_of(asset) == vv), {})
    fields = (item.get("properties") or {}) | own
    try:
        crs = fields.get("proj:code") or fields.get("proj:epsg") or fields["proj:wkt2"]
        height, width = map(int, fields["proj:shape"])
        transform = Affine(*map(float, fields["proj:transform"][:6]))
        return Grid(stated_crs(crs), transform, width, height)
    except (CRSError, LookupError, TypeError, ValueError):
        return _box_around(footprint)


def _box_around(footprint: dict[str, Any]) -> Grid:
    if not footprint:
        raise NotGeoreferenced("it does not state where it lies")
    corners = shapely.get_coordinates(shape(footprint))
    middle = middle_of(corners)[0]
    corners[:, 0] = (corners[:, 0] - middle + 180) % 360 - 180 + middle
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    degrees = Affine(east - west, 0, west, 0, south - north, north)
    return Grid(CRS.from_epsg(4326), degrees, 1, 1)
