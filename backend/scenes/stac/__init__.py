"""Imagery from STAC catalogues: searched, fetched to the local disk, or read where it lies."""

from backend.scenes.stac.api import NewestDate, newest_date
from backend.scenes.stac.fetch import FetchedScene, fetch_scene
from backend.scenes.stac.found import FoundScene
from backend.scenes.stac.points import DAYS, PointScenes, read_scenes_around
from backend.scenes.stac.providers import Provider, find_provider, list_providers
from backend.scenes.stac.search import SceneQuery, search_scenes

__all__ = [
    "DAYS",
    "FetchedScene",
    "FoundScene",
    "NewestDate",
    "PointScenes",
    "Provider",
    "SceneQuery",
    "fetch_scene",
    "find_provider",
    "list_providers",
    "newest_date",
    "read_scenes_around",
    "search_scenes",
]
