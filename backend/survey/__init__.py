"""Ground-photo surveys: points with up to four views, and the cache that training reads."""

from backend.survey.cache import SPLITS, Survey, SurveyWriter, open_survey

__all__ = ["SPLITS", "Survey", "SurveyWriter", "open_survey"]
