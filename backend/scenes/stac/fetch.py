"""The part of a catalogue's scene around an area, as a file on the local disk.

It is cropped along the file's own pixels, and nothing is resampled: `open_scene` reads the same
from it as from the whole file.
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
from backend.scenes.stac.api import Item
from backend.scenes.stac.crop import MARGIN_M, Crop
from backend.scenes.stac.found import FoundScene, LocalPlane, files_of, read_item
from backend.scenes.stac.providers import Provider
from backend.scenes.stac.raster import AtomicRaster
from backend.scenes.stac.remote import RemotePair
from backend.scenes.stac.search import find_item
from backend.scenes.stac.transport import POLICY, Files

STAGE = "Fetching imagery"
_FORMAT = 1


@dataclass(frozen=True)
class FetchedScene:
    """A scene on the local disk."""

    path: Path
    """Its file."""

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
    with FileLock(folder / "lock"):
        fresh = not path.exists()
        if fresh:
            item = find_item(provider, identity, policy)
            with writing(note), atomic(note) as partial:
                partial.write_text(json.dumps(item), encoding="utf-8")
            _fetch(item, provider, plane, path, progress, policy)
        if output is not None:
            with writing(output), atomic(output) as partial:
                shutil.copyfile(path, partial)
    scene = read_item(json.loads(note.read_text(encoding="utf-8")), provider, plane)
    with rasterio.open(path) as kept:
        cover = float(kept.tags()["AREA_COVER"])
    return FetchedScene(output or path, scene, cover, fresh)


def _fetch(
    item: Item,
    provider: Provider,
    plane: LocalPlane,
    path: Path,
    progress: Progress,
    policy: RetryPolicy,
) -> None:
    """Write the part of an item around an area to `path`."""
    scene = read_item(item, provider, plane)
    if scene.unavailable:
        missing = set(POLARISATIONS) - files_of(item).keys()
        kind = BandMissing if missing else CatalogueUnreachable
        raise kind(f"{scene.id} cannot be fetched: {scene.unavailable}.", "Choose another scene.")
    progress(STAGE, 0, 1)
    pair = RemotePair(item, Files(provider, policy))
    crop = Crop(plane, pair.grid)
    if crop.window is None:
        raise _outside(scene)
    inside, pieces = 0, list(crop.pieces())
    with AtomicRaster(path, pair.grid, pair.values, crop.window) as draft:
        for done, piece in enumerate(pieces):
            progress(STAGE, done, len(pieces))
            valid = draft.write(piece, pair.read(piece))
            inside += int((valid & crop.inside(piece)).sum())
        if not inside:
            raise _outside(scene)
        draft.finish(_tags(scene) | {"AREA_COVER": f"{min(1.0, inside / crop.area_px):.4f}"})


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
