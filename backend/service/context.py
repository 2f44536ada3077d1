"""What every kind of job works with."""

import logging
from dataclasses import dataclass
from pathlib import Path

from backend.encoders import EncoderSpec
from backend.errors import GlueLinkError
from backend.features.store import FeatureStore
from backend.service.model_cache import ModelCache
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings
from backend.service.table import JobTable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Context:
    """The limits, models, scenes and jobs of one running service, and its folder for maps."""

    settings: Settings
    models: ModelCache
    scenes: SceneRegistry
    results: Path
    table: JobTable
    """What is known of all jobs, those of earlier services among them."""

    def store_for(self, spec: EncoderSpec) -> FeatureStore | None:
        """Return the store for what an encoder makes; None for one that takes pixels as they are.

        An annual embedding is encoded already: kept once more, it would be read no faster. A tower
        whose cells are its chips looks no further than a cell either, and is kept.
        """
        is_pixel = spec.reach_px == 0 and spec.cell_px == 1
        return None if is_pixel else open_store(self.settings)


def open_store(settings: Settings) -> FeatureStore | None:
    """Return the store of features; None where there is to be none, or it cannot be opened.

    It is opened anew for every job, so that a folder that was removed or replaced is seen.
    """
    if settings.store is None:
        return None
    try:
        new = not settings.store.exists()
        store = FeatureStore.open(settings.store)
        if new:
            store.set_cap(settings.store_bytes)
        return store
    except GlueLinkError as error:  # it saves time; maps can be made without it
        log.warning("Nothing is kept for later phrases: %s", error)
        return None
