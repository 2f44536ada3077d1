"""Ground-photo surveys: points with up to four views, and the cache that training reads."""

from typing import TYPE_CHECKING

from backend.modules import lazy_names

if TYPE_CHECKING:
    from backend.survey.cache import Layer, Survey, create_survey, open_survey
    from backend.survey.points import SPLITS

__all__ = ["SPLITS", "Layer", "Survey", "create_survey", "open_survey"]

__getattr__ = lazy_names(
    __name__,
    {
        "cache": ("Layer", "Survey", "create_survey", "open_survey"),
        "points": ("SPLITS",),
    },
)
