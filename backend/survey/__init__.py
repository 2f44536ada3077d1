"""Ground-photo surveys: points with up to four views, and the cache that training reads."""

from backend.survey.cache import Layer, Survey, SurveyViews, create_survey, open_survey
from backend.survey.points import SPLITS

__all__ = ["SPLITS", "Layer", "Survey", "SurveyViews", "create_survey", "open_survey"]
