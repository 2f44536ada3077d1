"""The part of a catalogue's scene around an area, as a file on the local disk.

It is cut along the file's own pixels and nothing is resampled: what `open_scene` reads from it is
what it would read from the whole file.
"""

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import rasterio
import shapely
from filelock import FileLock
from shapely.geometry import MultiPolygon

from backend.errors import AreaOutsideScene, BandMissing, CatalogueUnreachable
from backend.io.atomic import atomic
from backend.io.disk import require_output, writing
from backend.io.http import RetryPolicy
from backend.progress import Progress, silent
from backend.resources import user_path
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.crop import MARGIN_M, Cut
from backend.scenes.stac.found import FoundScene, LocalPlane, files_of, read_item
from backend.scenes.stac.providers import Provider
from backend.scenes.stac.raster import AtomicRaster
from backend.scenes.stac.remote import RemotePair
from backend.scenes.stac.search import Item, find_item
from backend.scenes.stac.transport import POLICY, Files

STAGE = "Fetching imagery"
_FORMAT = 1


@dataclass(frozen=True)
class FetchedScene:
    """A scene on the local disk; `cover` is the share of the area that has data in it.

    `fresh` is False when it was there already.
    """

    path: Path
    scene: FoundScene
    cover: float
    fresh: bool


def fetch_scene(
    provider: Provider,
    identity: str,
    area: MultiPolygon,
    output: Path | None = None,
    progress: Progress = silent,
    policy: RetryPolicy = POLICY,
) -> FetchedScene:
    """Fetch one item around an area (degrees), and copy it to `output`.

    It is kept in the user's folder: asked for again, no network is needed. Whole or not at all,
    also when this is killed. Raises ImageryMissing, BandMissing, CatalogueUnreachable,
    AreaOutsideScene, NotGeoreferenced, SceneUnreadable, DiskFull, OutputUnwritable, ExtraMissing,
    or what `progress` raises.
    """
    if output is not None:
        require_output(output, "scene")
    around = LocalPlane(area)
    folder = user_path("imagery", _key(provider, identity, area))
    path, told = folder / f"{_plain(identity)}.tif", folder / "item.json"
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        fresh = not path.exists()
        if fresh:
            item = find_item(provider, identity, policy)
            with writing(told), atomic(told) as partial:
                partial.write_text(json.dumps(item), encoding="utf-8")
            _fetch(item, provider, around, path, progress, policy)
        if output is not None:
            with writing(output), atomic(output) as partial:
                shutil.copyfile(path, partial)
    scene = read_item(json.loads(told.read_text(encoding="utf-8")), provider, around)
    with rasterio.open(path) as kept:
        cover = float(kept.tags()["AREA_COVER"])
    return FetchedScene(output or path, scene, cover, fresh)


def _fetch(
    item: Item,
    provider: Provider,
    around: LocalPlane,
    path: Path,
    progress: Progress,
    policy: RetryPolicy,
) -> None:
    """Write the part of an item around an area to `path`."""
    scene = read_item(item, provider, around)
    if scene.unavailable:
        lost = set(POLARISATIONS) - files_of(item).keys()
        kind = BandMissing if lost else CatalogueUnreachable
        raise kind(f"{scene.id} cannot be fetched: {scene.unavailable}.", "Choose another scene.")
    progress(STAGE, 0, 1)
    pair = RemotePair(item, Files(provider, policy))
    cut = Cut(around, pair.grid)
    if cut.window is None:
        raise _outside(scene)
    seen, pieces = 0, list(cut.pieces())
    with AtomicRaster(path, pair.grid, pair.values, cut.window) as draft:
        for done, piece in enumerate(pieces):
            progress(STAGE, done, len(pieces))
            there = draft.write(piece, pair.read(piece))
            seen += int((there & cut.inside(piece)).sum())
        if not seen:
            raise _outside(scene)
        draft.finish(_tags(scene) | {"AREA_COVER": f"{min(1.0, seen / cut.area_px):.4f}"})


def _tags(scene: FoundScene) -> dict[str, str]:
    """What the file says of itself, in the words that `open_scene` looks for."""
    told = {
        "ACQUISITION_DATETIME": scene.time,
        "PRODUCT": scene.product_type,
        "ORBIT_STATE": scene.orbit,
        "RELATIVE_ORBIT": scene.relative_orbit,
        "STAC_CATALOGUE": scene.catalogue,
        "STAC_COLLECTION": scene.collection,
        "STAC_ITEM": scene.id,
    }
    return {name: str(value) for name, value in told.items() if value is not None}


def _outside(scene: FoundScene) -> AreaOutsideScene:
    return AreaOutsideScene(
        f"{scene.id} has no data inside the area.", "Choose a scene that covers more of it."
    )


def _key(provider: Provider, identity: str, area: MultiPolygon) -> str:
    """A name for what the fetched file depends on."""
    place = shapely.to_wkb(shapely.set_precision(area, 1e-6).normalize(), hex=True)
    told = [_FORMAT, provider.url, provider.collection, identity, place, MARGIN_M]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def _plain(identity: str) -> str:
    """An item's id as it can stand in a file's name."""
    return re.sub(r"[^\w-]+", "_", identity, flags=re.ASCII)[:150]
