"""The part of a catalogue's scene around an area, as a file on the local disk.

It is cropped along the file's own pixels, and nothing is resampled: `open_scene` reads the same
from it as from the whole file.
"""

import hashlib
import itertools
import json
import math
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import rasterio
import shapely
from filelock import FileLock, Timeout
from shapely.geometry import MultiPolygon

from backend.errors import (
    AreaOutsideScene,
    BandMissing,
    CatalogueUnreachable,
    OutputUnwritable,
)
from backend.io.atomic import atomic, publish, scratch
from backend.io.disk import require_output, writing
from backend.io.http import RetryPolicy
from backend.progress import Progress, silent
from backend.resources import user_path
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.api import Item
from backend.scenes.stac.crop import MARGIN_M, Crop
from backend.scenes.stac.found import FoundScene, LocalPlane, read_item
from backend.scenes.stac.mosaic import RemoteMosaic, by_crs
from backend.scenes.stac.passes import BURSTS
from backend.scenes.stac.providers import Provider
from backend.scenes.stac.raster import AtomicRaster
from backend.scenes.stac.remote import RemotePair
from backend.scenes.stac.search import find_scene
from backend.scenes.stac.transport import POLICY, Files

LONGEST_WAIT_S = 1800.0
"""How long another fetch of the same scene is waited for."""

STAGE = "Fetching imagery"
_FORMAT = 2


@dataclass(frozen=True)
class FetchedScene:
    """A scene on the local disk."""

    path: Path
    """Its file; or the folder of its files where a pass lies in several UTM zones."""

    scene: FoundScene
    """The scene as its catalogue describes it."""

    cover: float
    """The share of the area that has data in the file."""

    fresh: bool
    """Whether it was fetched now; else an earlier call had fetched it."""


def fetch_scene(
    provider: Provider,
    identity: str,
    area: MultiPolygon,
    output: Path | None = None,
    progress: Progress = silent,
    policy: RetryPolicy = POLICY,
) -> FetchedScene:
    """Fetch one item around an area (degrees), and copy it to `output`.

    It is kept in the user's folder, so that the same request later needs no network. The file is
    whole or not there, also when this is killed.

    Raises:
        ImageryMissing: the catalogue has no such item, or its file is gone.
        BandMissing: the item has no VV or no VH.
        CatalogueUnreachable: the catalogue or the host of its files is at fault.
        AreaOutsideScene: the scene has no data inside the area.
        NotGeoreferenced: the files have no map coordinates.
        SceneUnreadable: the files do not fit together.
        DiskFull: the disk has no room for the scene.
        OutputUnwritable: the file cannot be written.
        ExtraMissing: the packages for catalogues are not installed.

    Example:
        fetched = fetch_scene(find_provider("planetary-computer"), scene.id, area.degrees)
        with open_scene(fetched.path) as opened:
            ...
    """
    if output is not None:
        require_output(output, "scene")
    plane = LocalPlane(area)
    folder = user_path("imagery", _key(provider, identity, area))
    path, note = folder / f"{_plain(identity)}.tif", folder / "item.json"
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "lock", progress):
        fresh = not (path.exists() or path.with_suffix("").exists())
        if fresh:
            files = Files(provider, policy)  # at first: it may miss a login
            item = find_scene(provider, identity, around(area), policy)
            with writing(note), atomic(note) as partial:
                partial.write_text(json.dumps(item), encoding="utf-8")
            _fetch(read_item(item, provider, plane), item, files, plane, path, progress)
        if not path.exists():
            path = path.with_suffix("")
        if output is not None:
            _copy(path, output)
    scene = read_item(json.loads(note.read_text(encoding="utf-8")), provider, plane)
    return FetchedScene(output or path, scene, _cover(path), fresh)


@contextmanager
def _alone(lock: Path, progress: Progress) -> Iterator[None]:
    """Hold a lock while a scene is fetched, and wait for whoever fetches the same.

    Raises:
        CatalogueUnreachable: somebody else has held it for too long.
    """
    held, began = FileLock(lock, timeout=1), time.monotonic()
    while not held.is_locked:
        progress("Waiting for another fetch of this scene", 0, 1)
        with suppress(Timeout):
            held.acquire()
        if not held.is_locked and time.monotonic() - began > LONGEST_WAIT_S:
            raise CatalogueUnreachable(
                "The same scene is being fetched by somebody else, and does not come.",
                "Try again when that has ended.",
            )
    try:
        yield
    finally:
        held.release()


def around(area: MultiPolygon) -> MultiPolygon:
    """Return an area (degrees) and all that is fetched around it, or a little more."""
    farthest = max(map(abs, (area.bounds[1], area.bounds[3])))
    margin = MARGIN_M / 110_000 / max(math.cos(math.radians(farthest)), 0.1)
    wide = area.buffer(margin, join_style="mitre")
    return MultiPolygon(shapely.get_parts(wide).tolist())


def _fetch(
    scene: FoundScene,
    item: Item,
    files: Files,
    plane: LocalPlane,
    path: Path,
    progress: Progress,
) -> None:
    """Write the part of an item around an area to `path`, or one file a CRS into a folder there."""
    if scene.unavailable:
        missing = set(POLARISATIONS) - files.of_item(item).keys()
        kind = BandMissing if missing else CatalogueUnreachable
        raise kind(
            f"{scene.id} cannot be fetched: {scene.unavailable}.",
            "Choose another scene, or another catalogue.",
        )
    progress(STAGE, 0, 1)
    pairs = files.map(lambda one: RemotePair(one, files), item.get(BURSTS, [item]))
    mosaics = by_crs(pairs)
    near = [(one, crop) for one in mosaics if (crop := Crop(plane, one.grid)).window]
    total, done = sum(len(list(crop.pieces())) for _, crop in near), itertools.count()

    def report() -> None:
        progress(STAGE, next(done), total)

    with scratch(path.with_suffix("")) as partial, writing(path):
        partial.mkdir()
        covers, written = [], []
        for number, (mosaic, crop) in enumerate(near):
            written.append(partial / f"{path.stem}_{number}.tif")
            covers.append(_write(scene, mosaic, crop, written[-1], report))
        if not any(covers):
            raise _outside(scene)
        if len(written) == 1:
            publish(written[0], path)
        else:
            publish(partial, path.with_suffix(""))


def _write(
    scene: FoundScene, mosaic: RemoteMosaic, crop: Crop, path: Path, report: Callable[[], None]
) -> float:
    """Write the part of a mosaic around an area, and return the share of the area with data."""
    assert crop.window is not None
    inside = 0
    with AtomicRaster(path, mosaic.grid, mosaic.values, crop.window) as draft:
        for piece in crop.pieces():
            report()
            pixels = mosaic.read(piece)
            draft.write(piece, pixels)
            inside += int((pixels[1] & crop.inside(piece)).sum())
        cover = min(1.0, inside / crop.area_px)
        draft.finish(_tags(scene) | {"AREA_COVER": f"{cover:.4f}"})
    return cover


def _cover(path: Path) -> float:
    """Return the share of the area that has data in a fetched file, or in a folder of them."""
    total = 0.0
    for file in sorted(path.glob("*.tif")) if path.is_dir() else [path]:
        with rasterio.open(file) as kept:
            total += float(kept.tags()["AREA_COVER"])
    return min(1.0, total)


def _copy(path: Path, output: Path) -> None:
    if path.is_dir():
        raise OutputUnwritable(
            "The bursts of this pass lie in two UTM zones over the area; so there are two files, "
            f"kept in {path}.",
            "Take that folder as the scene, or draw the area within one zone.",
        )
    with writing(output), atomic(output) as partial:
        shutil.copyfile(path, partial)


def _tags(scene: FoundScene) -> dict[str, str]:
    """Return the tags of the file, by the names that `open_scene` looks for."""
    tags = {
        "ACQUISITION_DATETIME": scene.time,
        "PRODUCT": scene.product_type,
        "ORBIT_STATE": scene.orbit,
        "RELATIVE_ORBIT": scene.relative_orbit,
        "STAC_CATALOGUE": scene.catalogue,
        "STAC_COLLECTION": scene.collection,
        "STAC_ITEM": scene.id,
    }
    return {name: str(value) for name, value in tags.items() if value is not None}


def _outside(scene: FoundScene) -> AreaOutsideScene:
    return AreaOutsideScene(
        f"{scene.id} has no data inside the area.", "Choose a scene that covers more of it."
    )


def _key(provider: Provider, identity: str, area: MultiPolygon) -> str:
    """Return a name for what the fetched file depends on."""
    place = shapely.to_wkb(shapely.set_precision(area, 1e-6).normalize(), hex=True)
    parts = [_FORMAT, provider.url, provider.collection, identity, place, MARGIN_M]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]


def _plain(identity: str) -> str:
    """Return an item's id as it can stand in a file's name."""
    return re.sub(r"[^\w-]+", "_", identity, flags=re.ASCII)[:150]
