"""The backend over HTTP: scenes are registered, jobs are queued, maps are fetched as files."""

from backend.service.app import create_app
from backend.service.settings import Settings
from backend.service.state import State

__all__ = ["Settings", "State", "create_app"]
