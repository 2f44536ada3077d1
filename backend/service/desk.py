"""What every kind of job works with."""

from dataclasses import dataclass

from backend.service.engine import Engine
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings


@dataclass(frozen=True)
class Desk:
    """The models, the scenes and the limits of one running service."""

    engine: Engine
    scenes: SceneRegistry
    settings: Settings
