"""Imagery from STAC catalogues: searched by area and date, fetched to the local disk."""

from backend.scenes.stac.fetch import FetchedScene, fetch_scene
from backend.scenes.stac.found import FoundScene
from backend.scenes.stac.providers import Provider, find_provider, list_providers
from backend.scenes.stac.search import Wanted, search_scenes
from backend.scenes.stac.transport import Patience

__all__ = [
    "FetchedScene",
    "FoundScene",
    "Patience",
    "Provider",
    "Wanted",
    "fetch_scene",
    "find_provider",
    "list_providers",
    "search_scenes",
]
