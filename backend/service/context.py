"""What every kind of job works with."""

from dataclasses import dataclass

from backend.service.model_cache import ModelCache
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings


@dataclass(frozen=True)
class Context:
    """The limits, the models and the scenes of one running service."""

    settings: Settings
    models: ModelCache
    scenes: SceneRegistry
